"""The system control block of a Cortex-M: vector table, priorities, faults, FPU access. Arm DDI 0403E, B3.2."""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import Array, c_uint64

from lab.engines.builtin import chip_resets
from lab.engines.builtin.peripheral import Peripheral, register, register_bank
from lab.engines.builtin.shim import Core

NMI, HARD_FAULT, MEM_MANAGE, BUS_FAULT, USAGE_FAULT = 2, 3, 4, 5, 6
SVCALL, DEBUG_MONITOR, PENDSV, SYSTICK = 11, 12, 14, 15
_WITHOUT_PRIORITY = (8, 9, 10, 12, 13)
"""Fields of SHPR2 and SHPR3 that stay 0: no exception has that number, or its priority is not settable (Renode)."""
_ARMV6 = 0xC
_CORTEX_M7 = 0xC27
_CCR, _CCR_CACHES = 0x31B, 3 << 16  # IC and DC are bits of cores that have caches
_CCR_OF_ARMV6 = 1 << 9 | 1 << 3  # STKALIGN and UNALIGN_TRP, for good
_ALWAYS_ENABLED = (NMI, HARD_FAULT, SVCALL, PENDSV, SYSTICK)
_SHCSR_ENABLES = {MEM_MANAGE: 16, BUS_FAULT: 17, USAGE_FAULT: 18}
_SHCSR_ACTIVE = {MEM_MANAGE: 0, BUS_FAULT: 1, USAGE_FAULT: 3, SVCALL: 7, DEBUG_MONITOR: 8, PENDSV: 10, SYSTICK: 11}
_SHCSR_PENDING = {USAGE_FAULT: 12, MEM_MANAGE: 13, BUS_FAULT: 14, SVCALL: 15}


class SystemControlBlock(Peripheral):
    """The registers at 0xD00 to 0xF44 of the system control space; a part of the NVIC, as in Renode.

    What the core needs while it takes exceptions lives in the core itself (`Core`): these registers show it.
    """

    CPUID = register(0xD00, read="_read_cpuid", read_only=True)
    ICSR = register(0xD04, read="_read_icsr", write="_write_icsr")
    VTOR = register(0xD08, read="_read_vtor", write="_write_vtor")
    AIRCR = register(0xD0C, read="_read_aircr", write="_write_aircr")
    SCR = register(0xD10, read="_read_scr", write="_write_scr")
    CCR = register(0xD14, read="_read_ccr", write="_write_ccr")
    SHPR = register_bank(0xD18, count=3, read="_read_system_priorities", write="_write_system_priorities")
    SHCSR = register(0xD24, read="_read_shcsr", write="_write_shcsr")
    CFSR = register(0xD28, read="_read_cfsr", write="_clear_cfsr")
    HFSR = register(0xD2C, read="_read_hfsr", write="_clear_hfsr")
    DFSR = register(0xD30)
    MMFAR = register(0xD34, read="_read_mmfar", read_only=True)
    BFAR = register(0xD38, read="_read_bfar", read_only=True)
    CACHES = register_bank(0xD78, count=4, bits=0)  # CLIDR, CTR, CCSIDR, CSSELR: none, as in Renode
    CPACR = register(0xD88, read="_read_cpacr", write="_write_cpacr")
    FPCCR = register(0xF34, read="_read_fpccr", write="_write_fpccr")
    FPCAR = register(0xF38, read="_read_fpcar", read_only=True)
    FPDSCR = register(0xF3C)
    MVFR = register_bank(0xF40, count=3, read="_read_mvfr", read_only=True)
    CACHE_MAINTENANCE = register_bank(0xF50, count=11, bits=0)  # ICIALLU to BPIALL: there is nothing to maintain

    core: Core
    priority_mask: int

    def reset(self) -> None:
        """Every exception inactive and at priority 0, the FPU off, faults escalating to HardFault."""
        super().reset()
        core = self.core.cortex_m
        for word in range(len(core.pending)):
            core.pending[word] = core.enabled[word] = core.active[word] = core.level[word] = 0
        for number in range(len(core.priority)):
            core.priority[number] = 0
        core.priority[1], core.priority[NMI], core.priority[HARD_FAULT] = -3, -2, -1
        core.vector_table = core.scr = core.cfsr = core.hfsr = core.mmfar = core.bfar = core.fpcar = core.cpacr = 0
        core.fpccr = 0xC000_0000
        core.ccr = 1 << 9
        core.priority_mask = self.priority_mask
        self._set_group(0)
        for number in _ALWAYS_ENABLED:
            self.change(core.enabled, number, True)

    def pend(self, number: int, on: bool = True) -> None:
        """Exception `number` becomes pending, or is not any more."""
        self.change(self.core.cortex_m.pending, number, on)

    def set_priority(self, number: int, value: int) -> None:
        """The priority of exception `number`, as far as the board's mask implements its bits."""
        self.core.cortex_m.priority[number] = value & self.priority_mask
        self.core.limit = 0

    def change(self, words: Array[c_uint64], number: int, on: bool) -> None:
        """Put exception `number` in or out of `words`; the core looks at it before its next block."""
        self.core.cortex_m.change(words, number, on)
        self.core.limit = 0

    @property
    def _is_armv6(self) -> bool:
        """A Cortex-M0 or M0+, of which Arm DDI 0419E, B3.2 leaves much out. Its faults are HardFaults."""
        return self.core.cortex_m.cpuid >> 16 & 0xF == _ARMV6

    @property
    def _has_fpu(self) -> bool:
        return self.core.cortex_m.mvfr[0] != 0

    def _read_cpuid(self) -> int:
        return self.core.cortex_m.cpuid

    def _read_icsr(self) -> int:
        core = self.core.cortex_m
        # Firmware polls it, so it is read as three large numbers rather than exception by exception.
        waiting, enabled, active = (
            int.from_bytes(words, "little") for words in (core.pending, core.enabled, core.active)
        )
        waiting &= ~0b11
        first = min(_bits(waiting & enabled), key=lambda number: (core.priority[number], number), default=0)
        return (
            self.core.running
            | (active.bit_count() <= 1) << 11
            | first << 12
            | (waiting >> 16 != 0) << 22
            | (waiting >> SYSTICK & 1) << 26
            | (waiting >> PENDSV & 1) << 28
            | (waiting >> NMI & 1) << 31
        )

    def _write_icsr(self, value: int) -> None:
        for bit, number, on in (
            (31, NMI, True), (28, PENDSV, True), (27, PENDSV, False), (26, SYSTICK, True), (25, SYSTICK, False),
        ):  # fmt: skip
            if value >> bit & 1:
                self.pend(number, on)

    def _read_vtor(self) -> int:
        return self.core.cortex_m.vector_table

    def _write_vtor(self, value: int) -> None:
        self.core.cortex_m.vector_table = value & 0xFFFF_FF80

    def _set_group(self, group: int) -> None:
        self._group = group
        self.core.cortex_m.group_mask = 0xFF >> (group + 1) << (group + 1) & 0xFF
        self.core.limit = 0

    def _read_aircr(self) -> int:
        return 0xFA05_0000 | self._group << 8

    def _write_aircr(self, value: int) -> None:
        if value >> 16 != 0x05FA:
            return
        self._set_group(0 if self._is_armv6 else value >> 8 & 7)
        if value & 1 << 2:
            self.reset_chip(chip_resets.by_firmware("AIRCR.SYSRESETREQ"))

    def _read_scr(self) -> int:
        return self.core.cortex_m.scr

    def _write_scr(self, value: int) -> None:
        self.core.cortex_m.scr = value & 0x16

    def _read_ccr(self) -> int:
        return _CCR_OF_ARMV6 if self._is_armv6 else self.core.cortex_m.ccr

    def _write_ccr(self, value: int) -> None:
        if self._is_armv6:
            return
        has_caches = self.core.cortex_m.cpuid >> 4 & 0xFFF == _CORTEX_M7
        self.core.cortex_m.ccr = value & (_CCR | _CCR_CACHES if has_caches else _CCR)
        self.core.limit = 0  # UNALIGN_TRP changes how blocks are executed

    def _read_system_priorities(self, index: int) -> int:
        first = 4 + 4 * index
        return int.from_bytes((self.core.cortex_m.priority[first + byte] & 0xFF for byte in range(4)), "little")

    def _write_system_priorities(self, index: int, value: int) -> None:
        for byte in range(4):
            number = 4 + 4 * index + byte
            if number not in _WITHOUT_PRIORITY:
                self.set_priority(number, value >> 8 * byte & 0xFF)

    def _read_shcsr(self) -> int:
        core = self.core.cortex_m
        tables = ((core.enabled, _SHCSR_ENABLES), (core.active, _SHCSR_ACTIVE), (core.pending, _SHCSR_PENDING))
        return sum(core.has(words, number) << bit for words, bits in tables for number, bit in bits.items())

    def _write_shcsr(self, value: int) -> None:
        if self._is_armv6:
            return
        for number, bit in _SHCSR_ENABLES.items():
            self.change(self.core.cortex_m.enabled, number, bool(value >> bit & 1))

    def _read_cfsr(self) -> int:
        return 0 if self._is_armv6 else self.core.cortex_m.cfsr

    def _clear_cfsr(self, value: int) -> None:
        self.core.cortex_m.cfsr &= ~value

    def _read_hfsr(self) -> int:
        return 0 if self._is_armv6 else self.core.cortex_m.hfsr

    def _clear_hfsr(self, value: int) -> None:
        self.core.cortex_m.hfsr &= ~value

    def _read_mmfar(self) -> int:
        return 0 if self._is_armv6 else self.core.cortex_m.mmfar

    def _read_bfar(self) -> int:
        return 0 if self._is_armv6 else self.core.cortex_m.bfar

    def _read_cpacr(self) -> int:
        return self.core.cortex_m.cpacr

    def _write_cpacr(self, value: int) -> None:
        self.core.cortex_m.cpacr = value & 0xF << 20 if self._has_fpu else 0
        self.core.limit = 0

    def _read_fpccr(self) -> int:
        return self.core.cortex_m.fpccr if self._has_fpu else 0

    def _write_fpccr(self, value: int) -> None:
        self.core.cortex_m.fpccr = value & 0xC000_0001

    def _read_fpcar(self) -> int:
        return self.core.cortex_m.fpcar

    def _read_mvfr(self, index: int) -> int:
        return self.core.cortex_m.mvfr[index]


def _bits(number: int) -> Iterator[int]:
    """The places of its ones, from the lowest on."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
