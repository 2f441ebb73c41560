"""Probes: small firmwares of one source file each, `firmware/probes/<target>/`, that look at one thing."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from lab import places
from lab.configuration import Frozen, read_toml
from lab.conformance.case import Stricter
from lab.conformance.feeds import Feeds
from lab.target import Target

_LISTING = "probes.toml"


class Probe(Feeds):
    """One probe. It runs for `seconds` of virtual time."""

    about: str
    seconds: float = Field(gt=0)
    stricter: Stricter | None = None


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
