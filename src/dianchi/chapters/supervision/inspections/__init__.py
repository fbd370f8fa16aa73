"""Inspections: tasks on site, findings by rule, the party's answer, orders to correct and their re-check (DSL, 44)."""
