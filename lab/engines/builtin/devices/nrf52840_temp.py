"""The chip's thermometer."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic import NordicPeripheral, event
from lab.engines.builtin.peripheral import Board, register, register_bank

_MEASURING_NS = 36_000
_QUARTERS = 4 * 25


class NRF52840_TEMP(NordicPeripheral):
    """TEMP. nRF52840 product specification 1.7, chapter 6.29: 25 degrees, always. Renode has no model of it."""

    TASKS_START = register(0x000, write="start")
    TASKS_STOP = register(0x004, write="stop")
    EVENTS_DATARDY = event(0x100)
    TEMP = register(0x508, read_only=True)
    COEFFICIENTS = register_bank(0x520, count=21)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.ready = self.alarm(self.on_ready)

    def start(self, value: int) -> None:
        """TASKS_START."""
        if value & 1:
            self.ready.start(self.now_ns + _MEASURING_NS)

    def stop(self, value: int) -> None:
        """TASKS_STOP."""
        if value & 1:
            self.ready.stop()

    def on_ready(self, _due_ns: int) -> None:
        """Measured."""
        self.TEMP = _QUARTERS
        self.EVENTS_DATARDY = 1
        self.update_interrupt()
