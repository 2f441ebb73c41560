"""A folder that Renode's keywords run in, with or without the lab: suite, firmware, board, recordings, expectations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab import disk
from lab.building.firmware import Build
from lab.engines.builtin import BuiltinEngine
from lab.errors import ConfigurationError
from lab.measuring.host import Expectation, Host, crc
from lab.measuring.parameters import Parameters
from lab.model import Model
from lab.monitor import script
from lab.recordings import reading
from lab.robot_renode import suite
from lab.signals.input import Input
from lab.target import Target
from lab.workload import Workload

_ELSEWHERE = "name another folder"
_RECORDINGS = "recordings"
_BOARD = "target.toml"
_READ_BY_RENODE = (".repl", ".resc", ".cs")
_NOTHING = "*.s16le"
_AFTER_S = 1.0
"""Virtual seconds after a recording, in which the firmware decides and goes to sleep."""
_AT_MOST_S = 4.0
"""Virtual seconds after a recording, in which it has to have decided."""


@dataclass(frozen=True)
class Export:
    """What was written; `left_out` are labels that the model decides for on none of their recordings."""

    suite: Path
    left_out: tuple[str, ...]


def script_of(target: Target, played: Input) -> Path:
    """The script that sets the board up in Renode, and plays such a signal. Raises ConfigurationError without one."""
    file = target.repl.with_suffix(".resc")
    if not file.is_file():
        raise ConfigurationError(
            f"{file} cannot be read: it does not exist.",
            remedy="Renode sets a board up by a script beside its description; that of nano33ble shows how.",
            code="file-unreadable",
        )
    fed = re.compile(rf"^\s*sysbus\.\S+ .*\${_variable(played)}\b", re.MULTILINE)
    if not any(fed.search(line.text) for line in script.read(file)):
        raise ConfigurationError(
            f"{file} gives no sensor what is in ${_variable(played)}.",
            remedy="Feed it to the board's sensor, as the script of nano33ble does.",
            code="script-without-sensor",
        )
    return file


def write(folder: Path, workload: Workload, target: Target, model: Model, built: Build) -> Export:
    """Write or renew the folder.

    Raises as `script_of` and Host do, RecordingError for a broken recording, ConfigurationError where the model decides
    right on none of them, StorageError.
    """
    platform = script_of(target, workload.input)
    platforms = target.folder.parent
    stem = workload.name.replace("-", "_")
    expected = dict(_decided_right(workload, model))
    if not expected:
        raise ConfigurationError(
            f"{model.path.name} decides right on no recording of {workload.name}: there is nothing to export.",
            remedy="Name another --model.",
            code="nothing-to-export",
        )
    counted = next(reversed(expected))
    with disk.writing(folder, elsewhere=_ELSEWHERE):
        (folder / _RECORDINGS).mkdir(parents=True, exist_ok=True)
        _copy(built.elf, folder / f"{workload.name}.elf")
        _copy(suite.resource(), folder / suite.resource().name)
        for file in (*_files_of(target.folder), *_files_shared_by_boards(platforms)):
            _copy(file, folder / file.relative_to(platforms.parent))
        for label, one in expected.items():
            _write(folder / _recording(label), one.samples.astype("<i2").tobytes())
        variables = {
            "PLATFORM": platform.relative_to(platforms.parent).as_posix(),
            "UART": target.platform.uart,
            "ELF": f"{workload.name}.elf",
            "MODEL_CRC": model.crc,
            "SIGNAL": _variable(workload.input),
            "SIGNAL_SETTINGS": _settings(workload.input),
            "DECISION_LIMIT": workload.input.window_s + _AT_MOST_S,
            "COUNTED": _counted(workload, target, built, counted, expected[counted].samples),
            "RECORDINGS": {label: _reported(label, one) for label, one in expected.items()},
        }
        _write(folder / f"{stem}.json", json.dumps(variables, indent=2) + "\n")
        _write(folder / f"{stem}.robot", suite.text(workload.name, stem, expected))
    left_out = tuple(label for label in workload.labels if label not in expected)
    return Export(folder / f"{stem}.robot", left_out)


def _copy(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    disk.copy(file, to, elsewhere=_ELSEWHERE)


def _write(file: Path, content: str | bytes) -> None:
    disk.write(file, content, elsewhere=_ELSEWHERE)


def _recording(label: str) -> str:
    return f"{_RECORDINGS}/{label}.s16le"


def _files_of(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix in _READ_BY_RENODE)


def _files_shared_by_boards(platforms: Path) -> list[Path]:
    """What is in folders beside the boards', such as a peripheral that several have, and what plays nothing."""
    shared = (folder for folder in platforms.iterdir() if folder.is_dir() and not (folder / _BOARD).exists())
    return [*platforms.glob(_NOTHING), *(file for folder in shared for file in _files_of(folder))]


def _variable(played: Input) -> str:
    """Of the board's script, without its $: the file that is played."""
    return "audio" if played.is_sound else "motion"


def _settings(played: Input) -> dict[str, str | int]:
    """Other variables of the board's script, as they are written there."""
    return {} if played.is_sound else {"motion_hz": f'"{played.rate_hz}"', "motion_steps": played.steps_per_unit}


def _decided_right(workload: Workload, model: Model) -> Iterator[tuple[str, Expectation]]:
    """Each label with the first of its recordings on which the model decides for it."""
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


def _reported(label: str, expected: Expectation) -> dict[str, Any]:
    return {
        "file": _recording(label),
        "samples_crc": crc(expected.samples),
        "features_crc": crc(expected.features),
        "scores": expected.scores,
    }


def _counted(
    workload: Workload, target: Target, built: Build, label: str, samples: NDArray[np.int16]
) -> dict[str, str | int]:
    """What the built-in engine has executed a while after that recording, boot and decision included.

    The time from reset is a text, as the suite gives it to RunFor.
    """
    seconds = f"{workload.input.window_s + _AFTER_S:g}"
    with BuiltinEngine().machine(target) as machine:
        machine.load(built.firmware)
        Parameters("clip", workload.input.frames).put(machine, built.firmware)
        machine.play(workload.input.signal(samples), workload.input.sensor)
        machine.run(limit=float(seconds))
        return {"label": label, "seconds": seconds, "instructions": machine.counters().instructions}
