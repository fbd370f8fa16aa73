"""Disclosure: the yearly packs of institution and operator, generated from the record (operation norm, 18, 19)."""
