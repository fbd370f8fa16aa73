"""Figures of supervision: what is supplied, what flows, what is under control, by division (Yunnan draft, ch. 5)."""
