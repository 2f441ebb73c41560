"""Identity of an EZR32."""

from __future__ import annotations

from lab.engines.builtin.devices.silabs import DeviceInformation

_LATER = 8


class EZR32DeviceInformation(DeviceInformation):
    """DI page of an EZR32, as in Renode: that of an EFM32, two words later."""

    size = 0x58

    def read(self, offset: int, size: int) -> int:
        """A register of the page."""
        return super().read(offset - _LATER, size) if offset >= _LATER else 0
