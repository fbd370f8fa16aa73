"""What the demonstration province is played from."""
