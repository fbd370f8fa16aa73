"""Organisations: who takes part, by unified social credit code (GB 32100)."""
