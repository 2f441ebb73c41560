"""The other play: `--against OTHER`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from lab.asked import Asked
from lab.elf import Firmware
from lab.errors import UnknownName, UsageError
from lab.outcomes.replay import ReplayedInference
from lab.replaying import stored
from lab.replaying.comparing import field_log, host, recorded, sides
from lab.replaying.comparing.first import Pairing, in_order
from lab.replaying.comparing.sides import AtInference, Side
from lab.replaying.feed import Feed
from lab.replaying.replay import Replayed
from lab.replaying.result import ReplayResult
from lab.replaying.wanted import Prepared
from lab.reporting.run_folder import ADAPTER, REPLAY
from lab.store import OnStage

HOST = "host"
RECORDED = "recorded"
_OPTIONS = (
    "target",
    "model",
    "kernels",
    "kernels_root",
    "tflm",
    "tflm_root",
    "engine",
    "renode",
    "firmware",
    "elf",
    "adapter",
)

_LAST_S = 0.5
"""Of a trace are not whole: on one board the last inference begins just before its end, on another behind it."""


@dataclass(frozen=True)
class Play:
    """What came of it; `side` looks into one of its inferences."""

    inferences: tuple[ReplayedInference, ...]
    side: AtInference


@dataclass(frozen=True)
class Other:
    """What plays it, when it is called, up to which second of the trace it has every inference, and which of them is
    which of the replay's."""

    play: Callable[[OnStage], Play]
    whole_until_s: float
    pairing: Pairing = in_order


def parsed(text: str, prepared: Prepared) -> Other:
    """The other play of a trace that is about to be replayed.

    `host`, `recorded` for what the trace itself says, `option=value` with options of `lab replay` and commas between
    several, the folder of a replay or its replay.json, or else a device log. Raises UsageError for what is none of
    these.
    """
    request, feed = prepared.request, prepared.feed
    end_s = feed.to_s - _LAST_S
    if text == HOST:
        host.check(request, feed)
        side = partial(host.side, request, feed)
        return Other(lambda _on_stage: Play(host.inferences(request, feed), side), end_s)
    if text == RECORDED:
        marked = _recorded(prepared)
        return Other(lambda _on_stage: marked, end_s, recorded.by_time)
    if "=" in text and not Path(text).exists():
        return Other(partial(_replayed, _with_options(text, prepared)), end_s)
    path = Path(text)
    if path.is_dir() or path.suffix == ".json":
        file = path / REPLAY if path.is_dir() else path
        earlier = _earlier(file, prepared)
        play = Play(earlier.inferences, partial(_side_of_earlier, earlier, file.parent, feed))
        return Other(lambda _on_stage: play, min(end_s, earlier.to_s - _LAST_S))
    brought = request.brought
    told = field_log.inferences(path, request.workload, brought.adapter if brought else None)
    play = Play(told, lambda _number: Side(untold="a device log has no values of samples, features or operators"))
    return Other(lambda _on_stage: play, feed.from_s)  # nobody knows when a log began and ended


def side_of(replayed: Replayed, prepared: Prepared) -> AtInference:
    """Looks into an inference of a replay, which is played again up to there."""
    outcome = replayed.outcome
    mips = outcome.pace.mips if outcome.pace else None
    return partial(sides.of_device, prepared.request, replayed.subject.image, mips, prepared.feed, outcome.arrived)


def _recorded(prepared: Prepared) -> Play:
    workload, feed = prepared.request.workload, prepared.feed
    told = recorded.inferences(prepared.trace, feed.signal, workload.input, workload.features, feed.from_s)
    return Play(told, lambda _number: Side(untold="a flight recorder keeps no values of features or operators"))


def _with_options(text: str, prepared: Prepared) -> Prepared:
    options: dict[str, str] = {}
    for part in text.split(","):
        name, _, value = part.strip().partition("=")
        if name.replace("-", "_") not in _OPTIONS:
            raise UnknownName("option that another play can have", name, [one.replace("_", "-") for one in _OPTIONS])
        options[name.replace("-", "_")] = value
    return replace(prepared.wanted, asked=prepared.wanted.asked.but(**options)).prepared()


def _replayed(prepared: Prepared, on_stage: OnStage) -> Play:
    """The same trace with another option. Raises what ends the replay."""
    _result, played = prepared.run(lambda _inference: None, on_stage)
    if played.error is not None:
        raise played.error
    if played.interrupted:
        raise KeyboardInterrupt
    return Play(played.outcome.inferences, side_of(played, prepared))


def _side_of_earlier(earlier: ReplayResult, folder: Path, feed: Feed, number: int) -> Side:
    """Of a replay that has left its firmware in a folder; its trace is the one that is played now.

    Of what its file says only what is data is followed: no program that it names is started.
    """
    asked = Asked.from_options(
        earlier.options, workload=earlier.workload, target=earlier.target, mode="stream", engine="builtin", renode=None
    )
    file = folder / (asked.firmware.name if asked.firmware else f"{earlier.workload}.elf")
    if not file.is_file():
        return Side(untold=f"{folder} has no {file.name}")
    if asked.firmware:
        asked = asked.but(firmware=file, adapter=folder / ADAPTER)
    mips = earlier.pace.mips if earlier.pace else None
    request = asked.request()
    image = request.brought.image() if request.brought else Firmware(file)
    again = sides.of_device(request, image, mips, feed, earlier.arrived, number)
    if again.inference is None or _said(again.inference) != _said(earlier.inferences[number]):
        return Side(untold=f"played this trace, the firmware in {folder} does otherwise than its {REPLAY} says")
    return again


def _said(inference: ReplayedInference) -> tuple[object, ...]:
    return inference.label, inference.scores, inference.samples_crc, inference.features_crc


def _earlier(file: Path, prepared: Prepared) -> ReplayResult:
    earlier = stored.load(file)
    if earlier.workload != prepared.request.workload.name:
        raise UsageError(
            f"{file} is of {earlier.workload}, and this is {prepared.request.workload.name}.",
            remedy="Name a replay of the same workload.",
        )
    feed = prepared.feed
    if earlier.from_s != feed.from_s:
        raise UsageError(
            f"{file} begins {earlier.from_s:g} s into its trace, and this replay at {feed.from_s:g} s.",
            remedy="Begin both at the same time: --from.",
        )
    return earlier
