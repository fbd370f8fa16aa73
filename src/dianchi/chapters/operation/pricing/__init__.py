"""Pricing: the cost survey of an operator's year and the permitted revenue that follows (price notice 3, 4)."""
