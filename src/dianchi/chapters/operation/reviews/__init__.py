"""Reviews: the yearly operating report, what its deviation calls for, and the period's end (price notice, 4 and 5)."""
