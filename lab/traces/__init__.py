"""Traces: what happened to a board, as somebody recorded it, and the formats in which that is written."""
