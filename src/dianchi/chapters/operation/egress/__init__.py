"""Egress requests: a result leaves only after twelve checks and two blinded opinions on its digest (norm 14, 21)."""
