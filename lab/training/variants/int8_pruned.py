"""Pruned, then quantised."""

from __future__ import annotations

from lab.training.variants._variant import Variant, to_int8

INT8_PRUNED = Variant("int8-pruned", "int8, the smallest weights 0", lambda of: to_int8(of, of.pruned))
