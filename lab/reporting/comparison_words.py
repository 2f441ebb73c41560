"""Changes in words, alike in the table of a comparison and in its chart."""

from __future__ import annotations

from lab.metrics import is_share
from lab.reporting import wording
from lab.verdict.result import Change, ClipChange, IdentityChange, SizeChange, Standing

_LEAST_SHARE = 0.00005
"""What two digits of a percentage can show."""

COLOURS: dict[Standing, str] = {"worse": "red", "better": "green", "same": "dim", "not comparable": "yellow"}


def relative(change: Change) -> float | None:
    """The change as a share of the earlier value; None where that says nothing."""
    if not change.before or change.now is None:
        return None
    return (change.now - change.before) / abs(change.before)


def change(of: Change) -> str:
    """`+1.2 %` of the earlier value, `-3.4 pp` of a share; nothing where a value is missing or the two do not compare.

    Where a share of the earlier value shows nothing, it is the difference.
    """
    if of.before is None or of.now is None or of.standing == "not comparable":
        return ""
    if of.now == of.before:
        return "="
    if is_share(of.metric):
        return wording.signed(100 * (of.now - of.before), "pp")
    share = relative(of)
    if share is not None and abs(share) >= _LEAST_SHARE:
        return wording.signed(100 * share, "%")
    return f"{'+' if of.now > of.before else '-'}{wording.number(abs(of.now - of.before))}"


def growth(size: SizeChange) -> str:
    """`+1,024`, in bytes."""
    return f"{size.growth:+,}"


def fate(size: SizeChange) -> str:
    """What became of a symbol: `new`, `gone`, or nothing for one that grew or shrank."""
    return "new" if size.before is None else "gone" if size.now is None else ""


def turn(clip: ClipChange) -> str:
    """What a changed decision means: `now right`, `now wrong`, or what else there is to say."""
    if clip.before is None or clip.now is None:
        return "only played now" if clip.before is None else "no longer played"
    if clip.other_samples:
        return "other samples"
    if clip.now == clip.label:
        return "now right"
    return "now wrong" if clip.before == clip.label else "wrong both times"


def identity(one: IdentityChange) -> tuple[str, str, str]:
    """Name, before and now; hashes shortened."""
    return one.name.replace("_", " "), _short(one.name, one.before), _short(one.name, one.now)


def clipped(symbol: str, most: int = 46) -> str:
    """A C++ name in `most` characters: without its parameters, then without the beginning of its namespaces."""
    if len(symbol) > most and symbol.endswith(")"):
        symbol = f"{symbol[: _parameters(symbol)]}(…)"
    return symbol if len(symbol) <= most else f"…{symbol[len(symbol) - most + 1 :]}"


def _parameters(symbol: str) -> int:
    """Where the parenthesis opens that the name ends with."""
    depth = 0
    for place in range(len(symbol) - 1, -1, -1):
        depth += (symbol[place] == ")") - (symbol[place] == "(")
        if depth == 0:
            return place
    return len(symbol)


def _short(name: str, value: str | None) -> str:
    if value is None:
        return "none"
    if name == "git":
        return value[:8] + ("-dirty" if value.endswith("-dirty") else "")
    return value[:8] if name in ("recordings", "toolchain_hash") else value
