"""The tables with a pipeline: pairs on a Cortex-M7, results that are waited for on both."""

import subprocess
from functools import partial

import pytest

from lab.engines.builtin.cost_model import CostModel

from .assembler import assembled


@pytest.fixture(scope="module")
def m7():
    return CostModel.load("cortex-m7")


@pytest.fixture(scope="module")
def c3():
    return CostModel.load("esp32-c3")


@pytest.fixture
def thumb(tmp_path):
    return partial(assembled, tmp_path)


@pytest.fixture
def riscv(tmp_path):
    def assemble(*lines):
        source, binary, code = (tmp_path / name for name in ("code.s", "code.o", "code.bin"))
        source.write_text("\n".join([".option norelax", *lines, ""]))
        options = ["-march=rv32imc", "-misa-spec=2.2", "-mabi=ilp32"]
        subprocess.run(["riscv64-unknown-elf-as", *options, source, "-o", binary], check=True)
        subprocess.run(["riscv64-unknown-elf-objcopy", "-O", "binary", "-j", ".text", binary, code], check=True)
        return code.read_bytes()

    return assemble


@pytest.mark.parametrize(
    ("lines", "cycles"),
    [
        (["adds r0, #1", "adds r1, #1"], 1),  # two that need nothing of each other
        (["adds r0, #1", "adds r1, r0, #1"], 2),  # the second needs the first
        (["adds r0, #1", "adds r1, #1", "adds r2, #1"], 2),
        (["uxtb r0, r1", "uxtb r2, r3"], 2),  # one unit for bits
        (["uxtb r0, r1", "add.w r2, r3, r4, lsl #2"], 2),  # a shifted register takes it too
        (["smlad r0, r1, r2, r0", "smlad r3, r4, r5, r3"], 2),  # one multiplier
        (["smlad r0, r1, r2, r0", "smlad r0, r4, r5, r0"], 2),  # the accumulator is needed a cycle later
        (["mul r0, r1, r2", "adds r3, r0, #1"], 3),  # a product is there after two
        (["ldr r0, [r1]", "ldr r2, [r3]"], 1),  # two load pipes
        (["ldr r0, [r1]", "adds r2, r0, #1"], 2),
        (["ldrb r0, [r1]", "adds r2, r0, #1"], 3),  # a byte is there a cycle later
        (["ldr r0, [r1]", "ldr r2, [r0]"], 3),  # an address is needed a cycle earlier
        (["ldr r0, [r1]", "str r0, [r2]"], 1),  # what is stored is needed last
        (["str r0, [r1]", "str r2, [r3]"], 2),
        (["mul r0, r1, r2", "str r3, [r4]"], 2),
        (["sdiv r0, r1, r2", "adds r3, #1"], 8),
        (["push {r4, r5, lr}"], 2),
        (["adds r0, #1", "bne ."], 1),
    ],
)
def test_instructions_of_a_cortex_m7_pair_as_the_rules_say(m7, thumb, lines, cycles):
    assert m7.block(thumb(*lines)).cycles == cycles


def test_a_dot_product_on_a_cortex_m7_is_counted_by_hand(m7, thumb):
    loop = thumb(
        "1: ldr.w r4, [r0], #4",  # cycle 0
        "ldr.w r5, [r1], #4",  # 0, beside it
        "smlad r6, r4, r5, r6",  # 1
        "subs r2, #1",  # 1, beside it
        "bne 1b",  # 2
    )
    assert m7.block(loop).cycles == 3


@pytest.mark.parametrize(
    ("lines", "cycles"),
    [
        (["addi a0, a0, 1", "xor a1, a1, a2"], 2),
        (["lbu a0, 0(a1)", "add a1, a1, a0"], 3),  # [c3]: 2 for a load that is waited for
        (["lbu a0, 0(a1)", "addi a2, a2, 1", "add a1, a1, a0"], 3),
        (["lw a0, 0(a1)", "lw a2, 4(a1)", "add a3, a0, a2"], 4),
        (["c.lw a0, 0(a1)", "c.add a0, a2"], 3),
        (["lw a0, 0(a1)", "sw a0, 0(a2)"], 3),
        (["sw a0, 0(a1)", "sw a2, 4(a1)"], 2),
        (["mul a0, a1, a2", "mulh a3, a1, a2"], 3),
        (["div a0, a1, a2"], 10),
        (["j ."], 0),  # the penalty makes it two
        (["ret"], 1),
        (["beqz a0, ."], 1),
    ],
)
def test_instructions_of_an_esp32_c3_cost_what_was_measured(c3, riscv, lines, cycles):
    cost = c3.block(riscv(*lines))
    assert (cost.cycles, cost.unknown) == (cycles, frozenset())


def test_the_loops_that_were_timed_on_an_esp32_c3_take_as_long(c3, riscv):
    """ctrlsrc.io, "Counting CPU cycles on ESP32-C3 and ESP32-C6": 4 cycles a turn of the first, 6 of the second."""
    counting = riscv("1: addi a0, a0, 1", "bne a0, a1, 1b")
    walking = riscv("1: lbu a2, 0(a0)", "add a0, a0, a2", "bne a0, a1, 1b")
    assert [c3.block(loop).cycles + c3.taken_branch_penalty for loop in (counting, walking)] == [4, 6]


@pytest.mark.parametrize("name", ["cortex-m4", "cortex-m7", "esp32-c3"])
def test_every_table_says_its_error(name):
    assert CostModel.load(name).table.error
