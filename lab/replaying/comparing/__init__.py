"""Comparing two plays of one trace: the first inference and stage that differ, and what the other play is."""
