"""A folder that a suite of Renode's keywords runs in, with or without the lab: firmware, board, clips, expectations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab import disk, places
from lab.building.firmware import Build
from lab.engines.builtin import BuiltinEngine
from lab.errors import ConfigurationError
from lab.measuring.host import Expectation, Host, crc
from lab.measuring.parameters import Parameters
from lab.model import Model
from lab.recordings import reading
from lab.target import Target
from lab.workload import Workload

COUNTED_S = "2"
"""Virtual seconds from reset after which instructions are compared; as text, as the suite gives it to RunFor."""

_ELSEWHERE = "name another folder"
_CLIPS = "clips"
_BOARD = "target.toml"
_READ_BY_RENODE = (".repl", ".resc", ".cs")


@dataclass(frozen=True)
class Export:
    """What was written: `suite` is None where the workload has none; `left_out` are labels the model never hears."""

    folder: Path
    suite: Path | None
    left_out: tuple[str, ...]


def script_of(target: Target) -> Path:
    """The script that sets the board up in Renode. Raises ConfigurationError if it has none."""
    script = target.repl.with_suffix(".resc")
    if not script.is_file():
        raise ConfigurationError(
            f"{script} cannot be read: it does not exist.",
            remedy="Renode sets a board up by a script beside its description; that of nano33ble shows how.",
            code="file-unreadable",
        )
    return script


def write(folder: Path, workload: Workload, target: Target, model: Model, built: Build) -> Export:
    """Write or renew the folder.

    Raises as `script_of` and Host do, RecordingError for a broken recording, StorageError.
    """
    script = script_of(target)
    platforms = target.folder.parent
    stem = workload.name.replace("-", "_")
    suite = places.project() / "robot_tests" / "renode" / f"{stem}.robot"
    clips = dict(_clips(workload, model))
    with disk.writing(folder, elsewhere=_ELSEWHERE):
        (folder / _CLIPS).mkdir(parents=True, exist_ok=True)
        disk.copy(built.elf, folder / f"{workload.name}.elf", elsewhere=_ELSEWHERE)
        for file in (*_files_of(target.folder), *_files_shared_by_boards(platforms)):
            copy = folder / file.relative_to(platforms.parent)
            copy.parent.mkdir(parents=True, exist_ok=True)
            disk.copy(file, copy, elsewhere=_ELSEWHERE)
        for label, expected in clips.items():
            disk.write(folder / _clip(label), expected.samples.astype("<i2").tobytes(), elsewhere=_ELSEWHERE)
        variables = {
            "PLATFORM": script.relative_to(platforms.parent).as_posix(),
            "UART": target.platform.uart,
            "ELF": f"{workload.name}.elf",
            "MODEL_CRC": model.crc,
            "COUNTED_SECONDS": COUNTED_S,
            "CLIPS": {
                label: {
                    "file": _clip(label),
                    "samples_crc": crc(expected.samples),
                    "features_crc": crc(expected.features),
                    "scores": expected.scores,
                    "instructions": _instructions(workload, target, built, expected.samples),
                }
                for label, expected in clips.items()
            },
        }
        disk.write(folder / f"{stem}.json", json.dumps(variables, indent=2) + "\n", elsewhere=_ELSEWHERE)
        if suite.is_file():
            disk.copy(suite, folder / suite.name, elsewhere=_ELSEWHERE)
    left_out = tuple(label for label in workload.labels if label not in clips)
    return Export(folder, folder / suite.name if suite.is_file() else None, left_out)


def _clip(label: str) -> str:
    return f"{_CLIPS}/{label}.s16le"


def _files_of(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix in _READ_BY_RENODE)


def _files_shared_by_boards(platforms: Path) -> list[Path]:
    """What is in folders beside the boards', such as a peripheral that several have."""
    shared = (folder for folder in platforms.iterdir() if folder.is_dir() and not (folder / _BOARD).exists())
    return [file for folder in shared for file in _files_of(folder)]


def _clips(workload: Workload, model: Model) -> Iterator[tuple[str, Expectation]]:
    """Each label with the first of its recordings that the model hears as such."""
    host = Host(workload, model)
    found: set[str] = set()
    folder = workload.folder / workload.recordings.folder
    for entry in reading.read(folder, workload.input, workload.labels, workload.recordings.names):
        if entry.label in found:
            continue
        expected = host.expect(reading.load(entry, workload.input).samples)
        if expected.decided == entry.label:
            found.add(entry.label)
            yield entry.label, expected


def _instructions(workload: Workload, target: Target, built: Build, samples: NDArray[np.int16]) -> int:
    """What the built-in engine has executed after COUNTED_S of virtual time, boot and decision included."""
    with BuiltinEngine().machine(target) as machine:
        machine.load(built.firmware)
        Parameters("clip", workload.input.samples).put(machine, built.firmware)
        machine.play(workload.input.signal(samples), workload.input.sensor)
        machine.run(limit=float(COUNTED_S))
        return machine.counters().instructions
