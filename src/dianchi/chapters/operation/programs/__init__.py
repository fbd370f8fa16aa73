"""Programs: saved queries of a developer with bounded parameters, versions by digest, approved as frozen (norm 15)."""
