"""How a model is trained, as data: `models/<name>/training.toml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from typing_extensions import Self

from lab.configuration import Frozen, read_toml
from lab.workload import Workload

FILE = "training.toml"


def _ascending(bounds: tuple[float, float]) -> tuple[float, float]:
    if bounds[0] > bounds[1]:
        raise ValueError("the lower bound comes first")
    return bounds


Range = Annotated[tuple[float, float], AfterValidator(_ascending)]
"""Bounds between which a value is drawn evenly."""

Share = Annotated[float, Field(ge=0.0, le=1.0)]


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


class Schedule(Frozen):
    """Learning: AdamW, a learning rate that rises for `warm_up` of the time and falls as a cosine.

    `smoothing` is taken from the true label and given to all; `mixup` is the share of clips that another one is mixed
    into; `averaging` is the decay per step of the moving average of weights, which is what is kept in the end.
    """

    epochs: int = Field(gt=0)
    batch: int = Field(gt=0)
    learning_rate: float = Field(gt=0)
    weight_decay: float = Field(ge=0)
    warm_up: Share
    smoothing: Share
    mixup: Share
    averaging: Share


class Distillation(Frozen):
    """What a student takes from its teacher: `weight` of its loss, at a softmax temperature."""

    weight: Share
    temperature: float = Field(gt=0)


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


class Recipe(Frozen):
    """Everything that training depends on besides the recordings.

    `parts` of the split are trained on; `synthetic_share` is the share of synthetic clips in each epoch. Without a
    `teacher` the student learns from the labels alone.
    """

    seed: int
    parts: tuple[Literal["train", "validation"], ...] = Field(min_length=1)
    synthetic_share: Share
    calibration_clips: int = Field(gt=0)
    augmentation: Augmentation
    student: Student
    teacher: Teacher | None = None

    def with_options(self, *, epochs: int | None, seed: int | None) -> Self:
        """The recipe with other epochs for the student, or another seed, where given."""
        changed: dict[str, object] = {} if seed is None else {"seed": seed}
        if epochs is not None:
            schedule = self.student.schedule.model_copy(update={"epochs": epochs})
            changed["student"] = self.student.model_copy(update={"schedule": schedule})
        return self.model_copy(update=changed)


def of(workload: Workload) -> Recipe:
    """The recipe beside the workload. Raises ConfigurationError."""
    return read_toml(workload.folder / FILE, Recipe)
