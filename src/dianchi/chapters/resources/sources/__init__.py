"""Sources: where a resource's data are fetched from by themselves, how often, and what the last fetch brought."""
