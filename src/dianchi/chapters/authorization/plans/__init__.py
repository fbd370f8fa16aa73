"""Implementation plans: twelve contents, collective decision, filing (operation norm, arts. 8 to 11)."""
