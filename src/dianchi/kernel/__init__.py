"""The vocabulary of the platform: acts, articles, refusals, calendars, money, codes. No Django here."""
