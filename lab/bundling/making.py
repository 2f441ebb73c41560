"""A bundle of what a run has left in its folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab import files, platform
from lab.asked import Asked
from lab.bundling import playing
from lab.bundling.bundle import Bundle, Manifest
from lab.bundling.playing import Play
from lab.elf import Firmware
from lab.engines import selection
from lab.errors import RecordingError, UnknownName, UsageError
from lab.image import Image
from lab.measuring import device_log, provenance
from lab.measuring.chosen import recordings
from lab.measuring.device_log import Inference
from lab.measuring.request import Request
from lab.model import Model
from lab.output import visible
from lab.recordings import reading
from lab.reporting import run_folder
from lab.store import OnStage
from lab.verdict.result import Clip, Run

_MOST_LOG = 256 * files.MEGABYTE


def of_run(folder: Path, name: str | None, on_stage: OnStage) -> Bundle:
    """The recording of that name of a run, or the first that speaks against it, as the board was played it.

    It is played once more, and is in a bundle only if the board does what the run says that it did. Raises UsageError
    for a run that has no such recording, or cannot be repeated, and ConfigurationError for a workload without a model.
    """
    run = _run(folder)
    clip = _clip(run, name)
    request = _request(folder, run, clip)
    brought = request.model or request.workload.model_path
    samples = _samples(request)
    image = firmware_of(folder, request)
    on_stage(f"playing {clip.clip} once more")
    engine = selection.select(request.engine, request.renode)
    adapter = request.brought.adapter if request.brought else None
    lines = playing.play(engine, request.target, request.workload, image, samples, Play("clip", adapter)).lines
    if adapter is None:
        _check(folder, clip, lines)
    elif [visible(line) for line in lines] != _logged(folder, clip):
        raise _unrepeatable(folder, clip)
    manifest = Manifest(
        workload=run.workload,
        target=run.target,
        mode="clip",
        recording=f"{clip.clip}, of {clip.label}, decided {clip.decided}"[:1_000],
        platform=platform.of(request.target),
        engine=engine.name,
        provenance=provenance.collect(),
    )
    model = Model.read(brought)
    text = request.workload.file.read_text(encoding="utf-8")
    read_by = adapter.file.read_text(encoding="utf-8") if adapter else None
    return Bundle(manifest, text, image.path.read_bytes(), model.data, samples, lines, read_by)


def _run(folder: Path) -> Run:
    result = run_folder.read_result(folder)
    if len(result.runs) != 1:
        names = ", ".join(run_folder.part_names(result.runs))
        raise _unusable(folder, f"is of {len(result.runs)} runs: name the folder of one, {names}")
    (run,) = result.runs
    if run.mode != "clip":
        raise _unusable(folder, "is of a stream: replay what is to be kept of it, and bundle that")
    return run


def _clip(run: Run, name: str | None) -> Clip:
    if name is not None:
        if name not in {clip.clip for clip in run.clips}:
            raise UnknownName("recording of the run", name, [clip.clip for clip in run.clips])
        return next(clip for clip in run.clips if clip.clip == name)
    against = [clip for clip in run.clips if clip.difference] or [clip for clip in run.clips if not clip.correct]
    if not (against or run.clips):
        raise UsageError("The run has no recordings.", remedy="Name the folder of another one.")
    return (against or list(run.clips))[0]


def _request(folder: Path, run: Run, clip: Clip) -> Request:
    """What `lab run` was asked, for that recording alone."""
    asked = Asked.from_options(run.options, workload=run.workload, target=run.target, clips=(clip.clip,))
    return again(folder, asked).request()


def again(folder: Path, asked: Asked) -> Asked:
    """What a result in a folder says was asked, as data: no program that it names is started.

    A firmware of somebody else's, and its adapter, are taken from the folder, which has copies of them.
    """
    asked = asked.but(renode=None)
    if asked.firmware is None:
        return asked
    return asked.but(firmware=folder / asked.firmware.name, adapter=folder / run_folder.ADAPTER)


def firmware_of(folder: Path, request: Request) -> Image:
    """What was played in a folder. Raises UsageError where it is not there any more."""
    file = request.brought.file if request.brought else folder / f"{request.workload.name}.elf"
    if not file.is_file():
        raise _unusable(folder, f"has no {file.name} any more")
    return request.brought.image() if request.brought else Firmware(file)


def _samples(request: Request) -> NDArray[np.int16]:
    (entry,) = recordings(request, lambda _stage: None)
    loaded = reading.load(entry, request.workload.input)
    return loaded.samples.reshape(-1, request.workload.input.channels)


def _check(folder: Path, clip: Clip, lines: Sequence[str]) -> None:
    inference = device_log.last(list(lines), Inference)
    did = None if inference is None else (inference.samples_crc, inference.features_crc, inference.scores)
    if did != (clip.samples_crc, clip.features_crc, clip.scores):
        raise _unrepeatable(folder, clip)


def _logged(folder: Path, clip: Clip) -> list[str]:
    """The lines of a recording in the device log of the run, which has a heading for each."""
    found: list[str] = []
    is_of_it = False
    for line in device_log_of(folder):
        if line.startswith(("== ", "-- ")):
            is_of_it = line.startswith(f"== {visible(clip.clip)}: ")
        elif is_of_it:
            found.append(line)
    return found


def device_log_of(folder: Path) -> list[str]:
    """The lines of the device log in a folder. Raises UsageError where there is none."""
    try:
        return files.content(folder / run_folder.DEVICE_LOG, _MOST_LOG).decode("utf-8", "replace").splitlines()
    except OSError as error:
        raise _unusable(folder, f"has no {run_folder.DEVICE_LOG} any more") from error


def _unrepeatable(folder: Path, clip: Clip) -> RecordingError:
    return RecordingError(
        f"{folder}: {clip.clip} does not do again what the run says of it, so that no bundle could.",
        remedy="Its recording, or the project, has changed since: run it again, and bundle that.",
        code="bundle-unrepeatable",
    )


def _unusable(folder: Path, why: str) -> UsageError:
    return UsageError(f"{folder} {why}.", remedy="Name the folder of a run of recordings.", code="bundle-run")
