"""Exits: an agreement ends and its ten steps are done one by one, with evidence (operation norm, 14; PIPL, 21)."""
