"""Quality tickets: found or raised, accepted, mended at the source, checked again, closed (operation norm, art. 21)."""
