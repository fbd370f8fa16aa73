"""Authorization agreements: thirteen contents, decision before signature, at most five years (norm, 13, 14)."""
