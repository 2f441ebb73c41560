"""What a device model is made of: registers, interrupt lines, alarms on virtual time, and access to memory.

A device is a subclass of `Peripheral` in its own file in `devices/`, and bears the name of Renode's model, so that
`uart0: UART.NRF52840_UART @ sysbus 0x40002000` in a platform description finds it without any list naming it:

    class NRF52840_UART(Peripheral):
        TASKS_STARTTX = register(0x008, write="start_transmission")
        EVENTS_ENDTX = register(0x120)
        TXD_PTR = register(0x544)
        TXD_MAXCNT = register(0x548, bits=16)
        CC = register_bank(0x540, count=6, write="set_compare")

        def __init__(self, board: Board, *, easy_dma: bool = False) -> None:   # easyDMA: true
            super().__init__(board)
            self.timeout = self.alarm(self.on_timeout)

        def start_transmission(self, value: int) -> None:
            self.output(self.bus.read(self.TXD_PTR, self.TXD_MAXCNT))
            self.EVENTS_ENDTX = 1
            self.irq.set(True)

Attributes of the description reach the constructor as keyword arguments, in snake case (`numberOfEvents: 4` is
`number_of_events=4`, `easyDMA: true` is `easy_dma=True`); a reference to another device is that device, one to a
memory a `Memory`.

Virtual time is in integer nanoseconds since reset. During a register access and in an alarm `now_ns` is the time of
that very instruction: every access synchronises time, as Renode does where its `SyncTime` is hooked before peripheral
writes.

State is what `vars(device)` holds: a snapshot copies all of it deeply, save for devices, lines and alarms themselves
(alarms keep their due times). Set it in `reset`, which also runs before first use.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, overload

from typing_extensions import Self

from lab.engines.builtin.chip_resets import Reset
from lab.errors import ConfigurationError
from lab.image import Image
from lab.signals.signal import Signal

if TYPE_CHECKING:
    from lab.engines.builtin.shim import Core


class Bus(Protocol):
    """Memory as a device with direct memory access sees it. Both raise DeviceFault where there is no memory."""

    def read(self, address: int, size: int) -> bytes:
        """`size` bytes from `address` on."""

    def write(self, address: int, data: bytes) -> None:
        """Write `data` from `address` on."""


@dataclass(frozen=True)
class Memory:
    """A memory of the board, as a device is told of it: the first place where it is on the bus, and its bytes."""

    address: int
    size: int


class Clock(Protocol):
    """Virtual time, as the machine keeps it."""

    @property
    def now_ns(self) -> int:
        """Time of the instruction in execution."""

    def register(self, alarm: Alarm) -> None:
        """Watch over an alarm from now on."""

    def started(self, alarm: Alarm) -> None:
        """An alarm runs, or runs to another time."""

    def changed(self) -> None:
        """An alarm was stopped."""


class Board(Protocol):
    """What surrounds a device. `name` is its full path, as in `sysbus.uart0`; `core` is for interrupt controllers.

    `as_silicon`: whether a device may differ from Renode's model of it where that differs from silicon. It may where
    firmware of others runs; the lab's own behaves alike on both engines.
    """

    name: str
    bus: Bus
    clock: Clock
    core: Core
    as_silicon: bool

    def output(self, data: bytes) -> None:
        """Take bytes that the device sends to the outside."""

    def missing(self, writes: bool) -> None:
        """Note that the access under way is to a register that the device has no model of."""

    def device_at(self, address: int) -> tuple[Peripheral, int] | None:
        """The device that firmware reaches at that address and the address that the device begins at."""

    def reset_chip(self, reset: Reset) -> None:
        """Reset the whole chip before the next block of instructions."""


class Register:
    """A 32-bit register. Declared in the class body with `register`; an int where the device uses it."""

    def __init__(
        self, offset: int, reset: int, bits: int, read: str, write: str, read_only: bool, steady: bool
    ) -> None:
        self.offset = offset
        self.reset = reset
        self.mask = (1 << bits) - 1
        self.read = read
        self.write = write
        self.read_only = read_only
        self.steady = steady

    @overload
    def __get__(self, device: None, kind: type) -> Self: ...
    @overload
    def __get__(self, device: Peripheral, kind: type) -> int: ...
    def __get__(self, device: Peripheral | None, kind: type) -> Self | int:
        return self if device is None else device.values[self.offset]

    def __set__(self, device: Peripheral, value: int) -> None:
        self.store(device, self.offset, value)

    def store(self, device: Peripheral, offset: int, value: int) -> None:
        """Let the device keep a value, at `offset` in a bank."""
        device.values[offset] = value & self.mask


class RegisterBank:
    """Equal registers in a row; a mutable sequence of ints where the device uses it."""

    def __init__(self, first: Register, count: int, stride: int) -> None:
        self.first = first
        self.count = count
        self.stride = stride

    @overload
    def __get__(self, device: None, kind: type) -> Self: ...
    @overload
    def __get__(self, device: Peripheral, kind: type) -> BankValues: ...
    def __get__(self, device: Peripheral | None, kind: type) -> Self | BankValues:
        return self if device is None else BankValues(self, device)


class BankValues:
    """The values of one device's register bank."""

    __slots__ = ("_bank", "_device")

    def __init__(self, bank: RegisterBank, device: Peripheral) -> None:
        self._bank = bank
        self._device = device

    def __len__(self) -> int:
        return self._bank.count

    def __getitem__(self, index: int) -> int:
        bank = self._bank
        if 0 <= index < bank.count:  # written out: devices read banks most of all
            return self._device.values[bank.first.offset + index * bank.stride]
        raise IndexError(index)

    def __setitem__(self, index: int, value: int) -> None:
        self._bank.first.store(self._device, self._offset(index), value)

    def _offset(self, index: int) -> int:
        if not 0 <= index < self._bank.count:
            raise IndexError(index)
        return self._bank.first.offset + index * self._bank.stride


def register(
    offset: int,
    *,
    reset: int = 0,
    bits: int = 32,
    read: str = "",
    write: str = "",
    read_only: bool = False,
    write_only: bool = False,
    steady: bool = False,
) -> Register:
    """A register at `offset` bytes, `bits` wide from bit 0 on.

    Without `read` and `write` it keeps what is written. `read` names a method `() -> int` that firmware's reads
    call; `write` a method `(value) -> None` that its writes call instead of keeping the value (the method may keep
    it: `self.CTRL = value`). Writes to a `read_only` register are dropped, a `write_only` one reads as 0. `steady` says
    of a `read` method that it changes nothing, and depends neither on the time nor on the core's state: firmware may
    poll it at full speed.
    """
    if write_only:
        read, steady = Peripheral.zero.__name__, True
    return Register(offset, reset, bits, read, write, read_only, steady)


def register_bank(
    offset: int,
    *,
    count: int,
    stride: int = 4,
    reset: int = 0,
    bits: int = 32,
    read: str = "",
    write: str = "",
    read_only: bool = False,
    write_only: bool = False,
    steady: bool = False,
) -> RegisterBank:
    """`count` registers from `offset` on, `stride` bytes apart; the methods take the index first."""
    first = register(
        offset,
        reset=reset,
        bits=bits,
        read=read,
        write=write,
        read_only=read_only,
        write_only=write_only,
        steady=steady,
    )
    return RegisterBank(first, count, stride)


class Input(Protocol):
    """What a line can lead to: a device, or a core."""

    def on_input(self, number: int, level: bool) -> None:
        """Input `number` is driven."""


class Line:
    """An interrupt or signal output; it may be connected to several inputs. Level triggered."""

    def __init__(self) -> None:
        self.level = False
        self.sinks: list[tuple[Input, int]] = []
        """What it leads to, and to which input of it."""

    def connect(self, sink: Input, number: int) -> None:
        """Lead the line to input `number` of `sink`."""
        self.sinks.append((sink, number))

    def set(self, level: bool) -> None:
        """Drive the line; only a change is passed on."""
        if level != self.level:
            self.level = level
            for sink, number in self.sinks:
                sink.on_input(number, level)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A snapshot refers to it; its own state is kept apart."""
        return self


class Alarm:
    """A clock entry: calls `callback(due_ns)` once or periodically.

    Delivery is on the grid of virtual time, at the first instruction at or after `due_ns`; a period counts from
    the exact due time, so the grid's overshoot is not accumulated (Renode's rule 2).
    """

    def __init__(self, clock: Clock, callback: Callable[[int], None]) -> None:
        self._clock = clock
        self._callback = callback
        self.due_ns: int | None = None
        self.period_ns = 0
        clock.register(self)

    @property
    def running(self) -> bool:
        """Whether it will call."""
        return self.due_ns is not None

    def start(self, due_ns: int, period_ns: int = 0) -> None:
        """Call at `due_ns`, and every `period_ns` from then on if that is not zero. Replaces an earlier start."""
        self.due_ns, self.period_ns = due_ns, period_ns
        self._clock.started(self)

    def stop(self) -> None:
        """Do not call any more."""
        if self.due_ns is not None:
            self.due_ns = None
            self._clock.changed()

    def fire(self) -> None:
        """For the clock alone: pass on one call and go on to the next period."""
        due = self.due_ns
        if due is None:
            return
        self.due_ns = due + self.period_ns if self.period_ns else None
        self._callback(due)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A snapshot refers to it; its own state is kept apart."""
        return self


class Peripheral:
    """Base of all device models."""

    registers: ClassVar[dict[int, tuple[Register, int | None]]] = {}
    size = 0x1000
    elsewhere: ClassVar[bool] = False
    """Whether nothing follows from the device that it is registered on, as of a light on a port: wires lead to it."""

    def __init_subclass__(cls) -> None:
        cls.registers = {}
        for kind in reversed(cls.__mro__):
            for entry in vars(kind).values():
                if isinstance(entry, Register):
                    cls.registers[entry.offset] = (entry, None)
                elif isinstance(entry, RegisterBank):
                    for index in range(entry.count):
                        cls.registers[entry.first.offset + index * entry.stride] = (entry.first, index)

    def __init__(self, board: Board) -> None:
        self.name = board.name
        self.bus = board.bus
        self.output = board.output
        self.missing = board.missing
        self.clock = board.clock
        self.reset_chip = board.reset_chip
        self.lines: dict[str, Line] = {}
        self.alarms: list[Alarm] = []
        self.irq = self.line("IRQ")
        self.values: dict[int, int] = {}
        self._fixed = {"name", "bus", "output", "missing", "clock", "reset_chip", "lines", "alarms", "values", "_fixed"}

    # For subclasses

    def line(self, name: str) -> Line:
        """An output by the name it has in a platform description; a numbered output is called `0`, `1`, ...

        `IRQ` exists already and is where a nameless `-> nvic@5` leads from.
        """
        return self.lines.setdefault(name, Line())

    def alarm(self, callback: Callable[[int], None]) -> Alarm:
        """A clock entry of this device; make it in the constructor."""
        alarm = Alarm(self.clock, callback)
        self.alarms.append(alarm)
        return alarm

    @property
    def now_ns(self) -> int:
        """Virtual time of the instruction in execution."""
        return self.clock.now_ns

    def reset(self) -> None:
        """Back to the state after power-on: registers, alarms, lines. Extend it for further state."""
        for offset, (entry, _) in self.registers.items():
            self.values[offset] = entry.reset
        for alarm in self.alarms:
            alarm.stop()
        for line in self.lines.values():
            line.set(False)

    def reset_by(self, reset: Reset) -> None:  # noqa: ARG002
        """The chip is reset while its power stays: as after power-on, save for what a device keeps then."""
        self.reset()

    def zero(self, index: int = 0) -> int:  # noqa: ARG002
        """What a write-only register reads as."""
        return 0

    # For the machine and for other devices

    def place(self, address: int) -> None:
        """Firmware reaches the device from that address on; told before the first reset."""

    def region(self, name: str) -> int:
        """Where in its own registers those begin that a description puts elsewhere by that name."""
        raise ConfigurationError(
            f"{self.name} ({type(self).__name__}) has no region {name!r}.",
            remedy="Register it by its address alone.",
            code="platform-description",
        )

    def insert(self, image: Image) -> None:
        """A firmware is in memory and about to start: take what of it belongs into a store of the device's own."""

    def read(self, offset: int, size: int) -> int:
        """Firmware reads `size` bytes at `offset`; nothing at that offset reads as 0, as on most silicon."""
        word = self._read_word(offset & ~3)
        return (word >> 8 * (offset & 3)) & ((1 << 8 * size) - 1)

    def write(self, offset: int, size: int, value: int) -> None:
        """Firmware writes `size` bytes at `offset`; writes to nothing are dropped."""
        if size < 4:
            shift = 8 * (offset & 3)
            mask = ((1 << 8 * size) - 1) << shift
            value = self._read_word(offset & ~3) & ~mask | value << shift & mask
        self._write_word(offset & ~3, value)

    def steady(self, offset: int) -> bool:
        """Whether a read there changes nothing, and gives the same until a device acts or is written to.

        Firmware that polls such a register is answered without the model. So is every register without a `read`.
        """
        entry, _ = self.registers.get(offset & ~3, (None, None))
        return entry is None or entry.steady or not entry.read

    def on_input(self, number: int, level: bool) -> None:  # noqa: ARG002
        """Another device drives input `number` of this one."""
        raise ConfigurationError(
            f"{self.name} ({type(self).__name__}) has no input {number}.",
            remedy="Correct the number behind `->` in the platform description.",
            code="platform-description",
        )

    def part(self, number: int) -> Input:
        """A part of this device that has inputs of its own, as in `-> syscfg#1@3`."""
        raise ConfigurationError(
            f"{self.name} ({type(self).__name__}) has no part {number} with inputs of its own.",
            remedy="Correct the number behind `#` in the platform description.",
            code="platform-description",
        )

    def attach(self, child: Peripheral, address: int | None) -> None:  # noqa: ARG002
        """Another device is registered on this one, as a sensor on its I2C bus is, at an address or at none."""
        raise ConfigurationError(
            f"{child.name} cannot be attached to {self.name} ({type(self).__name__}).",
            remedy="Register it on a device that takes others, such as an I2C or SPI bus, or on sysbus.",
            code="platform-description",
        )

    def feed(self, signal: Signal) -> None:  # noqa: ARG002
        """Queue a signal that the device will hand to firmware."""
        raise ConfigurationError(
            f"{self.name} ({type(self).__name__}) takes no samples.",
            remedy="Name a device that is a sensor in [sensors] of target.toml.",
            code="no-such-sensor",
        )

    @property
    def listens(self) -> bool:
        """Whether firmware has set it up to take bytes that arrive."""
        return False

    def accept(self, data: bytes) -> None:  # noqa: ARG002
        """Bytes arrive from outside."""
        raise ConfigurationError(
            f"{self.name} ({type(self).__name__}) receives no bytes.",
            remedy="Name a serial port as `uart` in [platform] of target.toml.",
            code="platform-description",
        )

    def snapshot(self) -> dict[str, Any]:
        """A copy of the whole state."""
        state = {name: _copy(value) for name, value in vars(self).items() if name not in self._fixed}
        state["values"] = dict(self.values)
        state["lines"] = {name: line.level for name, line in self.lines.items()}
        state["alarms"] = [(alarm.due_ns, alarm.period_ns) for alarm in self.alarms]
        return state

    def restore(self, state: dict[str, Any]) -> None:
        """Back to a copied state; receivers of lines restore their own side."""
        for name, value in state.items():
            if name not in self._fixed:
                setattr(self, name, _copy(value))
        self.values = dict(state["values"])
        for name, level in state["lines"].items():
            self.lines[name].level = level
        for alarm, (due_ns, period_ns) in zip(self.alarms, state["alarms"], strict=True):
            if due_ns is None:
                alarm.stop()
            else:
                alarm.start(due_ns, period_ns)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A snapshot refers to it; its own state is kept apart."""
        return self

    def _read_word(self, offset: int) -> int:
        entry, index = self.registers.get(offset, (None, None))
        if entry is None:
            self.missing(False)
            return 0
        if not entry.read:
            return self.values[offset]
        method = getattr(self, entry.read)
        value: int = method() if index is None else method(index)
        return value & entry.mask

    def _write_word(self, offset: int, value: int) -> None:
        entry, index = self.registers.get(offset, (None, None))
        if entry is None:
            self.missing(True)
            return
        if entry.read_only:
            return
        value &= entry.mask
        if not entry.write:
            self.values[offset] = value
        elif index is None:
            getattr(self, entry.write)(value)
        else:
            getattr(self, entry.write)(index, value)


_ITSELF = {int, bool, str, type(None), Line, Alarm}


def _copy(value: Any) -> Any:
    """A deep copy; what most of a device's state is made of is spared the trouble that `deepcopy` takes."""
    kind = type(value)
    if kind in _ITSELF:
        return value
    if kind is list:
        return [_copy(item) for item in value]
    if kind is dict:
        return {key: _copy(item) for key, item in value.items()}
    return copy.deepcopy(value)
