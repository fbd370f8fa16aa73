"""Settlement: bills computed from the meter, immutable once drawn (price notice, art. 5)."""
