"""The watchdog."""

from __future__ import annotations

from lab.engines.builtin import chip_resets
from lab.engines.builtin.chip_resets import Cause, Reset
from lab.engines.builtin.devices.nordic import NordicPeripheral, event
from lab.engines.builtin.peripheral import Board, register, register_bank

_FREQUENCY = 32_768
_SECOND_NS = 10**9
_RELOAD = 0x6E52_4635
_GRACE = 2  # ticks from TIMEOUT to the reset
_LEAST = 15


class NRF52840_Watchdog(NordicPeripheral):
    """WDT. nRF52840 product specification 1.7, chapter 6.36. It counts asleep too, whatever CONFIG says.

    A reset that firmware asks for leaves it running, as on silicon; Renode stops it then.
    """

    TASKS_START = register(0x000, write="start")
    EVENTS_TIMEOUT = event(0x100)
    RUNSTATUS = register(0x400, read_only=True)
    REQSTATUS = register(0x404, reset=1, read_only=True)
    CRV = register(0x504, reset=0xFFFF_FFFF, write="set_reload_value")
    RREN = register(0x508, reset=1, bits=8, write="enable_requests")
    CONFIG = register(0x50C, reset=1)
    RR = register_bank(0x600, count=8, write="request")

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.timeout = self.alarm(self.on_timeout)
        self.end = self.alarm(self.on_end)

    def reset_by(self, reset: Reset) -> None:
        """Only its own resets stop it: chapter 5.3.7.8."""
        if reset.cause is not Cause.SOFTWARE:
            self.reset()

    def start(self, value: int) -> None:
        """TASKS_START, once."""
        if value & 1 and not self.RUNSTATUS:
            self.RUNSTATUS = 1
            self._reload()

    def set_reload_value(self, value: int) -> None:
        """CRV, in ticks less one."""
        if not self.RUNSTATUS and value >= _LEAST:
            self.CRV = value

    def enable_requests(self, value: int) -> None:
        """RREN: which of RR[n] have to be written."""
        if not self.RUNSTATUS:
            self.RREN = self.REQSTATUS = value

    def request(self, index: int, value: int) -> None:
        """RR[n]; when each that is enabled was written, counting begins anew."""
        if value != _RELOAD or not self.RUNSTATUS or self.end.running:
            return
        self.REQSTATUS &= ~(1 << index)
        if not self.REQSTATUS:
            self._reload()

    def on_timeout(self, due_ns: int) -> None:
        """It counted down to 0."""
        self.EVENTS_TIMEOUT = 1
        self.update_interrupt()
        self.end.start(due_ns + _nanoseconds(_GRACE))

    def on_end(self, due_ns: int) -> None:
        """Silicon resets now."""
        remedy = "Reload it in time: write 0x6E524635 to each RR[n] that RREN enables."
        self.reset_chip(chip_resets.by_watchdog(self.name, due_ns, remedy=remedy))

    def _reload(self) -> None:
        self.REQSTATUS = self.RREN
        self.timeout.start(self.now_ns + _nanoseconds(self.CRV + 1))


def _nanoseconds(ticks: int) -> int:
    return -(-ticks * _SECOND_NS // _FREQUENCY)
