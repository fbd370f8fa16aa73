"""Evaluation of an operator's year, scored from the platform's own record (operation norm, arts. 9 and 14)."""
