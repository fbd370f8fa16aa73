"""Authorization agreements: thirteen contents, decision before signature, at most five years (operation norm, 13, 14)."""
