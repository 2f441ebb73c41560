"""The I2S controller of the ESP32-C3, as receiver."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from lab.engines.builtin.devices.attached import stranger
from lab.engines.builtin.devices.esp32c3_gdma import ESP32C3_GDMA
from lab.engines.builtin.devices.espressif import Block, Interrupting
from lab.engines.builtin.devices.serial_audio import FrameClock, SerialAudio
from lab.engines.builtin.peripheral import Board, Peripheral, register
from lab.errors import ConfigurationError, DeviceFault

_SECOND_NS = 10**9
_DMA = 3
"""The controller's number as a peripheral of GDMA."""
_RX_RESET, _RX_FIFO_RESET, _RX_START, _RX_SLAVE_MOD = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_RX_MONO, _RX_UPDATE, _RX_MONO_FST_VLD, _RX_TDM_EN = 1 << 5, 1 << 8, 1 << 9, 1 << 19
_AT_ONCE = _RX_RESET | _RX_FIFO_RESET | _RX_UPDATE
_TX_AT_ONCE = 1 << 0 | 1 << 1 | 1 << 8
_RX_MSB_SHIFT = 1 << 29
_RX_CLK_ACTIVE = 1 << 26
_SOURCES_HZ = {0: 40_000_000, 2: 160_000_000}
"""By RX_CLK_SEL: the crystal, and the PLL."""
_TX_IDLE = 1 << 0
_HALVES, _WORD = 2, 2
_FRAME_BITS = (32, 64)


class ESP32C3_I2S(Interrupting, Block):
    """I2S. ESP32-C3 technical reference manual 1.1, chapter 29; registers: ESP-IDF, soc/i2s_reg.h.

    It receives from the part that is registered on it, as master: two channels of 16 or 32 bits a frame, at the rate
    that the registers make of the PLL's or the crystal's clock. Samples of 8, 16, 24 or 32 bits are stored in 1 to 4
    bytes. What RXEOF_NUM bytes hold arrives together at the end of its time, a whole number of nanoseconds, rounded up,
    through GDMA. Channels that RX_TDM_CTRL leaves out are not stored. Without RX_MSB_SHIFT each word comes a bit late,
    as the part keeps to Philips' delay.

    Nothing is sent; as slave, with an external clock, in PDM mode and with other frames nothing is received; bit and
    byte order, companding, the width and polarity of the word select, and where GPIO leads the wires change nothing.
    Unlike silicon, which goes on with what was there before, a start before RX_UPDATE has taken over what was written
    is a DeviceFault, as is one with RXEOF_NUM no whole number of frames; Renode's log says it.
    """

    RESETS: ClassVar[Mapping[int, int]] = {
        0x24: 0xB200, 0x2C: 0x6F3D_E300, 0x3C: 0x200, 0x40: 0x004A_A004, 0x44: 0x03F7_83C0, 0x54: 0xFFFF, 0x60: 0x810,
        0x80: 0x0200_9070,
    }  # fmt: skip

    INT_RAW = register(0x0C, read_only=True)
    INT_ST = register(0x10, read="_pending", read_only=True, steady=True)
    INT_ENA = register(0x14, bits=4, write="_enable_interrupts")
    INT_CLR = register(0x18, bits=4, write="_clear_interrupts")
    RX_CONF = register(0x20, reset=0x9600, bits=21, write="_control")
    TX_CONF = register(0x24, bits=28, write="_control_sending")
    RX_CONF1 = register(0x28, reset=0x2F3D_E300, bits=30, write="_configure")
    RX_CLKM_CONF = register(0x30, reset=2, bits=30)
    TX_CLKM_CONF = register(0x34, reset=2, bits=30)
    RX_CLKM_DIV_CONF = register(0x38, reset=0x200, bits=28)
    RX_TDM_CTRL = register(0x50, reset=0xFFFF, bits=20, write="_choose_channels")
    RXEOF_NUM = register(0x64, reset=0x40, bits=12)
    STATE = register(0x6C, reset=_TX_IDLE, read_only=True)

    def __init__(self, board: Board, *, gdma: ESP32C3_GDMA) -> None:
        super().__init__(board)
        self._fixed |= {"gdma", "source"}
        self.gdma = gdma
        self.source: SerialAudio | None = None
        self.end = self.alarm(self._on_end)

    def attach(self, child: Peripheral, address: int | None) -> None:  # noqa: ARG002
        """The part on the wires."""
        if not isinstance(child, SerialAudio):
            raise stranger(child, "I2S", self)
        if self.source is not None:
            raise ConfigurationError(
                f"{self.name}: {child.name} is not the only part on its wires.",
                remedy="Take one of them out.",
                code="platform-description",
            )
        self.source = child

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.is_taken_over = True
        self.frames = 0
        self.wires, self.kept = self.frame_clock, self.stored

    # Registers

    def _control(self, value: int) -> None:
        before, self.RX_CONF = self.RX_CONF, value & ~_AT_ONCE
        if (before ^ value) & ~(_AT_ONCE | _RX_START):
            self.is_taken_over = False
        if value & _RX_UPDATE:
            self.is_taken_over = True
        if value & _RX_RESET or not value & _RX_START:
            self.end.stop()
        elif not before & _RX_START:
            self._start()

    def _configure(self, value: int) -> None:
        self.RX_CONF1, self.is_taken_over = value, False

    def _choose_channels(self, value: int) -> None:
        self.RX_TDM_CTRL, self.is_taken_over = value, False

    def _control_sending(self, value: int) -> None:
        self.TX_CONF = value & ~_TX_AT_ONCE

    # Receiving

    @property
    def frame_clock(self) -> FrameClock:
        """What drives the wires, as the registers say; no frames without a clock of the chip's own."""
        source_hz = _SOURCES_HZ.get(self.RX_CLKM_CONF >> 27 & 3, 0)
        if not self.RX_CLKM_CONF & _RX_CLK_ACTIVE or self.RX_CONF & _RX_SLAVE_MOD:
            source_hz = 0
        bits = ((self.RX_CONF1 >> 24 & 0x1F) + 1) * ((self.RX_TDM_CTRL >> 16 & 0xF) + 1)
        clocks_a_frame = self._master_divider() * ((self.RX_CONF1 >> 7 & 0x3F) + 1) * bits
        return FrameClock(source_hz / clocks_a_frame, ratio=0, bits=bits)

    @property
    def bits_of_a_sample(self) -> int:
        """As they are stored: 8, 16, 24 or 32."""
        return ((self.RX_CONF1 >> 13 & 0x1F) + 8) // 8 * 8

    @property
    def stored(self) -> list[int]:
        """The channels that are stored."""
        chosen = [number for number in range(_HALVES) if self.RX_TDM_CTRL >> number & 1]
        if self.RX_CONF & _RX_MONO:
            first = 0 if self.RX_CONF & _RX_MONO_FST_VLD else 1
            chosen = [number for number in chosen if number == first]
        return chosen

    def _master_divider(self) -> Fraction:
        """N + b / a."""
        whole = {0: 256, 1: 2}.get(self.RX_CLKM_CONF & 0xFF, self.RX_CLKM_CONF & 0xFF)
        x, y, z = (self.RX_CLKM_DIV_CONF >> at & 0x1FF for at in (18, 9, 0))
        if not z:
            return Fraction(whole)
        a = (x + 1) * z + y
        return whole + Fraction(a - z if self.RX_CLKM_DIV_CONF >> 27 & 1 else z, a)

    def _start(self) -> None:
        if not self.is_taken_over:
            raise self._misused(
                "RX_START was set before RX_UPDATE had taken over what was written",
                "Set RX_CONF.RX_UPDATE and wait until it reads 0 before RX_START.",
            )
        self.wires, self.kept = self.frame_clock, self.stored
        size = len(self.kept) * self.bits_of_a_sample // 8
        if not size or not self.wires.frames_hz or self.wires.bits not in _FRAME_BITS or not self.RX_CONF & _RX_TDM_EN:
            return
        self.frames, rest = divmod(self.RXEOF_NUM, size)
        if rest or not self.frames:
            raise self._misused(
                f"RXEOF_NUM is {self.RXEOF_NUM}, no whole number of frames of {size} bytes",
                "Write the bytes of a buffer that holds whole frames.",
            )
        period_ns = -int(-self.frames * _SECOND_NS // self.wires.frames_hz)
        self.end.start(self.now_ns + period_ns, period_ns)

    def _on_end(self, _due_ns: int) -> None:
        if self.source is None:
            line = np.zeros((self.frames, _HALVES, self.wires.bits // 32), np.int16)
        else:
            line = self.source.send(self.frames, self.wires)
        size = self.bits_of_a_sample // 8
        if size == _WORD and self.RX_CONF1 & _RX_MSB_SHIFT:  # the first word of a channel as it is
            data = line[:, self.kept, 0].astype("<i2").tobytes()
        else:
            data = self._bytes(line[:, self.kept], size)
        self.gdma.give(_DMA, data)

    def _bytes(self, line: NDArray[np.int16], size: int) -> bytes:
        """The first `size` bytes of each channel, zeros behind its end, the lowest one first."""
        sent = line.astype(">i2", order="C").view(np.uint8).reshape(-1, _WORD * line.shape[2])
        if not self.RX_CONF1 & _RX_MSB_SHIFT:
            sent = _a_bit_late(sent)
        return np.pad(sent, ((0, 0), (0, size)))[:, size - 1 :: -1].tobytes()

    def _misused(self, what: str, remedy: str) -> DeviceFault:
        return DeviceFault(f"{self.name}: {what}.", remedy=remedy, code="device-misused")


def _a_bit_late(sent: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Of each row, the bits of a word with the highest first, those that pass one clock later."""
    late: NDArray[np.uint8] = np.packbits(np.pad(np.unpackbits(sent, axis=1), ((0, 0), (1, 0)))[:, :-1], axis=1)
    return late
