"""The audio codec WM8994, as far as its digital microphones go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lab.engines.builtin.devices.i2c_device import I2CDevice
from lab.engines.builtin.devices.serial_audio import FrameClock, SerialAudio
from lab.engines.builtin.devices.sound_queue import SoundQueue
from lab.engines.builtin.peripheral import Board
from lab.signals.signal import Signal

_IDENTITY = 0x8994
_SOFTWARE_RESET, _POWER_1, _POWER_4 = 0x000, 0x001, 0x004
_AIF1_CLOCKING, _CLOCKING, _AIF1_RATE = 0x200, 0x208, 0x210
_AIF1_CONTROL, _AIF1_MASTER = 0x300, 0x302
_VOLUMES, _ROUTES = (0x404, 0x405), (0x608, 0x609)  # left and right of AIF1 ADC2
_VMID_SEL, _BIAS_ENA, _MICB1_ENA = 0x0006, 0x0001, 0x0010
_DMIC2_AND_AIF1ADC2 = (1 << 5 | 1 << 11, 1 << 4 | 1 << 10)
_AIF1CLK_SRC, _AIF1CLK_DIV, _AIF1CLK_ENA = 0x0018, 0x0002, 0x0001
_AIF1DSPCLK_AND_SYSDSPCLK = 0x000A
_SOURCES = (1 << 15, 1 << 14)  # AIF1ADCL_SRC and AIF1ADCR_SRC: the right channel
_LRCLK_INV, _WL, _FMT = 0x0080, 0x0060, 0x0018
_FMT_I2S = 0x0010
_TRISTATE, _MASTER = 1 << 15, 1 << 14
_DMIC2_TO_AIF1ADC2 = 1 << 1
_RATES_HZ = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000)
_RATIOS = {1: 128, 2: 192, 3: 256, 4: 384, 5: 512, 6: 768, 7: 1024, 8: 1408, 9: 1536}
_ONE_IN = 100  # that the rate may be off
_SLOT = 1  # of AIF1 ADC2 in each half of a frame; AIF1 ADC1 has the one before
_DEFAULTS = {
    0x002: 0x6000,
    0x101: 0x8004,
    0x210: 0x0083,
    0x211: 0x0083,
    0x300: 0x4050,
    0x301: 0x4000,
    0x303: 0x0040,
    0x304: 0x0040,
    0x305: 0x0040,
    0x306: 0x0004,
    0x307: 0x0100,
    **dict.fromkeys(range(0x400, 0x408), 0x00C0),
    0x420: 0x0200,
    0x421: 0x0010,
    0x422: 0x0200,
    0x423: 0x0010,
    0x440: 0x0098,
    0x441: 0x0845,
    0x450: 0x0098,
    0x451: 0x0845,
    **dict.fromkeys(range(0x610, 0x614), 0x02C0),
    0x620: 0x0002,
    0x700: 0x8100,
}


class WM8994(I2CDevice, SerialAudio):
    """WM8994. Cirrus Logic's data sheet, rev 4.6: control interface, digital microphones, AIF1, register map.

    Two digital microphones at DMICDAT2, which hear the same, reach the second slot of each half of AIF1's frames while
    all of this is so: bias, VMID and MICBIAS1 are on (R1); DMIC2 and AIF1ADC2 are enabled (R4), routed (R608h, R609h)
    and not muted (R404h, R405h: a volume of 0 mutes); AIF1CLK is enabled from MCLK1 (R200h), and so is what AIF1 and
    the core are clocked by (R208h); AIF1 is a slave (R302h) that sends 16 bits in I2S format (R300h); and what is said
    of rate and ratio (R210h) is what arrives. Else the line is silent, and the sound waits.

    Taken and without effect: gains, filters, DRC, errata's work-arounds, start-up times. All else reads as written, or
    0: line inputs, outputs, AIF2, AIF3, FLLs, GPIOs, the write sequencer. Renode has no such part: WM8994.cs is the
    same for it.
    """

    size = 0

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.heard = SoundQueue()

    def reset(self) -> None:
        """Back to the state after power-on; what was fed is dropped."""
        super().reset()
        self.heard = SoundQueue()
        self.words = dict(_DEFAULTS)
        self.followed: FrameClock | None = None  # what `audible` was found for
        self.audible = (False, False)
        self.pending = bytearray()
        self.address = -1
        self.low = False

    def feed(self, signal: Signal) -> None:
        """Queue mono sound for both microphones, to be heard after what was fed before, whatever its rate."""
        self.heard.add(signal)

    # On I2C: the address of a register, then 16-bit values of it and those that follow, high bytes first

    def write_bytes(self, data: bytes) -> None:
        """The address, and values."""
        self.pending += data
        if self.address < 0 and len(self.pending) >= 2:
            self.address = int.from_bytes(self._taken(), "big")
            self.low = False
        while self.address >= 0 and len(self.pending) >= 2:
            self._write(self.address, int.from_bytes(self._taken(), "big"))
            self.address = self.address + 1 & 0xFFFF

    def read_byte(self) -> bytes:
        """The next byte of the register that was addressed, and of those that follow; 0 if none was."""
        if self.address < 0:
            return b"\0"
        word = _IDENTITY if self.address == _SOFTWARE_RESET else self.words.get(self.address, 0)
        byte = word & 0xFF if self.low else word >> 8
        self.address = self.address + self.low & 0xFFFF
        self.low = not self.low
        return bytes([byte])

    def stop_condition(self) -> None:
        """The next transfer says the address anew."""
        self.pending.clear()
        self.address = -1

    def _taken(self) -> bytes:
        word = bytes(self.pending[:2])
        del self.pending[:2]
        return word

    def _write(self, address: int, value: int) -> None:
        self.followed = None
        if address == _SOFTWARE_RESET:
            self.words = dict(_DEFAULTS)
        else:
            self.words[address] = value

    # On the wires of AIF1

    def send(self, frames: int, clock: FrameClock) -> NDArray[np.int16]:
        """Of ADCDAT1."""
        if clock is not self.followed:
            self.followed, self.audible = clock, self._halves(clock)
        line = np.zeros((frames, 2, clock.bits // 32), np.int16)
        if any(self.audible):
            heard = self.heard.next(frames)
            for half, is_audible in enumerate(self.audible):
                if is_audible:
                    line[:, half, _SLOT] = heard
        return line

    def _halves(self, clock: FrameClock) -> tuple[bool, bool]:
        """Whether sound is in either half of a frame."""
        if not self._is_ready or not self._follows(clock):
            return False, False
        left, right = (
            self._captures(bool(self._word(_AIF1_CONTROL) & source)) and clock.bits // 32 > _SLOT for source in _SOURCES
        )
        return left, right

    def _word(self, address: int) -> int:
        return self.words.get(address, 0)

    def _captures(self, channel: int) -> bool:
        """Whether the left (0) or right (1) microphone is let through."""
        enables = _DMIC2_AND_AIF1ADC2[channel]
        return (
            self._word(_POWER_4) & enables == enables
            and bool(self._word(_ROUTES[channel]) & _DMIC2_TO_AIF1ADC2)
            and bool(self._word(_VOLUMES[channel]) & 0xFF)
        )

    @property
    def _is_ready(self) -> bool:
        """Whether power, clocks and format are set up."""
        power, clocking = self._word(_POWER_1), self._word(_AIF1_CLOCKING)
        return (
            power & _BIAS_ENA != 0
            and power & _VMID_SEL != 0
            and power & _MICB1_ENA != 0
            and clocking & (_AIF1CLK_ENA | _AIF1CLK_SRC) == _AIF1CLK_ENA
            and self._word(_CLOCKING) & _AIF1DSPCLK_AND_SYSDSPCLK == _AIF1DSPCLK_AND_SYSDSPCLK
            and self._word(_AIF1_CONTROL) & (_LRCLK_INV | _WL | _FMT) == _FMT_I2S
            and not self._word(_AIF1_MASTER) & (_TRISTATE | _MASTER)
        )

    def _follows(self, clock: FrameClock) -> bool:
        """Whether the rate and the ratio that are set are those of the wires."""
        rate, ratio = self._word(_AIF1_RATE) >> 4 & 0xF, _RATIOS.get(self._word(_AIF1_RATE) & 0xF, 0)
        divider = 2 if self._word(_AIF1_CLOCKING) & _AIF1CLK_DIV else 1
        if rate >= len(_RATES_HZ) or not ratio or ratio * divider != clock.ratio:
            return False
        return abs(clock.frames_hz - _RATES_HZ[rate]) * _ONE_IN <= _RATES_HZ[rate]
