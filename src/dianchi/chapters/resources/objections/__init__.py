"""Objections against what the catalogue says: checked by the department, mended by a new edition, confirmed."""
