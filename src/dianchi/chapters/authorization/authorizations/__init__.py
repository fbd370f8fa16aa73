"""Authorizations: mode, level and scope (operation norm, arts. 5 and 9; Yunnan Measures, ch. 2)."""
