"""Assessments: impact, risk, protection level, cryptography and audits on file, renewed and kept in time (PIPL, 55-56)."""
