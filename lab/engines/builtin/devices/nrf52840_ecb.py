"""AES for firmware that encrypts block by block."""

from __future__ import annotations

from Cryptodome.Cipher import AES

from lab.engines.builtin.devices.nordic import NordicPeripheral, event
from lab.engines.builtin.peripheral import register

_BLOCK = 16


class NRF52840_ECB(NordicPeripheral):
    """ECB. nRF52840 product specification 1.7, chapter 6.7: a key, a block, and behind them that block encrypted.

    As in Renode it takes no time (silicon: some microseconds), so that nothing can stop it or take its place.
    """

    TASKS_STARTECB = register(0x000, write="start")
    TASKS_STOPECB = register(0x004)
    EVENTS_ENDECB = event(0x100)
    EVENTS_ERRORECB = event(0x104)
    ECBDATAPTR = register(0x504)

    def start(self, value: int) -> None:
        """TASKS_STARTECB."""
        if value & 1:
            at = self.ECBDATAPTR
            self.check_dma("ECBDATAPTR", at, 3 * _BLOCK)
            key, block = self.bus.read(at, _BLOCK), self.bus.read(at + _BLOCK, _BLOCK)
            self.bus.write(at + 2 * _BLOCK, AES.new(key, AES.MODE_ECB).encrypt(block))
            self.EVENTS_ENDECB = 1
