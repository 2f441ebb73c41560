"""Bundles: one file with all that it takes to see a board do the same again somewhere else."""
