"""Ethernet of the STM32F4 and F7, with its cable pulled out."""

from __future__ import annotations

from lab.engines.builtin.devices.ethernetphysicallayer import EthernetPhysicalLayer
from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_BUSY, _WRITES = 1 << 0, 1 << 1
_SOFTWARE_RESET = 1 << 0
_FLUSH = 1 << 20
_NO_ANSWER = 0xFFFF
_LINK_DOWN = {0: 0x3000, 1: 0x7809, 2: 0x0007, 3: 0xC131, 4: 0x01E1}
"""Of a LAN8742 (Microchip DS00001989, chapter 4.2): control, status, identifiers, advertisement."""


class SynopsysEthernetMAC(Peripheral):
    """ETH. RM0385 rev 8, chapter 38.8, and its transceiver at address 0: the link is down, and no frame comes or goes.

    Transceivers of the description take that one's place. A reset takes no time; a transceiver answers at once, and
    keeps what is written. Renode's has a network.
    """

    size = 0x1400

    MAC = register_bank(0x000, count=24)
    MMC = register_bank(0x100, count=50)
    PTP = register_bank(0x700, count=12)
    DMA = register_bank(0x1000, count=22)
    MACMIIAR = register(0x010, bits=16, write="_ask_transceiver")
    MACMIIDR = register(0x014, bits=16)
    DMABMR = register(0x1000, reset=0x2_0101 & ~_SOFTWARE_RESET, write="_reset_bus")
    DMAOMR = register(0x1018, write="_set_mode")

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.transceiver: dict[int, int] = {}
        self.attached: dict[int, EthernetPhysicalLayer] = {}

    def attach(self, child: Peripheral, address: int | None) -> None:
        """A transceiver."""
        if address is None or not isinstance(child, EthernetPhysicalLayer):
            super().attach(child, address)
        else:
            self.attached[address] = child

    def reset(self) -> None:
        """Off, the transceiver included."""
        super().reset()
        self.transceiver = dict(_LINK_DOWN)

    def _ask_transceiver(self, value: int) -> None:
        self.MACMIIAR = value & ~_BUSY
        if not value & _BUSY:
            return
        address, number = value >> 11 & 0x1F, value >> 6 & 0x1F
        if self.attached:
            self._ask_attached(self.attached.get(address), number, writes=bool(value & _WRITES))
        elif value & _WRITES:
            if address == 0 and number in (0, 4):
                self.transceiver[number] = self.MACMIIDR & 0x7FFF  # its reset ends at once
        else:
            self.MACMIIDR = self.transceiver.get(number, 0) if address == 0 else _NO_ANSWER

    def _ask_attached(self, transceiver: EthernetPhysicalLayer | None, number: int, *, writes: bool) -> None:
        if transceiver is None:
            self.MACMIIDR = self.MACMIIDR if writes else _NO_ANSWER
        elif writes:
            transceiver.tell(number, self.MACMIIDR)
        else:
            self.MACMIIDR = transceiver.ask(number)

    def _set_mode(self, value: int) -> None:
        self.DMAOMR = value & ~_FLUSH

    def _reset_bus(self, value: int) -> None:
        self.DMABMR = value & ~_SOFTWARE_RESET
