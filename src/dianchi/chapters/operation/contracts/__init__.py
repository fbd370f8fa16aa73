"""Development agreements: what a developer may do with which data of an operator's authorization (Yunnan ch. 4)."""
