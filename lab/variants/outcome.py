"""What is known of each variant of a model on a board."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Right(_Part):
    """Of the recordings of one label so many were decided right."""

    label: str
    recordings: int
    right: int


class Accuracy(_Part):
    """By label, in the workload's order, without labels of which there are no recordings."""

    by_label: tuple[Right, ...]

    @property
    def recordings(self) -> int:
        """Of all labels."""
        return sum(one.recordings for one in self.by_label)

    @property
    def right(self) -> int:
        """Of all labels."""
        return sum(one.right for one in self.by_label)

    @property
    def share(self) -> float:
        """Of all recordings."""
        return self.right / self.recordings


class Cost(_Part):
    """Of a variant that runs on the board; bytes, and those of the inference of most instructions.

    `equals_host` is whether every output of every inference is the host's, floats within the tolerance of `lab bench`;
    None where nothing on the host runs the model.
    """

    equals_host: bool | None
    arena: int
    flash: int
    ram: int
    instructions: int
    cycles: int | None
    latency_ms: float | None


class Variant(_Part):
    """One variant: its file in bytes, as it is and compressed by gzip, as an update over the air would ship it.

    `host` is None where nothing on the host runs it. `device` and `cost` are None for one that does not run on the
    board: `refused` says why then, and has the device's own words if it came so far.
    """

    name: str
    bytes: int
    compressed_bytes: int
    host: Accuracy | None
    device: Accuracy | None
    cost: Cost | None
    refused: str = ""


class Outcome(_Part):
    """All variants of a model, given the same recordings of `source`.

    `smallest` is the one of fewest bytes that is at most `most_loss`, in percentage points, less accurate on the board
    than `compared_with` is, None where none is.
    """

    workload: str
    target: str
    kernels: str
    tflm: str
    recordings: int
    source: str
    variants: tuple[Variant, ...]
    most_loss: float
    compared_with: str | None
    smallest: str | None
