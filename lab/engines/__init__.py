"""Engines: what runs a firmware image. `machine` has the protocol; each engine is a sub-package."""
