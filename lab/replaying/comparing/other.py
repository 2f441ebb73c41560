"""The other play: `--against OTHER`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from lab import files
from lab.errors import UnknownName, UsageError
from lab.outcomes.replay import ReplayedInference
from lab.replaying.comparing import field_log, host
from lab.replaying.result import ReplayResult
from lab.replaying.wanted import Prepared
from lab.reporting.run_folder import REPLAY
from lab.store import OnStage

HOST = "host"
_OPTIONS = ("target", "model", "kernels", "kernels_root", "tflm_root", "engine", "renode", "elf", "adapter")
_MOST_BYTES = 256 * files.MEGABYTE

Inferences = tuple[ReplayedInference, ...]

_LAST_S = 0.5
"""Of a trace are not whole: on one board the last inference begins just before its end, on another behind it."""


@dataclass(frozen=True)
class Other:
    """What plays it, when it is called, and up to which second of the trace it has every inference."""

    inferences: Callable[[OnStage], Inferences]
    whole_until_s: float


def parsed(text: str, prepared: Prepared) -> Other:
    """The other play of a trace that is about to be replayed.

    `host`, `option=value` with options of `lab replay` and commas between several, the folder of a replay or its
    replay.json, or else a device log. Raises UsageError for what is none of these.
    """
    end_s = prepared.feed.to_s - _LAST_S
    if text == HOST:
        host.check(prepared.request, prepared.feed)
        return Other(lambda _on_stage: host.inferences(prepared.request, prepared.feed), end_s)
    if "=" in text and not Path(text).exists():
        return Other(_changed(text, prepared), end_s)
    path = Path(text)
    if path.is_dir() or path.suffix == ".json":
        earlier = _earlier(path / REPLAY if path.is_dir() else path, prepared)
        return Other(lambda _on_stage: earlier.inferences, min(end_s, earlier.to_s - _LAST_S))
    brought = prepared.request.brought
    told = field_log.inferences(path, prepared.request.workload, brought.adapter if brought else None)
    return Other(lambda _on_stage: told, prepared.feed.from_s)  # nobody knows when a log began and ended


def _changed(text: str, prepared: Prepared) -> Callable[[OnStage], Inferences]:
    options: dict[str, str] = {}
    for part in text.split(","):
        name, _, value = part.strip().partition("=")
        if name.replace("-", "_") not in _OPTIONS:
            raise UnknownName("option that another play can have", name, [one.replace("_", "-") for one in _OPTIONS])
        options[name.replace("-", "_")] = value
    wanted = replace(prepared.wanted, asked=prepared.wanted.asked.but(**options))
    other = wanted.prepared()

    def replayed(on_stage: OnStage) -> Inferences:
        _result, played = other.run(lambda _inference: None, on_stage)
        if played.error is not None:
            raise played.error
        if played.interrupted:
            raise KeyboardInterrupt
        return played.outcome.inferences

    return replayed


def _earlier(file: Path, prepared: Prepared) -> ReplayResult:
    try:
        earlier = ReplayResult.model_validate_json(files.content(file, _MOST_BYTES))
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror or error}.",
            remedy="Name the folder of an earlier replay.",
            code="file-unreadable",
        ) from error
    except ValidationError as error:
        problem = error.errors()[0]
        raise UsageError(
            f"{file} is no result of a replay: {'.'.join(map(str, problem['loc'])) or 'it'}: {problem['msg']}.",
            remedy="Name the folder of an earlier replay.",
            code="replay-json",
        ) from error
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
