"""Variants of a model on a board: accuracy, size and cost of each, and which is the smallest that is good enough."""
