"""How deep the stack gets."""

from lab.metrics._metric import OfRecordings, OfStream, Tolerance

OF_RECORDINGS = OfRecordings(
    name="stack_used_bytes",
    place=430,
    meaning="Deepest use of the painted stack; the worst-case recording",
    unit="bytes",
    kind="measured",
    direction="lower",
    # An exception frame with floating-point registers: whether an interrupt meets the deepest call.
    tolerance=Tolerance(absolute=104, needs=("toolchain", "recordings")),
    over="largest",
    of_one=lambda clip, _: clip.stack_used,
    told_by="stack",
)
OF_STREAM = OfStream.same_as(OF_RECORDINGS, place=520, of_one=lambda part, _: part.stack_used)
