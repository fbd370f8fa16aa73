"""The vocabulary of the platform: acts, articles, refusals, calendars, money, codes. It imports nothing of ours and no Django."""
