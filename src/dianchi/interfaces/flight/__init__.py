"""The Arrow Flight SQL door: products as tables for any ADBC client. It translates; the gate decides."""
