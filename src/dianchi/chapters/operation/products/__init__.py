"""Products: governed queries that leave the domain only after two blinded reviews of one digest (norm 15, 21)."""
