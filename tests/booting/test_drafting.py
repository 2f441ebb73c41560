"""A firmware without a board: `lab boot --draft` writes a description to begin with, and --repl boots on one."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from lab.booting import drafting
from lab.cli import main
from lab.engines.builtin import repl
from lab.errors import ConfigurationError
from lab.image import Image, Segment

UART = "usart1: UART.STM32F7_USART @ sysbus 0x40011000 { frequency: 100000000 }\n"


@pytest.fixture
def drafted(shell, tmp_path, capsys):
    """The description that was drafted of shell.c."""
    file = tmp_path / "board.repl"
    assert main(["boot", str(shell), "--draft", str(file)]) == 0
    assert "2 blocks of unknown registers" in capsys.readouterr().err
    return file


def test_one_pass_names_every_register_that_the_firmware_goes_to(drafted):
    text = drafted.read_text()
    assert 'Tag <0x40011000 0x1000> "unknown_40011000"' in text
    assert "// 0x40011000\n//   0x000 written\n//   0x01c read\n//   0x024 read\n//   0x028 written\n" in text
    assert "// 0x50060000\n//   0x000 read and written\n//   0x004 read\n" in text


def test_it_is_a_description_of_renodes_grammar_with_core_and_memories(drafted):
    board = repl.read(drafted)
    memories = [entry for entry in board.entries.values() if entry.type == "Memory.MappedMemory"]
    assert [one.registrations[0].point for one in memories] == [0x0, 0x20040000] or len(memories) == 2
    assert board.entries["cpu"].attributes["cpuType"].value == "cortex-m7"


def test_the_firmware_boots_on_it_and_a_device_that_is_put_in_speaks(drafted, shell, capsys):
    assert main(["boot", str(shell), "--repl", str(drafted), "--for", "0.01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["output"] == {}
    completed = drafted.read_text().replace("sysbus:\n", UART + "sysbus:\n", 1)
    drafted.write_text(completed)
    assert main(["boot", str(shell), "--repl", str(drafted), "--for", "0.01", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert "hello" in said["output"]["usart1"]
    assert {one["part"] for one in said["missing"]} == {"unknown_50060000"}


def test_what_a_description_has_without_a_model_is_told_by_its_name(shell, tmp_path, capsys):
    board = tmp_path / "board.repl"
    board.write_text(
        "flash: Memory.MappedMemory @ sysbus { sysbus 0x0; sysbus 0x08000000 } { size: 0x100000 }\n".replace(
            "@ sysbus {", "@ {"
        )
        + "ram: Memory.MappedMemory @ sysbus 0x20000000 { size: 0x60000 }\n"
        "nvic: IRQControllers.NVIC @ sysbus 0xE000E000 { -> cpu@0 }\n"
        'cpu: CPU.CortexM @ sysbus { cpuType: "cortex-m7"; nvic: nvic }\n'
        "crypto: Miscellaneous.Enigma @ sysbus 0x50060000 { rotors: 3 }\n" + UART
    )
    assert main(["boot", str(shell), "--repl", str(board), "--for", "0.01", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert "went on" in said["output"]["usart1"]
    assert said["missing"][0]["part"] == "crypto"


def test_a_board_is_named_once(drafted, shell, capsys):
    for options in (["--repl", drafted, "--target", "nano33ble"], ["--draft", "x.repl", "--repl", drafted]):
        assert main(["boot", str(shell), *map(str, options)]) == 2
    assert main(["boot", str(shell), "--draft", str(drafted)]) == 2
    assert "is there already" in capsys.readouterr().err


def test_what_a_draft_has_no_use_for_is_refused(shell, tmp_path, capsys):
    file = tmp_path / "board.repl"
    assert main(["boot", str(shell), "--draft", str(file), "--until", "hello", "--strict"]) == 2
    assert "has no use for --until and --strict." in capsys.readouterr().err
    assert not file.exists()


def test_an_svd_file_names_registers_and_their_device(shell, tmp_path):
    names, file = tmp_path / "chip.svd", tmp_path / "board.repl"
    names.write_text(
        "<device><name>Chip</name><peripherals><peripheral><name>CRYP</name><baseAddress>0x50060000</baseAddress>"
        "<registers><register><name>CR</name><addressOffset>0</addressOffset></register>"
        "<register><name>SR</name><addressOffset>4</addressOffset></register></registers></peripheral>"
        "</peripherals></device>"
    )
    assert main(["boot", str(shell), "--draft", str(file), "--svd", str(names), "--for", "0.01"]) == 0
    text = file.read_text()
    assert 'Tag <0x50060000 0x1000> "CRYP"' in text
    assert "//   0x004 CRYP.SR read\n" in text
    assert 'Tag <0x40011000 0x1000> "unknown_40011000"' in text


def test_of_a_whole_flash_nothing_is_drafted(tmp_path):
    image = Image(tmp_path / "flash.bin", [], machine="EM_RISCV", flash={0: b"\xe9" * 64})
    with pytest.raises(ConfigurationError, match="content of a whole flash, which the chip's ROM starts"):
        drafting.draft(image)


def test_adopting_a_firmware_that_fits_no_board_begins_with_its_board(shell, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", shell, "moved.bin"], check=True)
    given = ["adopt", "moved.bin", "--address", "0x10000000", "--workload", "keyword-spotting", "--out", "moved.toml"]
    assert main(given) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "moved.bin fits no board of the project" in said
    assert "moved.repl was written: its core, its memories and" in said
    assert "memory0: Memory.MappedMemory @ sysbus 0x10000000" in Path("moved.repl").read_text()
    assert not Path("moved.toml").exists()
    assert main(given) == 2
    assert "moved.repl is there already" in " ".join(capsys.readouterr().err.split())


def test_a_description_of_another_core_is_refused(shell, tmp_path, capsys):
    board = tmp_path / "board.repl"
    board.write_text('cpu: CPU.RiscV32 @ sysbus { cpuType: "rv32imc"; timeProvider: empty }\n')
    assert main(["boot", str(shell), "--repl", str(board)]) == 2
    assert "is for an Arm core; board.repl has RV32IMC" in capsys.readouterr().err
    board.write_text("ram: Memory.MappedMemory @ sysbus 0x0 { size: 0x1000 }\n")
    assert main(["boot", str(shell), "--repl", str(board)]) == 2
    assert "board.repl has 0 cores" in capsys.readouterr().err


def test_a_core_that_the_engine_has_not_is_refused(tmp_path):
    image = Image(tmp_path / "m33.elf", [Segment(0, bytes(64))], machine="EM_ARM")
    image.architecture = "Armv8-M Mainline"
    with pytest.raises(ConfigurationError, match="is for a core of Armv8-M Mainline, which the built-in engine does"):
        drafting.draft(image)


def test_a_file_of_any_name_is_named_in_one_line():
    image = Image(Path("a\nb: CPU.CortexM.elf"), [Segment(0, bytes(64))])
    assert next(drafting._skeleton(image)).count("\n") == 0


def test_memories_are_read_off_the_image():
    image = Image(
        None, [Segment(0x08000000, (0x20004000).to_bytes(4, "little") + bytes(0x20000)), Segment(0x08030000, b"x")]
    )  # type: ignore[arg-type]
    assert drafting._memories(image) == [(0x08000000, 0x08040000), (0x20000000, 0x20010000)]


@pytest.mark.parametrize(("most", "said"), [(2, True), (6, False)], ids=["of six", "all six"])
def test_a_draft_says_where_it_stopped_noting_registers(most, said, shell, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(drafting, "_MOST", most)
    assert main(["boot", str(shell), "--draft", str(tmp_path / "board.repl"), "--for", "0.01"]) == 0
    assert (f"beyond {most} registers nothing was noted" in capsys.readouterr().err) is said
