"""Tariffs: the cap that the authorizing body sets and the price that the operator charges (price notice 1, 2)."""
