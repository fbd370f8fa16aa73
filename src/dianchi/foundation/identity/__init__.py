"""People, how they prove who they are, and in which capacities they act."""
