"""The analogue-to-digital converter."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic import NordicPeripheral, event, event_bank
from lab.engines.builtin.peripheral import register, register_bank

_CHANNELS = 8
_CONFIG = 0x0002_0000
_LIMIT = 0x7FFF_8000


class NRF52840_SAADC(NordicPeripheral):
    """SAADC. nRF52840 product specification 1.7, chapter 6.23. Not in Renode.

    Every input is at 0 V and each result 0. A conversion takes no time, and SAMPLERATE starts none.
    """

    TASKS_START = register(0x000, write="start")
    TASKS_SAMPLE = register(0x004, write="sample")
    TASKS_STOP = register(0x008, write="stop")
    TASKS_CALIBRATEOFFSET = register(0x00C, write="calibrate")
    EVENTS_STARTED = event(0x100)
    EVENTS_END = event(0x104)
    EVENTS_DONE = event(0x108)
    EVENTS_RESULTDONE = event(0x10C)
    EVENTS_CALIBRATEDONE = event(0x110)
    EVENTS_STOPPED = event(0x114)
    EVENTS_CH_LIMITS = event_bank(0x118, count=2 * _CHANNELS)
    STATUS = register(0x400, read_only=True)
    ENABLE = register(0x500, bits=1)
    CH_PSELP = register_bank(0x510, count=_CHANNELS, stride=16)
    CH_PSELN = register_bank(0x514, count=_CHANNELS, stride=16)
    CH_CONFIG = register_bank(0x518, count=_CHANNELS, stride=16, reset=_CONFIG)
    CH_LIMIT = register_bank(0x51C, count=_CHANNELS, stride=16, reset=_LIMIT)
    RESOLUTION = register(0x5F0, reset=1)
    OVERSAMPLE = register(0x5F4)
    SAMPLERATE = register(0x5F8)
    RESULT_PTR = register(0x62C)
    RESULT_MAXCNT = register(0x630, bits=15)
    RESULT_AMOUNT = register(0x634, read_only=True)

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.buffer = (0, 0)

    def start(self, value: int) -> None:
        """TASKS_START: results go to RESULT.PTR from now on."""
        if value & 1:
            self.check_dma("RESULT.PTR", self.RESULT_PTR, 2 * self.RESULT_MAXCNT)
            self.buffer = (self.RESULT_PTR, self.RESULT_MAXCNT)
            self.RESULT_AMOUNT = 0
            self.EVENTS_STARTED = 1

    def sample(self, value: int) -> None:
        """TASKS_SAMPLE: one result of each channel that has an input."""
        if not value & 1 or not self.ENABLE:
            return
        pointer, size = self.buffer
        inputs = sum(1 for channel in range(_CHANNELS) if self.CH_PSELP[channel])
        for _ in range(min(inputs, size - self.RESULT_AMOUNT)):
            self.bus.write(pointer + 2 * self.RESULT_AMOUNT, bytes(2))
            self.RESULT_AMOUNT += 1
        self.EVENTS_DONE = self.EVENTS_RESULTDONE = 1
        if size and size == self.RESULT_AMOUNT:
            self.buffer = (0, 0)
            self.EVENTS_END = 1

    def stop(self, value: int) -> None:
        """TASKS_STOP."""
        if value & 1:
            self.EVENTS_END = self.EVENTS_STOPPED = 1

    def calibrate(self, value: int) -> None:
        """TASKS_CALIBRATEOFFSET."""
        if value & 1:
            self.EVENTS_CALIBRATEDONE = 1
