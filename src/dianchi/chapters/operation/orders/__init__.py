"""Orders: who uses which product for what, under which terms and keys, and what was delivered (DSL, art. 33)."""
