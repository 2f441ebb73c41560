"""Where a core stands and how it came there, in words: for faults, lock-ups, silent devices and the watchdog."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lab.engines.builtin import shim
from lab.engines.builtin.chip import Chip
from lab.engines.builtin.peripheral import Peripheral, Register, RegisterBank
from lab.engines.builtin.processor import Processor
from lab.image import Image

_LAST_LINES = 10
_LONGEST_LOOP = 16
_POLLED = 1000


class Diagnosis:
    """A view of one stopped processor."""

    def __init__(
        self,
        processor: Processor,
        firmware: Image,
        lines: Sequence[str],
        chip: Chip,
        device_at: Callable[[int], tuple[Peripheral, int] | None],
        rom: Image | None = None,
    ) -> None:
        """`device_at` gives the device at an address, and where that begins, or None; `rom` is the chip's boot ROM."""
        self._rom = rom
        self._processor = processor
        self._device_at = device_at
        self._chip = chip
        self._firmware = firmware
        self._lines = lines

    @property
    def firmware(self) -> str:
        """The name of its file."""
        return self._firmware.path.name

    @property
    def unicorn_error(self) -> int:
        """What stopped Unicorn, as its `uc_err`."""
        return self._processor.core.unicorn_error

    def place(self, address: int) -> str:
        """`0x00000123 main+0x4 (main.cc:17)`"""
        line = self._firmware.line_at(address)
        function = self._firmware.function_at(address)
        if self._rom is not None and _bytes_at(self._rom, address) and function == f"{address:#010x}":
            function = f"{self._rom.function_at(address)} of the ROM"
        return f"{address:#010x} {function}" + (f" ({line})" if line else "")

    def here(self) -> str:
        """Where execution stands."""
        running = self._processor.core.running
        within = f" in {self._processor.kind.handler(running)}" if running else ""
        return f"at {self.place(self._processor.register('pc'))}{within}"

    def block(self) -> str:
        """The place of the basic block that ran last."""
        visits = self._processor.trace()
        return self.place(visits[-1].address) if visits else "reset"

    def fault(self) -> str:
        """The last fault in words, or nothing if there was none; before it the one in whose handler it happened."""
        first, last = self._processor.core.first_fault, self._processor.core.last_fault
        if not last.exception:
            return ""
        if bytes(first) == bytes(last):
            return self._in_words(first)
        return f"{self._in_words(first)}. While that was handled: {self._in_words(last)}"

    def after_fault(self) -> str:
        """That a fault's handler runs, as the end of a sentence, or nothing."""
        return f", in the handler of this fault: {self.fault()}" if self._processor.in_fault() else ""

    def _in_words(self, fault: shim.Fault) -> str:
        name, causes = self._processor.kind.fault(fault, self._what_is_at)
        if self._rom is not None and not any(_bytes_at(self._rom, fault.pc) or b"1"):
            causes = "a function that the ROM stand-in lacks"
        return f"{name} at {self.place(fault.pc)}" + (f": {causes}" if causes else "")

    def _what_is_at(self, address: int) -> str:
        name = self._chip.register(address) or self._chip.at(address)
        return f"{name} (not modelled)" if name else "where there is nothing"

    def polled(self) -> str:
        """The register that the run has gone to by far the most often, and from where; nothing if it polls none."""
        accesses = [access for access in self._processor.accesses() if access.times >= _POLLED]
        if not accesses:
            return ""
        first = accesses[0]
        done = "written" if first.writes else "read"
        return f"{self.register(first.address)} was {done} {first.times:,} times, the last at {self.place(first.block)}"

    def register(self, address: int) -> str:
        """`rtc1.COUNTER (0x40011504)`"""
        found = self._device_at(address)
        if name := self._chip.register(address):
            return f"{name} ({address:#010x})"
        if found is None:
            return f"{address:#010x}"
        device, base = found
        offset = address - base & ~3
        return f"{device.name.removeprefix('sysbus.')}.{_register_name(device, offset)} ({address:#010x})"

    def failure(self, reason: int) -> str:
        """Why the core cannot go on: LOCKED_UP, NO_HANDLER or NO_STACK."""
        if reason == shim.NO_STACK:
            stack = self._processor.register("sp")
            by_fault = self._processor.core.last_fault.pc == self._processor.register("pc")
            cause = f"{self.fault()}. " if by_fault and self.fault() else ""
            outside = f"The stack pointer {stack:#010x} is outside memory where an exception needs it"
            return f"{cause}{outside}, {self.here()}."
        cause = self.fault() or f"Stopped {self.here()}"
        if reason == shim.NO_HANDLER:
            return f"{cause}. {self._processor.kind.no_handler(self._processor.core.unhandled)}."
        return f"{cause}. The core locked up: this happened where no fault can be taken."

    def text(self) -> str:
        """Place, last fault, last basic blocks and last lines of the device."""
        parts = [f"Stopped {self.here()}."]
        if self.fault():
            parts.append(f"{'Fault' if self._processor.in_fault() else 'Last fault'}: {self.fault()}.")
            if self._processor.core.trace_next != self._processor.core.fault_trace_next:
                before = self._blocks(self._processor.trace_before_fault())
                parts += ["Last basic blocks before the fault, oldest first:", *before]
        parts += ["Last basic blocks, oldest first:", *self._blocks(self._processor.trace())]
        if self.polled():
            parts.append(f"Polling: {self.polled()}.")
        if self._lines:
            parts += ["Last lines of the device:", *(f"  {line}" for line in self._lines[-_LAST_LINES:])]
        return "\n".join(parts)

    def _blocks(self, trace: Sequence[shim.Visit]) -> list[str]:
        visits = [
            f"{self.place(visit.address)}" + (f" x {visit.repeats}" if visit.repeats > 1 else "") for visit in trace
        ]
        lines = []
        for blocks, times in _rounds(visits):
            if times > 1:
                lines.append(f"  {times} rounds of:")
            lines += [("    " if times > 1 else "  ") + block for block in blocks]
        return lines


def _bytes_at(image: Image, address: int) -> bytes:
    """Two bytes of the image there, or none."""
    for segment in image.segments:
        if segment.address <= address < segment.address + len(segment.data):
            return segment.data[address - segment.address :][:2]
    return b""


def _register_name(device: Peripheral, offset: int) -> str:
    """As the device's model calls it; by its offset if the model has none there."""
    for kind in type(device).__mro__:
        for name, entry in vars(kind).items():
            if isinstance(entry, Register) and entry.offset == offset:
                return name
            if isinstance(entry, RegisterBank):
                index, rest = divmod(offset - entry.first.offset, entry.stride)
                if rest == 0 and 0 <= index < entry.count:
                    return f"{name}[{index}]"
    return f"{offset:#x}"


def _rounds(visits: Sequence[str]) -> Iterator[tuple[Sequence[str], int]]:
    """The sequence cut into stretches that repeat, each with how often it does; loops of several blocks become one."""
    at = 0
    while at < len(visits):
        size, times = max(
            ((size, _times(visits, at, size)) for size in range(1, _LONGEST_LOOP + 1)),
            key=lambda loop: loop[0] * (loop[1] - 1),
        )
        yield visits[at : at + size], times
        at += size * times


def _times(visits: Sequence[str], at: int, size: int) -> int:
    """How often the `size` entries from `at` on come in a row."""
    times = 1
    while visits[at : at + size] == visits[at + times * size : at + (times + 1) * size]:
        times += 1
    return times
