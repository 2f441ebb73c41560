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
