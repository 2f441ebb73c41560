"""What is to be measured: one workload on one target with one engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lab import images
from lab.building.kernels import AUTO
from lab.building.recorder import Recorder
from lab.image import Image
from lab.measuring.foreign.adapter import Adapter
from lab.metrics import Mode
from lab.recordings.splits import Part
from lab.target import Target
from lab.workload import Evaluation, Workload


@dataclass(frozen=True)
class Brought:
    """A firmware that the lab did not build, in a file of any format of `lab.images`, and how to feed and read it."""

    file: Path
    adapter: Adapter

    def image(self) -> Image:
        """What the file holds. Raises as `lab.images.read`."""
        return images.read(self.file, self.adapter.image.address, by=f"`address` in [image] of {self.adapter.file}")


@dataclass(frozen=True)
class Request:
    """None for `model`, `recordings`, `tflm_root` or `kernels_root` means what ships; `kernels` is one of
    `lab.building.kernels.NAMES`; `jobs` is the number of worker processes, None as many as suit machine and
    engine. `renode` is the program to drive instead of the one in its usual place; `engine_notes` is what the result
    shall say of how the engine was chosen, `options` what `lab run` is told to do all this again.

    `brought` is a firmware to be measured in the place of the one that the lab would build; `recorder` is the flight
    recorder that it is built with, None for none.

    `part` is that of the workload's split to which recordings must belong to be played; None is all of them.
    `clips` are the names of the only recordings to be played, as results show them; empty means all. In the mode
    "stream" they are composed, `minutes` long and with the draws of `seed`, None for what the workload says.
    """

    workload: Workload
    target: Target
    engine: str = "auto"
    renode: Path | None = None
    engine_notes: tuple[str, ...] = ()
    model: Path | None = None
    recordings: Path | None = None
    part: Part | None = None
    clips: tuple[str, ...] = ()
    tflm_root: Path | None = None
    kernels: str = AUTO
    kernels_root: Path | None = None
    jobs: int | None = None
    brought: Brought | None = None
    recorder: Recorder | None = None
    mode: Mode = "clip"
    minutes: float | None = None
    seed: int | None = None
    options: tuple[str, ...] = ()

    @property
    def evaluation(self) -> Evaluation:
        """How the stream is composed."""
        wanted = {"minutes": self.minutes, "seed": self.seed}
        given = {name: value for name, value in wanted.items() if value is not None}
        return self.workload.streaming.evaluation.model_copy(update=given)

    @property
    def source(self) -> str:
        """What kind of recordings they are."""
        return str(self.recordings) if self.recordings is not None else self.workload.recordings.source
