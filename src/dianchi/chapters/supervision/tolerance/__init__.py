"""Tolerance of honest error: a claim, its criteria checked, heard, decided, appealed (operation norm, 23; NDR, 59)."""
