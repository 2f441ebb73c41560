"""A sensor of humidity and temperature."""

from __future__ import annotations

from lab.engines.builtin.devices.i2c_device import I2CDevice
from lab.engines.builtin.peripheral import Board
from lab.errors import ConfigurationError

_MODELS = {"SI7021": 0x15, "SI7006": 0x06}
_HUMIDITY, _TEMPERATURE, _RESET = (0xE5, 0xF5), (0xE0, 0xE3, 0xF3), 0xFE
_FIRST_ID, _SECOND_ID = b"\xfa\x0f", b"\xfc\xc9"
_DRY = 6 * 65536 // 125
_FREEZING = 4685 * 65536 // 17572


class SI70xx(I2CDevice):
    """Si7021 and Si7006, data sheet of the Si7021, chapter 5. As in Renode at 0 degrees and 0 %, without checksums."""

    def __init__(self, board: Board, *, model: str) -> None:
        super().__init__(board)
        if model not in _MODELS:
            raise ConfigurationError(
                f"{self.name}: there is no model {model!r}.",
                remedy=f"Name one of {', '.join(_MODELS)}.",
                code="platform-description",
            )
        self.identity = _MODELS[model]

    def reset(self) -> None:
        """Nothing to give."""
        super().reset()
        self.answer = b""

    def write_bytes(self, data: bytes) -> None:
        """A command."""
        if data[0] in _HUMIDITY:
            self.answer = _DRY.to_bytes(2, "big")
        elif data[0] in _TEMPERATURE:
            self.answer = _FREEZING.to_bytes(2, "big")
        elif data == _FIRST_ID:
            self.answer = bytes(8)
        elif data == _SECOND_ID:
            self.answer = bytes([self.identity, 0, 0, 0, 0, 0])
        elif data[0] == _RESET:
            self.answer = b""

    def read_byte(self) -> bytes:
        """What the command asked for, and zeros behind it."""
        given, self.answer = self.answer[:1] or b"\0", self.answer[1:]
        return given

    def stop_condition(self) -> None:
        """What was not read waits."""
