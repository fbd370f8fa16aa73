"""Affiliation facts: who holds, controls or steers whom, from when to when (operation norm, art. 6)."""
