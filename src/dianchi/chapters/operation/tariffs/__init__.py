"""Tariffs: the cap that the authorizing body sets for a product and the price that the operator charges (price notice)."""
