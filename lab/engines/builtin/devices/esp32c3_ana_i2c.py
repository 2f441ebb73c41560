"""The bus to the analog settings of the ESP32-C3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin.devices.espressif import Block
from lab.engines.builtin.peripheral import register

_WRITE, _DATA = 1 << 24, 16
_CALIBRATED = 1 << 24
_ULP, _DONE_FLAGS = 0x61, 3
_DONE = 1 << 3 | 1 << 0


class ESP32C3_ANA_I2C(Block):
    """I2C_ANA_MST, of which the manual says nothing: ESP-IDF, soc/regi2c_defs.h and hal/regi2c_ctrl_ll.h.

    A transfer takes no time. What is written to a register of an analog part is read again, 0 before; the PLL
    and the voltage reference are always calibrated.
    """

    size = 0x400
    RESETS: ClassVar[Mapping[int, int]] = {0x40: _CALIBRATED, 0x44: 0x0001_BF00}

    I2C0_CTRL = register(0x00, write="_transfer")
    ANA_CONF0 = register(0x40, write="_configure")

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.analog = {_ULP | _DONE_FLAGS << 8: _DONE}
        """By block and register, as the command has them in its lower half."""

    def _transfer(self, value: int) -> None:
        place = value & 0xFFFF
        if value & _WRITE:
            self.analog[place] = value >> _DATA & 0xFF
        self.I2C0_CTRL = place | self.analog.get(place, 0) << _DATA

    def _configure(self, value: int) -> None:
        self.ANA_CONF0 = value | _CALIBRATED
