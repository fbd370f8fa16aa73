"""Memberships: who may act for which organisation in which role, proposed by one administrator, confirmed by another."""
