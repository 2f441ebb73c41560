"""What accelerometers with a clock of their own have in common: ticks, a FIFO, output registers, addressing on I2C."""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin.devices.felt import Felt, Frame
from lab.engines.builtin.devices.i2c_device import I2CDevice
from lab.engines.builtin.peripheral import Board, Line
from lab.errors import ConfigurationError
from lab.signals.signal import Signal

_SECOND_NS = 10**9
_WHO_AM_I = 0x0F
_OUT_X_L, _OUT_Z_H = 0x28, 0x2D
_FIFO_CTRL, _FIFO_STATE = 0x2E, 0x2F
_LAST_REGISTER = 0x7F
_LEVELS = 32
_REACHED, _OVERRUN = 1 << 7, 1 << 6
_BYPASS, _UNTIL_FULL, _UNTIL_TRIGGER, _CONTINUOUS = 0b000, 0b001, 0b011, 0b110
_MODES = {_UNTIL_FULL, _UNTIL_TRIGGER, _CONTINUOUS}
"""In which the FIFO takes samples. Nothing triggers: bypass-to-continuous stays bypass, the others are reserved."""
_LOWEST, _HIGHEST = -(2**15), 2**15 - 1


class ClockedAccelerometer(I2CDevice):
    """Base of accelerometers that sample at their output data rate in virtual time, whether anyone reads or not.

    The first tick comes one period after the write that sets the rate, tick n at its exact time rounded up to whole
    nanoseconds: nothing accumulates. Output registers and FIFO are those that ST's parts share. A sample leaves the
    FIFO when OUT_X_L is read, so what follows of it is whole; with an empty FIFO the last one is read again. A sample
    that finds the FIFO full sets the overrun flag, which is taken back when one is read or the FIFO is emptied. While
    the FIFO is in use the address goes from OUT_Z_H back to OUT_X_L, so that one transfer reads many samples.

    `identity` is what WHO_AM_I says; after `stops_after` samples since reset the part takes no more (0: it never
    stops). renode_platforms/accelerometers has the same for Renode.
    """

    units_per_second: ClassVar[int]
    """Every period is a whole number of such units."""
    defaults: ClassVar[Mapping[int, int]]
    """The registers that firmware can write, as after power-on; writes to others are dropped."""

    def __init__(self, board: Board, identity: int, stops_after: int) -> None:
        super().__init__(board)
        if not 0 <= identity <= 0xFF or stops_after < 0:
            raise ConfigurationError(
                f"{self.name}: identity is {identity:#x} and stopsAfter {stops_after}.",
                remedy="Give identity one byte, and stopsAfter a number of samples, or 0.",
                code="platform-description",
            )
        self.identity = identity
        self.stops_after = stops_after
        self.interrupts: tuple[Line, Line] = (self.line("Interrupt1"), self.line("Interrupt2"))
        self.tick = self.alarm(self._on_tick)

    def reset(self) -> None:
        """Back to the state after power-on; what was fed is dropped."""
        super().reset()
        self.felt = Felt(self.units_per_second)
        self.taken = 0
        self.address = 0
        self.addressed = False
        self.restart()

    def restart(self) -> None:
        """Registers, clock and FIFO as after power-on: what SW_RESET does. What the part feels goes on."""
        self.bytes = bytearray(_LAST_REGISTER + 1)
        for address, value in self.defaults.items():
            self.bytes[address] = value
        self.bytes[_WHO_AM_I] = self.identity
        self.fifo: deque[Frame] = deque()
        self.overrun = self.ready = False
        self.sample: Frame = (0, 0, 0)
        self.held: list[int | None] = [None, None, None]
        self.running = 0
        self.tick.stop()
        self._update_interrupts()

    def feed(self, signal: Signal) -> None:
        """Queue a signal; it begins with the next tick, or behind those that wait. Raises RecordingError."""
        self.felt.add(signal, self.name)

    # What a part says

    @property
    @abstractmethod
    def period(self) -> int:
        """Of the output data rate that is set, in units; 0 for power-down."""

    @property
    @abstractmethod
    def full_scale_g(self) -> int:
        """The acceleration that 32,768 digits stand for."""

    @abstractmethod
    def kept_bits(self, axis: int) -> int:
        """A mask of the bits that the axis has, of 16 left-justified ones."""

    @property
    @abstractmethod
    def advances(self) -> bool:
        """Whether the address goes on by itself."""

    @property
    @abstractmethod
    def blocks_update(self) -> bool:
        """Whether an axis is kept from the reading of its low byte to that of its high byte."""

    @property
    def depth(self) -> int:
        """Samples that the FIFO takes."""
        return _LEVELS

    @property
    def has_fifo(self) -> bool:
        """Whether the FIFO is switched on, whatever its mode."""
        return True

    @abstractmethod
    def wrote(self, address: int, value: int) -> None:
        """A register was written, and holds `value` now."""

    @abstractmethod
    def state_of(self, address: int) -> int | None:
        """A register that the part computes; None for what is in `bytes`."""

    @abstractmethod
    def lines_high(self) -> tuple[bool, bool]:
        """The levels of both interrupt lines."""

    # What a part asks

    @property
    def buffers(self) -> bool:
        """Whether samples go into the FIFO."""
        return self.has_fifo and self.bytes[_FIFO_CTRL] >> 5 in _MODES

    @property
    def threshold_reached(self) -> bool:
        """FTH."""
        return self.buffers and len(self.fifo) >= self.bytes[_FIFO_CTRL] & 0x1F

    @property
    def is_full(self) -> bool:
        """As many samples as the FIFO has levels."""
        return len(self.fifo) == _LEVELS

    # The bus

    def write_bytes(self, data: bytes) -> None:
        """The first byte of a transfer is the register's address, the others its value and the next ones'."""
        for byte in data:
            if not self.addressed:
                self.address, self.addressed = byte & _LAST_REGISTER, True
                continue
            self._write_register(self.address, byte)
            self._advance()

    def read_byte(self) -> bytes:
        """The addressed register."""
        value = self._read_register(self.address)
        self._advance()
        return bytes([value])

    def stop_condition(self) -> None:
        """The next byte is an address."""
        self.addressed = False

    def _advance(self) -> None:
        if self.advances:
            wraps = self.address == _OUT_Z_H and self.buffers
            self.address = _OUT_X_L if wraps else (self.address + 1) & _LAST_REGISTER

    def _write_register(self, address: int, value: int) -> None:
        if address not in self.defaults:
            return
        self.bytes[address] = value
        self.wrote(address, value)
        if not self.buffers:
            self._empty()
        if self.period != self.running:
            self._start()
        self._update_interrupts()

    def _read_register(self, address: int) -> int:
        if _OUT_X_L <= address <= _OUT_Z_H:
            return self._read_output(*divmod(address - _OUT_X_L, 2))
        if address == _FIFO_STATE:
            flags = (_REACHED if self.threshold_reached else 0) | (_OVERRUN if self.overrun else 0)
            return flags | len(self.fifo)
        state = self.state_of(address)
        return self.bytes[address] if state is None else state

    def _read_output(self, axis: int, high: int) -> int:
        if axis == high == 0:
            self._take_out()
        value = self.sample[axis] & 0xFFFF
        if not high:
            self.held[axis] = value if self.blocks_update else None
            return value & 0xFF
        held, self.held[axis] = self.held[axis], None
        value = value if held is None else held
        self.ready = False
        self._update_interrupts()
        return value >> 8

    # Samples

    def _start(self) -> None:
        self.running, self.ticks, self.since_ns = self.period, 0, self.now_ns
        if self.running:
            self._await_tick()
        else:
            self.tick.stop()

    def _await_tick(self) -> None:
        if self.stops_after and self.taken >= self.stops_after:
            return
        units = (self.ticks + 1) * self.running
        self.tick.start(self.since_ns - -units * _SECOND_NS // self.units_per_second)

    def _on_tick(self, _due_ns: int) -> None:
        self.ticks += 1
        self.taken += 1
        frame, one_g = self.felt.next(self.running)
        x, y, z = (self._digits(value, one_g) & self.kept_bits(axis) for axis, value in enumerate(frame))
        self._take_in((x, y, z))
        self.ready = True
        self._await_tick()
        self._update_interrupts()

    def _digits(self, value: int, one_g: int) -> int:
        digits = (value << 15) // (self.full_scale_g * one_g)
        return max(_LOWEST, min(_HIGHEST, digits))

    def _take_in(self, sample: Frame) -> None:
        if not self.buffers:
            self.sample = sample
        elif len(self.fifo) < self.depth:
            self.fifo.append(sample)
        else:
            self.overrun = True
            if self.bytes[_FIFO_CTRL] >> 5 != _UNTIL_FULL:
                self.fifo.popleft()
                self.fifo.append(sample)

    def _take_out(self) -> None:
        if self.fifo:
            self.sample = self.fifo.popleft()
            self.overrun = False
            self._update_interrupts()

    def _empty(self) -> None:
        self.fifo.clear()
        self.overrun = False

    def _update_interrupts(self) -> None:
        for line, high in zip(self.interrupts, self.lines_high(), strict=True):
            line.set(high)
