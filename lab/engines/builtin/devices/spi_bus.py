"""What the SPI masters have in common: the device on their wires."""

from __future__ import annotations

from lab.engines.builtin.devices.attached import stranger
from lab.engines.builtin.devices.spi_device import SPIDevice
from lab.engines.builtin.peripheral import Board, Peripheral
from lab.errors import ConfigurationError


class SPIBus(Peripheral):
    """Base of SPI masters. As in Renode one device is on the wires, at no address; without it zeros come back."""

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.device: SPIDevice | None = None

    def attach(self, child: Peripheral, address: int | None) -> None:
        """The device on the wires."""
        if not isinstance(child, SPIDevice):
            raise stranger(child, "SPI", self)
        if address is not None:
            raise ConfigurationError(
                f"{child.name} has an address, {address:#x}, and {self.name} knows none.",
                remedy=f"Write `@ {self.name.rpartition('.')[2]}` alone, and lead a pin to the device to select it.",
                code="platform-description",
            )
        if self.device is not None:
            raise ConfigurationError(
                f"{self.name}: {child.name} and {self.device.name} are both on its wires.",
                remedy="Take one of them out.",
                code="platform-description",
            )
        self.device = child

    def exchange(self, sent: bytes) -> bytes:
        """Clock these bytes out, and as many in."""
        return bytes(map(self.device.transmit, sent)) if self.device else bytes(len(sent))
