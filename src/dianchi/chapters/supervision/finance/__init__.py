"""Financial risk: the register of pledge, financing, equity contribution and booking of data (operation norm, 22, 23)."""
