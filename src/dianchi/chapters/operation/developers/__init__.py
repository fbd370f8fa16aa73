"""Developers: admission by two-way selection, by an operator's invitation or one's own application (Yunnan ch. 4)."""
