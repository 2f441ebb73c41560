"""One emulated board: the core, its memories and its devices, run on virtual time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from lab import interrupts
from lab.engines.builtin import (
    calls,
    chip,
    cores,
    device_types,
    failures,
    instrumentation_trace,
    real_time_transfer,
    semihosting,
    shim,
)
from lab.engines.builtin.bus import SystemBus
from lab.engines.builtin.calls import Call
from lab.engines.builtin.chip_resets import Reset
from lab.engines.builtin.clock import VirtualClock
from lab.engines.builtin.cores.core_type import CoreType
from lab.engines.builtin.cost_model import CostModel
from lab.engines.builtin.debugging import Debugging
from lab.engines.builtin.defmt import Decoder
from lab.engines.builtin.description import Description, Entry
from lab.engines.builtin.diagnosis import Diagnosis
from lab.engines.builtin.memories import MemoryModel, Waits, mean
from lab.engines.builtin.onlooker import Onlooker
from lab.engines.builtin.peripheral import Peripheral
from lab.engines.builtin.processor import CoreState, Processor
from lab.engines.builtin.real_time_transfer import RealTimeTransfer
from lab.engines.builtin.tags import Tags
from lab.engines.debuggable import Abandoned, Debugger, Halt, Why
from lab.engines.machine import Counters, Mark, Printed, Snapshot, Stop, line_of
from lab.errors import ConfigurationError, DeviceFault, FirmwareError, did_you_mean
from lab.image import Image, Segment
from lab.signals.signal import Signal

Result = TypeVar("Result")

_DEFAULT_MIPS = 100
MOST_MIPS = 100_000
"""Of a core. The fastest chips have some thousands; beyond it no firmware that waits comes to an end."""
_HEARD_BY_DEBUGGER = re.compile(
    rf"{semihosting.NAME}|{real_time_transfer.DEFMT}|({real_time_transfer.NAME}|{instrumentation_trace.NAME})( \d+)?"
)
_QUANTUM_NS = 100_000
_SLICE = 400_000
_OUTPUT = 1 << 20  # bytes that a run may print, and as many again for each virtual second
_LAST_LINES = 10
_MARKS = 500_000  # that a run may leave: a loop that is watched would fill the memory of this machine
_NS = 10**9
_HOST_SECONDS = 10.0
_HOST_SECONDS_PER_VIRTUAL = 20.0


@dataclass(frozen=True)
class BuiltinSnapshot:
    """The whole state of one machine."""

    core: CoreState
    devices: Mapping[str, dict[str, Any]]
    lines: tuple[Printed, ...]
    unfinished: bytes
    reset: Reset | None


class BuiltinMachine:
    """The machine protocol of `lab.engines.machine` on Unicorn. `uart` and `sensors` hold full device paths.

    A board may have no `uart`: then it prints no lines. `hear` is given what each device sends, by its full path,
    and ends the run where it answers true. `mips` goes before what the description says of the core; a board takes
    `factor` times what `costs` say. With an `onlooker` the parts of the chip that have no model are there too: they
    keep what is written, and what firmware does with them is told. So is what a debugger would show: what a Cortex-M
    prints by semihosting, RTT and ITM. With `stub` a device that has no model is one that keeps what is written:
    `stubbed` names them.
    """

    def __init__(
        self,
        description: Description,
        *,
        cpu: str,
        uart: str | None,
        sensors: Mapping[str, str] | None = None,
        costs: CostModel | None = None,
        factor: float = 1,
        mips: int | None = None,
        onlooker: Onlooker | None = None,
        names: Path | None = None,
        hear: Callable[[str, bytes], bool] | None = None,
        stub: bool = False,
    ) -> None:
        self._chip = chip.of(description.file, names)
        self._rom = self._chip.read_rom(description)
        description = self._chip.completed(description)
        self._description = description
        self._onlooker = onlooker
        self._hear = hear
        self._costs = costs
        kind = cores.of(description.entry(cpu), double_precision=self._chip.double_precision)
        self._bus = SystemBus(
            description,
            self._chip,
            kind.page,
            output=self._sent,
            overhear=self._overhear,
            place=lambda: self._diagnosis().block(),
            reset_chip=self._ask_for_reset,
            onlooker=onlooker,
            stub=stub,
        )
        told = onlooker is not None
        read, write = (
            (self._bus.read_told, self._bus.write_told) if told else (self._bus.read_register, self._bus.write_register)
        )
        self._processor = Processor(kind, read, write, self._cost)
        core = self._processor.core
        self._parts = shim.PARTS * factor
        core.branch_penalty = round(costs.taken_branch_penalty * self._parts) if costs else 0
        if costs and costs.beside:
            core.exception_entry = round(costs.beside.exception_entry * self._parts)
            core.exception_return = round(costs.beside.exception_return * self._parts)
        self._waits: Waits = {}
        self._clock = VirtualClock(core, mips or _mips(description.entry(cpu)))
        core.quantum = self._clock.count_at(_QUANTUM_NS)
        self._uart = description.entry(uart).name if uart else ""
        self._bus.build(self._processor, self._clock, description.entry(cpu).name)
        self._devices = self._bus.devices
        self._sensors = {name: description.entry(path).name for name, path in (sensors or {}).items()}
        self._defmt: Decoder | None = None
        self._firmware: Image | None = None
        self._images: list[Image] = []
        self._watched: dict[int, str] = {}
        self._lines: list[Printed] = []
        self._taken = 0  # of those lines
        self._unfinished = bytearray()
        self._printed = 0  # bytes in this run, which began at the count `_began`
        self._began = 0
        self._until: Callable[[str], bool] | None = None
        self._found: str | None = None
        self._debugging: Debugging | None = None
        self._reset: Reset | None = None  # that is to happen before the next block

    def __enter__(self) -> BuiltinMachine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def load(self, firmware: Image) -> None:
        """Put the image in memory and reset. Raises DeviceFault if a segment has no memory behind it."""
        self._firmware = firmware
        self._images = [firmware]
        self._defmt = Decoder(firmware) if self._bus.host is not None else None
        for address in self._watched:
            self._processor.watch(address, False)
        self._watched.clear()
        self._reset = None
        self._processor.rewind()
        self._processor.erase()
        for address, data in self._bus.presets:
            self._processor.write(address, data)
        for segment in (*self._of_rom(firmware), *firmware.segments):
            self._processor.load(segment.address, segment.data)
        with device_types.blaming():
            for device in self._devices.values():
                device.reset()
            for device in self._devices.values():
                device.insert(firmware)
        self._start(firmware)
        self._lines.clear()
        self._taken = 0
        self._unfinished = bytearray()

    def restart(self) -> None:
        """Let the reset happen for which a run raised ChipReset; without one, one that leaves devices as at power-on.

        Time, counters, lines and marks go on. Memories keep what they hold, save that what the image itself has in RAM
        is there again: on the chip a boot loader puts it there. The core starts as after `load`.
        """
        reset, self._reset = self._reset, None
        self._processor.core.synchronised = self._processor.core.count
        with device_types.blaming():
            for device in self._devices.values():
                if reset is None:
                    device.reset()
                else:
                    device.reset_by(reset)
        flash = [memory for memory in self._processor.memories if memory.erased]
        for image in self._images:
            for segment in (*self._of_rom(image), *image.segments):
                if not any(memory.holds(segment.address) for memory in flash):
                    self._processor.load(segment.address, segment.data)
        self._start(self._loaded())

    def _of_rom(self, firmware: Image) -> Sequence[Segment]:
        """What the chip's ROM has in memory; a firmware that was made for the bare core finds none of its variables."""
        rom, used = self._rom, self._chip.rom
        if rom is None or used is None:
            return ()
        variables = {section.address for section in rom.sections if section.writable and not used.serves(firmware)}
        return [segment for segment in rom.segments if segment.address not in variables]

    def _start(self, firmware: Image) -> None:
        """From the reset vector of the chip's ROM, or of the image with what the ROM leaves: a stack, interrupts."""
        kind, rom = self._processor.kind, self._rom
        self._processor.reset(kind.start(rom if rom and firmware.boots else firmware))
        self._hand_over(firmware)

    def _hand_over(self, firmware: Image) -> None:
        """Let a firmware that the chip's ROM starts find what that leaves in the core."""
        rom, used = self._rom, self._chip.rom
        if rom and used and used.serves(firmware):
            self._processor.set_register("sp", rom.symbol("_stack").address)
            self._processor.set_register("mstatus", rom.symbol("_status").address)

    def add(self, image: Image) -> None:
        """Before the first instruction: put an image beside what is in memory already.

        Raises DeviceFault if a segment has no memory behind it.
        """
        self._firmware = image
        self._images.append(image)
        for segment in (*self._of_rom(image), *image.segments):
            self._processor.load(segment.address, segment.data)

    def begin(self, at: int | Image) -> None:
        """Before the first instruction: start at that vector table or entry point, or where the image has it."""
        if isinstance(at, int):
            self._processor.begin(at)
            return
        self._processor.begin(self._processor.kind.start(at))
        self._hand_over(at)

    @property
    def kind(self) -> CoreType:
        """The kind of its core."""
        return self._processor.kind

    @property
    def bus(self) -> SystemBus:
        """Its devices at their addresses."""
        return self._bus

    @property
    def vector_table(self) -> int:
        """Where a Cortex-M has it now."""
        return int(self._processor.core.cortex_m.vector_table)

    @vector_table.setter
    def vector_table(self, address: int) -> None:
        self._processor.core.cortex_m.vector_table = address

    @property
    def mips(self) -> int:
        """Instructions in a microsecond."""
        return self._clock.mips

    def watch(self, symbol: str, address: int | None = None) -> None:
        """Record a Mark each time execution reaches `symbol`, or the basic block at `address`."""
        if address is None:
            address = self._loaded().symbol(symbol).address
        self._watched[address] = symbol
        self._processor.watch(address)

    def follow_calls(self, apart: Collection[str] = ()) -> None:
        """Keep the tree of calls from here on, until a snapshot is restored. Marks begin sections of it.

        Every call that a function of `apart` makes is kept apart from the others.
        """
        self._processor.follow_calls(calls.table(self._loaded().functions, apart))

    def debug(self, debugger: Debugger) -> Debugging:
        """Ask this debugger from the next run on."""
        self._debugging = Debugging(self._processor, self._clock, debugger)
        return self._debugging

    def watch_memories(self, model: MemoryModel) -> None:
        """Simulate the chip's memories on every access from here on: slowly, and with cycles that wait for them.

        Raises ConfigurationError for a cache that is switched where the board has no device, and for a model of another
        chip: without a memory where the firmware is.
        """
        here = self._processor.register("pc")
        if not model.holds(here):
            raise ConfigurationError(
                f"The memory model {model.name} has no memory at {here:#x}, where the firmware is.",
                remedy=f"Name one of the board's own chip; this is of {model.chip}.",
                code="platform-description",
            )
        beside = self._costs.beside if self._costs else None
        self._processor.watch_memories(model.told(self._register, beside))

    def _register(self, address: int) -> int:
        found = self._bus.device_at(address)
        if found is None or isinstance(found[0], Tags):  # a tag keeps nothing: the cache would never be on
            raise ConfigurationError(
                f"A cache of the memory model is switched at {address:#x}, where the board has no device.",
                remedy="Describe that device: the chip.toml beside the .repl names those that Renode has not, as that "
                "of the nano33ble does. Or leave `switch` out of the model: the cache is then always on.",
                code="platform-description",
            )
        return self.access(lambda: self._bus.read_register(address, 4))

    def waits_by_reason(self) -> Mapping[str, float]:
        """Cycles that were waited since then, by what for: `shim.REASONS`."""
        return {reason: parts / shim.PARTS for reason, parts in self._processor.waits_by_reason().items()}

    def waits(self) -> Waits:
        """What each block has waited since then on average; the memories are watched no more."""
        waits = mean(self._processor.waits())
        self._processor.forget_memories()
        return waits

    def wait(self, waits: Waits) -> None:
        """Let each block cost so much more from here on."""
        self._waits = waits
        self._processor.costs_changed()

    def calls(self) -> tuple[Call, ...]:
        """The tree of calls so far: what its nodes spent adds up to the counters since `follow_calls`."""
        return calls.tree(self._processor.calls(), self._loaded().functions, self._processor.kind.handler)

    def play(self, signal: Signal, into: str) -> None:
        """Let the sensor of that name in `target.toml` deliver a signal, after those played before."""
        if into not in self._sensors:
            raise ConfigurationError(
                f"The board has no sensor named {into!r}.{did_you_mean(into, self._sensors)}",
                remedy=f"Sensors in target.toml: {', '.join(sorted(self._sensors)) or 'none'}.",
                code="no-such-sensor",
            )
        with device_types.blaming():
            self._devices[self._sensors[into]].feed(signal)

    def listen_to(self, port: str) -> None:
        """Take the lines of another port from now on: of a device, by its full path, or of one that a debugger hears.

        Raises ConfigurationError for one that the board does not have.
        """
        name = port.removeprefix("sysbus.")
        heard = self._bus.host is not None and _HEARD_BY_DEBUGGER.fullmatch(name)
        self._uart = name if heard else self._description.entry(port).name

    def collect(self) -> None:
        """Let the onlooker have what firmware has printed by RTT and the probe has not read yet."""
        probe = self._devices.get(real_time_transfer.NAME)
        if isinstance(probe, RealTimeTransfer):
            probe.look()

    def receives(self, device: str) -> bool:
        """Whether there is a device of that name, into which bytes can arrive if its model takes any."""
        return device in self._devices

    def listening(self) -> list[str]:
        """The devices that firmware has set up to take bytes, the board's UART first."""
        found = [name for name, device in self._devices.items() if device.listens]
        return sorted(found, key=lambda name: name != self._uart)

    def receive(self, data: bytes, device: str | None = None) -> None:
        """Let bytes arrive at the UART now, or at another device by its name in the description."""
        port = self.device(device or self._uart)
        self._processor.act(lambda: port.accept(data))

    def device(self, name: str) -> Peripheral:
        """The model of that name in the description. Raises ConfigurationError if there is none."""
        if name not in self._devices:
            raise ConfigurationError(
                f"The board has no device {name!r}.{did_you_mean(name, self._devices)}",
                remedy=f"Devices: {', '.join(sorted(self._devices)) or 'none'}.",
                code="platform-description",
            )
        return self._devices[name]

    def end_run(self) -> None:
        """Let the run under way return, as if an awaited line had come."""
        self._found = self._found or ""
        self._processor.stop()

    def access(self, access: Callable[[], Result]) -> Result:
        """Let somebody outside go to a device's registers, between two runs."""
        results: list[Result] = []
        self._processor.act(lambda: results.append(access()))
        return results[0]

    def register(self, name: str) -> int:
        """Its value, between two runs."""
        return self._processor.wide_register(name)

    def set_register(self, name: str, value: int) -> None:
        """Set it, between two runs."""
        self._processor.set_register(name, value)

    def execute(self, instructions: int) -> None:
        """Run for so many instructions from now on. Raises as `run` does."""
        self._run_with_debugger(None, self._processor.core.count + instructions)

    def run(self, *, until: Callable[[str], bool] | None = None, limit: float) -> Stop:
        """Run until a device line satisfies `until`, or until `limit` virtual seconds from now have passed.

        Raises DeviceFault on a lock-up or an access to nothing, ChipReset where firmware or a watchdog resets the chip,
        FirmwareError where the firmware prints without end or keeps the host busy for far longer than that time,
        EngineError when the emulator makes no progress. With a debugger nothing is too long, and it may end the run
        with Abandoned.
        """
        clock, count = self._clock, self._processor.core.count
        return self._run_with_debugger(until, clock.count_at(clock.time_at(count) + round(limit * _NS)))

    def _run_with_debugger(self, until: Callable[[str], bool] | None, end: int) -> Stop:
        debugging = self._debugging
        try:
            return self._run(until, end)
        except FirmwareError as error:
            if debugging is not None:
                debugging.attend(Halt(Why.FAILED, error=error))
            raise

    def _run(self, until: Callable[[str], bool] | None, end: int) -> Stop:
        core, clock, debugging = self._processor.core, self._clock, self._debugging
        limit = (clock.time_at(end) - clock.time_at(core.count)) / _NS
        # Of this thread's own processor time: a busy machine makes no verdict.
        give_up = time.thread_time() + _HOST_SECONDS + _HOST_SECONDS_PER_VIRTUAL * limit
        self._began = core.count
        self._printed, marked = 0, core.marks_used
        self._processor.forget_accesses()
        clock.end = end
        self._until, self._found = until, None
        try:
            with interrupts.Noted(self._processor.stop) as noted:
                while self._found is None:
                    if self._reset is not None:
                        raise failures.of_reset(self._diagnosis(), self._reset)
                    core.stop = 0
                    noted.deliver()
                    if debugging is not None:
                        debugging.look(noted.deliver)
                    clock.changed()
                    core.slice = core.count + _SLICE
                    reason = self._processor.run()
                    if reason == shim.AT_DEADLINE:
                        # What is due at the very end acts too; its handler is the next run's.
                        self._processor.act(clock.ring)
                        if self._reset is None and core.count >= clock.end:
                            break
                    elif reason not in (shim.AT_SLICE, shim.STOPPED):
                        self._meet(reason)
                    if self._prints_too_much():
                        raise failures.endless_output(self._diagnosis(), self._printed, self._passed_s())
                    if core.marks_used - marked > _MARKS:
                        raise failures.endless_marks(self._diagnosis(), _MARKS, self._passed_s())
                    if debugging is None and time.thread_time() > give_up:
                        kind = failures.busy if core.count > self._began else failures.overdue
                        raise kind(self._diagnosis(), limit, clock.time_at(core.count) / _NS)
        except DeviceFault as fault:
            if fault.details:
                raise
            raise failures.of_device(self._diagnosis(), fault) from None
        finally:
            core.stop = 0
            self._until = None
        return Stop(self._found)

    def read(self, address: int, size: int) -> bytes:
        """Memory as the core sees it, without side effects on devices."""
        return self._processor.read(address, size)

    def write(self, address: int, data: bytes) -> None:
        """Write memory, flash included."""
        self._processor.write(address, data)

    def counters(self) -> Counters:
        """Readings now."""
        core = self._processor.core
        return self._counters(core.count, core.skipped, core.cycles // shim.PARTS)

    def lines(self) -> list[str]:
        """Every complete line the device has printed since reset, without line ends."""
        return [line.text for line in self._lines]

    def marks(self) -> list[Mark]:
        """Every Mark since reset (or since the restored snapshot was taken), oldest first."""
        return [
            Mark(self._watched[mark.address], mark.argument, self._counters(mark.count, mark.skipped, mark.cycles))
            for mark in self._processor.marks()
        ]

    def take(self) -> tuple[list[Printed], list[Mark]]:
        """Lines and marks since the last call, oldest first; the machine forgets them."""
        lines, marks = self._lines[self._taken :], self.marks()
        del self._lines[:-_LAST_LINES]
        self._taken = len(self._lines)
        self._processor.forget_marks()
        return lines, marks

    def snapshot(self) -> BuiltinSnapshot:
        """Keep the whole state: core, memories, devices, virtual time, lines and marks."""
        with device_types.blaming():
            devices = {name: device.snapshot() for name, device in self._devices.items()}
        lines, unfinished = tuple(self._lines), bytes(self._unfinished)
        return BuiltinSnapshot(self._processor.save(), devices, lines, unfinished, self._reset)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a kept state, bit for bit."""
        if not isinstance(snapshot, BuiltinSnapshot):
            raise TypeError(f"{type(snapshot).__name__} is not a snapshot of this machine.")
        self._processor.restore(snapshot.core)
        for name, state in snapshot.devices.items():
            self._devices[name].restore(state)
        self._lines = list(snapshot.lines)
        self._taken = len(self._lines)
        self._unfinished = bytearray(snapshot.unfinished)
        self._reset = snapshot.reset

    def fault(self) -> str:
        """The fault in whose handler the core is, in words; nothing if it is in none."""
        return self._diagnosis().fault() if self._processor.in_fault() else ""

    def polled(self) -> str:
        """The register that the last run has gone to by far the most often, in words; nothing if it polls none."""
        return self._diagnosis().polled()

    def here(self) -> str:
        """Where execution stands, in words."""
        return self._diagnosis().here()

    def trace(self) -> str:
        """Where execution stands and how it came there, for people: the last basic blocks and the last log lines."""
        return self._diagnosis().text()

    def close(self) -> None:
        """Free everything; the machine is of no use afterwards."""
        self._processor.close()

    def _loaded(self) -> Image:
        if self._firmware is None:
            raise RuntimeError("No firmware is loaded.")
        return self._firmware

    def _diagnosis(self) -> Diagnosis:
        return Diagnosis(self._processor, self._loaded(), self.lines(), self._chip, self._bus.device_at, self._rom)

    def _meet(self, reason: int) -> None:
        """What a debugger may go on from, and what nobody can. Raises Abandoned, DeviceFault."""
        if reason == shim.ABANDONED:
            raise Abandoned
        if reason == shim.HOSTED and self._bus.host is not None:
            self.collect()  # what was printed by RTT before comes before
            self._processor.act(self._bus.host.call)
            return
        if reason != shim.FAULTED or self._debugging is None:
            raise failures.stopped(self._diagnosis(), reason)
        self._debugging.attend(Halt(Why.FAULT, said=self._diagnosis().fault()))

    def _ask_for_reset(self, reset: Reset) -> None:
        """A device wants the chip to be reset: the core stands before its next block, and does not sleep till then."""
        self._reset = self._reset or reset
        self._processor.stop()
        self._clock.end = self._processor.core.count
        self._clock.changed()

    def _passed_s(self) -> float:
        """Virtual time since the run began."""
        return (self._clock.time_at(self._processor.core.count) - self._clock.time_at(self._began)) / _NS

    def _prints_too_much(self) -> bool:
        return self._printed > _OUTPUT and self._printed > _OUTPUT + _OUTPUT * self._passed_s()

    def _counters(self, count: int, skipped: int, cycles: int) -> Counters:
        return Counters(count - skipped, cycles if self._costs else None, self._clock.time_at(count))

    def _cost(self, address: int, size: int) -> int:
        if self._costs is None:
            return 0
        cycles = self._costs.block(self._processor.read(address, size)).cycles
        return round((cycles + self._waits.get(address, 0) / shim.PARTS) * self._parts)

    def _sent(self, path: str, data: bytes) -> None:
        """A device sends bytes to the outside."""
        self._count_output(data)
        if path.rpartition(".")[2] == self._uart:
            self._print(data)
        if self._hear is not None and self._hear(path, data):
            self.end_run()
        if self._onlooker is not None:
            self._onlooker.sent(path.removeprefix("sysbus."), data)

    def _overhear(self, port: str, data: bytes) -> None:
        """What a debugger hears on that port, frames of defmt as lines where the firmware has their texts."""
        if port == real_time_transfer.DEFMT and self._defmt is not None and self._defmt.knows:
            data = "".join(f"{line}\n" for line in self._defmt.lines(data)).encode()
        self._count_output(data)
        if port == self._uart:
            self._print(data)
        if self._onlooker is not None:
            self._onlooker.sent(port, data)

    def _count_output(self, data: bytes) -> None:
        """Of any port: somebody keeps it all."""
        self._printed += len(data)
        if self._prints_too_much():
            self._processor.stop()

    def _print(self, data: bytes) -> None:
        self._unfinished += data
        if b"\n" not in data:
            return
        *complete, self._unfinished = self._unfinished.split(b"\n")
        for raw in complete:
            line = line_of(bytes(raw))
            self._lines.append(Printed(line, self._clock.now_ns))
            if self._debugging is not None:
                self._debugging.hear(line)
            if self._found is None and self._until is not None and self._until(line):
                self._found = line
                self._processor.stop()


def _mips(cpu: Entry) -> int:
    mips = cpu.attributes.get("PerformanceInMips")
    if mips is None:
        return _DEFAULT_MIPS
    if not isinstance(mips.value, int) or not 1 <= mips.value <= MOST_MIPS:
        raise mips.place.error(
            f"PerformanceInMips is a whole number from 1 to {MOST_MIPS:,}.", remedy="Set it to the core's clock in MHz."
        )
    return mips.value
