"""Words of people and of synthetic voices: a depthwise-separable CNN, and if wanted a teacher that has heard more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field
from typing_extensions import Self

from lab.configuration import Frozen
from lab.training.recipes._recipe import NetworkRecipe
from lab.training.settings import Distillation, Range, Schedule, Share
from lab.training.stages import Progress
from lab.workload import Workload

if TYPE_CHECKING:
    from lab.training.learnt import Learnt


class Block(Frozen):
    """A depthwise 3 x 3 and a pointwise convolution."""

    filters: int = Field(gt=0)
    stride: int = Field(default=1, gt=0)


class Network(Frozen):
    """A depthwise-separable CNN: one plain convolution, blocks, average pooling, dropout, one dense layer."""

    filters: int = Field(gt=0)
    kernel: tuple[int, int]
    stride: int = Field(gt=0)
    blocks: tuple[Block, ...] = Field(min_length=1)
    dropout: Share


class Head(Frozen):
    """What a teacher puts on the speech embedding: a convolution over time and a dense layer, of `filters` each."""

    filters: int = Field(gt=0)
    kernel: int = Field(gt=0)
    dropout: Share


class Student(Frozen):
    """The network that becomes the model, and how it learns."""

    network: Network
    schedule: Schedule


class Teacher(Frozen):
    """Several heads, each from a seed of its own, whose mean opinion of each clip the student learns as well."""

    heads: int = Field(gt=0)
    network: Head
    schedule: Schedule
    distillation: Distillation


class Augmentation(Frozen):
    """Variants of each recording, made once and drawn from in every epoch; the recording itself is the first.

    `speed` and `tempo`: times as fast, with and without the pitch. `vocal_tract`: stretch of the frequency axis.
    `tilt`: weight of the previous sample in each sample, which is a tone control. `noise_share`: share of variants with
    noise. `masks`: hidden stripes an axis, drawn anew in every epoch, up to so many steps and channels wide.
    `silence_gain_db` comes on top of `gain_db` for silence, which can be any background.
    """

    variants: int = Field(gt=0)
    speed: Range
    shift_ms: Range
    tilt: Range
    gain_db: Range
    silence_gain_db: Range
    noise_share: Share
    snr_db: Range
    tempo: Range
    vocal_tract: Range
    masks: int = Field(ge=0)
    masked_steps: int = Field(ge=0)
    masked_channels: int = Field(ge=0)


class Settings(NetworkRecipe):
    """`parts` of the split are trained on; `synthetic_share` is the share of synthetic clips in each epoch.

    Without a `teacher` the student learns from the labels alone.
    """

    kind: Literal["speech"] = "speech"
    parts: tuple[Literal["train", "validation"], ...] = Field(min_length=1)
    synthetic_share: Share
    calibration_clips: int = Field(gt=0)
    augmentation: Augmentation
    student: Student
    teacher: Teacher | None = None

    def with_epochs(self, epochs: int) -> Self:
        """Those of the student."""
        schedule = self.student.schedule.model_copy(update={"epochs": epochs})
        return self.model_copy(update={"student": self.student.model_copy(update={"schedule": schedule})})

    def learn(self, workload: Workload, folders: Sequence[Path], progress: Progress) -> Learnt:
        """With TensorFlow and, for a teacher, onnxruntime, which fetches the embedding at its first use."""
        from lab.training.speech import session  # noqa: PLC0415  (numpy and more, which only a training needs)

        return session.learn(workload, folders, self, progress)
