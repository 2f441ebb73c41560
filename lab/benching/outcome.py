"""What a model costs on a board, and how its outputs compare."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from lab.benching.accuracy import Accuracy
from lab.benching.agreement import Agreement
from lab.benching.serving import Expected


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, ser_json_inf_nan="strings")


class OperatorCost(_Part):
    """One operator of the graph: instructions exact, cycles modelled, multiply-accumulates from its shapes.

    `kernels` is what computed it, a library's name or `reference`; `output` is the shape of its first output, `share`
    that of the whole inference's instructions.
    """

    index: int
    name: str
    kernels: str
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


class Inference(_Part):
    """One of several inferences; `agreement` and `host_class` are None where nothing on the host runs the model.

    `outputs` are the values of every output, as in OutputValues. `label` is the right class, if it is known, and
    `device_class` and `host_class` what was chosen.
    """

    index: int
    agreement: Agreement | None
    outputs: tuple[tuple[bool | int | float, ...], ...]
    instructions: int
    cycles: int | None
    label: int | None = None
    device_class: int | None = None
    host_class: int | None = None


class Outcome(_Part):
    """One model on one board, and all its inferences; sizes in bytes. Costs are of the inference of most instructions.

    `agreement` is of all inferences together, None for a model that nothing on the host runs; `not_compared` says why,
    and otherwise `compared_with` what ran it there, with a `doubt` where that contradicts itself or another
    interpreter. `differs_at` is the first operator whose output is not the host's, `outputs` are those of the first
    inference. `kernels` is the library that was built in, if it computed any operator, and else `reference`. `ratios`
    is how many cycles boards took for one that is modelled, the fewest and the most (docs/numbers.md).
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
    accuracy: Accuracy | None = None
    expected_kernels: Expected | None = None
    instructions: int
    cycles: int | None
    cost_model: str | None
    latency_ms: float | None
    ratios: tuple[float, float] | None = None
    arena_used_bytes: int
    arena_smallest_bytes: int
    flash_bytes: int
    ram_bytes: int
    stack_used_bytes: int
    operators: tuple[OperatorCost, ...]
    inferences: tuple[Inference, ...] = ()

    @property
    def holds(self) -> bool:
        """Nothing speaks against it."""
        return all(part is None or part.holds for part in (self.agreement, self.accuracy, self.expected_kernels))
