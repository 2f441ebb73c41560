"""Everything as it was trained."""

from __future__ import annotations

from lab.training import conversion
from lab.training.tuning import Tuned
from lab.training.variants._variant import Variant


def _convert(of: Tuned) -> bytes:
    learnt = of.learnt
    return conversion.converted(conversion.plain(learnt.tensorflow, learnt.keras, learnt.network))


FLOAT32 = Variant("float32", "floats throughout", _convert)
