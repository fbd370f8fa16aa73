"""Feeds: data that the platform fetches itself, each into a plain file that the one road in then reads."""
