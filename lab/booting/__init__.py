"""Booting any firmware, to see what it prints and what it needs."""
