"""Incidents: graded, contained, reported in time, told to the persons concerned, summed up (CER, 4-8; NDR, 10-11)."""
