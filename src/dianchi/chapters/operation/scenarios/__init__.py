"""Application scenarios: what data are to be used for; proposed, reviewed, published (Yunnan ch. 4; norm 6, 9)."""
