"""The registers of a Cortex-M's memory protection unit. Arm DDI 0403E, B3.5; what they do is in core/mpu.c."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Peripheral, register, register_bank
from lab.engines.builtin.shim import MPU_REGIONS, Core

_CONTROL_BITS = 7
_REGION, _VALID = 0xF, 1 << 4
_ADDRESS = 0xFFFF_FFE0
_ATTRIBUTES = 0x173F_FF3F


class MemoryProtection(Peripheral):
    """MPU_TYPE to MPU_RASR_A3, at 0xD90 to 0xDBC of the system control space: 8 regions, or as many as
    `numberOfMPURegions` of the core says, as in Renode.

    The alias registers reach the same region as the first pair, which RNR or a valid RBAR chooses. A change acts from
    the next basic block on: after the barrier that firmware needs anyway.
    """

    MPU_TYPE = register(0xD90, read="_read_type", read_only=True, steady=True)
    MPU_CTRL = register(0xD94, read="_read_protection", write="_protect", steady=True)
    MPU_RNR = register(0xD98, bits=8)
    MPU_RBAR = register_bank(0xD9C, count=4, stride=8, read="_read_base", write="_write_base", steady=True)
    MPU_RASR = register_bank(0xDA0, count=4, stride=8, read="_read_attributes", write="_write_attributes", steady=True)

    core: Core

    def reset(self) -> None:
        """Off, and every region disabled."""
        super().reset()
        mpu = self.core.cortex_m.mpu
        mpu.control = 0
        for region in range(MPU_REGIONS):
            mpu.base[region] = mpu.attributes[region] = 0

    def _read_type(self) -> int:
        return self.core.cortex_m.mpu.count << 8

    def _read_protection(self) -> int:
        return self.core.cortex_m.mpu.control

    def _protect(self, value: int) -> None:
        self.core.cortex_m.mpu.control = value & _CONTROL_BITS
        self.core.limit = 0

    def _region(self) -> int:
        return self.MPU_RNR % (self.core.cortex_m.mpu.count or 1)

    def _read_base(self, _alias: int) -> int:
        return self.core.cortex_m.mpu.base[self._region()] | self._region()

    def _write_base(self, _alias: int, value: int) -> None:
        if value & _VALID:
            self.MPU_RNR = value & _REGION
        self.core.cortex_m.mpu.base[self._region()] = value & _ADDRESS
        self.core.limit = 0

    def _read_attributes(self, _alias: int) -> int:
        return self.core.cortex_m.mpu.attributes[self._region()]

    def _write_attributes(self, _alias: int, value: int) -> None:
        self.core.cortex_m.mpu.attributes[self._region()] = value & _ATTRIBUTES
        self.core.limit = 0
