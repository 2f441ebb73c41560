"""What a model costs on a board, and how its output compares."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from lab.benching.agreement import Agreement


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, ser_json_inf_nan="strings")


class OperatorCost(_Part):
    """One operator of the graph: instructions exact, cycles modelled, multiply-accumulates from its shapes.

    `output` is the shape of its first output.
    """

    index: int
    name: str
    output: tuple[int, ...]
    instructions: int
    cycles: int | None
    macs: int
    share: float


class OutputValues(_Part):
    """One output as the device gave it: its `values` as they are stored, in the order of memory.

    value = scale * (stored - zero_point), where there is a scale.
    """

    name: str
    type: str
    shape: tuple[int, ...]
    scale: tuple[float, ...]
    zero_point: tuple[int, ...]
    values: tuple[bool | int | float, ...]


class Outcome(_Part):
    """One model on one board; sizes in bytes, `differs_at` the first operator whose output is not the host's.

    `agreement` is None for a model that nothing on the host runs; `not_compared` says why, and otherwise
    `compared_with` what ran it there, with a `doubt` where that contradicts itself or another interpreter.
    """

    model: str
    model_crc: str
    target: str
    kernels: str
    agreement: Agreement | None
    not_compared: str = ""
    compared_with: str = ""
    doubt: str = ""
    outputs: tuple[OutputValues, ...] = ()
    differs_at: str = ""
    instructions: int
    cycles: int | None
    cost_model: str | None
    latency_ms: float | None
    arena_used_bytes: int
    arena_smallest_bytes: int
    flash_bytes: int
    ram_bytes: int
    stack_used_bytes: int
    operators: tuple[OperatorCost, ...]

    @property
    def holds(self) -> bool:
        """Nothing speaks against it."""
        return self.agreement is None or self.agreement.holds
