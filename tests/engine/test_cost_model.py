import re
from functools import partial

import pytest
from elftools.elf.elffile import ELFFile

from lab import places, target, workload
from lab.building import firmware
from lab.configuration import read_toml
from lab.engines.builtin.cost_model import CostModel
from lab.engines.builtin.cost_table import Table
from lab.errors import ConfigurationError, UnknownName
from lab.model import Model
from tests.building import tiny_model

from .assembler import assembled


@pytest.fixture(scope="module")
def model():
    return CostModel.load("cortex-m4")


@pytest.fixture
def assemble(tmp_path):
    return partial(assembled, tmp_path)


@pytest.mark.parametrize(
    ("instruction", "cycles"),
    [
        ("adds r0, #1", 1),
        ("addw r0, r1, #4095", 1),
        ("smlad r0, r1, r2, r3", 1),
        ("smlal r0, r1, r2, r3", 1),
        ("ssat r0, #8, r1, asr #9", 1),
        ("uxtab16 r0, r1, r2, ror #8", 1),
        ("sdiv r0, r1, r2", 7),
        ("ldr r0, [r1]", 2),
        ("ldrsh.w r0, [r1, r2, lsl #1]", 2),
        ("str r0, [r1, #4]", 1),
        ("strb r0, [r1, r2]", 2),
        ("ldrd r0, r1, [r2]", 3),
        ("ldm r0!, {r1, r2, r3}", 4),
        ("stmdb r0!, {r1, r2, r3, r4}", 5),
        ("push {r4, r5, lr}", 4),
        ("pop {r4, pc}", 3),
        ("b .", 1),
        ("bx lr", 1),
        ("tbb [pc, r0]", 2),
        ("mrs r0, primask", 2),
        ("dmb", 1),
        ("wfi", 1),
        ("vadd.f32 s0, s1, s2", 1),
        ("vmul.f32 s0, s1, s2", 1),
        ("vmla.f32 s0, s1, s2", 3),
        ("vfma.f32 s0, s1, s2", 3),
        ("vdiv.f32 s0, s1, s2", 14),
        ("vsqrt.f32 s0, s1", 14),
        ("vldr s0, [r0]", 2),
        ("vldr d0, [r0]", 3),
        ("vstr s0, [r0]", 2),
        ("vldmia r0!, {s0-s3}", 5),
        ("vpush {d8, d9}", 5),
        ("vmov r0, s0", 1),
        ("vmov r0, r1, d0", 2),
        ("vcvt.s32.f32 s0, s1", 1),
        ("vmrs APSR_nzcv, fpscr", 1),
    ],
)
def test_an_instruction_costs_what_the_manual_says(model, assemble, instruction, cycles):
    cost = model.block(assemble(instruction))
    assert (cost.cycles, cost.instructions, cost.unknown) == (cycles, 1, frozenset())


@pytest.mark.parametrize(
    ("lines", "cycles"),
    [
        (["ldr r0, [r1]", "ldr r1, [r2]"], 3),
        (["ldr r0, [r1, r5]", "ldr r1, [r2]", "ldr r2, [r3, #4]"], 4),
        (["ldr r0, [r1, r2]", "str r0, [r3, #20]"], 2),
        (["ldr r0, [r1, r2]", "str r1, [r3, r2]"], 3),
        (["ldr r0, [r1]", "ldr r2, [r0]"], 4),
        (["ldr r0, [r1]", "adds r2, #1", "ldr r3, [r2]"], 5),
        (["str r0, [r1]", "ldr r2, [r3]"], 3),
        (["ldrd r0, r1, [r2]", "ldr r3, [r4]"], 5),
    ],
)
def test_loads_and_stores_overlap_after_a_load_that_did_not_make_their_address(model, assemble, lines, cycles):
    assert model.block(assemble(*lines)).cycles == cycles


def test_a_dot_product_loop_is_counted_by_hand(model, assemble):
    loop = assemble(
        "1: ldrsb.w r4, [r0], #1",  # 2
        "ldrsb.w r5, [r1], #1",  # 1, overlapped
        "smlabb r6, r4, r5, r6",  # 1
        "subs r2, #1",  # 1
        "bne 1b",  # 1, and the penalty each time but the last
    )
    cost = model.block(loop)
    assert (cost.cycles, cost.instructions) == (6, 5)
    assert model.taken_branch_penalty == 2
    assert 100 * cost.cycles + 99 * model.taken_branch_penalty == 798


def test_conditional_instructions_count_as_executed(model, assemble):
    assert model.block(assemble("ite gt", "movgt r0, r1", "movle r0, r2")).cycles == 3


def test_an_instruction_that_the_table_lacks_is_named_and_costs_one(model):
    cost = model.block(bytes.fromhex("40ee100a00bf"))  # a coprocessor's MCR, then NOP
    assert (cost.cycles, cost.instructions) == (2, 2)
    assert len(cost.unknown) == 1


def test_the_model_has_a_name_for_reports(model):
    assert model.name == "m4-trm-1"


def test_an_unknown_model_suggests_the_nearest():
    with pytest.raises(UnknownName, match="Did you mean 'cortex-m4'"):
        CostModel.load("cortexm4")


def thumb_code(path):
    """The instructions of an ELF file, run by run: between a mapping symbol `$t` and the next `$d`."""
    with path.open("rb") as stream:
        elf = ELFFile(stream)
        mapping = sorted(
            (symbol["st_shndx"], symbol["st_value"], symbol.name)
            for symbol in elf.get_section_by_name(".symtab").iter_symbols()
            if symbol.name in ("$t", "$d")
        )
        for index, (section, start, kind) in enumerate(mapping):
            code, base = elf.get_section(section).data(), elf.get_section(section)["sh_addr"]
            following = mapping[index + 1] if index + 1 < len(mapping) else None
            end = following[1] - base if following and following[0] == section else len(code)
            if kind == "$t":
                yield code[start - base : end]


def test_every_instruction_of_a_firmware_is_in_the_table(model, tmp_path):
    (tmp_path / "tiny.tflite").write_bytes(tiny_model.tflite_bytes(tiny_model.classifier()))
    built = firmware.build(
        workload.load("keyword-spotting"), target.load("nano33ble"), Model.read(tmp_path / "tiny.tflite")
    )
    costs = [model.block(code) for code in thumb_code(built.elf)]
    assert sum(cost.instructions for cost in costs) > 10_000
    assert frozenset().union(*(cost.unknown for cost in costs)) == frozenset()


@pytest.mark.parametrize(
    ("table", "key", "wrong"),
    [
        ("cortex-m4", "cycles", "-1"),
        ("cortex-m4", "taken_branch_penalty", "-2"),
        ("cortex-m7", "width", "0"),
        ("cortex-m7", "latency", "1_000_000"),
    ],
)
def test_a_table_of_cycles_that_no_core_takes_is_refused(tmp_path, table, key, wrong):
    """Or blocks would give cycles back."""
    shipped = (places.shipped() / "renode_platforms" / "cost_models" / f"{table}.toml").read_text(encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(re.sub(rf"\b{key} = \d+", f"{key} = {wrong}", shipped, count=1), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=rf"mine.toml:\d+: .*{key}"):
        read_toml(file, Table)
