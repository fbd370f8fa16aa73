"""Distribution: what the authorized business earned, shared by parameters and fed back (operation norm, art. 20)."""
