"""A firmware prints where only a debugger sees it: by semihosting, ITM and RTT."""

from __future__ import annotations

import json
import struct
import subprocess

import pytest

from lab import target as targets
from lab.booting import fitting
from lab.booting.boot import Boot
from lab.cli import main
from lab.engines.builtin import BuiltinEngine
from lab.engines.builtin.chip_resets import by_firmware
from lab.engines.builtin.real_time_transfer import RealTimeTransfer
from lab.errors import DeviceFault, FirmwareExit
from lab.image import Symbol
from lab.images import read
from tests.engine.fake_board import RAM, FakeBoard

SEMIHOSTING = "semihosting speaks\nthrough a handle\na bad pointer fails\n"
RTT = "RTT speaks, and says more than its ring of 64 bytes has room for at once\nin a terminal\n> "


def booted(elf, *keys, limit_s=2.0, until=None):
    image = read(elf)
    with Boot(image, fitting.board(image), lambda _port, _data: None, sends=list(keys)) as boot:
        return boot.run(limit_s, until)


def test_it_is_heard_on_every_channel_and_typed_into(probed):
    ended = booted(probed, b"q", b"z")
    assert ended.output["semihosting"] == SEMIHOSTING + "? z\n"
    assert ended.output["RTT"] == RTT + "q\nthe last words"
    assert ended.output["RTT 1"] == "on another channel\n"
    assert (ended.output["ITM"], ended.output["ITM 1"]) == ("SWO speaks\n", "ord\n")
    assert (ended.why, ended.status, ended.fault, ended.missing) == ("exit", 0, "", ())


def test_a_firmware_that_waits_for_a_key_lets_time_pass(probed):
    ended = booted(probed, b"q", limit_s=1.5)
    assert (ended.why, ended.output["semihosting"][-2:]) == ("time", "? ")
    assert ended.time_ns == 1_500_000_000


def test_output_without_end_ends_the_run_on_any_port(probed):
    ended = booted(probed, b"e")
    assert ended.why == "fault"
    assert "prints without end" in ended.fault
    assert len(ended.output["semihosting"]) < 2_000_000


def test_an_awaited_text_may_be_the_last_word(probed):
    assert booted(probed, b"q", b"z", until="last words").why == "text"


def test_an_image_without_symbols_is_heard_too(probed, tmp_path):
    file = tmp_path / "probed.hex"
    subprocess.run(["arm-none-eabi-objcopy", "-O", "ihex", probed, file], check=True)
    assert booted(file, b"q", limit_s=1.0).output["RTT"].startswith(RTT)


@pytest.mark.parametrize(("key", "status"), [("q", 0), ("x", 3)])
def test_the_command_ends_as_the_firmware_does(probed, capsys, key, status):
    assert main(["boot", str(probed), "--send", key, "--send", "z"]) == (status != 0)
    said = capsys.readouterr()
    assert "[RTT] the last words" in said.out
    assert f"it ended itself by semihosting with status {status}" in said.err
    assert main(["boot", str(probed), "--send", key, "--send", "z", "--json"]) == (status != 0)
    told = json.loads(capsys.readouterr().out)
    assert (told["ended"], told["status"]) == ("exit", status)


def texts_of_defmt(image):
    """As a Rust compiler would leave them in the ELF."""
    image.symbols += (
        Symbol("_defmt_version_ = 4", 0, 0, False),
        Symbol(json.dumps({"tag": "defmt_warn", "data": "it is {=u8}"}), 1, 1, False),
    )
    return image


def test_frames_of_defmt_are_lines_where_the_elf_has_their_texts(probed):
    def heard(image):
        with Boot(image, fitting.board(image), lambda _port, _data: None) as boot:
            return boot.run(0.1).output["defmt"]

    assert heard(texts_of_defmt(read(probed))) == "WARN it is 42\n"
    assert heard(read(probed)) == "\x01*z\0"  # of another compiler, or another file


@pytest.mark.parametrize(
    ("port", "line"),
    [
        ("semihosting", "through a handle"),
        ("RTT", "in a terminal"),
        ("RTT 1", "on another channel"),
        ("ITM", "SWO speaks"),
        ("ITM 1", "ord"),
        ("defmt", "WARN it is 42"),
    ],
)
def test_lines_of_each_port_are_awaited_where_recordings_are_played(probed, port, line):
    with BuiltinEngine().foreign(targets.load("nano33ble"), None, port, lambda _: None) as machine:
        machine.load(texts_of_defmt(read(probed)))
        assert machine.run(until=lambda said: said == line, limit=0.1).line == line
        kept = machine.snapshot()
        machine.run(limit=0.05)
        lines = machine.lines()
        machine.restore(kept)
        machine.run(limit=0.05)
        assert machine.lines() == lines


@pytest.mark.produces("firmware-exit")
def test_where_recordings_are_played_an_exit_is_an_error(probed):
    class Nobody:
        wants_accesses = True

        def sent(self, _device, _data): ...
        def reached(self, _device): ...
        def missed(self, _access, _place): ...

    with BuiltinEngine().machine(targets.load("nano33ble"), onlooker=Nobody()) as machine:
        machine.load(read(probed))
        machine.run(limit=0.1)
        machine.receive(b"x", "RTT")
        machine.receive(b"z", "semihosting")
        with pytest.raises(FirmwareExit, match="with status 3") as raised:
            machine.run(limit=0.1)
    assert raised.value.exit_code == 1


def test_without_a_debugger_a_call_is_a_fault_as_on_silicon(probed):
    with BuiltinEngine().machine(targets.load("nano33ble")) as machine:
        machine.load(read(probed))
        machine.run(limit=0.01)
        assert machine.fault().startswith("DebugMonitor at ")


@pytest.mark.parametrize(
    "block",
    [
        b"SEGGER RTT".ljust(16, b"\0") + b"\xff" * 400,  # channels without end
        b"SEGGER RTT".ljust(16, b"\0") + b"\1\0\0\0\0\0\0\0" + b"\xff" * 24,  # a ring that lies nowhere
        b"SEGGER RTT".ljust(16, b"\0") + b"\1\0\0\0\0\0\0\0" + b"\0\0\0\xf0" * 2 + b"\x10\0\0\0\1\0\0\0" + bytes(8),
    ],
)
def test_a_control_block_that_makes_no_sense_is_passed_over(block):
    class Bus:
        def read(self, address, size):
            if not RAM <= address <= RAM + 0x1_0000 - size:
                raise DeviceFault("nothing there")
            return board.bus.memory[address - RAM : address - RAM + size]

        def write(self, address, data):
            raise AssertionError(address, data)

    class Ram:
        base, size, erased = RAM, 0x1_0000, 0

    board = FakeBoard()
    board.bus.write(RAM + 0x100, block)
    board.bus.write(RAM + 0x10000 - 16, block[:16])
    heard = []
    transfer = RealTimeTransfer(board, [Ram()], lambda *said: heard.append(said))
    transfer.bus = Bus()
    transfer.reset()
    board.clock.advance_to(10_000_000)
    assert heard == []


def test_a_control_block_is_found_behind_its_mark_in_other_places():
    class Ram:
        base, size, erased = RAM, 0x1000, 0

    mark = b"SEGGER RTT".ljust(16, b"\0")
    board = FakeBoard()
    board.bus.write(RAM + 0x101, mark)
    board.bus.write(RAM + 0x200, mark + b"\xff" * 8)
    ring = [RAM + 0x400, 16, 3, 0, 0]
    board.bus.write(RAM + 0x300, mark + struct.pack("<8I", 1, 0, 0, *ring))
    board.bus.write(RAM + 0x400, b"yes")
    heard = []
    transfer = RealTimeTransfer(board, [Ram()], lambda *said: heard.append(said))
    transfer.reset()
    board.clock.advance_to(1_000_000)
    assert heard == [("RTT", b"yes")]


def test_a_reset_reads_the_last_words_and_wipes_the_block_for_one_in_another_place():
    class Ram:
        base, size, erased = RAM, 0x1000, 0

    def put(at, text):
        block = b"SEGGER RTT".ljust(16, b"\0") + struct.pack("<8I", 1, 0, 0, RAM + at + 0x80, 16, len(text), 0, 0)
        board.bus.write(RAM + at, block)
        board.bus.write(RAM + at + 0x80, text)

    board = FakeBoard()
    heard = []
    transfer = RealTimeTransfer(board, [Ram()], lambda *said: heard.append(said))
    transfer.reset()
    put(0x100, b"boot")
    board.clock.advance_to(1_000_000)
    put(0x100, b"loader")
    transfer.reset_by(by_firmware("AIRCR"))
    put(0x300, b"application")
    board.clock.advance_to(3_000_000)
    assert heard == [("RTT", b"boot"), ("RTT", b"loader"), ("RTT", b"application")]
