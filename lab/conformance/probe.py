"""Probes: small firmwares of one source file each, `firmware/probes/<target>/`, that look at one thing."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field

from lab import places
from lab.configuration import Frozen, read_toml
from lab.conformance.case import Stricter
from lab.conformance.feeds import ACCELEROMETER, FELT_HZ, HEARD_HZ, MICROPHONE, Feeds
from lab.target import Sensor, Target

_LISTING = "probes.toml"


class Probe(Feeds):
    """One probe. It runs for `seconds` of virtual time.

    On the target, or on a board with other parts: `platform` is its description, beside the probe. `microphone`
    and `accelerometer` are the full paths of those that hear and feel, if they are others than the target's.
    """

    about: str
    seconds: float = Field(gt=0)
    stricter: Stricter | None = None
    platform: str = ""
    microphone: str = ""
    accelerometer: str = ""

    def board(self, target: Target) -> Target:
        """What it runs on."""
        changes: dict[str, object] = {}
        if self.platform:
            file = os.path.relpath(folder(target) / self.platform, target.folder)
            changes["platform"] = target.platform.model_copy(update={"repl": file})
        others = ((MICROPHONE, self.microphone, HEARD_HZ), (ACCELEROMETER, self.accelerometer, FELT_HZ))
        changes["sensors"] = target.sensors | {
            name: Sensor(device=device, rate_hz=rate_hz) for name, device, rate_hz in others if device
        }
        return target.model_copy(update=changes)


class _Listing(Frozen):
    probe: dict[str, Probe]


def folder(target: Target) -> Path:
    """Where the target's probes are, if it has any."""
    return places.project() / "firmware" / "probes" / target.name


def of(target: Target) -> dict[str, Probe]:
    """The target's probes by name, in the order of the file. Raises ConfigurationError for a broken file."""
    file = folder(target) / _LISTING
    return read_toml(file, _Listing).probe if file.exists() else {}


def records(target: Target) -> list[Path]:
    """What Renodes did with the target's probes, as it ships: the newest version's last."""
    return sorted(folder(target).glob("renode-*.json"), key=lambda file: file.stem)
