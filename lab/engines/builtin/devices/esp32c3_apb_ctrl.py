"""APB control of the ESP32-C3, with the random numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin import xorshift
from lab.engines.builtin.devices.espressif import Block
from lab.engines.builtin.peripheral import register

_SEED = 0x9E37_79B9


class ESP32C3_APB_CTRL(Block):
    """APB_CTRL. ESP32-C3 technical reference manual 1.1, chapters 16 and 25.

    A random number is always ready; the numbers are the same after each reset. Everything else keeps what is written.
    """

    RESETS: ClassVar[Mapping[int, int]] = {
        0x00: 1, 0x04: 0x0001_0727, 0x08: 0x7FF, 0x14: 0xFFFC_E030, 0x28: 3, 0x2C: 3, 0x30: 3, 0x34: 3,
        0x3C: 0x0040_0000, 0x40: 0x0080_0000, 0x44: 0x00C0_0000, 0x48: 0x400, 0x4C: 0x400, 0x50: 0x400, 0x54: 0x400,
        0x9C: 0x15, 0xA4: 0x3F, 0xAC: 0x3F, 0xB4: 0x6480, 0x3FC: 0x0200_7210,
    }  # fmt: skip

    RND_DATA = register(0xB0, read="_draw", read_only=True)

    def reset(self) -> None:
        """Back to the state after power-on, and to the first number."""
        super().reset()
        self.state = _SEED

    def _draw(self) -> int:
        self.state = xorshift.following(self.state)
        return self.state
