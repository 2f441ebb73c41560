"""Serial audio interface of the STM32F7."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from lab.engines.builtin.devices.serial_audio import FrameClock, SerialAudio
from lab.engines.builtin.devices.stm32dma import BurstSource
from lab.engines.builtin.devices.stm32f4_rcc import STM32F4_RCC
from lab.engines.builtin.devices.stm32f7_dma import STM32F7_DMA
from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank
from lab.errors import ConfigurationError, DeviceFault

_A, _B = range(2)
_STRIDE = 0x20
_SECOND_NS = 10**9
_INTERNAL_HZ = 16_000_000  # HSI
_OSCILLATORS_HZ = range(4_000_000, 26_000_001)
_INSTANCES = (1, 2)

_SLAVE, _RECEIVER = 1 << 1, 1 << 0  # CR1
_PRTCFG, _DS_SHIFT, _SYNCEN_SHIFT = 3 << 2, 5, 10
_MONO, _SAIEN, _DMAEN, _NODIV, _MCKDIV_SHIFT = 1 << 12, 1 << 16, 1 << 17, 1 << 19, 20
_SETTINGS = ~(_SAIEN | _DMAEN)
_16_BITS = 4
_WITH_THE_OTHER_BLOCK = 1
_FFLUSH = 1 << 3  # CR2
_FSALL_SHIFT, _FSDEF, _FSPOL, _FSOFF = 8, 1 << 16, 1 << 17, 1 << 18  # FRCR
_OVRUDR, _WCKCFG, _FREQ = 1 << 0, 1 << 2, 1 << 3  # SR, IM, CLRFR
_LATCHED = _OVRUDR | _WCKCFG
_FLVL_SHIFT = 16
_WORDS, _WORD_BYTES = 8, 2
_THRESHOLDS = (1, 2, 4, 6, 8)  # words, by CR2.FTH
_LEVELS = (1, 2, 4, 6, 8)  # words from which on FLVL is one higher
_MCLK_OF_A_FRAME = 256
_MOST_AT_ONCE = 1 << 16  # frames
_I2S = "Set it up as I2S: FSDEF and FSOFF set, FSPOL clear, 16-bit data in 16-bit slots without an offset, no MONO."
_SETTLE = "Clear SAIEN before you write CR1's settings, FRCR or SLOTR: RM0385, chapter 33.5."


class STM32_SAI(BurstSource, Peripheral):
    """SAI. RM0385 rev 8, chapter 33; its clock by chapter 5.3.25 from PLLI2S or PLLSAI, as RCC's registers have them.

    A block that is master makes MCLK, bit clock and frames: FS is MCLK / 256, or with NODIV SAI_CK / (FRL + 1). As
    receiver it begins frames with SAIEN, as transmitter with the first word that it is given. A slave that is
    synchronous with the other block joins at the next frame. What block B receives is on its data line `serial_data_b`;
    block A hears nothing. Eight words of FIFO, FREQ, FLVL, OVRUDR and WCKCFG, the interrupt, and requests to a
    STM32F7_DMA. `instance` is 1 or 2, `hse_frequency` the oscillator's hertz.

    Unlike silicon: the words of a frame arrive at its end, and where DMA takes them, all of them up to its next flag
    arrive then, when the last one is due; SAIEN falls at once; where an overrun begins, whole frames are lost. What a
    transmitter is given goes nowhere and never runs out. Clocks that are off make no frames. Taken and without effect:
    GCR, MUTE, TRIS, CPL, OUTDRIV, CKSTR. Slaves of a clock from outside hear nothing. AC'97 and SPDIF, 8 and 10 to 32
    bits, companding, and formats other than I2S are DeviceFaults, as are settings that are written while SAIEN is set;
    on Renode the log says so, and there is no sound. Renode has no SAI of this chip: STM32_SAI.cs is the same for it.
    """

    size = 0x400

    GCR = register(0x00, bits=6)
    CR1 = register_bank(0x04, count=2, stride=_STRIDE, reset=0x40, bits=24, write="_control")
    CR2 = register_bank(0x08, count=2, stride=_STRIDE, bits=16, write="_configure_fifo")
    FRCR = register_bank(0x0C, count=2, stride=_STRIDE, reset=0x7, bits=19, write="_configure_frame")
    SLOTR = register_bank(0x10, count=2, stride=_STRIDE, write="_configure_slots")
    IM = register_bank(0x14, count=2, stride=_STRIDE, bits=7, write="_enable_interrupts")
    SR = register_bank(0x18, count=2, stride=_STRIDE, read="_status", read_only=True)
    CLRFR = register_bank(0x1C, count=2, stride=_STRIDE, write="_clear", write_only=True)
    DR = register_bank(0x20, count=2, stride=_STRIDE, read="_receive", write="_transmit")

    def __init__(
        self, board: Board, *, rcc: STM32F4_RCC, serial_data_b: SerialAudio, hse_frequency: int, instance: int
    ) -> None:
        super().__init__(board)
        if hse_frequency not in _OSCILLATORS_HZ or instance not in _INSTANCES:
            raise ConfigurationError(
                f"{self.name}: hseFrequency is {hse_frequency}, instance {instance}.",
                remedy="The oscillator has 4,000,000 to 26,000,000 Hz; an STM32F7 has SAI1 and SAI2.",
                code="platform-description",
            )
        self._fixed |= {"rcc", "wires", "requests"}
        self.rcc = rcc
        self.wires = serial_data_b
        self.hse_frequency = hse_frequency
        self.instance = instance
        self.requests = [self.line("RequestA"), self.line("RequestB")]
        self.ticks = self.alarm(self._on_frame)

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.fifo = [b"", b""]
        self.flags = [0, 0]
        self.frame_clock: FrameClock | None = None
        self.begun_ns = 0
        self.ended = 0  # frames since then
        self.joined = [0, 0]  # the frame that a receiver hears next
        self.awaited = 0
        self.slots = [np.empty(0, np.intp), np.empty(0, np.intp)]  # SLOTR's, found once: those that are received

    # Registers

    def _control(self, block: int, value: int) -> None:
        self._hear()
        before = self.CR1[block]
        if before & value & _SAIEN and (before ^ value) & _SETTINGS:
            raise self._misused(block, "CR1 was written while SAIEN is set", _SETTLE)
        self.CR1[block] = value
        if before & ~value & _SAIEN and not before & _SLAVE:
            self.frame_clock = None
        if value & ~before & _SAIEN:
            self._enable(block)
        self._await_frames()
        self._update_interrupt()

    def _configure_fifo(self, block: int, value: int) -> None:
        self._hear()
        if value & _FFLUSH:
            self.fifo[block] = b""
        self.CR2[block] = value & ~_FFLUSH
        self._await_frames()
        self._update_interrupt()

    def _configure_frame(self, block: int, value: int) -> None:
        if self.CR1[block] & _SAIEN and value != self.FRCR[block]:
            raise self._misused(block, "FRCR was written while SAIEN is set", _SETTLE)
        self.FRCR[block] = value

    def _configure_slots(self, block: int, value: int) -> None:
        if self.CR1[block] & _SAIEN and value != self.SLOTR[block]:
            raise self._misused(block, "SLOTR was written while SAIEN is set", _SETTLE)
        self.SLOTR[block] = value
        self.slots[block] = np.flatnonzero([value >> 16 + slot & 1 for slot in range((value >> 8 & 0xF) + 1)])

    def _enable_interrupts(self, block: int, value: int) -> None:
        self.IM[block] = value
        self._update_interrupt()

    def _status(self, block: int) -> int:
        level = len(self.fifo[block]) // _WORD_BYTES
        return self._pending(block) | sum(level >= least for least in _LEVELS) << _FLVL_SHIFT

    def _clear(self, block: int, value: int) -> None:
        self._hear()
        self.flags[block] &= ~(value & _LATCHED)
        self._await_frames()
        self._update_interrupt()

    def _receive(self, block: int) -> int:
        self._hear()
        word, self.fifo[block] = self.fifo[block][:_WORD_BYTES], self.fifo[block][_WORD_BYTES:]
        self._await_frames()
        self._update_interrupt()
        return int.from_bytes(word, "little")

    def read_burst(self, offset: int, size: int, count: int) -> bytes:
        """Of DR, as it is read by DMA."""
        block = (offset - type(self).DR.first.offset) // _STRIDE
        if offset % 4 == 0 and size == _WORD_BYTES and self.registers.get(offset) == (type(self).DR.first, block):
            data, self.fifo[block] = self.fifo[block][: size * count], self.fifo[block][size * count :]
            self._update_interrupt()
            return data.ljust(size * count, b"\0")
        return b"".join(self.read(offset, size).to_bytes(size, "little") for _ in range(count))

    def _transmit(self, block: int, _value: int) -> None:
        """Whoever hears it: a master's frames begin with the first word."""
        if self.CR1[block] & (_SAIEN | _SLAVE | _RECEIVER) == _SAIEN and self.frame_clock is None:
            self._begin_frames(block)
            self._await_frames()

    # Frames

    def _enable(self, block: int) -> None:
        control = self.CR1[block]
        if control & _PRTCFG or (control & _RECEIVER and not self._is_i2s(block)):
            raise self._misused(block, "was enabled with a format that is not modelled", _I2S)
        if control & _SLAVE:
            self._join(block)
            return
        length = (self.FRCR[block] & 0xFF) + 1
        if not control & _NODIV and (length < 8 or length & length - 1):
            self.flags[block] |= _WCKCFG
            self.CR1[block] = control & ~_SAIEN
            return
        if control & _RECEIVER:
            self._begin_frames(block)

    def _is_i2s(self, block: int) -> bool:
        control, frame, slots = self.CR1[block], self.FRCR[block], self.SLOTR[block]
        length, count = (frame & 0xFF) + 1, (slots >> 8 & 0xF) + 1
        return (
            control >> _DS_SHIFT & 7 == _16_BITS
            and not control & _MONO
            and frame & (_FSDEF | _FSPOL | _FSOFF) == _FSDEF | _FSOFF
            and ((frame >> _FSALL_SHIFT & 0x7F) + 1) * 2 == length
            and not slots & 0x1F
            and slots >> 6 & 3 in (0, 1)
            and count % 2 == 0
            and count * 16 <= length
            and length % 32 == 0
        )

    def _begin_frames(self, master: int) -> None:
        """With the exact rates of this moment; without a clock there are none."""
        control, length = self.CR1[master], (self.FRCR[master] & 0xFF) + 1
        divider, kernel_hz = 2 * (control >> _MCKDIV_SHIFT & 0xF) or 1, self._kernel_hz
        if not kernel_hz:
            return
        if control & _NODIV:
            self.frame_clock = FrameClock(kernel_hz / length, 0, length)
        else:
            self.frame_clock = FrameClock(kernel_hz / divider / _MCLK_OF_A_FRAME, _MCLK_OF_A_FRAME, length)
        self.begun_ns = self.now_ns
        self.ended = 0
        self.joined = [0, 0]

    def _join(self, block: int) -> None:
        """A slave waits for the beginning of a frame."""
        if self.frame_clock is not None:
            self.joined[block] = -(-self._elapsed // 1)

    @property
    def _kernel_hz(self) -> Fraction:
        """SAI_CK."""
        configuration, dividers = self.rcc.PLLCFGR, self.rcc.DCKCFGR[0]
        source = dividers >> 18 + 2 * self.instance & 3
        if source > 1:
            return Fraction(0)
        ready, pll, divider = (
            (1 << 26, self.rcc.PLLI2SCFGR, dividers & 0x1F)
            if source
            else (1 << 28, self.rcc.PLLSAICFGR, dividers >> 8 & 0x1F)
        )
        prescaler, quotient = configuration & 0x3F, pll >> 24 & 0xF
        if not self.rcc.CR & ready or prescaler < 2 or quotient < 2:
            return Fraction(0)
        reference_hz = self.hse_frequency if configuration & 1 << 22 else _INTERNAL_HZ
        return Fraction(reference_hz * (pll >> 6 & 0x1FF), prescaler * quotient * (divider + 1))

    @property
    def _elapsed(self) -> Fraction:
        """Frames since they began, with the part of the one under way."""
        clock = self.frame_clock
        return Fraction(self.now_ns - self.begun_ns, _SECOND_NS) * clock.frames_hz if clock else Fraction(0)

    @property
    def _receivers(self) -> list[int]:
        """Blocks that frames arrive at."""
        return [block for block in (_A, _B) if self._receives(block)]

    def _receives(self, block: int) -> bool:
        control = self.CR1[block]
        follows = not control & _SLAVE or control >> _SYNCEN_SHIFT & 3 == _WITH_THE_OTHER_BLOCK
        return bool(control & _SAIEN and control & _RECEIVER and follows and len(self.slots[block]))

    def _await_frames(self) -> None:
        """Up to the next frame by whose end something can be seen."""
        ahead = [ahead for block in self._receivers if (ahead := self._frames_to_something(block))]
        if self.frame_clock is None or not ahead:
            self.ticks.stop()
            return
        self.awaited = self.ended + min(ahead)
        hertz = self.frame_clock.frames_hz
        self.ticks.start(self.begun_ns - -self.awaited * _SECOND_NS * hertz.denominator // hertz.numerator)

    def _frames_to_something(self, block: int) -> int:
        """0 where nothing more can happen: the FIFO is full, and that words are lost is told."""
        active = len(self.slots[block])
        level = len(self.fifo[block]) // _WORD_BYTES
        waits = max(0, self.joined[block] - self.ended)
        for dma, stream in self._streams(block):
            if until := dma.until_told(stream):
                return waits + max(1, -(-(until + self._threshold(block) - 1 - level) // active))
        if self.CR1[block] & _DMAEN or level + active <= _WORDS or not self.flags[block] & _OVRUDR:
            return waits + 1
        return 0

    def _on_frame(self, _due_ns: int) -> None:
        self._hear(self.awaited)
        self._await_frames()

    def _hear(self, ended: int = -1) -> None:
        """All frames that have ended."""
        if self.frame_clock is None:
            return
        self.ended = ended if ended >= 0 else int(self._elapsed)
        for block in self._receivers:
            if block == _A and not self._frames_to_something(block):
                self.joined[block] = self.ended
            while (frames := min(self.ended - self.joined[block], _MOST_AT_ONCE)) > 0:
                self.joined[block] += frames
                self._take(block, frames)
        self._update_interrupt()

    def _take(self, block: int, frames: int) -> None:
        slots = self.slots[block]
        if block == _B and self.frame_clock is not None:
            slots_in_half = ((self.SLOTR[block] >> 8 & 0xF) + 1) // 2
            line = self.wires.send(frames, self.frame_clock)[:, :, :slots_in_half]
            self.fifo[block] += line.reshape(frames, -1).take(slots, axis=1).astype("<i2", copy=False).tobytes()
        else:
            self.fifo[block] += bytes(frames * len(slots) * _WORD_BYTES)
        self._ask_for_transfers(block)
        if len(self.fifo[block]) > _WORDS * _WORD_BYTES:
            whole = _WORDS // len(slots) * len(slots) or _WORDS
            self.fifo[block] = self.fifo[block][: whole * _WORD_BYTES]
            self.flags[block] |= _OVRUDR

    # What is told

    def _streams(self, block: int) -> list[tuple[STM32F7_DMA, int]]:
        """DMA's streams that are asked; the first one that is on takes what is requested."""
        if not self.CR1[block] & _DMAEN:
            return []
        return [(sink, number) for sink, number in self.requests[block].sinks if isinstance(sink, STM32F7_DMA)]

    def _ask_for_transfers(self, block: int) -> None:
        """As many words as FREQ stands for, one after the other."""
        for dma, stream in self._streams(block):
            dma.request(stream, max(0, len(self.fifo[block]) // _WORD_BYTES - self._threshold(block) + 1))

    def _threshold(self, block: int) -> int:
        """From how many words on it requests."""
        return _THRESHOLDS[min(self.CR2[block] & 7, len(_THRESHOLDS) - 1)]

    def _pending(self, block: int) -> int:
        if self.CR1[block] & _RECEIVER:
            requests = len(self.fifo[block]) // _WORD_BYTES >= self._threshold(block)
        else:
            requests = True
        return self.flags[block] | (_FREQ if requests else 0)

    def _update_interrupt(self) -> None:
        self.irq.set(any(self._pending(block) & self.IM[block] for block in (_A, _B)))

    def _misused(self, block: int, what: str, remedy: str) -> DeviceFault:
        return DeviceFault(f"{self.name}, block {'AB'[block]}: {what}.", remedy=remedy, code="device-misused")
