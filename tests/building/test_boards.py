"""Every board of the project: its data, and where its image puts things."""

from __future__ import annotations

import pytest

from lab import building, target, workload
from lab.building import toolchain
from lab.configuration import read_toml
from lab.engines.builtin import BuiltinEngine
from lab.errors import ConfigurationError, UnknownName
from lab.target import Target

RAM = {"nano33ble": 0x2000_0000, "stm32f746g": 0x2000_0000, "esp32c3": 0x3FC8_0000}
CODE = {"nano33ble": 0, "stm32f746g": 0x0800_0000, "esp32c3": 0x4200_0000}
TIGHTLY_COUPLED_END = 0x2001_0000


@pytest.fixture(scope="module", params=sorted(RAM))
def board(request) -> Target:
    return target.load(request.param)


@pytest.fixture(scope="module")
def image(board, keyword_spotting, classifier):
    return building.build(keyword_spotting, board, classifier).firmware


def test_the_stack_lies_at_the_bottom_of_ram_and_below_it_is_nothing(image, board):
    bottom = image.symbol("__stack_bottom").address
    assert bottom == RAM[board.name]
    with BuiltinEngine().machine(board) as machine, pytest.raises(Exception, match="no memory"):
        machine.write(bottom - 4, bytes(4))


def test_code_lies_in_flash_and_everything_fits(image, board):
    assert image.symbol("main").address >= CODE[board.name]
    assert min(segment.address for segment in image.segments if segment.address >= CODE[board.name]) == CODE[board.name]
    assert image.symbol("__ram_end").address == RAM[board.name] + board.memories.ram_bytes


def test_what_dma_writes_on_a_cortex_m7_is_not_cached(keyword_spotting, classifier):
    firmware = building.build(keyword_spotting, target.load("stm32f746g"), classifier).firmware
    (buffers,) = [one for one in firmware.symbols if "words" in one.name and one.size == 2 * 320 * 2 * 2]  # stereo
    assert buffers.address + buffers.size <= TIGHTLY_COUPLED_END


def test_a_c3_reads_its_constants_through_the_window_for_data(keyword_spotting, classifier):
    firmware = building.build(keyword_spotting, target.load("esp32c3"), classifier).firmware
    code = next(section for section in firmware.sections if section.name == ".text")
    parameters = firmware.symbol("lab_parameters").address
    assert parameters - 0x3C00_0000 >= code.size  # the same flash: nothing lies on the code


def test_the_c3s_toolchain_is_known_by_its_libraries_and_by_who_lends_it_headers(monkeypatch):
    board = target.load("esp32c3")
    found = toolchain.examine(board)
    assert "riscv64-unknown-elf-gcc" in found.version
    own = board.model_copy(
        update={"toolchain": board.toolchain.model_copy(update={"cpp_headers_of": "riscv64-unknown-elf-"})}
    )
    assert toolchain.examine(own).hash != found.hash


def test_a_board_that_is_not_faithful_says_what_stands_in(tmp_path):
    whole = (target.load("esp32c3").folder / "target.toml").read_text()
    file = tmp_path / "target.toml"
    file.write_text(whole.replace("hardware_faithful = true", "hardware_faithful = false"))
    with pytest.raises(ConfigurationError, match="hardware_faithful = false needs stand_ins"):
        read_toml(file, Target, name="esp32c3", folder=tmp_path)


def test_limits_on_a_board_that_the_workload_is_not_for_are_refused(tmp_path, monkeypatch):
    real = workload.load("keyword-spotting")
    for name in ("firmware", "renode_platforms", "robot_tests", "models/keyword-spotting"):
        (tmp_path / name).mkdir(parents=True)
    text = real.file.read_text()
    monkeypatch.setenv("LAB_PROJECT", str(tmp_path))
    file = tmp_path / "models" / "keyword-spotting" / "workload.toml"
    file.write_text(f"{text}\n[limits_on.nano33]\nflash_bytes = {{ at_most = 1 }}\n")
    with pytest.raises(UnknownName, match=r"workload.toml:\d+: There is no target of keyword-spotting named 'nano33'"):
        workload.load("keyword-spotting")
    file.write_text(f"{text}\n[limits_on.nano33ble]\nflash = {{ at_most = 1 }}\n")
    with pytest.raises(UnknownName, match=r"workload.toml:\d+: There is no metric named 'flash'"):
        workload.load("keyword-spotting")
