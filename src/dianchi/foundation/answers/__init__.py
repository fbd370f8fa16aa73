"""What each party was answered over protected data, so that two answers cannot be subtracted (guard.md 4)."""
