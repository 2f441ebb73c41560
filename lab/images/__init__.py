"""Firmware images in the files that build systems write: read by what they hold, not by their names."""

from lab.images.reading import read

__all__ = ["read"]
