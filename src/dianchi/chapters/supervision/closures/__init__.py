"""Closures: shutting a product, an order, a developer, an operator, a resource or the whole gate (NDR, art. 11)."""
