"""A board with a firmware of somebody else's: fed and read as its adapter says."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from lab import pattern as patterns
from lab.engines.machine import Counters, Engine, Machine, Stop
from lab.errors import ConfigurationError, DeviceFault, DeviceSilent, FirmwareError
from lab.image import Image
from lab.measuring.foreign.adapter import Adapter
from lab.measuring.foreign.symbols import Symbols
from lab.outcomes.recording import Counted
from lab.target import Target
from lab.workload import Workload

_FAULT = "fault"
_FAULT_VECTORS = slice(3, 7)
"""HardFault, MemManage, BusFault and UsageFault in the vector table of a Cortex-M, which the image begins with."""
_PAINT = 0xA5
_MOST_MISSED = 1_000
_LONGEST_SCORE = len(str(-(2**31)))


@dataclass(frozen=True, kw_only=True)
class Said(Counted):
    """What a firmware made of one recording.

    `label` and `scores` are as printed, None and empty where the line does not carry them or none came. `instructions`
    and `cycles` are those of the longest way from `begin` to `end`; None without one. `awake_cycles` and `cpu_load` are
    of the time until that line.
    """

    line: str | None
    label: str | None
    scores: tuple[int, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What a result line says: the workload's label that its text stands for, and scores, empty if it has none."""

    label: str
    scores: tuple[int, ...]


def load(machine: Machine, firmware: Image, target: Target) -> None:
    """Put an image in memory. Raises ConfigurationError for one that is linked for another board."""
    try:
        machine.load(firmware)
    except DeviceFault as error:
        raise ConfigurationError(
            f"{firmware.path} is not for {target.name}: {error.message}",
            remedy="Name its board with --target, or link it for this one's memories.",
            code="elf-memory",
        ) from error


class ForeignBoard:
    """A machine with the firmware, at its `ready` line, or at reset where it has none. Close it, or use `with`.

    Raises ConfigurationError and UnknownName for an adapter that does not fit the image, or one that does not fit the
    board; DeviceFault and DeviceSilent for what the firmware does.
    """

    BEGIN, END = "begin", "end"
    """Symbols of the marks of what `[measure]` names."""

    def __init__(
        self,
        engine: Engine,
        target: Target,
        workload: Workload,
        firmware: Image,
        adapter: Adapter,
        mips: int | None = None,
    ) -> None:
        self._target = target
        self._workload = workload
        self._firmware = firmware
        self._adapter = adapter
        self._name = f"{firmware.path.name} on {target.name}"
        self._symbols = Symbols(firmware, adapter, target.toolchain.prefix)
        self._buffer = self._input_buffer()
        self._stack = self._stack_bounds()
        self.begins: int | None = None
        """Where what `[measure]` names begins."""
        self.missed: dict[str, None] = {}
        """Registers without a model that it went to, in words and in order."""
        self.machine: Machine = engine.foreign(target, mips, adapter.output.port, self._note_missed)
        try:
            load(self.machine, firmware, target)
            self._watch()
            self._paint()
            if adapter.output.ready is not None:
                self._await(adapter.output.ready, "ready", adapter.output.ready_within_s)
            self._pass_until(adapter.output.ready_after_s)
            self._ready = self.machine.snapshot()
        except BaseException:
            self.machine.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.machine.close()

    def listen(self, samples: NDArray[np.int16]) -> Said:
        """Play one recording with silence behind it, or rest, and read what the firmware says of it.

        Raises DeviceFault for its fault line, DeviceSilent where no line is none of the answers.
        """
        machine, output = self.machine, self._adapter.output
        machine.restore(self._ready)
        began, already = machine.counters(), len(machine.lines())
        self._feed(samples)
        line = self._await(output.result, "result", output.result_within_s, self._passes_over)
        ended = machine.counters()
        found = patterns.parts(output.result, line) if line is not None else {}
        instructions, cycles = self._longest()
        awake = ended.cycles_since(began)
        passed = (ended.time_ns - began.time_ns) * self._target.core.clock_hz / 1e9
        if cycles is not None and instructions is not None:
            passed += cycles - instructions  # virtual time went on by one clock for each instruction
        return Said(
            line=line,
            label=label.strip() if (label := found.get("label")) is not None else None,
            scores=self._scores(found.get("scores") or ""),
            instructions=instructions,
            cycles=cycles,
            time_ns=ended.time_ns - began.time_ns,
            awake_cycles=awake,
            cpu_load=None if awake is None else min(1.0, awake / passed),
            stack_used=self._stack_used(),
            lines=tuple(machine.lines()[already:]),
        )

    def run_for(self, samples: NDArray[np.int16], seconds: float) -> None:
        """Play the same, and let so much virtual time pass. Raises DeviceFault for its fault line."""
        self.machine.restore(self._ready)
        self._feed(samples)
        self.check(self._run(self.says_fault, seconds))

    def answer(self, line: str) -> Answer | None:
        """What a line reports; None for one that is no result. Raises ConfigurationError as `meant` does."""
        found = patterns.parts(self._adapter.output.result, line)
        if not found:
            return None
        label, scores = found.get("label"), self._scores(found.get("scores") or "")
        return Answer(self.meant(line, label.strip() if label is not None else None, scores)[0], scores)

    def meant(self, line: str, label: str | None, scores: tuple[int, ...]) -> tuple[str, ...]:
        """The workload's labels that the text of a result line stands for, or its scores.

        Raises ConfigurationError for a text that nothing explains, or another number of scores than an inference has.
        """
        adapter, labels, decision = self._adapter, self._workload.labels, self._workload.decision
        if label is not None:
            if meant := adapter.meaning(label, self._workload):
                return meant
            raise ConfigurationError(
                f"{adapter.place('labels')}: nothing says which label {label[:80]!r} stands for, which "
                f"{self._firmware.path.name} printed in {line[:200]!r}.",
                remedy=f"Add it to [labels]; {self._workload.name} has {', '.join(labels)}.",
                code="label-unmapped",
            )
        names = decision.score_names(labels)
        if len(scores) == len(names):
            return (decision.label(scores, labels),)
        raise ConfigurationError(
            f"{adapter.place('output', 'result')}: the group scores found {len(scores)} numbers in "
            f"{line[:200]!r}; an inference of {self._workload.name} has {len(names)}.",
            remedy=f"Let it match a whole number for each, in this order: {', '.join(names)}.",
            code="scores-count",
        )

    def says_fault(self, line: str) -> bool:
        """Whether the firmware says with that line that it failed."""
        fault = self._adapter.output.fault
        return fault is not None and patterns.found(fault, line)

    def check(self, stop: Stop) -> None:
        """Raises DeviceFault if a run stopped because the firmware said that it failed."""
        if stop.line is not None and self.says_fault(stop.line):
            raise DeviceFault(
                f"{self._name} said that it failed: {stop.line}",
                remedy="The words are the firmware's; what it printed before is above.",
                details=self.machine.trace(),
                code="said-fault",
            )

    def _scores(self, text: str) -> tuple[int, ...]:
        """The numbers of a group. Raises ConfigurationError for one that is no score of a model."""
        numbers = re.findall(r"-?[0-9]+", text)
        if longest := next((number for number in numbers if len(number) > _LONGEST_SCORE), None):
            where = self._adapter.place("output", "result")
            raise ConfigurationError(
                f"{where}: the group scores found a number of {len(longest):,} digits in {text[:80]!r}.",
                remedy="Let it match whole numbers of 32 bits.",
                code="scores-count",
            )
        return tuple(map(int, numbers))

    def _note_missed(self, register: str) -> None:
        if len(self.missed) < _MOST_MISSED:
            self.missed[register] = None

    def _watch(self) -> None:
        for address in self._fault_handlers():
            self.machine.watch(_FAULT, address)
        if self._adapter.measure is None:
            return
        begin, ends = self._symbols.span(self._adapter.measure)
        self.begins = begin
        self.machine.watch(self.BEGIN, begin)
        for address in ends:
            self.machine.watch(self.END, address)

    def _fault_handlers(self) -> set[int]:
        """Those of a Cortex-M: most are endless loops, which look like a firmware that has nothing to say."""
        if self._firmware.machine != "EM_ARM" or not self._firmware.segments:
            return set()
        table = min(self._firmware.segments, key=lambda segment: segment.address).data
        return {
            address & ~1 for address in struct.unpack_from("<7I", table.ljust(28, b"\0"))[_FAULT_VECTORS] if address
        }

    def _feed(self, samples: NDArray[np.int16]) -> None:
        if self._buffer is not None:
            self.machine.write(self._buffer, samples.astype("<i2").tobytes())
            return
        wanted = self._workload.input
        signal = wanted.signal(wanted.with_rest(samples, self._adapter.output.result_within_s))
        self.machine.play(signal, self._adapter.input.sensor or wanted.sensor)

    def _pass_until(self, seconds: float) -> None:
        """Run on to so many virtual seconds since reset."""
        left = seconds - self.machine.counters().time_ns / 1e9
        if left > 0:
            self.check(self._run(self.says_fault, left))
            self._check_for_fault()

    def _run(self, until: Callable[[str], bool], limit: float) -> Stop:
        """Run. Raises as the machine does, and DeviceFault in the place of a fault handler that loops without end."""
        try:
            return self.machine.run(until=until, limit=limit)
        except FirmwareError as error:
            if error.code == "endless-marks":  # most fault handlers are a loop of one instruction
                self._check_for_fault()
            raise

    def _passes_over(self, line: str) -> bool:
        """Whether a result line says no more than that no line came would; what has scores says them."""
        if self._adapter.has_scores:
            return False
        label = patterns.parts(self._adapter.output.result, line).get("label")
        meant = self._adapter.meaning(label.strip(), self._workload) if label is not None else ()
        return bool(meant) and all(one in self._adapter.output.silent for one in meant)

    def _await(
        self, pattern: str, what: str, limit: float, passes_over: Callable[[str], bool] = lambda _line: False
    ) -> str | None:
        """Run to a line in which the pattern is found and that is not passed over; None if none came nor has to."""

        def arrived(line: str) -> bool:
            return (patterns.found(pattern, line) and not passes_over(line)) or self.says_fault(line)

        stop = self._run(arrived, limit)
        self.check(stop)
        if stop.line is not None:
            return stop.line
        self._check_for_fault()
        if what == "result" and self._adapter.output.silent:
            return None
        raise DeviceSilent(
            f"{self._name} printed no {what} line within {limit:g} virtual seconds.",
            remedy=f"Look at where it stood, and at what it printed: {self._adapter.place('output', what)} has the "
            "pattern of that line.",
            details=self.machine.trace(),
        )

    def _check_for_fault(self) -> None:
        """Raises DeviceFault if a fault handler was reached."""
        if any(mark.symbol == _FAULT for mark in self.machine.marks()):
            raise DeviceFault(
                f"{self._name} came to its fault handler and said nothing more.",
                remedy="Look at the last fault above, and at the basic blocks that led there.",
                details=self.machine.trace(),
                code="fault-handler",
            )

    def _longest(self) -> tuple[int | None, int | None]:
        """Instructions and cycles of the longest way from `begin` to `end` since the recording began."""
        spans: list[tuple[int, int | None]] = []
        before: Counters | None = None
        for mark in self.machine.marks():
            now = mark.counters
            if mark.symbol == self.BEGIN:
                before = before or now
            elif mark.symbol == self.END and before is not None:
                spans.append((now.instructions - before.instructions, now.cycles_since(before)))
                before = None
        return max(spans, key=lambda span: span[0], default=(None, None))

    def _input_buffer(self) -> int | None:
        name = self._adapter.input.buffer
        if name is None:
            return None
        symbol = self._symbols.find(name, "input", "buffer")
        needed = 2 * self._workload.input.frames * self._workload.input.channels
        if symbol.size < needed:
            raise ConfigurationError(
                f"{self._adapter.place('input', 'buffer')}: {name} of {self._firmware.path.name} has {symbol.size:,} "
                f"bytes; a recording of {self._workload.name} has {needed:,}.",
                remedy="Name an array of int16 that holds a whole recording, or play into a sensor.",
                code="buffer-small",
            )
        return symbol.address

    def _stack_bounds(self) -> tuple[int, int] | None:
        stack = self._adapter.stack
        if stack is None:
            return None
        bottom = self._symbols.find(stack.bottom, "stack", "bottom").address
        top = self._symbols.find(stack.top, "stack", "top").address
        if top <= bottom:
            raise ConfigurationError(
                f"{self._adapter.place('stack', 'top')}: {stack.top} is at {top:#010x}, not above {stack.bottom}, "
                f"which is at {bottom:#010x}.",
                remedy="Name the symbols the other way round.",
                code="stack-bounds",
            )
        ram = self._target.memories.ram_bytes
        if top - bottom > ram:
            raise ConfigurationError(
                f"{self._adapter.place('stack', 'top')}: {stack.top} is at {top:#010x}, {top - bottom:,} bytes above "
                f"{stack.bottom}, which is at {bottom:#010x}; the board has {ram:,} bytes of RAM.",
                remedy="Name the symbols at both ends of the stack.",
                code="stack-bounds",
            )
        return bottom, top

    def _paint(self) -> None:
        if self._stack is not None:
            bottom, top = self._stack
            self.machine.write(bottom, bytes([_PAINT]) * (top - bottom))

    def _stack_used(self) -> int | None:
        """Bytes from the lowest that is not paint any more to the top; as much as the stack has if all is gone."""
        if self._stack is None:
            return None
        bottom, top = self._stack
        held = self.machine.read(bottom, top - bottom)
        return len(held.lstrip(bytes([_PAINT])))
