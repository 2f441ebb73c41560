"""A firmware is booted: what it prints, what it misses, how it fails, what is typed into it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from lab.booting import fitting
from lab.booting.boot import Boot
from lab.cli import main
from lab.engines.builtin import BuiltinEngine
from lab.engines.builtin.machine import BuiltinMachine
from lab.images import read


def booted(elf, *, limit_s=0.2, until=None, sends=(), heard=lambda _port, _data: None):
    image = read(elf)
    with Boot(image, fitting.board(image), heard, sends=sends) as boot:
        return boot.run(limit_s, until)


def test_what_it_prints_is_heard_as_it_comes_and_kept_by_port(shell):
    heard = []
    ended = booted(shell, heard=lambda port, data: heard.append((port, data)))
    assert b"".join(data for _, data in heard).decode() == ended.output["usart1"]
    assert ended.output["usart1"].endswith("hello\x1b[0m from the board\r\nwent on\r\n> ")
    assert (ended.board, ended.why, ended.fault) == ("stm32f746g", "time", "")


def test_registers_without_a_model_are_named_once_and_the_firmware_goes_on(shell):
    ended = booted(shell)
    assert [(str(one.access), one.access.writes) for one in ended.missing] == [
        ("CRYP, register 0x000 (0x50060000)", True),
        ("CRYP, register 0x000 (0x50060000)", False),
        ("CRYP, register 0x004 (0x50060004)", False),
    ]
    assert "Reset_Handler" in ended.missing[0].place
    assert "usart1.ISR" in ended.polled
    assert set(ended.devices) == {"usart1", "CRYP"}


def test_an_svd_file_names_them_as_the_chips_maker_does(shell, tmp_path, capsys):
    file = tmp_path / "chip.svd"
    file.write_text(
        "<device><name>Chip</name><peripherals><peripheral><name>CRYP</name><baseAddress>0x50060000</baseAddress>"
        "<registers><register><name>SR</name><addressOffset>4</addressOffset></register></registers></peripheral>"
        "</peripherals></device>"
    )
    assert main(["boot", str(shell), "--for", "0.1", "--svd", str(file), "--json"]) == 0
    missing = json.loads(capsys.readouterr().out)["missing"]
    assert [one["register"] for one in missing] == [None, None, "CRYP.SR"]
    assert main(["boot", str(shell), "--for", "0.1", "--svd", str(file)]) == 0
    assert "CRYP.SR (0x50060004) read at" in capsys.readouterr().err


def test_what_is_typed_reaches_the_port_that_has_spoken_when_it_is_quiet(shell):
    ended = booted(shell, sends=[b"a", b"b"], limit_s=1.0)
    assert ended.output["usart1"].endswith("> a\r\n> b\r\n> ")


def test_a_prompt_without_a_line_end_is_awaited(shell):
    ended = booted(shell, until="> ", limit_s=5.0)
    assert ended.why == "text"
    assert ended.time_ns < 10**9


def test_the_first_fault_is_named_though_its_handler_only_loops(shell):
    ended = booted(shell, sends=[b"f"], limit_s=0.5)
    assert ended.why == "fault"
    assert "access to 0xf8000000, where there is nothing" in ended.fault
    assert "fault" in ended.fault


def test_the_command_shows_the_text_and_sums_up(shell, capsys):
    assert main(["boot", str(shell), "--for", "0.1"]) == 0
    said = capsys.readouterr()
    assert said.out == "hello from the board\nwent on\n> \n"
    assert "printed on: usart1" in said.err
    assert "CRYP, register 0x004 (0x50060004) read at" in said.err


def test_a_text_that_does_not_come_fails(shell, capsys):
    assert main(["boot", str(shell), "--for", "0.1", "--until", "good-bye"]) == 1
    assert "It did not print 'good-bye' within 0.1 virtual seconds." in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["ihex", "srec", "binary"])
def test_other_formats_print_the_same(shell, tmp_path, capsys, kind):
    file = tmp_path / "firmware"
    subprocess.run(["arm-none-eabi-objcopy", "-O", kind, shell, file], check=True)
    address = ["--address", "0x08000000"] if kind == "binary" else []
    assert main(["boot", str(file), *address, "--send", "x", "--for", "0.5", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["output"]["usart1"].endswith("went on\r\n> x\r\n> ")
    assert [one["address"] for one in said["missing"]] == [0x5006_0000, 0x5006_0000, 0x5006_0004]


@pytest.mark.produces("not-modelled")
def test_strict_ends_at_the_first_register_without_a_model(shell, capsys):
    assert main(["boot", str(shell), "--for", "0.1", "--strict"]) == 1
    said = capsys.readouterr()
    assert said.out == "hello from the board\n"
    assert "CRYP, register 0x000 (0x50060000) was written, and has no model" in said.err


def test_keys_are_typed_as_they_are_written(shell, capsys):
    keys = ["\\x41", "\\\\", "\\xff"]
    assert (
        main(["boot", str(shell), "--for", "1.5", "--json", *(part for key in keys for part in ("--send", key))]) == 0
    )
    output = json.loads(capsys.readouterr().out)["output"]["usart1"]
    assert output.endswith("> A\r\n> \\\r\n> \ufffd\r\n> ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--send", "\\x4"), "has a backslash that stands for nothing"),
        (("--address", "-5"), "'-5' is no address"),
        (("--address", "ten"), "'ten' is no address"),
        (("--for", "0"), "--for"),
    ],
)
def test_options_that_mean_nothing_are_usage_errors(shell, capsys, arguments, said):
    assert main(["boot", str(shell), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_an_interrupted_boot_says_how_far_it_came(shell):
    command = [sys.executable, "-m", "lab", "boot", str(shell), "--for", "10000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "hello from the board\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "it was interrupted" in err
    assert "printed on: usart1" in err
    assert "Traceback" not in out + err


def test_a_boot_without_standard_input_and_with_a_text_that_is_not_utf_8(shell):
    command = f"{sys.executable} -m lab boot {shell} <&-"
    with subprocess.Popen(command, shell=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S602
        assert process.stdout.readline() == b"hello from the board\n"
        process.terminate()
        process.communicate()
    assert main(["boot", str(shell), "--for", "0.05", "--until", "\udcff"]) == 1


@pytest.mark.parametrize(("listening", "typed_into"), [(["usbd"], "usbd"), (["usart6", "usbd"], "usart6"), ([], None)])
def test_what_is_typed_before_any_port_has_spoken_goes_to_one_that_listens(shell, monkeypatch, listening, typed_into):
    received = []
    monkeypatch.setattr(BuiltinMachine, "listening", lambda _: listening)
    monkeypatch.setattr(BuiltinMachine, "receive", lambda _, data, device: received.append((data, device)))
    image = read(shell)
    with Boot(image, fitting.board(image), lambda _port, _data: None) as boot:
        boot.send(b"x")
    assert received == [(b"x", typed_into)]


def test_a_port_listens_once_firmware_has_switched_it_on(shell):
    image = read(shell)
    with BuiltinEngine().machine(fitting.board(image)) as machine:
        machine.load(image)
        assert machine.listening() == []
        machine.run(limit=0.01)
        assert machine.listening() == ["usart1"]
