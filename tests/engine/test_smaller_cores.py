"""Cortex-M0, M0+ and M3, and atomic instructions: what these cores have, and what they have not."""

from __future__ import annotations

import pytest

from lab.errors import ConfigurationError, DeviceFault
from lab.monitor import Monitor

ARM = (
    "flash: Memory.MappedMemory @ sysbus 0x0 {{ size: 0x10000 }}\n"
    "ram: Memory.MappedMemory @ sysbus 0x20000000 {{ size: 0x10000 }}\n"
    "nvic: IRQControllers.NVIC @ sysbus 0xE000E000 {{ -> cpu@0 }}\n"
    'cpu: CPU.CortexM @ sysbus {{ cpuType: "{core}"; nvic: nvic }}\n'
)
RISCV = (
    "ram: Memory.MappedMemory @ sysbus 0x80000000 {{ size: 0x10000 }}\n"
    'cpu: CPU.RiscV32 @ sysbus {{ cpuType: "{core}"; timeProvider: empty }}\n'
)
HANDLER, CODE = 0x100, 0x200
ARMV6 = ("cortex-m0", "cortex-m0+")
ON_ARMV7_ONLY = [
    "movw r0, #1",
    "adds.w r0, r0, #1",
    "ldr.w r0, [r1, #4]",
    "bfi r0, r1, #0, #8",
    "udiv r0, r1, r2",
    "ldrex r0, [r1]",
    "cbz r0, 1f\n1: nop",
    "it eq\nmoveq r0, r1",
]
PARALLEL = [
    f"{kind}{what} r0, r1, r2" for kind in ("s", "q", "sh", "u", "uq", "uh") for what in ("add16", "asx", "sub8")
]
HALVES = ["bb", "bt", "tb", "tt"]
DSP = [
    *PARALLEL,
    *(f"{name} r0, r1, r2" for name in ("pkhbt", "pkhtb", "qadd", "qsub", "qdadd", "qdsub", "sel", "usad8")),
    *(f"{name} r0, r1, r2" for name in ("sxtab", "sxtah", "uxtab", "uxtah", "sxtab16", "uxtab16", "smmul", "smmulr")),
    *(f"{name} r0, r1" for name in ("sxtb16", "uxtb16")),
    *(f"{name} r0, #5, r1" for name in ("ssat16", "usat16")),
    *(f"smul{half} r0, r1, r2" for half in (*HALVES, "wb", "wt")),
    *(f"smla{half} r0, r1, r2, r3" for half in (*HALVES, "wb", "wt", "d", "dx")),
    *(f"smlal{half} r0, r1, r2, r3" for half in (*HALVES, "d", "dx")),
    *(f"{name} r0, r1, r2" for name in ("smuad", "smuadx", "smusd", "smusdx")),
    *(f"{name} r0, r1, r2, r3" for name in ("smlsd", "smlsdx", "smlsld", "smlsldx", "smmla", "smmlar", "smmls")),
    *(f"{name} r0, r1, r2, r3" for name in ("umaal", "usada8")),
]
WITHOUT_DSP = [
    *(f"{name} r0, r1, r2" for name in ("mul", "sdiv", "udiv", "lsl.w", "ror.w")),
    *(f"{name} r0, r1" for name in ("sxtb.w", "sxth.w", "uxtb.w", "uxth.w", "rev.w", "rev16.w", "rbit", "clz")),
    *(f"{name} r0, r1, r2, r3" for name in ("mla", "mls", "umull", "smull", "umlal", "smlal")),
    *(f"{name} r0, #5, r1, asr #3" for name in ("ssat", "usat")),
    "ssat r0, #5, r1",
    "bfi r0, r1, #0, #8",
    "revsh.w r0, r1",
]
FLOATS = ["vadd.f32 s0, s1, s2", "vmov s0, r0", "vldr s0, [r1]"]


class Bare:
    """A core in a monitor, with the same handler for every exception."""

    def __init__(self, core: str, text: str = ARM) -> None:
        self.monitor = Monitor()
        quoted = text.format(core=core).replace('"', '\\"')
        self.do(f'mach create; machine LoadPlatformDescriptionFromString "{quoted}"')
        if text is ARM:
            for exception in range(1, 48):
                self.do(f"sysbus WriteDoubleWord {4 * exception} {HANDLER | 1}")
            self.do(f"sysbus WriteDoubleWord 0 0x20008000; sysbus WriteDoubleWord 4 {CODE | 1}")
            self.assemble(HANDLER, "b .")

    def do(self, command: str) -> str:
        return self.monitor.execute(command)

    def assemble(self, address: int, text: str) -> None:
        """For the whole of Armv7E-M: what the core has not, it shall meet."""
        whole = text if "ram" in text else f".cpu cortex-m7\n.fpu fpv5-d16\n{text}"
        self.do(f'cpu AssembleBlock {address} "{whole}"')

    def number(self, command: str) -> int:
        return int(self.do(command), 16)

    def run(self, text: str) -> Bare:
        self.assemble(CODE, f"{text}\nb .")
        self.do('emulation RunFor "0.00001"')
        return self

    @property
    def exception(self) -> int:
        """What is handled; 0 in the program."""
        return self.number("nvic ReadDoubleWord 0xD04") & 0x1FF


def of_core(core: str, text: str) -> Bare:
    return Bare(core).run(text)


@pytest.mark.parametrize("core", ARMV6)
@pytest.mark.parametrize("instruction", [*ON_ARMV7_ONLY, *DSP[::9], *FLOATS])
def test_armv6_has_no_instruction_of_armv7(core, instruction):
    text = f"ldr r1, =0x20000000\n{instruction}"
    assert of_core(core, text).exception == 3
    assert of_core("cortex-m7", f"ldr r0, =0xE000ED88\nldr r1, =0xF00000\nstr r1, [r0]\nisb\n{text}").exception == 0


@pytest.mark.parametrize("instruction", [*DSP, *FLOATS])
def test_a_cortex_m3_has_neither_dsp_nor_floats(instruction):
    bare = of_core("cortex-m3", f"ldr r0, =0xE000ED88\nldr r1, =0xF00000\nstr r1, [r0]\nisb\n{instruction}")
    assert bare.exception == 3
    undefined, no_coprocessor = 1 << 16, 1 << 19
    assert bare.number("nvic ReadDoubleWord 0xD28") == (no_coprocessor if instruction in FLOATS else undefined)
    assert bare.number("nvic ReadDoubleWord 0xD88") == 0


def test_a_cortex_m3_has_the_rest_of_armv7():
    text = "ldr r1, =0x20000000\n" + "\n".join([*ON_ARMV7_ONLY, *WITHOUT_DSP])
    assert of_core("cortex-m3", text).exception == 0


@pytest.mark.parametrize("core", ARMV6)
@pytest.mark.parametrize("access", ["ldr r0, [r1]", "str r0, [r1]", "ldrh r0, [r1]", "ldm r1!, {r0, r2}"])
def test_armv6_refuses_unaligned_accesses(core, access):
    assert of_core(core, f"ldr r1, =0x20000001\n{access}").exception == 3
    assert of_core(core, f"ldr r1, =0x20000004\n{access}").exception == 0


def test_a_cortex_m3_reads_an_unaligned_word():
    assert of_core("cortex-m3", "ldr r1, =0x20000001\nldr r0, [r1]").exception == 0


@pytest.mark.parametrize(
    ("core", "part"), [("cortex-m0", 0x410CC200), ("cortex-m0+", 0x410CC601), ("cortex-m3", 0x412FC231)]
)
def test_each_says_what_it_is(core, part):
    assert Bare(core).number("nvic ReadDoubleWord 0xD00") == part


@pytest.mark.parametrize("core", ARMV6)
def test_armv6_has_only_what_its_system_control_block_has(core):
    bare = of_core(core, "ldr r1, =0x20000001\nldr r0, [r1]")
    for register in (0xD28, 0xD2C, 0xD34, 0xD38, 0xD88, 0xF34):
        assert bare.number(f"nvic ReadDoubleWord {register}") == 0
    assert bare.number("nvic ReadDoubleWord 0xD14") == 1 << 9 | 1 << 3
    for register, value in ((0xD0C, 0x05FA0700), (0xD14, 0), (0xD24, 7 << 16)):
        bare.do(f"nvic WriteDoubleWord {register} {value}")
    assert bare.number("nvic ReadDoubleWord 0xD0C") == 0xFA050000
    assert bare.number("nvic ReadDoubleWord 0xD14") == 1 << 9 | 1 << 3
    assert bare.number("nvic ReadDoubleWord 0xD24") >> 16 == 0


@pytest.mark.parametrize("core", [*ARMV6, "cortex-m3"])
def test_each_takes_interrupts_and_returns(core):
    bare = Bare(core)
    bare.assemble(HANDLER, "ldr r6, =0xE000E280\nmovs r5, #4\nstr r5, [r6]\nadds r4, #1\nbx lr")
    bare.run(
        "movs r4, #0\nldr r6, =0xE000E100\nmovs r5, #4\nstr r5, [r6]\n"
        "ldr r6, =0xE000E200\nstr r5, [r6]\nb 1f\n1: svc #1\nmovs r7, #9"
    )
    assert bare.number("cpu GetRegister 4") == 2
    assert bare.number("cpu GetRegister 7") == 9


@pytest.mark.parametrize(
    ("said", "regions"), [("", 8), ("; numberOfMPURegions: 16", 16), ("; numberOfMPURegions: 0", 0)]
)
def test_memory_protection_has_the_regions_that_the_description_says(said, regions):
    bare = Bare('cortex-m7"' + said + "; cpuId: 0; PerformanceInMips: 100 } //")
    assert bare.number("nvic ReadDoubleWord 0xD90") == regions << 8


def test_the_sixteenth_region_protects():
    bare = Bare('cortex-m7"; numberOfMPURegions: 16; nvic: nvic } //')
    for register, value in ((0xD98, 15), (0xD9C, 0x20000000), (0xDA0, 9 << 1 | 1), (0xD94, 0b101)):
        bare.do(f"nvic WriteDoubleWord {register} {value}")
    bare.run("ldr r1, =0x20000000\nldr r0, [r1]")
    assert bare.exception == 3


def test_a_fault_names_what_happened():
    bare = Bare("cortex-m0")
    bare.do("sysbus WriteDoubleWord 12 0")
    with pytest.raises(DeviceFault, match=r"no handler for HardFault") as raised:
        bare.run("ldr r1, =0x20000001\nldr r0, [r1]")
    assert "unaligned access" in raised.value.details


def test_a_misaligned_atomic_access_traps():
    for instruction, cause in (("amoadd.w a0, a1, (a2)", 6), ("lr.w a0, (a2)", 4)):
        bare = Bare("rv32imac", RISCV)
        bare.do("cpu PC 0x80000000; cpu MTVEC 0x80000100; cpu SetRegister 12 0x80000202")
        bare.do(f'cpu AssembleBlock 0x80000100 "j ."; cpu AssembleBlock 0x80000000 "nop\n{instruction}\nnop\nj ."')
        bare.do('emulation RunFor "0.00001"')
        assert bare.number("cpu MCAUSE") == cause
        assert bare.number("cpu MTVAL") == 0x80000202
        assert bare.number("cpu MEPC") == 0x80000002


@pytest.mark.parametrize(("core", "cause"), [("rv32imac", 0), ("rv32imc", 2)])
def test_atomic_instructions_are_those_of_a_core_that_has_them(core, cause):
    bare = Bare(core, RISCV)
    bare.do("cpu PC 0x80000000; cpu MTVEC 0x80000100; cpu SetRegister 12 0x80000200; cpu SetRegister 11 5")
    bare.do('cpu AssembleBlock 0x80000100 "j ."')
    bare.do('cpu AssembleBlock 0x80000000 "amoadd.w a0, a1, (a2)\namoadd.w a0, a1, (a2)\ncsrr a3, misa\nj ."')
    bare.do('emulation RunFor "0.00001"')
    assert bare.number("cpu MCAUSE") == cause
    assert bare.number("sysbus ReadDoubleWord 0x80000200") == (0 if cause else 10)
    assert bare.number("cpu GetRegister 13") & 1 == (not cause)


@pytest.mark.parametrize(
    ("text", "core", "message"),
    [
        (ARM, "cortex-m33", "the built-in engine has the cores cortex-m0, cortex-m0\\+, cortex-m3, cortex-m4"),
        (ARM, 'cortex-m4"; enableTrustZone: true; id: "', "has no other enableTrustZone than False"),
        (RISCV, "rv32imafc", "the built-in engine has the cores rv32imc, "),
        (RISCV, 'rv32imc"; privilegedArchitecture: PrivilegedArchitecture.Priv1_09; hartId: "', "than Priv1_10 or"),
    ],
)
def test_another_core_is_refused(text, core, message):
    with pytest.raises(ConfigurationError, match=message):
        Bare(core, text)
