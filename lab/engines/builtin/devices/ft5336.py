"""A touch controller that nobody touches."""

from __future__ import annotations

from lab.engines.builtin.devices.i2c_device import I2CDevice
from lab.engines.builtin.peripheral import Board

_POINTS, _POINT_BYTES, _FIRST_POINT = 5, 6, 0x03
_NO_EVENT = 3 << 6
_CHIP_ID, _ID = 0xA8, 0x51


class FT5336(I2CDevice):
    """FT5336 of FocalTech, as far as Renode's goes: identity, and five points that never see a finger.

    Unlike Renode's it keeps what is written to its other registers, and goes on to the next one as bytes are read.
    """

    def __init__(
        self,
        board: Board,
        *,
        is_rotated: bool = False,  # noqa: ARG002 - of a finger
        is_inverted_x: bool = False,  # noqa: ARG002
        is_inverted_y: bool = False,  # noqa: ARG002
        max_x: int = 0,  # noqa: ARG002
        max_y: int = 0,  # noqa: ARG002
    ) -> None:
        super().__init__(board)
        self.held: dict[int, int] = {}

    def reset(self) -> None:
        """As after power-on."""
        super().reset()
        self.at = 0
        self.held = {_CHIP_ID: _ID}
        for point in range(_POINTS):
            begin = _FIRST_POINT + _POINT_BYTES * point
            self.held |= {begin: _NO_EVENT, begin + 2: point << 4}

    def write_bytes(self, data: bytes) -> None:
        """The register's number, and what to write from there on."""
        for index, byte in enumerate(data):
            if index == 0:
                self.at = byte
            else:
                self.held[self.at] = byte
                self.at = self.at + 1 & 0xFF

    def read_byte(self) -> bytes:
        """The next register."""
        value = self.held.get(self.at, 0)
        self.at = self.at + 1 & 0xFF
        return bytes([value])

    def stop_condition(self) -> None:
        """Nothing follows from it."""
