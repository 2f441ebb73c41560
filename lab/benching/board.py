"""A board that runs a model once, on an input that is in its image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.benching.stimulus import Arrays
from lab.elf import Firmware
from lab.engines.machine import Counters, Engine, Machine
from lab.errors import FirmwareError
from lab.measuring.device import Device
from lab.measuring.device_log import Operator, Result
from lab.measuring.marks import OPERATOR_BEGINS, OPERATOR_ENDED
from lab.measuring.parameters import NEVER, Parameters
from lab.model import Model
from lab.target import Target

_LIMIT_S = 120.0
"""Virtual seconds after which a board is silent: the slowest models take a few."""


@dataclass(frozen=True)
class Cost:
    """Instructions, exact, and cycles by the target's cost model, None where it has none."""

    instructions: int
    cycles: int | None

    @classmethod
    def between(cls, before: Counters, after: Counters) -> Cost:
        """What passed from one reading to the other."""
        return cls(after.instructions - before.instructions, after.cycles_since(before))


@dataclass(frozen=True)
class Step:
    """One traced operator: its cost, and the CRC of its first output."""

    cost: Cost
    crc: str


class BenchBoard(Device):
    """Raises as Device does."""

    def __init__(
        self,
        engine: Engine,
        target: Target,
        firmware: Firmware,
        given: Arrays,
        *,
        arena_bytes: int | None = None,
        trace_operators: bool = False,
        stop_after_operator: int = NEVER,
    ) -> None:
        parameters = Parameters(
            "clip",
            0,
            trace_operators=trace_operators,
            stop_after_operator=stop_after_operator,
            arena_bytes=arena_bytes,
        )

        def prepare(machine: Machine) -> None:
            parameters.put(machine, firmware)
            machine.write(firmware.symbol("lab_input").address, b"".join(array.tobytes() for array in given))

        super().__init__(engine, target, firmware, prepare, "Use a smaller model, or a target with more RAM.")

    def result(self) -> Result:
        """Run to the end. Raises as `await_event` does."""
        return self.await_event(Result, _LIMIT_S)

    def cost(self) -> Cost:
        """Of the whole inference."""
        return Cost.between(*self.inference_counters())

    def outputs(self, model: Model) -> Arrays:
        """Every output of the model, from the device's memory."""
        address = self._firmware.symbol("lab_output").address
        found = []
        for index in model.outputs:
            tensor = model.tensors[index]
            stored = self.machine.read(address, tensor.bytes)
            found.append(np.frombuffer(stored, tensor.dtype.lower()).reshape(tensor.shape))
            address += tensor.bytes
        return tuple(found)

    def steps(self, count: int) -> list[Step]:
        """Each operator of a traced run. Raises as `await_event` does, and FirmwareError for marks that are amiss."""
        crcs = [self.await_event(Operator, _LIMIT_S).crc for _ in range(count)]
        marks = [mark for mark in self.machine.marks() if mark.argument in (OPERATOR_BEGINS, OPERATOR_ENDED)]
        if [mark.argument for mark in marks] != [OPERATOR_BEGINS, OPERATOR_ENDED] * count:
            raise FirmwareError(
                f"{self._firmware.path.name} traced {count} operators with {len(marks)} marks.",
                remedy="docs/device-protocol.md says where the marks belong.",
                details=self.last_words(),
                code="marks-missing",
            )
        costs = [Cost.between(a.counters, b.counters) for a, b in zip(marks[::2], marks[1::2], strict=True)]
        return [Step(cost, crc) for cost, crc in zip(costs, crcs, strict=True)]

    def output_of(self, index: int, like: NDArray[np.generic]) -> NDArray[np.generic]:
        """The first output of the operator after which this board was made to stop. Raises as `await_event` does."""
        while (traced := self.await_event(Operator, _LIMIT_S)).index != index:
            pass
        return np.frombuffer(self.machine.read(int(traced.address, 16), like.nbytes), like.dtype).reshape(like.shape)
