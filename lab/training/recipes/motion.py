"""Movements, or windows of a motion that goes on: a small convolutional network over time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from typing_extensions import Self

from lab.configuration import Frozen
from lab.training.recipes._recipe import NetworkRecipe
from lab.training.settings import Range, Schedule, Share
from lab.training.stages import Progress
from lab.workload import Workload

if TYPE_CHECKING:
    from lab.training.learnt import Learnt


class Layer(Frozen):
    """A convolution over time, and the largest of each `pool` steps of it."""

    filters: int = Field(gt=0)
    kernel: int = Field(gt=0)
    stride: int = Field(default=1, gt=0)
    pool: int = Field(default=1, gt=0)


class Network(Frozen):
    """Convolutions over time; then the mean over time, if `average`, or every step; `hidden` units, if any; labels."""

    layers: tuple[Layer, ...] = Field(min_length=1)
    average: bool
    hidden: int = Field(ge=0)
    dropout: Share


class Flip(Frozen):
    """In a `share` of the variants these axes change their sign: a sensor that is worn the other way round."""

    axes: tuple[str, ...] = Field(min_length=1)
    share: Share


class Turn(Frozen):
    """Turned by an angle of standard deviation `degrees`, about the axis of that name or, without one, about any."""

    degrees: float = Field(ge=0, le=180)
    axis: str | None = None


class Augmentation(Frozen):
    """Variants of each recording, made once and drawn from in every epoch; the recording itself is the first.

    `speed`: times as fast. `uneven`: by how much, as a share of the length, the middle of a movement comes sooner or
    later. `amplitude`: factor about the resting value. `gain`: standard deviation of a factor for each axis. `noise`:
    its standard deviation, drawn up to this, in the signal's unit. `limit`: where the sensor that recorded saturates,
    in that unit. `borders`: by how many frames the ends of a movement are moved. `leaning`: the share of windows that
    are turned, by less than a right angle, to where the resting value lies in another window of the same label.
    """

    variants: int = Field(gt=0)
    speed: Range
    uneven: float = Field(default=0.0, ge=0, lt=0.2)
    amplitude: Range
    turns: tuple[Turn, ...] = ()
    flips: tuple[Flip, ...] = ()
    gain: float = Field(default=0.0, ge=0)
    noise: float = Field(ge=0)
    limit: float | None = Field(default=None, gt=0)
    borders: int = Field(default=0, ge=0)
    leaning: Share = 0.0


class Member(Frozen):
    """One of several networks that learn each for itself, from other variants; the model gives their mean.

    `leaning` and `mixup` stand for those of the recipe. `unseen` are values of a row of features, by their index, that
    the network is not shown.
    """

    leaning: Share = 0.0
    mixup: Share = 0.0
    unseen: tuple[Annotated[int, Field(ge=0)], ...] = ()


class Settings(NetworkRecipe):
    """`parts` of the split are trained on; `synthetic_share` is the share of synthetic recordings in each epoch.

    Where the features are movements, each event that trains gives one more of the background label as well, of which
    `others_share` is in each epoch: it drawn backwards, half of it, or joined with another without a rest.

    With `members` as many networks are trained and become one model.
    """

    kind: Literal["motion"] = "motion"
    parts: tuple[Literal["train", "validation"], ...] = Field(min_length=1)
    synthetic_share: Share
    others_share: Share = 0.0
    calibration_clips: int = Field(gt=0)
    augmentation: Augmentation
    network: Network
    schedule: Schedule
    members: tuple[Member, ...] = ()

    def each(self) -> list[tuple[Self, tuple[int, ...]]]:
        """A recipe for each network, with a seed of its own, and what it is not shown."""
        if not self.members:
            return [(self, ())]
        return [
            (
                self.model_copy(
                    update={
                        "seed": self.seed + number,
                        "augmentation": self.augmentation.model_copy(update={"leaning": member.leaning}),
                        "schedule": self.schedule.model_copy(update={"mixup": member.mixup}),
                    }
                ),
                member.unseen,
            )
            for number, member in enumerate(self.members)
        ]

    def with_epochs(self, epochs: int) -> Self:
        """Those of each network."""
        return self.model_copy(update={"schedule": self.schedule.model_copy(update={"epochs": epochs})})

    def learn(self, workload: Workload, folders: Sequence[Path], progress: Progress) -> Learnt:
        """With TensorFlow."""
        from lab.training.motion import session  # noqa: PLC0415  (numpy and more, which only a training needs)

        return session.learn(workload, folders, self, progress)
