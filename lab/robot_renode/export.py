"""A folder that a suite of Renode's keywords runs in, with or without the lab: firmware, board, clips, expectations."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab import disk, places
from lab.building.firmware import Build
from lab.engines.builtin import BuiltinEngine
from lab.measuring.host import Expectation, Host, crc
from lab.measuring.parameters import Mode, Parameters
from lab.model import Model
from lab.recordings import collection, recording
from lab.target import Target
from lab.workload import Workload

COUNTED_S = "2"
"""Virtual seconds from reset after which instructions are compared; as text, as the suite gives it to RunFor."""

_CLIPS = "clips"
_NOT_EXPORTED = "target.toml"


@dataclass(frozen=True)
class Export:
    """What was written: `suite` is None where the workload has none; `left_out` are labels the model never hears."""

    folder: Path
    suite: Path | None
    left_out: tuple[str, ...]


def write(folder: Path, workload: Workload, target: Target, model: Model, built: Build) -> Export:
    """Write or renew the folder. Raises StorageError, RecordingError for a broken recording, and what Host raises."""
    stem = workload.name.replace("-", "_")
    suite = places.project() / "robot_tests" / "renode" / f"{stem}.robot"
    clips = {entry.label: (entry, expected) for entry, expected in _clips(workload, model)}
    with disk.writing(folder, elsewhere="name another folder"):
        (folder / _CLIPS).mkdir(parents=True, exist_ok=True)
        elf = folder / f"{workload.name}.elf"
        shutil.copyfile(built.elf, elf)
        for file in target.folder.iterdir():
            if file.is_file() and file.name != _NOT_EXPORTED:
                shutil.copyfile(file, folder / file.name)
        for label, (_, expected) in clips.items():
            expected.samples.astype("<i2").tofile(folder / _CLIPS / f"{label}.s16le")
        variables = {
            "PLATFORM": target.repl.with_suffix(".resc").name,
            "UART": target.platform.uart,
            "ELF": elf.name,
            "MODEL_CRC": model.crc,
            "COUNTED_SECONDS": COUNTED_S,
            "CLIPS": {
                label: {
                    "file": f"{_CLIPS}/{label}.s16le",
                    "recording": entry.name,
                    "samples_crc": crc(expected.samples),
                    "features_crc": crc(expected.features),
                    "scores": expected.scores,
                    "instructions": _instructions(workload, target, built, expected.samples),
                }
                for label, (entry, expected) in clips.items()
            },
        }
        (folder / f"{stem}.json").write_text(json.dumps(variables, indent=2) + "\n", encoding="utf-8")
        if suite.is_file():
            shutil.copyfile(suite, folder / suite.name)
    left_out = tuple(label for label in workload.labels if label not in clips)
    return Export(folder, folder / suite.name if suite.is_file() else None, left_out)


def _clips(workload: Workload, model: Model) -> Iterator[tuple[collection.Entry, Expectation]]:
    """Of each label the first recording that the model hears as such."""
    host = Host(workload, model)
    found: set[str] = set()
    for entry in collection.read(workload.folder / workload.recordings.folder, workload.labels):
        if entry.label in found:
            continue
        expected = host.expect(recording.load(entry.path, workload.input.rate_hz, workload.input.samples).samples)
        if expected.decided == entry.label:
            found.add(entry.label)
            yield entry, expected


def _instructions(workload: Workload, target: Target, built: Build, samples: NDArray[np.int16]) -> int:
    """What the built-in engine has executed after COUNTED_S of virtual time, boot and decision included."""
    with BuiltinEngine().machine(target) as machine:
        machine.load(built.firmware)
        Parameters(Mode.CLIP, workload.input.samples).put(machine, built.firmware)
        machine.play(samples, workload.input.sensor)
        machine.run(limit=float(COUNTED_S))
        return machine.counters().instructions
