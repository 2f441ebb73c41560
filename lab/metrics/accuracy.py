"""How often the device is right."""

from lab.metrics._metric import OfRecordings, Tolerance

OF_RECORDINGS = OfRecordings(
    name="accuracy",
    place=100,
    meaning="Share of recordings whose label the device printed",
    kind="exact",
    direction="higher",
    # One recording of the 242 that ship; with the same model it does not move at all.
    tolerance=Tolerance(absolute=0.005, needs=("recordings",)),
    share=True,
    over="mean",
    of_one=lambda clip, _: int(clip.correct),
)
