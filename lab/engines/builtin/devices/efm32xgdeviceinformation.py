"""Identity of an EFM32."""

from __future__ import annotations

from lab.engines.builtin.devices.silabs import DeviceInformation


class EFM32xGDeviceInformation(DeviceInformation):
    """DI page. EFM32GG reference manual, chapter 5, from 0x0FE081B0 on."""

    size = 0x50
