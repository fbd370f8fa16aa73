"""Documents: stored by what they say. The same bytes are one file, and its digests are in the ledger."""
