"""Cortex-M0, M0+, M3, M4 and M7: Armv6-M, Arm DDI 0419E, and Armv7-M, Arm DDI 0403E."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from lab.engines.builtin import shim
from lab.engines.builtin.cores.core_type import CoreType
from lab.engines.builtin.description import Entry
from lab.engines.builtin.shim import Core, Fault
from lab.image import Image

_FIRST_INTERRUPT = 16
_EXCEPTIONS = {
    2: "NMI",
    3: "HardFault",
    4: "MemManage",
    5: "BusFault",
    6: "UsageFault",
    11: "SVCall",
    12: "DebugMonitor",
    14: "PendSV",
    15: "SysTick",
}
_IBUSERR, _NOCP, _FPU = 1 << 8, 1 << 19, 10
_CAUSES = {
    1 << 0: "execution where nothing can be executed",
    1 << 1: "access to {address:#010x} against the rules of the MPU",
    1 << 4: "an exception's frame at {address:#010x} against the rules of the MPU",
    _IBUSERR: "execution outside memory, {what}",
    1 << 9: "access to {address:#010x}, {what}",
    1 << 16: "undefined instruction",
    1 << 17: "branch to an address without the Thumb bit",
    1 << 18: "invalid return from an exception",
    _NOCP: "instruction for coprocessor {address}, which is not there",
    1 << 24: "unaligned access to {address:#010x}",
}
"""By bit of CFSR."""


@dataclass(frozen=True)
class CortexM(CoreType):
    """A Cortex-M; `cpuid` and `mvfr` are what it says of itself: without an FPU `mvfr` is 0."""

    cpuid: int
    mvfr: tuple[int, int, int]
    regions: int = 8
    """Of memory protection."""

    architecture = shim.CORTEX_M
    page = 1024
    family = "cortex-m"
    reads_vectors = True
    registers: ClassVar[Mapping[str, int]] = {
        **{f"r{number}": 66 + number for number in range(13)},
        "sp": 12,
        "lr": 10,
        "pc": 11,
        "xpsr": 120,
        "msp": 115,
        "psp": 116,
        "primask": 123,
        "basepri": 124,
        "faultmask": 126,
        "control": 117,
        "fpscr": 6,
        **{f"d{number}": 14 + number for number in range(16)},
    }
    widths: ClassVar[Mapping[str, int]] = {name: 64 if name[0] == "d" else 32 for name in registers}
    writes: ClassVar[Mapping[str, int]] = {"xpsr": 129}  # APSR_NZCVQG: the rest belongs to exceptions
    attributes = (
        "cpuType",
        "nvic",
        "PerformanceInMips",
        "cpuId",
        "id",
        "numberOfMPURegions",
        "fpuInterruptNumber",
        "enableTrustZone",
        "IsHalted",
    )
    only: ClassVar = {"enableTrustZone": (False,), "IsHalted": (False,), "numberOfMPURegions": (0, 8, 16)}

    def described(self, cpu: Entry) -> CortexM:
        """With as many regions as it says."""
        said = cpu.attributes.get("numberOfMPURegions")
        return replace(self, regions=said.value) if said and isinstance(said.value, int) else self

    def initialise(self, core: Core) -> None:
        """Set the identification registers, and the size of its MPU."""
        core.cortex_m.mpu.count = self.regions
        core.cortex_m.cpuid = self.cpuid
        core.cortex_m.mvfr[:] = list(self.mvfr)

    def with_single_precision(self) -> CoreType:
        """MVFR0 and MVFR1 without double precision: Arm 100230, 4.4."""
        return replace(self, mvfr=(self.mvfr[0] & ~0xF00, 0x1100_0011, self.mvfr[2]))

    def start(self, firmware: Image) -> int:
        """The vector table: the lowest address of the image."""
        return min((segment.address for segment in firmware.segments), default=0)

    def handler(self, number: int) -> str:
        """The exception's name, or the interrupt's number."""
        return _EXCEPTIONS.get(number, f"interrupt {number - _FIRST_INTERRUPT}")

    def fault(self, fault: Fault, what: Callable[[int], str]) -> tuple[str, str]:
        """The exception's name, and what CFSR says."""
        if fault.status == _NOCP and fault.address == _FPU:
            return self.handler(fault.exception), "floating point while the FPU is off (CPACR)"
        address = fault.pc if fault.status & _IBUSERR else fault.address
        causes = [
            text.format(address=address, what=what(address)) for bit, text in _CAUSES.items() if fault.status & bit
        ]
        return self.handler(fault.exception), ", ".join(causes)

    def no_handler(self, number: int) -> str:
        """That the vector is 0."""
        return f"There is no handler for {self.handler(number)} in the vector table"


# Unicorn's models (uc_cpu_arm): 7 is the Cortex-M0, 8 the M3, 9 the M4, 10 the M7. Identification: Arm DDI 0432C, 3.4
# (M0); Arm DDI 0484C, 3.4 (M0+); Arm DDI 0337I, 4.3 (M3); Arm 100166, 4.3.1 and 7.2 (M4); Arm 100230 (M7 r1p2, as in
# Renode, where "cortex-m4f" too says that it is a Cortex-M7).
_NO_FPU = (0, 0, 0)
_M0 = CortexM("Cortex-M0", 7, cpuid=0x410C_C200, mvfr=_NO_FPU)
_M0_PLUS = CortexM("Cortex-M0plus", 7, cpuid=0x410C_C601, mvfr=_NO_FPU)
_M3 = CortexM("Cortex-M3", 8, cpuid=0x412F_C231, mvfr=_NO_FPU)
_M4 = CortexM("Cortex-M4", 9, cpuid=0x410F_C241, mvfr=(0x1011_0021, 0x1100_0011, 0))
_M7 = CortexM("Cortex-M7", 10, cpuid=0x411F_C272, mvfr=(0x1011_0221, 0x1200_0011, 0x0000_0040))

CORTEX_M: dict[str, CoreType] = {
    "cortex-m0": _M0,
    "cortex-m0+": _M0_PLUS,
    "cortex-m3": _M3,
    "cortex-m4": _M4,
    "cortex-m4f": _M4,
    "cortex-m7": _M7,
}
