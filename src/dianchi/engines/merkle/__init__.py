"""Merkle logs: RFC 6962 trees, C2SP tiles and signed checkpoints, and the auditor that reads them.

Pure functions and small values over bytes; nothing here knows Django or the law.
Sources: RFC 6962 section 2.1, RFC 9162 sections 2.1.3 to 2.1.4, C2SP tlog-tiles, tlog-checkpoint, tlog-cosignature,
tlog-proof and signed-note.
"""
