"""A debugger at a machine of the built-in engine: what core/debugger.c asks, in the words of `debuggable`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lab.engines.builtin import shim
from lab.engines.builtin.clock import VirtualClock
from lab.engines.builtin.processor import Processor
from lab.engines.debuggable import Abandoned, Debugger, Halt, Resume, Why

_WHY = {
    shim.AT_BREAKPOINT: Why.BREAKPOINT,
    shim.STEPPED: Why.STEPPED,
    shim.BEFORE_LOAD: Why.LOAD,
    shim.BEFORE_STORE: Why.STORE,
}
_ANSWERS = {Resume.GO_ON: shim.GO_ON, Resume.STEP: shim.ONE_STEP, Resume.ABANDON: shim.ABANDON}


def _nothing() -> None:
    """Outside of a run a signal's handler raises by itself."""


class Debugging:
    """The probe of a debugger, and how a machine asks it."""

    def __init__(self, processor: Processor, clock: VirtualClock, debugger: Debugger) -> None:
        self._processor = processor
        self._clock = clock
        self._debugger = debugger
        self.check: Callable[[], None] = _nothing
        self.hear = debugger.hear
        processor.debug(self._attend_in_block)

    # For the machine

    def look(self, check: Callable[[], None]) -> None:
        """Between two blocks: let the debugger halt the machine if it wants to; `check` is for its waits."""
        self.check = check
        if self._debugger.wants_halt():
            self.attend(Halt(Why.ASKED))

    def attend(self, halt: Halt) -> None:
        """The machine stands between two blocks. Raises Abandoned."""
        answer = self._debugger.attend(halt, self.check)
        if answer is Resume.ABANDON:
            raise Abandoned
        self._processor.step(answer is Resume.STEP)

    def _attend_in_block(self, why: int, address: int) -> int:
        return _ANSWERS[self._debugger.attend(Halt(_WHY[why], address), self.check)]

    # For the debugger

    @property
    def core(self) -> str:
        """As `Probe` has it, and so are the others."""
        return self._processor.kind.family

    @property
    def registers(self) -> Mapping[str, int]:
        """Widths."""
        return self._processor.kind.widths

    def register(self, name: str) -> int:
        """Its value."""
        return self._processor.wide_register(name)

    def set_register(self, name: str, value: int) -> bool:
        """Set it if that can be."""
        return self._processor.set_register(name, value)

    def read(self, address: int, size: int) -> bytes:
        """Memory. Raises DeviceFault where there is none."""
        return self._processor.read(address, size)

    def write(self, address: int, data: bytes) -> None:
        """Memory. Raises DeviceFault where there is none."""
        self._processor.write(address, data)

    def break_at(self, address: int, on: bool) -> bool:
        """Or do not any more."""
        return self._processor.break_at(address, on)

    def watch_data(self, address: int, size: int, *, loads: bool, stores: bool, on: bool) -> bool:
        """Or do not any more."""
        accesses = shim.LOADS * loads | shim.STORES * stores
        return self._processor.watch_data(address, size, accesses, on)

    def position(self) -> tuple[int, int]:
        """Instructions, nanoseconds."""
        count = self._processor.position()
        return count - self._processor.core.skipped, self._clock.time_at(count)
