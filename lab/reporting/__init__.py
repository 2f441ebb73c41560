"""Showing results: progress while a run goes on, the terminal's table, and the folder that a run leaves."""
