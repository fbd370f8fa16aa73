"""Catalogue items: what a department has, how it is graded, which uses each column admits (operation norm, arts. 5, 9, 14)."""
