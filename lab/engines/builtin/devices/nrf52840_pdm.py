"""The microphone's interface."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic import NordicPeripheral, event
from lab.engines.builtin.devices.sound_queue import SoundQueue
from lab.engines.builtin.peripheral import Board, register
from lab.errors import DeviceFault
from lab.signals.signal import Signal

_SECOND_NS = 10**9
_MONO = 1
_RATIOS = (64, 80)
_CLOCK_DIVIDERS = {
    0x0800_0000: 32,
    0x0840_0000: 31,
    0x0880_0000: 30,
    0x0980_0000: 26,
    0x0A00_0000: 25,
    0x0A80_0000: 24,
}
"""PDMCLKCTRL to the divider of 32 MHz."""


class NRF52840_PDM(NordicPeripheral):
    """PDM. nRF52840 product specification 1.7, chapter 6.15.

    As in Renode: buffers come at a whole number of buffers a second (rate / MAXCNT, rounded down); STARTED comes
    together with END, when the whole buffer is written to where SAMPLE.PTR then points; START and another MAXCNT start
    the period anew; started while MAXCNT is 0 it raises STARTED and waits for a MAXCNT; STOP raises its event and
    nothing else; GAIN is kept and changes nothing. A microphone without samples hears zeros (Renode does not start
    without a file).

    Stricter than Renode, which dies or falls silent: stereo, an odd MAXCNT and a buffer longer than a second are
    DeviceFaults, as is a buffer outside RAM.
    """

    TASKS_START = register(0x000, write="start")
    TASKS_STOP = register(0x004, write="stop")
    EVENTS_STARTED = event(0x100)
    EVENTS_STOPPED = event(0x104)
    EVENTS_END = event(0x108)
    ENABLE = register(0x500, bits=1)
    PDMCLKCTRL = register(0x504, reset=0x0840_0000)
    MODE = register(0x508, bits=2)
    GAINL = register(0x518, bits=7, reset=0x28)
    GAINR = register(0x51C, bits=7, reset=0x28)
    RATIO = register(0x520, bits=1)
    PSEL_CLK = register(0x540, reset=0xFFFF_FFFF)
    PSEL_DIN = register(0x544, reset=0xFFFF_FFFF)
    SAMPLE_PTR = register(0x560)
    SAMPLE_MAXCNT = register(0x564, bits=15, write="set_length")

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.end = self.alarm(self.on_end)
        self.heard = SoundQueue()
        self.started = False

    def reset(self) -> None:
        """Back to the state after power-on; what was fed is dropped."""
        super().reset()
        self.heard = SoundQueue()
        self.started = False

    def feed(self, signal: Signal) -> None:
        """Queue mono sound, to be heard after what was fed before, whatever its rate."""
        self.heard.add(signal)

    @property
    def rate_hz(self) -> int:
        """Samples a second, as the registers say."""
        divider = _CLOCK_DIVIDERS.get(self.PDMCLKCTRL)
        if divider is None:
            raise DeviceFault(
                f"{self.name}: PDMCLKCTRL is {self.PDMCLKCTRL:#010x}, which is no clock of this device.",
                remedy="Write one of the values that the product specification lists, chapter 6.15.",
                code="device-misused",
            )
        return 32_000_000 // divider // _RATIOS[self.RATIO]

    def start(self, value: int) -> None:
        """TASKS_START."""
        if not value & 1:
            return
        self.check_enabled(self.ENABLE)
        if not self.MODE & _MONO:
            raise DeviceFault(
                f"{self.name} was started in stereo; recordings have one channel.",
                remedy="Set MODE.OPERATION to mono.",
                code="device-misused",
            )
        self.started = True
        self._start_period()

    def stop(self, value: int) -> None:
        """TASKS_STOP."""
        if value & 1:
            self.EVENTS_STOPPED = 1

    def set_length(self, value: int) -> None:
        """SAMPLE.MAXCNT, in samples."""
        changed = value != self.SAMPLE_MAXCNT
        self.SAMPLE_MAXCNT = value
        if changed and self.started:
            self._start_period()

    def on_end(self, _due_ns: int) -> None:
        """A buffer is full."""
        count = self.SAMPLE_MAXCNT
        self.check_dma("SAMPLE.PTR", self.SAMPLE_PTR, 2 * count)
        self.bus.write(self.SAMPLE_PTR, self.heard.next(count).astype("<i2").tobytes())
        self.EVENTS_STARTED = self.EVENTS_END = 1
        self.update_interrupt()

    def _start_period(self) -> None:
        count = self.SAMPLE_MAXCNT
        if count == 0:
            self.end.stop()
            self.EVENTS_STARTED = 1
            return
        buffers_a_second = self.rate_hz // count
        if count % 2 or not buffers_a_second:
            raise DeviceFault(
                f"{self.name}: SAMPLE.MAXCNT is {count} at {self.rate_hz} samples a second.",
                remedy="Use an even number of samples that is at most one second.",
                code="device-misused",
            )
        period_ns = -(-_SECOND_NS // buffers_a_second)
        self.end.start(self.now_ns + period_ns, period_ns)
