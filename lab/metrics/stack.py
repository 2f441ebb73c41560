"""How deep the stack gets."""

from lab.metrics._metric import OfRecordings, OfStream, Tolerance

_MEANING = "Deepest use of the painted stack; the worst-case recording"
# An exception frame with floating-point registers: whether an interrupt meets the deepest call.
_TOLERANCE = Tolerance(absolute=104, needs=("toolchain", "recordings"))

OF_RECORDINGS = OfRecordings(
    name="stack_used_bytes",
    place=430,
    meaning=_MEANING,
    unit="bytes",
    kind="measured",
    direction="lower",
    tolerance=_TOLERANCE,
    over="largest",
    of_one=lambda clip, _: clip.stack_used,
    told_by="stack",
)
OF_STREAM = OfStream(
    name="stack_used_bytes",
    place=520,
    meaning=_MEANING,
    unit="bytes",
    kind="measured",
    direction="lower",
    tolerance=_TOLERANCE,
    over="largest",
    of_one=lambda part, _: part.stack_used,
)
