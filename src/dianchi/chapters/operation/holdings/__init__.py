"""Own data of a developer: in only with proof of source and approval, seen by nobody else, destroyed at the end."""
