"""What every chapter stands on: identity, the one door for acts, the ledger, documents, deadlines, jobs."""
