"""Quantised after training, input and output too."""

from __future__ import annotations

from lab.training.variants._variant import Variant, to_int8

INT8 = Variant("int8", "int8 throughout", lambda of: to_int8(of, of.learnt.network))
