"""A board that hears one recording while its calls are followed, from reset on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.elf import Firmware
from lab.engines.builtin import BuiltinEngine
from lab.engines.builtin.machine import BuiltinMachine
from lab.engines.machine import Machine
from lab.measuring.device import BOOT_LIMIT_S, Device
from lab.measuring.device_log import Inference, Statistics
from lab.measuring.parameters import Parameters
from lab.measuring.playback import DECISION_LIMIT_S
from lab.profiling import forest, operators
from lab.profiling.cost import Cost
from lab.profiling.forest import Forest
from lab.target import Target
from lab.workload import Workload


@dataclass(frozen=True)
class ProfiledRecording:
    """What one recording took: `start_up` from reset to the boot line, `trees` from there to the statistics line."""

    decided: str
    start_up: Cost
    inference: Cost
    trees: Forest


class ProfiledBoard(Device):
    """Raises as Device does."""

    machine: BuiltinMachine

    def __init__(self, target: Target, workload: Workload, firmware: Firmware) -> None:
        parameters = Parameters("clip", workload.input.frames)

        def prepare(machine: Machine) -> None:
            parameters.put(machine, firmware)
            self.machine.follow_calls(operators.CALLERS)

        super().__init__(BuiltinEngine(), target, firmware, prepare, f"Raise arena_bytes in {workload.file}.")
        self._input = workload.input

    def listen(self, samples: NDArray[np.int16]) -> ProfiledRecording:
        """Play the recording, once, and await the decision. Raises as `await_event` does."""
        machine = self.machine
        start_up, before = machine.counters(), machine.calls()
        machine.play(self._input.signal(samples), self._input.sensor)
        decided = self.await_event(Inference, DECISION_LIMIT_S).label
        self.await_event(Statistics, BOOT_LIMIT_S)
        began, ended = (Cost(one.instructions, one.cycles or 0) for one in self.inference_counters())
        trees = forest.plant(before, machine.calls(), self._target.toolchain.prefix)
        return ProfiledRecording(decided, Cost(start_up.instructions, start_up.cycles or 0), ended - began, trees)
