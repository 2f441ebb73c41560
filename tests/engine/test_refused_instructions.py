"""What silicon refuses to execute, and what it executes although it looks as if it might not."""

import shutil

import pytest

from lab.elf import Firmware
from lab.errors import DeviceFault

from .boards import NANO33BLE, nano33ble
from .qemu import compiled

ALIGNED, BY_2, BY_1 = 0x2000_8000, 0x2000_8002, 0x2000_8001
CORES = ("cortex-m4f", "cortex-m7")
IN_ANY_CASE = [
    "ldrd r2, r3, [r0, #8]",
    "strd r2, r3, [r0], #8",
    "ldm r0, {r2, r3}",
    "ldm r0!, {r2, r3}",
    "stmdb r0, {r2, r3}",
    "stm.w r0!, {r2, r3}",
    "vldr s0, [r0, #4]",
    "vstr d0, [r0]",
    "vldmia r0!, {s0-s3}",
    "vstmdb r0!, {d0}",
    "ldrex r2, [r0]",
    "strex r2, r3, [r0, #4]",
]
"""A3.2.1 of Arm DDI 0403E: a UsageFault where r0 is no multiple of 4."""

LATE = [
    "mov r4, r0\nmov r5, #1\nadds r4, r4, r5\nsubs r4, r4, #1\nldrd r2, r3, [r4]",
    "push {r0}\nldr r4, [sp]\npop {r1}\nvldr s0, [r4]",
    "cmp r0, r0\nitt eq\nmoveq r4, r0\nldrdeq r2, r3, [r4]",
    "movs r1, #3\n1: add r0, r0, #256\nsubs r1, r1, #1\nbne 1b\nldm r0, {r2, r3}",
    "add.w r4, r0, r0, lsl #2\nsub.w r4, r4, r0, lsl #2\nstrd r2, r3, [r4]",
]
"""The same where the base is made from r0 in the block before the access, or is seen in an IT block."""


def on(core, folder, description=NANO33BLE):
    """The board with that core, single precision, in a file of its own."""
    shutil.copy(description.with_name("chip.toml"), folder)
    changed = folder / "board.repl"
    changed.write_text(description.read_text().replace('"cortex-m4f"', f'"{core}"'))
    (folder / "chip.toml").write_text("double_precision = false\n")
    return nano33ble(changed)


def ran(core, folder, instructions, *, pieces=None):
    """The lines that the device printed. Raises DeviceFault."""
    text = instructions.replace("\n", "\\n")
    firmware = compiled("misbehaviour.c", folder, "-Og", "-DMISBEHAVIOUR=instructions", f'-DINSTRUCTIONS="{text}"')
    with on(core, folder) as machine:
        machine.load(Firmware(firmware))
        while pieces and not machine.lines()[1:] and machine.counters().time_ns < 10**6:
            machine.run(limit=pieces)
        machine.run(limit=0.001)
        return machine.lines()


def refused(core, folder, instructions, **options):
    with pytest.raises(DeviceFault) as raised:
        ran(core, folder, instructions, **options)
    assert raised.value.exit_code == 1
    return raised.value.message


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("access", [*IN_ANY_CASE, *LATE])
def test_multiples_of_words_must_be_aligned(tmp_path, core, access):
    assert ran(core, tmp_path, f"ldr r0, ={ALIGNED}\nmov r6, r0\n{access}") == ["hello", "passed"]
    message = refused(core, tmp_path, f"ldr r0, ={BY_2}\n{access}")
    assert message.startswith("UsageFault at ")
    assert "unaligned access to 0x20008" in message


@pytest.mark.parametrize("access", [IN_ANY_CASE[0], IN_ANY_CASE[2], IN_ANY_CASE[6], *LATE])
def test_an_unaligned_access_is_refused_however_the_run_is_cut(tmp_path, access):
    for pieces in (16e-9, 47e-9, 125e-9):
        assert "unaligned access" in refused("cortex-m4f", tmp_path, f"ldr r0, ={BY_2}\n{access}", pieces=pieces)


def test_a_loop_that_leaves_alignment_is_refused_there(tmp_path):
    loop = f"ldr r0, ={ALIGNED}\n1: ldrd r2, r3, [r0]\nvldmia r0!, {{s0}}\nldrb r2, [r0], #2\nb 1b"
    assert "unaligned access to 0x20008006" in refused("cortex-m4f", tmp_path, loop)


@pytest.mark.parametrize(
    "access",
    ["ldr r2, [r0]", "strh r2, [r0, #1]", "ldr r2, [r0, r1]", "ldrsh r2, [r0], #1", "ldrb r2, [r0]", "ldrexb r2, [r0]"],
)
def test_single_loads_and_stores_need_no_alignment_unless_they_are_trapped(tmp_path, access):
    at = f"ldr r0, ={BY_1}\nmovs r1, #0\n"
    trap = "ldr r4, =0xE000ED14\nldr r5, [r4]\norr r5, #8\nstr r5, [r4]\ndsb\n"
    assert ran("cortex-m4f", tmp_path, at + access) == ["hello", "passed"]
    if "b r2" in access:
        assert ran("cortex-m4f", tmp_path, trap + at + access) == ["hello", "passed"]
    elif access != "strh r2, [r0, #1]":
        assert "unaligned access to 0x20008001" in refused("cortex-m4f", tmp_path, trap + at + access)


def test_an_unaligned_access_whose_condition_does_not_hold_is_none(tmp_path):
    skipped = f"ldr r0, ={BY_2}\ncmp r0, r0\nitt ne\nldrdne r2, r3, [r0]\nvldrne s0, [r0]\nldrdeq r2, r3, [sp]"
    assert ran("cortex-m4f", tmp_path, skipped.replace("\nldrdeq r2, r3, [sp]", "")) == ["hello", "passed"]


def test_the_stack_pointer_drops_its_lowest_bits(tmp_path):
    """B1.4.1: bits 1 and 0 of SP are ignored when it is written."""
    compare = "push {r2, r3}\npop {r2, r3}\nmov r5, sp\ncmp r4, r5\nbeq 1f\nudf #0\n1:"
    for write in ("mov sp, r5", "push {r5}\nldr r6, [sp]\nmov sp, r6", "msr msp, r5", "movs r6, #3\nadd sp, r6"):
        assert ran("cortex-m4f", tmp_path, f"mov r4, sp\nadds r5, r4, #2\n{write}\n{compare}") == ["hello", "passed"]


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize(
    ("encoding", "message"),
    [
        (".inst.w 0xee000f10", "instruction for coprocessor 15, which is not there"),  # MCR
        (".inst.w 0xee000300", "instruction for coprocessor 3, which is not there"),  # CDP
        (".inst.w 0xed900300", "instruction for coprocessor 3, which is not there"),  # LDC
        (".inst.w 0xee300b01", "undefined instruction"),  # VADD.F64
        (".inst.w 0xee810b02", "undefined instruction"),  # VDIV.F64
        (".inst.w 0xeeb70ac0", "undefined instruction"),  # VCVT.F64.F32
        (".inst.w 0xeeb70b00", "undefined instruction"),  # VMOV.F64 of a constant
        (".inst.w 0xfe000b00", "undefined instruction"),  # VSELEQ.F64
        (".inst.w 0xfe800b00", "undefined instruction"),  # VMAXNM.F64
        (".inst.w 0xeee80a10", "undefined instruction"),  # VMSR FPEXC
        (".inst.w 0xeef00a10", "undefined instruction"),  # VMRS FPSID
        (".inst.w 0xe8d0237f", "undefined instruction"),  # LDREXD
        (".inst.n 0xb650", "undefined instruction"),  # SETEND
    ],
)
def test_what_the_core_does_not_have_is_refused(tmp_path, core, encoding, message):
    fault = refused(core, tmp_path, f"ldr r0, ={ALIGNED}\n{encoding}")
    assert fault.startswith("UsageFault at ")
    assert message in fault


@pytest.mark.parametrize(
    "encoding",
    [
        ".inst.w 0xfe000a80",  # VSELEQ.F32
        ".inst.w 0xfe800a80",  # VMAXNM.F32
        ".inst.w 0xfeb80a40",  # VRINTA.F32
        ".inst.w 0xfebc0ac0",  # VCVTA.U32.F32
        ".inst.w 0xeeb60ac0",  # VRINTZ.F32
    ],
)
def test_what_came_with_fpv5_is_for_the_cortex_m7(tmp_path, encoding):
    assert ran("cortex-m7", tmp_path, encoding) == ["hello", "passed"]
    assert "undefined instruction" in refused("cortex-m4f", tmp_path, encoding)


def test_doubles_are_moved_and_stored_where_they_are_not_computed_with(tmp_path):
    moves = "vpush {d0-d3}\nvpop {d4-d7}\nvmov r2, r3, d4\nvmov d5, r2, r3\nvldr d1, [sp]"
    assert ran("cortex-m7", tmp_path, moves) == ["hello", "passed"]


def test_a_refused_instruction_whose_condition_does_not_hold_is_none(tmp_path):
    assert ran("cortex-m7", tmp_path, "cmp r0, r0\nit ne\n.inst.w 0xee300b01") == ["hello", "passed"]
    off = "ldr r4, =0xE000ED88\nmovs r5, #0\nstr r5, [r4]\ndsb\nisb\n"
    assert ran("cortex-m4f", tmp_path, off + "cmp r0, r0\nit ne\nvaddne.f32 s0, s0, s0") == ["hello", "passed"]
    assert "FPU is off" in refused("cortex-m4f", tmp_path, off + "cmp r0, r0\nit eq\nvaddeq.f32 s0, s0, s0")


@pytest.mark.parametrize("mode", [0, 1, 2, 3])
def test_fixed_point_is_converted_with_rounding_to_the_nearest(tmp_path, mode):
    """A7.7.228: whatever FPSCR.RMode says. 0x7FFFFFFF / 2 is nearest to 2**30, 0x4E800000."""
    convert = (
        f"ldr r0, ={mode << 22}\nvmsr fpscr, r0\nldr r0, =0x7fffffff\nvmov s0, r0\nvcvt.f32.s32 s0, s0, #1\n"
        f"vmov r1, s0\nldr r2, =0x4e800000\nvmrs r3, fpscr\nand r3, #0xc00000\nldr r4, ={mode << 22}\n"
        "cmp r1, r2\nit eq\ncmpeq r3, r4\nbeq 1f\nudf #0\n1:"
    )
    assert ran("cortex-m4f", tmp_path, convert) == ["hello", "passed"]
