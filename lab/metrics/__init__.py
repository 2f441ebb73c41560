"""What a run measures. Every module of this package without a leading underscore defines metrics, each one an object.

To add one, add a module with a module-level `OfRecordings` or `OfStream`: limits, baselines, results and pages go by
it. docs/numbers.md says what each number means.
"""

from lab.metrics._by_name import by_name, defined, is_share, meaning, over, spelled
from lab.metrics._metric import (
    Blames,
    Conditions,
    Direction,
    Evidence,
    Kind,
    Metric,
    Mode,
    Need,
    Number,
    OfRecordings,
    OfStream,
    Over,
    PlayedRecordings,
    Quantity,
    Ratios,
    Streamed,
    Teller,
    Tolerance,
    Values,
)

__all__ = [
    "Blames",
    "Conditions",
    "Direction",
    "Evidence",
    "Kind",
    "Metric",
    "Mode",
    "Need",
    "Number",
    "OfRecordings",
    "OfStream",
    "Over",
    "PlayedRecordings",
    "Quantity",
    "Ratios",
    "Streamed",
    "Teller",
    "Tolerance",
    "Values",
    "by_name",
    "defined",
    "is_share",
    "meaning",
    "over",
    "spelled",
]
