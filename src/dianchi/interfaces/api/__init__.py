"""The API, derived from the lifecycles: one typed operation per act."""
