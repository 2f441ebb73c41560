"""A bundle of what a replay has left in its folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from pydantic import ValidationError

from lab import npy, platform
from lab.asked import Asked
from lab.bundling import playing
from lab.bundling.bundle import ArrivedThen, Bundle, ExpectedThen, Manifest
from lab.bundling.making import again, device_log_of, firmware_of
from lab.bundling.playing import Play
from lab.engines import selection
from lab.errors import RecordingError, UsageError
from lab.measuring import provenance
from lab.measuring.request import Request
from lab.model import Model
from lab.output import visible
from lab.replaying import conditions, stored
from lab.replaying.result import ReplayResult
from lab.reporting import run_folder
from lab.store import OnStage

_LOGGED = re.compile(r" *\d+\.\d+  (.*)")


def of_replay(folder: Path, on_stage: OnStage) -> Bundle:
    """The signal of a replay as it was played, from the moment after boot on.

    It is played once more, and is in a bundle only if the board prints what it did then. Raises UsageError for a replay
    that cannot be repeated.
    """
    result = stored.load(folder / run_folder.REPLAY)
    if result.verdict not in ("passed", "failed"):
        raise _unusable(folder, "is of a replay that did not come to its end")
    if any(one.behind for one in result.arrived):
        raise _unusable(folder, "is of a replay whose board was talked to after the end, which no bundle does again")
    asked = Asked.from_options(result.options, workload=result.workload, target=result.target, mode="stream")
    request = again(folder, asked).request()
    image = firmware_of(folder, request)
    samples = _samples(folder, result, request)
    engine = selection.select(request.engine, request.renode)
    adapter = request.brought.adapter if request.brought else None
    manifest = _manifest(folder, result, request, engine.name)
    on_stage(f"playing {result.trace} once more")
    arrived = [replace(one, time_s=one.time_s - result.from_s) for one in result.arrived]
    how = Play("stream", adapter, manifest.mips, manifest.until, tuple(arrived))
    lines = playing.play(engine, request.target, request.workload, image, samples, how).lines
    if [visible(line) for line in lines] != list(_logged(folder)):
        raise RecordingError(
            f"{folder}: the replay of {result.trace} does not do again what its {run_folder.DEVICE_LOG} says of it, so "
            "that no bundle could.",
            remedy="The project has changed since: replay it again, and bundle that.",
            code="bundle-unrepeatable",
        )
    model = Model.read(request.model or request.workload.model_path)
    text = request.workload.file.read_text(encoding="utf-8")
    read_by = adapter.file.read_text(encoding="utf-8") if adapter else None
    then = tuple(ArrivedThen(time_s=one.time_s, hex=one.hex) for one in arrived)
    return Bundle(manifest, text, image.path.read_bytes(), model.data, samples, lines, read_by, then)


def _manifest(folder: Path, result: ReplayResult, request: Request, engine: str) -> Manifest:
    try:
        return Manifest(
            workload=result.workload,
            target=result.target,
            mode="stream",
            mips=result.pace.mips if result.pace else None,
            recording=f"a replay of {result.trace}, {result.verdict}"[:1_000],
            from_s=result.from_s,
            until=_until(result, request),
            expected=tuple(_expected(result)),
            platform=platform.of(request.target),
            engine=engine,
            provenance=provenance.collect(),
        )
    except ValidationError as error:
        problem = error.errors()[0]
        raise _unusable(
            folder, f"has no result that fits a bundle any more: {'.'.join(map(str, problem['loc']))}: {problem['msg']}"
        ) from error


def _expected(result: ReplayResult) -> Iterator[ExpectedThen]:
    for one in result.expectations:
        yield ExpectedThen(label=one.label, start_s=one.start_s, end_s=one.end_s)


def _until(result: ReplayResult, request: Request) -> int | None:
    """The inference with which it ended, if its condition came to be met."""
    if not (result.until and result.inferences):
        return None
    last = result.inferences[-1]
    is_met = conditions.parsed(result.until, request.workload)(last.number, last.label, last.scores)
    return last.number if is_met else None


def _samples(folder: Path, result: ReplayResult, request: Request) -> NDArray[np.int16]:
    """What the sensor delivered, int16 [frames, channels]."""
    sound, values = folder / run_folder.PLAYED, folder / run_folder.PLAYED_VALUES
    channels = request.workload.input.channels
    try:
        if sound.is_file():
            samples, _rate = soundfile.read(sound, dtype="int16", always_2d=True)
        else:
            samples = npy.read(values, np.dtype(np.int16), lambda shape: len(shape) == 2 and shape[1] == channels)
    except (OSError, ValueError, soundfile.LibsndfileError) as error:
        raise _unusable(folder, f"has no signal of its replay any more: {error}") from error
    if result.stimulus and hashlib.sha256(samples.tobytes()).hexdigest() != result.stimulus:
        raise _unusable(folder, "has no signal of its replay any more, but another one")
    as_played: NDArray[np.int16] = samples.astype(np.int16)
    return as_played


def _logged(folder: Path) -> Iterator[str]:
    """The lines of its device log, without their times."""
    for line in device_log_of(folder):
        if found := _LOGGED.fullmatch(line):
            yield found[1]


def _unusable(folder: Path, why: str) -> UsageError:
    return UsageError(f"{folder} {why}.", remedy="Name the folder of a replay.", code="bundle-run")
