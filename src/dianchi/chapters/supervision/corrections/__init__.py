"""Corrections: the ladder of supervision, from notice and talk to order, suspension and exit (DSL, art. 44)."""
