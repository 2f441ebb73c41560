"""Watching variables of a firmware: where they are and of which type, by its debug information."""
