"""Whether the device computes what the host does."""

from lab.metrics._metric import OfRecordings, Tolerance

OF_RECORDINGS = OfRecordings(
    name="bit_exact",
    place=200,
    meaning="Share of recordings on which samples, features, scores and decision equal the host's",
    kind="exact",
    direction="higher",
    tolerance=Tolerance(needs=("recordings",)),  # none: one recording on which device and host differ is a bug
    share=True,
    over="mean",
    of_one=lambda clip, _: int(clip.difference is None),
    tells=lambda clip: bool(clip.host_scores),
    told_by="scores",
    blames="differing",
)
