"""Fair treatment: a report on how an operator treats the like (operation norm, arts. 3 and 6), with its evidence."""
