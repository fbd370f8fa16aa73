"""Catalogue items: what a department has, its grade, and which uses each column admits (operation norm, 5, 9, 14)."""
