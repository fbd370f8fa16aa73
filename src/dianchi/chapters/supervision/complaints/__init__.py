"""Complaints, reports, requests of persons and for information: received from anybody, answered by the clock (NDR, 20)."""
