"""What every kind of recipe says of itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field
from typing_extensions import Self

from lab.configuration import Frozen
from lab.errors import UsageError
from lab.training.settings import Tuning
from lab.training.stages import Progress
from lab.workload import Workload

if TYPE_CHECKING:
    from lab.training.learnt import Learnt
    from lab.training.trained import Trained

MOST_SEED = 2**31 - 1
"""Networks that are trained beside the first count on from it, and TensorFlow takes 32 bits."""


class Recipe(Frozen, ABC):
    """Everything that training depends on besides the recordings and the split of them.

    The same recordings, recipe and `seed` give the same file on the same machine.
    """

    kind: str
    seed: int = Field(ge=0, le=MOST_SEED)

    def with_options(self, *, epochs: int | None, seed: int | None) -> Self:
        """The recipe with other epochs or another seed, where given. Raises UsageError for epochs it does not have."""
        changed = self if seed is None else self.model_copy(update={"seed": seed})
        return changed if epochs is None else changed.with_epochs(epochs)

    def with_epochs(self, epochs: int) -> Self:  # noqa: ARG002
        """The recipe with other epochs for the network that becomes the model."""
        raise UsageError(
            f"A recipe of kind {self.kind} computes its model in one pass: there are no epochs.",
            remedy="Leave out --epochs.",
            code="no-epochs",
        )

    @abstractmethod
    def train(self, workload: Workload, folders: Sequence[Path], progress: Progress) -> Trained:
        """Train on the recordings in those folders.

        Raises ToolMissing without what the kind needs, RecordingError for recordings that cannot be used or are not
        enough, ConfigurationError for a broken split, and what compiling the features raises.
        """


class NetworkRecipe(Recipe):
    """A recipe whose model is a trained network, of which variants can be made. `tuning` is for those that learn on."""

    tuning: Tuning = Tuning()

    @abstractmethod
    def learn(self, workload: Workload, folders: Sequence[Path], progress: Progress) -> Learnt:
        """Train the network on the recordings in those folders. Raises as `train`."""

    def train(self, workload: Workload, folders: Sequence[Path], progress: Progress) -> Trained:
        """Train the network, and convert it to int8."""
        from lab.training import finishing  # noqa: PLC0415  (numpy and more, which only a training needs)

        return finishing.in_int8(self.learn(workload, folders, progress), workload.name, progress)
