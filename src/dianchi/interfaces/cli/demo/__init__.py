"""The demonstration province: its people, its data, its chain."""
