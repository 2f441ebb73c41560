"""The options of `lab run`, by what they are about. All but those of `Kept` are fields of `lab.asked.Asked`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from lab.asked import NO_BASELINE
from lab.building import tflm as sources
from lab.building.kernels import AUTO
from lab.cli._options import FIRMWARE, Kernels, KernelsRoot, ModelFile, TflmChoice, TflmRoot
from lab.engines import selection
from lab.metrics import Mode
from lab.recordings.splits import Part
from lab.verdict.regression import FailOn
from lab.workload import MOST_MINUTES, MOST_SEED

PLAYED = "What is played"
VERDICT = "Verdict"


@dataclass(frozen=True)
class Emulated:
    """What the firmware is made of, and what executes it."""

    engine: Annotated[
        str,
        typer.Option(
            metavar="|".join(selection.NAMES),
            help="Emulator that runs the firmware.",
            rich_help_panel=FIRMWARE,
        ),
    ] = "auto"
    renode: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The Renode to use.",
            show_default="RENODE_PATH, or the one installed",
            rich_help_panel=FIRMWARE,
        ),
    ] = None
    model: ModelFile = None
    tflm: TflmChoice = sources.AUTO
    tflm_root: TflmRoot = None
    kernels: Kernels = AUTO
    kernels_root: KernelsRoot = None
    firmware: Annotated[
        Path | None,
        typer.Option(
            "--firmware",
            "--elf",
            metavar="FILE",
            help="Firmware that the lab did not build: ELF, Intel HEX, UF2, S-records, Espressif's or BIN.",
            show_default="the lab's own",
            rich_help_panel=FIRMWARE,
        ),
    ] = None
    adapter: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The .toml that says how to feed and read that firmware.",
            rich_help_panel=FIRMWARE,
        ),
    ] = None

    @property
    def of_a_build(self) -> dict[str, object]:
        """Options that have no meaning where nothing is built; None for one that was not given."""
        kernels = None if self.kernels == AUTO else self.kernels
        chosen = None if self.tflm == sources.AUTO else self.tflm
        return {
            "--tflm": chosen,
            "--tflm-root": self.tflm_root,
            "--kernels": kernels,
            "--kernels-root": self.kernels_root,
        }


@dataclass(frozen=True)
class Stimuli:
    """What goes into the sensor."""

    mode: Annotated[
        Mode,
        typer.Option(
            help="Recordings one by one, or minutes of a signal composed of them.",
            rich_help_panel=PLAYED,
        ),
    ] = "clip"
    minutes: Annotated[
        float | None,
        typer.Option(
            min=0.25,
            max=MOST_MINUTES,
            metavar="N",
            help="stream: length in minutes.",
            show_default="as the workload says",
            rich_help_panel=PLAYED,
        ),
    ] = None
    seed: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=MOST_SEED,
            metavar="N",
            help="stream: seed of its composition.",
            show_default="as the workload says",
            rich_help_panel=PLAYED,
        ),
    ] = None
    recordings: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Recordings, one folder per label.",
            show_default="those that ship",
            rich_help_panel=PLAYED,
        ),
    ] = None
    part: Annotated[
        Part | None,
        typer.Option(
            help="Only recordings of this part of the workload's split: what it was trained on, or never heard of.",
            show_default="all",
            rich_help_panel=PLAYED,
        ),
    ] = None
    clips: Annotated[
        list[str] | None,
        typer.Option(
            "--clip",
            metavar="NAME",
            help="Play this recording only; may be repeated. Names are as results show them.",
            show_default="all",
            rich_help_panel=PLAYED,
        ),
    ] = None
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Worker processes.", show_default="one per core, one per two with Renode"
        ),
    ] = None


@dataclass(frozen=True)
class Judged:
    """What the verdict goes by."""

    baseline: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Baselines to compare with.",
            show_default="baselines/ of the project",
            rich_help_panel=VERDICT,
        ),
    ] = None
    no_baseline: Annotated[
        bool,
        typer.Option(
            "--no-baseline",
            help="Do not compare with a baseline.",
            rich_help_panel=VERDICT,
        ),
    ] = False
    fail_on: Annotated[
        FailOn,
        typer.Option(
            help="With `limit`, a regression is reported but fails nothing.",
            rich_help_panel=VERDICT,
        ),
    ] = "regression"


@dataclass(frozen=True)
class Kept:
    """What is left of it."""

    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the run.", show_default="a new one below runs/"),
    ] = None
    no_history: Annotated[bool, typer.Option("--no-history", help="Leave the run out of the history.")] = False
    as_json: Annotated[bool, typer.Option("--json", help="Print result.json on standard output instead.")] = False


def given(*groups: Emulated | Stimuli | Judged) -> dict[str, Any]:
    """As fields of `Asked`, those that differ from their default."""
    return {name: value for group in groups for name, value in _given(group)}


def _given(group: Emulated | Stimuli | Judged) -> Iterator[tuple[str, Any]]:
    for one in fields(group):
        value = getattr(group, one.name)
        if value == one.default:
            continue
        if one.name == "no_baseline":
            yield "baseline", NO_BASELINE
        elif one.name == "baseline":
            yield one.name, str(value)  # a folder, or NO_BASELINE
        else:
            yield one.name, value
