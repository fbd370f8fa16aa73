"""Background work: a small leased job table. A killed worker's job is run again; jobs are idempotent."""
