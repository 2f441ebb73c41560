"""What a device in the field said of its inferences, as far as its log tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lab import files
from lab import pattern as patterns
from lab.errors import FirmwareError, UsageError
from lab.measuring import device_log
from lab.measuring.device_log import Inference
from lab.measuring.foreign.adapter import Adapter
from lab.outcomes.replay import ReplayedInference
from lab.workload import Workload

_MOST_BYTES = 64 * files.MEGABYTE
_LONGEST = 4_096


def inferences(file: Path, workload: Workload, adapter: Adapter | None) -> tuple[ReplayedInference, ...]:
    """Those of the lab's own `inference` lines, whatever stands before them, or of lines that the adapter finds.

    Their times are not those of a trace, and are left at 0. Raises UsageError for a log without any.
    """
    try:
        text = files.content(file, _MOST_BYTES).decode("utf-8", "replace")
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror or error}.",
            remedy="Name the folder of a replay, or a device log.",
            code="file-unreadable",
        ) from error
    lines = [line[:_LONGEST] for line in text.splitlines()]
    said = _of_adapter(lines, workload, adapter) if adapter else _of_protocol(lines)
    found = tuple(ReplayedInference(number, 0.0, 0.0, *one) for number, one in enumerate(said))
    if not found:
        how = f"a line that {adapter.file} finds" if adapter else 'a line with {"event":"inference",...}'
        raise UsageError(
            f"{file} has no inference: {how} is one.",
            remedy="Name another log; --adapter says how a firmware of others prints its results.",
            code="field-log",
        )
    return found


_Said = tuple[str, tuple[int, ...], tuple[()], str, str]


def _of_protocol(lines: list[str]) -> Iterator[_Said]:
    for line in lines:
        at = line.find("{")
        try:
            event = device_log.parse(line[at:].rstrip()) if at >= 0 else None
        except FirmwareError:  # cut off on its way
            continue
        if isinstance(event, Inference):
            yield event.label, event.scores, (), event.samples_crc, event.features_crc


def _of_adapter(lines: list[str], workload: Workload, adapter: Adapter) -> Iterator[_Said]:
    for line in lines:
        if parts := patterns.parts(adapter.output.result, line):
            meant = adapter.meaning((parts.get("label") or "").strip(), workload)
            if meant:
                yield meant[0], (), (), "", ""
