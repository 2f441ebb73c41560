"""What the I2C masters have in common: the devices on their wires."""

from __future__ import annotations

from lab.engines.builtin.devices.attached import stranger
from lab.engines.builtin.devices.i2c_device import I2CDevice
from lab.engines.builtin.peripheral import Board, Peripheral
from lab.errors import ConfigurationError


class I2CBus(Peripheral):
    """Base of I2C masters; `devices` by address."""

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.devices: dict[int, I2CDevice] = {}

    def attach(self, child: Peripheral, address: int | None) -> None:
        """A device on the wires."""
        if not isinstance(child, I2CDevice):
            raise stranger(child, "I2C", self)
        if address is None:
            raise ConfigurationError(
                f"{child.name} needs an address on {self.name}.",
                remedy=f"Write it behind the bus, as in `@ {self.name.rpartition('.')[2]} 0x6b`.",
                code="platform-description",
            )
        if address in self.devices:
            raise ConfigurationError(
                f"{self.name}: {child.name} and {self.devices[address].name} are both {address:#x}.",
                remedy="Give one of them another address.",
                code="platform-description",
            )
        self.devices[address] = child


class AddressedI2CBus(I2CBus):
    """Base of masters that say byte by byte what goes over the wires: `address` is that of the device which answers.

    What is sent reaches it together, at the end of the transfer.
    """

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.address: int | None = None
        self.sent = bytearray()

    @property
    def _device(self) -> I2CDevice | None:
        return None if self.address is None else self.devices.get(self.address)

    def _deliver(self) -> None:
        device = self._device
        if device and self.sent:
            device.write_bytes(bytes(self.sent))
        self.sent.clear()
