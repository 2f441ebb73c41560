"""Identity of an EFM32 of series 1."""

from __future__ import annotations

from lab.engines.builtin.devices.silabs import DeviceInformation
from lab.engines.builtin.peripheral import register


class EFM32xG1xBDeviceInformation(DeviceInformation):
    """DI page. EFM32PG1 reference manual, from 0x0FE081B0 on."""

    size = 0x2B4

    EUI48L = register(0x024, read_only=True)
    EUI48H = register(0x028, read_only=True)
    DEVINFOREV = register(0x04C, reset=1, read_only=True)
