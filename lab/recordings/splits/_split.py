"""What every kind of split says of itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from pydantic import Field

from lab.configuration import Frozen
from lab.recordings.collection import Collection, Entry

Part = Literal["train", "validation", "test"]


class Split(Frozen, ABC):
    """`test` and `validation` are shares; `synthetic` is the file that tells recordings that nobody made for real.

    A folder with that file trains, whatever the shares.
    """

    kind: str
    synthetic: str
    test: float = Field(gt=0, lt=1)
    validation: float = Field(ge=0, lt=1)

    @abstractmethod
    def parts(self, collection: Collection) -> Sequence[Part | None]:
        """Where each recording of a collection belongs, in their order; None for one that is left out."""

    @abstractmethod
    def check(self, collections: Sequence[Collection]) -> None:
        """Raises RecordingError if these recordings cannot be split."""

    def check_known(self, collections: Sequence[Collection]) -> None:
        """Raises RecordingError if nothing says where these recordings belong."""

    def is_synthetic(self, collection: Collection) -> bool:
        """Whether the collection holds nothing that was recorded."""
        return (collection.folder / self.synthetic).exists()

    def recorded(self, collections: Iterable[Collection]) -> list[Collection]:
        """Those that are not synthetic."""
        return [collection for collection in collections if not self.is_synthetic(collection)]

    def select(self, collections: Iterable[Collection], *parts: Part) -> Iterator[Entry]:
        """The entries that were recorded and belong to these parts."""
        for collection in self.recorded(collections):
            for entry, part in zip(collection, self.parts(collection), strict=True):
                if part in parts:
                    yield entry

    def made(self, collections: Iterable[Collection]) -> Iterator[Entry]:
        """The entries that are synthetic."""
        for collection in collections:
            if self.is_synthetic(collection):
                yield from collection
