"""Flame graphs as one SVG that any browser opens, without a network."""

from lab.reporting.flame.picture import render

__all__ = ["render"]
