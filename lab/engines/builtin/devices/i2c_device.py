"""What a device on an I2C bus offers to the bus master."""

from __future__ import annotations

from abc import ABC, abstractmethod

from lab.engines.builtin.peripheral import Peripheral


class I2CDevice(Peripheral, ABC):
    """Base of devices on an I2C bus; only the master's model calls these methods."""

    @abstractmethod
    def write_bytes(self, data: bytes) -> None:
        """The master sends `data` in one transfer."""

    @abstractmethod
    def read_byte(self) -> bytes:
        """The master reads: the next byte, or nothing if the device has none to give."""

    @abstractmethod
    def stop_condition(self) -> None:
        """The master ends the transfer."""
