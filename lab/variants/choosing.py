"""Which variant to ship."""

from __future__ import annotations

from collections.abc import Sequence

from lab.variants.outcome import Variant

FLOAT = "float32"
_ROUNDING = 1e-9


def compared_with(variants: Sequence[Variant]) -> tuple[str, float] | None:
    """What losses are counted from, and its accuracy: the floats, on the host where the board has no room for them; or
    the variant that is most often right on the board. None where none ran.
    """
    for one in variants:
        found = one.device or one.host
        if one.name == FLOAT and found:
            return one.name, found.share
    ran = [(one.device.share, one.name) for one in variants if one.device]
    if not ran:
        return None
    share, name = max(ran)
    return name, share


def smallest(variants: Sequence[Variant], share: float, most_loss: float) -> str | None:
    """The variant of fewest bytes that runs on the board and is right at most `most_loss` percentage points less often
    than `share`; of equal ones the one that is right more often, then the faster. None where none is.
    """
    good = [
        (one.bytes, -one.device.share, one.cost.instructions, one.name)
        for one in variants
        if one.device and one.cost and 100 * (share - one.device.share) <= most_loss + _ROUNDING
    ]
    return min(good)[-1] if good else None
