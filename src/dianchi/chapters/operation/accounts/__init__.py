"""Accounts: the separate accounts of the authorized business, month by month (price notice, art. 5)."""
