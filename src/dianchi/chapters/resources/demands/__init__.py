"""Demands for data that no department supplies yet: asked, assigned, answered in time, met (data sharing rules)."""
