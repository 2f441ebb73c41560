"""What a device on an SPI bus offers to the bus master."""

from __future__ import annotations

from abc import ABC, abstractmethod

from lab.engines.builtin.peripheral import Peripheral


class SPIDevice(Peripheral, ABC):
    """Base of devices on an SPI bus. Only the master's model calls `transmit`; a pin that selects the chip is an
    input, which `on_input` takes.
    """

    @abstractmethod
    def transmit(self, byte: int) -> int:
        """The master clocks one byte out, and takes the one that is returned."""
