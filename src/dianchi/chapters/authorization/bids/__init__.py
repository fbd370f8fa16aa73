"""Bids of a tender: sealed until the opening, then opened by time itself (operation norm, art. 12)."""
