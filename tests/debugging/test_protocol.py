"""The GDB server as a client sees it that may be hostile: nothing that arrives ends the lab."""

from __future__ import annotations

import random
import select
import socket
from contextlib import suppress
from xml.etree import ElementTree

import pytest

from lab.debugging.commands import Killed
from lab.debugging.connection import Connection
from lab.debugging.frames import LONGEST, Frames, Signal, framed
from lab.debugging.server import HOST, Server
from lab.elf import Firmware
from lab.errors import DeviceFault, InfrastructureError
from tests.engine.boards import nano33ble, rv32imc
from tests.engine.qemu import CORTEX_M4, RV32IMC, compiled

from .client import served

BOARDS = {"cortex-m": (nano33ble, CORTEX_M4, "kernels.c"), "riscv": (rv32imc, RV32IMC, "kernels_riscv.c")}


@pytest.fixture(scope="module", params=sorted(BOARDS))
def program(request, tmp_path_factory):
    """A board and a firmware for it that computes on and on."""
    board, bare, source = BOARDS[request.param]
    return board, Firmware(compiled(source, tmp_path_factory.mktemp("kernels"), "-O1", bare=bare))


@pytest.fixture
def board(program):
    with served(*program) as one:
        yield one


@pytest.fixture
def client(board):
    return board.client()


def hexed(text):
    return text.encode().hex()


def test_a_session_of_every_packet(program, board, client):
    firmware = program[1]
    assert client.ask("qSupported:swbreak+") == f"PacketSize={LONGEST:x};QStartNoAckMode+;qXfer:features:read+;" + (
        "vContSupported+"
    )
    assert client.ask("QStartNoAckMode") == "OK"
    assert client.ask("?") == "T02thread:1;"
    threads = [client.ask(text) for text in ("Hg0", "qC", "qAttached", "qfThreadInfo", "qsThreadInfo")]
    assert threads == ["OK", "QC1", "1", "m1", "l"]
    assert client.ask("vMustReplyEmpty") == client.ask("qSymbol::") == ""
    description = client.ask("qXfer:features:read:target.xml:0,2000")
    assert description[0] == "l"
    names = [one.get("name") for one in ElementTree.fromstring(description[1:]).iter("reg")]  # noqa: S314 - our own
    pc = names.index("pc")

    place = firmware.symbol("finished").address
    assert client.ask(f"Z0,{place:x},2") == "OK"
    assert client.ask(f"p{pc:x}") == (firmware.entry & ~1).to_bytes(4, "little").hex()
    assert client.ask("vCont;s:1;c") == "T05thread:1;"
    assert client.ask(f"qRcmd,{hexed('time')}") == hexed("0.000000000 s, 1 instructions\n")
    assert client.ask("vCont;c") == "T05thread:1;"
    assert client.ask(f"p{pc:x}") == place.to_bytes(4, "little").hex()
    registers = client.ask("g")
    assert client.ask("G" + registers) == "OK"
    assert client.ask("P1=78563412") == "OK"
    assert client.ask("p1") == "78563412"
    stack = 0x2000_8000 if pc == 15 else 0x8000_F000
    assert client.ask(f"M{stack:x},3:010203") == "OK"
    assert client.ask(b"X%x,3:ab}" % stack) == "OK"
    assert client.ask(f"m{stack:x},4") == b"ab}\0".hex()
    assert client.ask(f"z0,{place:x},2") == "OK"
    assert client.ask(f"qRcmd,{hexed('reset')}") == hexed("The board was reset.\n")
    assert client.ask(f"p{pc:x}") == (firmware.entry & ~1).to_bytes(4, "little").hex()
    client.write(framed(b"c"))
    assert client.is_quiet()
    client.write(b"\x03")
    assert client.packet() == b"T02thread:1;"
    assert client.ask("D;1") == "OK"
    assert client.packet() is None


def test_what_no_gdb_sends_is_an_error_and_no_more(board, client):
    wrong = [
        "m,",
        "mffffffff,100",
        "m60000000,4",
        "m123456789,4",
        "M20000000,4:00",
        "M60000000,1:00",
        "p",
        "pff",
        "Pff=00",
        "P0=0",
        "P0=zz",
        "G00",
        "Z9,0,0",
        "Z0,x,2",
        "Z2,0",
        "zz",
        "vCont;x",
        "vCont;",
        "qXfer:features:read:target.xml:z,1",
        "qRcmd,0",
        "qRcmd,zz",
        "c123456789",
        "\x00",
        "é",
        "$$$$$",
        "qXfer:memory-map:read::0,100",
    ]
    answers = [client.ask(text) for text in wrong]
    assert {answer[:1] for answer in answers} <= {"", "E"}
    assert client.ask("?") == "T02thread:1;"


def test_noise_is_not_the_end_and_a_packet_without_end_is(board):
    draw = random.Random(3)  # noqa: S311 - noise
    for _ in range(30):
        client = board.client()
        client.write(draw.randbytes(draw.randrange(1, 3000)).replace(b"k", b"K").replace(b"v", b"V"))
        client.close()
    client = board.client()
    client.write(b"$" + b"m" * (LONGEST + 10))
    assert client.packet() is None
    client = board.client()
    client.write(b"$?#00")
    assert client.ask("?") == "T02thread:1;"
    client.close()
    assert any("too long" in line for line in board.said)


def test_a_client_that_sends_without_end_does_not_keep_others_from_their_turn():
    with socket.create_server((HOST, 0)) as server:
        theirs = socket.create_connection(server.getsockname())
        ours, _ = server.accept()
    theirs.setblocking(False)
    with ours, theirs:
        connection = Connection(ours)
        with suppress(BlockingIOError):
            while True:
                theirs.send(b"+" * 4096)
        assert list(connection.arrived()) == []
        assert select.select([connection], [], [], 0)[0] == [connection]  # the rest has to wait


def test_a_second_client_is_turned_away_and_the_first_stays(board, client):
    assert client.ask("?") == "T02thread:1;"
    second = board.client()
    assert second.packet() is None
    assert client.ask("?") == "T02thread:1;"


def test_a_board_that_lost_its_client_stands_without_breakpoints_until_another_comes(program, board):
    first = board.client()
    assert first.ask(f"Z0,{program[1].symbol('finished').address:x},2") == "OK"
    first.write(framed(b"c") + b"\x03")
    first.close()
    second = board.client()
    assert second.ask("QStartNoAckMode") == "OK"
    second.write(framed(b"c"))
    assert second.is_quiet(0.5)
    second.write(b"\x03")
    assert second.packet() == b"T02thread:1;"
    second.close()


def test_a_board_goes_on_when_gdb_detaches_and_stands_when_it_comes_again(board):
    first = board.client()
    assert first.ask("D") == "OK"
    second = board.client()
    assert second.ask("?") == "T02thread:1;"
    time_s = float(bytes.fromhex(second.ask(f"qRcmd,{hexed('time')}")).decode().split()[0])
    assert time_s > 0
    second.close()


@pytest.mark.parametrize("packet", ["k", "vKill;1"])
def test_gdb_may_end_the_run(board, client, packet):
    client.write(framed(packet.encode()))
    assert isinstance(board.ended(), Killed)


def test_a_watchpoint_says_what_is_about_to_be_written(program, board, client):
    address = 0x2000_FF00 if program[0] is nano33ble else 0x8000_FF00
    assert client.ask(f"Z2,{address:x},100") == "OK"
    assert client.ask("c") == f"T05watch:{address:x};thread:1;"


def test_what_the_firmware_does_wrong_is_a_signal_and_the_end_of_the_board(tmp_path):
    firmware = Firmware(compiled("misbehaviour.c", tmp_path, "-Og", "-g", "-DMISBEHAVIOUR=read_nothing"))
    with served(nano33ble, firmware) as board:
        client = board.client()
        assert client.ask("c") == "T0bthread:1;"
        assert client.ask("p0") != ""
        while (answer := client.ask("c")) == "T0bthread:1;":
            pass
        assert answer == "X0b"
        assert isinstance(board.ended(), DeviceFault)
        assert any("0x60000014" in line for line in board.said)


def test_the_server_is_at_the_loopback_interface_alone():
    with Server() as server:
        assert server._socket.getsockname() == (HOST, server.port)
        assert HOST == "127.0.0.1"


@pytest.mark.produces("debug-port")
def test_a_port_that_is_taken_is_an_error():
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        with pytest.raises(InfrastructureError):
            Server(other.getsockname()[1])


def test_frames_come_whole_however_they_are_cut():
    data = b"+++" + framed(b"a}b#c$d*e") + b"\x03" + b"$x#00" + b"-" + framed(b"m0,4")
    expected = [b"a}b#c$d*e", Signal.INTERRUPT, Signal.DAMAGED, Signal.AGAIN, b"m0,4"]
    for step in (1, 2, 3, len(data)):
        frames = Frames()
        assert [frame for at in range(0, len(data), step) for frame in frames.add(data[at : at + step])] == expected
