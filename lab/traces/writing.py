"""Writing a trace in another format: whole or not at all, and nothing of it is lost without being said."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from lab import disk
from lab.errors import UsageError
from lab.traces import formats, labels
from lab.traces.trace import Trace

ELSEWHERE = "name another file"


def endings() -> tuple[str, ...]:
    """Of all files that are written."""
    return tuple(sorted(ending for ending, form in formats.by_ending().items() if ending in form.WRITES))


def write(trace: Trace, path: Path, *, lossy: bool = False, force: bool = False) -> list[str]:
    """Write a trace into a file, its labels beside it where the format has none; what was lost, in words.

    Nothing is written where something would be lost and it is not `lossy`, or where a file would be replaced without
    `force`. Raises UsageError for these, RecordingError for a trace that the format cannot hold at all, StorageError.
    """
    form = _format(path)
    if not trace.signals and not trace.received:
        raise UsageError(
            f"{path.name} would be empty: the trace has no signal.", remedy="Name another trace.", code="trace-unfit"
        )
    lost = list(form.losses(trace, path))
    if lost and not lossy:
        raise UsageError(
            f"{path.name} would lose {'; '.join(lost)}.",
            remedy="Write .npz, which holds everything, or say --lossy to lose it.",
            code="trace-lossy",
        )
    written = dict(form.write(trace, path))
    beside, outdated = labels.beside(path), False
    if not form.HAS_LABELS:
        text = labels.written(trace.labels, trace.marks).encode()
        there = _content(beside)
        outdated = there is not None and not text
        if text and there != text:
            written[beside] = lambda stream: stream.write(text) * 0
    check_free([*written, *([beside] if outdated else [])], force=force)
    clipped = 0
    with ExitStack() as files:
        for file, write_it in written.items():
            clipped += write_it(files.enter_context(disk.replacing(file, elsewhere=ELSEWHERE)))
    if outdated:
        with disk.writing(beside, elsewhere=ELSEWHERE):
            beside.unlink()
    return [*lost, *([f"{clipped:,} values beyond full scale, which were clipped"] if clipped else [])]


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def check_free(files: list[Path], *, force: bool) -> None:
    """Raises UsageError for a file that is there, unless it may be replaced."""
    there = next((file for file in files if file.exists()), None)
    if there is not None and not force:
        raise UsageError(
            f"{there} is there already.", remedy="Name another file, or say --force to replace it.", code="file-exists"
        )


def _format(path: Path) -> formats.Format:
    form = formats.by_ending().get(path.suffix.lower())
    if form is None or path.suffix.lower() not in form.WRITES:
        raise UsageError(
            f"A trace cannot be written into {path}: its name does not end in {', '.join(endings())}.",
            remedy="Give a name such as walk.npz.",
            code="trace-ending",
        )
    return form
