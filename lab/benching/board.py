"""A board that runs a model over and over, on inputs that are put into its image, without a restart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.benching.stimulus import Arrays
from lab.elf import Firmware
from lab.engines.builtin import BuiltinEngine
from lab.engines.builtin.machine import BuiltinMachine
from lab.engines.machine import Counters, Machine
from lab.errors import FirmwareError
from lab.measuring.device import Device
from lab.measuring.device_log import Operator, Result
from lab.measuring.marks import INFERENCE_BEGINS, OPERATOR_BEGINS, OPERATOR_ENDED
from lab.measuring.parameters import Parameters
from lab.model import Model
from lab.profiling import forest
from lab.profiling.frame import Frame
from lab.profiling.operators import CALLERS
from lab.target import Target

LIMIT_S = 120.0
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
class Inferred:
    """One inference: every output of the model, what it cost, and the most bytes of stack that were used so far."""

    outputs: Arrays
    cost: Cost
    stack_used: int


@dataclass(frozen=True)
class Step:
    """One traced operator: its cost, and its first output as the device told of it, by address and CRC."""

    cost: Cost
    told: Operator


class BenchBoard(Device):
    """Raises as Device does."""

    machine: BuiltinMachine

    def __init__(
        self,
        engine: BuiltinEngine,
        target: Target,
        firmware: Firmware,
        *,
        arena_bytes: int | None = None,
        trace_operators: bool = False,
    ) -> None:
        parameters = Parameters("clip", 0, trace_operators=trace_operators, arena_bytes=arena_bytes)

        def prepare(machine: Machine) -> None:
            parameters.put(machine, firmware)

        super().__init__(engine, target, firmware, prepare, "Use a smaller model, or a target with more RAM.")

    def infer(self, model: Model, given: Arrays) -> Inferred:
        """The next inference, on these inputs. Raises as `await_event` does."""
        self._give(given)
        result = self.await_event(Result, LIMIT_S)
        cost = Cost.between(*self.inference_counters())
        self.machine.take()  # so that no number of inferences fills this machine's memory
        return Inferred(self._outputs(model), cost, result.stack_used)

    def called(self, model: Model, given: Arrays) -> Frame:
        """What the next inference called, on these inputs. Raises as `infer` does."""
        self.machine.follow_calls(CALLERS)
        self.infer(model, given)
        trees = forest.plant((), self.machine.calls(), self._target.toolchain.prefix)
        return trees[INFERENCE_BEGINS].without_handlers()

    def steps(self, given: Arrays, count: int) -> Iterator[Step]:
        """Each of the model's `count` operators in the next inference of a traced run; the output of one is in memory
        until the next is asked for.

        Raises as `await_event` does, and FirmwareError for marks that are amiss.
        """
        self._give(given)
        for _ in range(count):
            told = self.await_event(Operator, LIMIT_S)
            _, marks = self.machine.take()
            marks = [mark for mark in marks if mark.argument in (OPERATOR_BEGINS, OPERATOR_ENDED)]
            if [mark.argument for mark in marks] != [OPERATOR_BEGINS, OPERATOR_ENDED]:
                raise FirmwareError(
                    f"{self._firmware.path.name} traced operator {told.index} with {len(marks)} marks.",
                    remedy="docs/device-protocol.md says where the marks belong.",
                    details=self.last_words(),
                    code="marks-missing",
                )
            yield Step(Cost.between(marks[0].counters, marks[1].counters), told)
        self.await_event(Result, LIMIT_S)

    def output_of(self, step: Step, like: NDArray[np.generic]) -> NDArray[np.generic]:
        """The first output of the operator that ended last; `like` has its shape and type."""
        stored = self.machine.read(int(step.told.address, 16), like.nbytes)
        return np.frombuffer(stored, like.dtype).reshape(like.shape)

    def _give(self, given: Arrays) -> None:
        """The device stands behind a line, and reads its input once it goes on."""
        address = self._firmware.symbol("lab_input").address
        self.machine.write(address, b"".join(array.tobytes() for array in given))

    def _outputs(self, model: Model) -> Arrays:
        address = self._firmware.symbol("lab_output").address
        found = []
        for index in model.outputs:
            tensor = model.tensors[index]
            stored = self.machine.read(address, tensor.bytes)
            found.append(np.frombuffer(stored, tensor.dtype.lower()).reshape(tensor.shape))
            address += tensor.bytes
        return tuple(found)
