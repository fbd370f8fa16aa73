"""Operator selection: announced under an approved plan, evaluated, publicized, determined (operation norm, art. 12)."""
