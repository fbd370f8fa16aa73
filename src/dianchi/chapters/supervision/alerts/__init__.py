"""Alerts: use that looks unusual, found from the record and looked into by a person (CSL, art. 21; norm 21)."""
