"""A real Renode and the built-in engine, side by side."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from itertools import count
from operator import mul
from pathlib import Path

import numpy as np
import pytest

from lab import building, target, workload
from lab.conformance import probe
from lab.elf import Firmware
from lab.engines.builtin import BuiltinEngine
from lab.engines.renode.engine import RenodeEngine
from lab.errors import EngineDied, LabError
from lab.measuring.device_log import Inference, Statistics
from lab.measuring.parameters import Parameters
from lab.measuring.playback import Board
from lab.measuring.streaming import listening
from lab.model import Model
from lab.recordings import sounds
from lab.signals.signal import Signal
from tests.conformance import records
from tests.engine.boards import ENDS_OF_FLASH
from tests.engine.qemu import compiled
from tests.signals import accelerations

pytestmark = pytest.mark.renode


@pytest.fixture(scope="module")
def work():
    return workload.load("keyword-spotting")


@pytest.fixture(scope="module")
def nano33ble():
    return target.load("nano33ble")


@pytest.fixture(scope="module")
def firmware(work, nano33ble):
    return building.build(work, nano33ble, Model.read(work.model_path)).firmware


@pytest.fixture(scope="module")
def clips(work):
    entries = list(sounds.read(work.folder / work.recordings.folder, work.labels))[::80]
    return [sounds.load(entry.path, work.input.rate_hz, work.input.frames).samples for entry in entries]


@pytest.fixture
def boot(work, firmware):
    def board(engine, on, samples=work.input.frames):
        return Board(engine, on, work, firmware, Parameters("clip", samples))

    return board


def test_both_engines_hear_and_count_the_same(boot, nano33ble, clips, real_renode):
    with boot(BuiltinEngine(), nano33ble) as builtin, boot(RenodeEngine(real_renode), nano33ble) as renode:
        for clip in clips:
            expected, heard = builtin.listen(clip), renode.listen(clip)
            assert heard.inference == expected.inference
            assert heard.statistics == expected.statistics
            assert heard.lines == expected.lines
            assert (heard.instructions, heard.time_ns) == (expected.instructions, expected.time_ns)
            assert heard.cycles is None
            assert [(mark.counters.instructions, mark.counters.time_ns) for mark in renode.machine.marks()] == [
                (mark.counters.instructions, mark.counters.time_ns) for mark in builtin.machine.marks()
            ]


def test_at_another_pace_both_engines_say_the_same_of_a_stream_at_the_same_time(
    work, firmware, nano33ble, clips, real_renode
):
    samples = np.concatenate(clips[:2])
    heard = []
    for engine in (BuiltinEngine(), RenodeEngine(real_renode)):
        with listening(engine, nano33ble, work, firmware, mips=51) as board:
            board.restart(samples)
            board.run_for(samples.size / work.input.rate_hz)
            marks = [(mark.counters.instructions, mark.counters.time_ns) for mark in board.machine.marks()]
            heard.append((board.machine.lines(), marks))
    assert heard[0] == heard[1]
    assert len(heard[0][0]) > 4


def test_the_moment_after_boot_is_the_same(boot, nano33ble, real_renode):
    def counters(board):
        now = board.machine.counters()
        return now.instructions, now.time_ns

    with boot(BuiltinEngine(), nano33ble) as builtin, boot(RenodeEngine(real_renode), nano33ble) as renode:
        assert counters(renode) == counters(builtin)


def test_what_is_in_memory_after_a_decision_is_the_same(boot, nano33ble, clips, firmware, real_renode):
    with boot(BuiltinEngine(), nano33ble) as builtin, boot(RenodeEngine(real_renode), nano33ble) as renode:
        for board in (builtin, renode):
            board.listen(clips[0])
        for name in ("lab_samples", "lab_features", "lab_scores"):
            symbol = firmware.symbol(name)
            assert renode.machine.read(symbol.address, symbol.size) == builtin.machine.read(symbol.address, symbol.size)


@pytest.mark.parametrize("board", target.names())
def test_flash_of_each_board_reads_as_erased_where_the_image_has_nothing(board, tmp_path, real_renode):
    case = records.case("memory_beyond", tmp_path, records.newest(board))
    with RenodeEngine(real_renode).machine(case.target) as machine:
        machine.load(case.firmware)
        assert {machine.read(end, 4) for end in ENDS_OF_FLASH[board]} == {b"\xff\xff\xff\xff"}
        assert machine.read(case.firmware.symbol("result").address, 4) == bytes(4)


def test_cutting_a_run_into_pieces_changes_nothing(boot, nano33ble, clips, real_renode):
    with boot(RenodeEngine(real_renode), nano33ble) as board:
        whole = board.listen(clips[0])
        board.restart(clips[0])
        for piece in (0.0103, 0.00007, 0.3, 0.0999):
            board.machine.run(limit=piece)
        assert board.await_event(Inference, 20) == whole.inference
        assert board.await_event(Statistics, 1) == whole.statistics


def test_one_that_is_killed_while_it_listens_is_replaced(boot, nano33ble, clips, real_renode):
    with boot(RenodeEngine(real_renode), nano33ble) as board:
        before = board.listen(clips[0])
        os.killpg(board.machine._session.process.pid, signal.SIGKILL)
        with pytest.raises(EngineDied, match="SIGKILL"):
            board.listen(clips[0])
        assert board.listen(clips[0]) == before


def test_it_listens_on_nothing_even_where_its_usual_port_is_taken(boot, nano33ble, clips, real_renode):
    with socket.socket() as taken:
        try:
            taken.bind(("127.0.0.1", 1234))
            taken.listen()
        except OSError:  # by somebody else, which will do as well
            pass
        with boot(RenodeEngine(real_renode), nano33ble) as board:
            board.listen(clips[0])
            for process in _group_of(board.machine._session.process.pid):
                opened = [str(file.readlink()) for file in Path(f"/proc/{process}/fd").iterdir()]
                assert opened
                assert not [one for one in opened if one.startswith("socket:")]


@pytest.mark.parametrize("name", ["boards", "my boards", "Jürgen's; boards"])
def test_a_board_in_any_folder_is_loaded(boot, nano33ble, tmp_path, real_renode, name):
    boards = tmp_path / name / "renode_platforms"
    shutil.copytree(nano33ble.folder.parent, boards)
    folder = (boards / "nano33ble").rename(boards / name)
    with boot(RenodeEngine(real_renode), nano33ble.model_copy(update={"folder": folder})) as board:
        assert board.boot.target == "nano33ble"


def test_a_board_that_it_does_not_load_is_refused_in_its_words(boot, nano33ble, tmp_path, real_renode):
    text = nano33ble.repl.read_text().replace("Timers.NRF52840_RTC", "Timers.NRF52840_CLOCKWORK")
    shutil.copytree(nano33ble.folder.parent, tmp_path / "boards")
    folder = tmp_path / "boards" / "nano33ble"
    (folder / "nano33ble.repl").write_text(text)
    with pytest.raises(LabError, match="NRF52840_CLOCKWORK"):
        boot(RenodeEngine(real_renode), nano33ble.model_copy(update={"folder": folder}))


def test_a_longer_recording_than_the_firmware_awaits_changes_nothing(boot, nano33ble, clips, real_renode):
    with boot(RenodeEngine(real_renode), nano33ble) as board:
        assert board.listen(np.concatenate([clips[0], clips[1]])).inference == board.listen(clips[0]).inference


def test_each_picture_is_seen_whole_on_both(nano33ble, tmp_path, real_renode):
    case = records.case("camera", tmp_path)
    symbol = case.firmware.symbol("result")
    seen = []
    for engine in (BuiltinEngine(), RenodeEngine(real_renode)):
        with engine.machine(nano33ble) as machine:
            machine.load(case.firmware)
            kept = machine.snapshot()
            for content in (bytes(range(251)) * 4, b"\xff\xd8another"):
                machine.restore(kept)
                machine.play(Signal.of_picture(content), "camera")
                machine.run(limit=case.seconds * 2)
                size, total = (int.from_bytes(machine.read(symbol.address + at, 4), "little") for at in (0, 4))
                seen.append((size == len(content), total == sum(map(mul, content, count(1)))))
    assert seen == [(True, True)] * 4


def test_renodes_accelerometer_gives_the_same_on_both_and_forgets_what_was_not_read(nano33ble, tmp_path, real_renode):
    image = Firmware(compiled(str(Path(__file__).parent / "programs" / "accelerometer.c"), tmp_path, "-O1"))
    board = probe.of(nano33ble)["twi_sensor"].board(nano33ble)
    symbol = image.symbol("samples")

    def heard(machine, kept, fed):
        machine.restore(kept)
        machine.play(accelerations(fed), "accelerometer")
        assert machine.run(until=lambda line: line == "read", limit=0.1).line
        return machine.read(symbol.address, symbol.size)

    fed = np.array([[1, -2, 16_384], [-32_768, 32_767, 5_000], [7, -8, 9], [11, 12, 13]], np.int16)
    read = []
    for engine in (BuiltinEngine(), RenodeEngine(real_renode)):
        with engine.machine(board) as machine:
            machine.load(image)
            kept = machine.snapshot()
            read.append([heard(machine, kept, one) for one in (fed, fed[::-1].copy())])
    assert read[0] == read[1]
    assert read[0][0] != read[0][1]


USER = """
import sys
from pathlib import Path
from lab import target
from lab.elf import Firmware
from lab.engines.renode.engine import RenodeEngine
from lab.engines.renode.installation import Installation
machine = RenodeEngine(Installation(Path(sys.argv[1]), "", "")).machine(target.load("nano33ble"))
machine.load(Firmware(Path(sys.argv[2])))
print(machine._session.process.pid, flush=True)
while True:
    machine.run(limit=10_000)
"""


def test_it_ends_with_a_lab_that_is_killed_while_it_is_busy(firmware, real_renode):
    with subprocess.Popen(
        [sys.executable, "-c", USER, real_renode.path, firmware.path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as lab:
        group = int(lab.stdout.readline())
        time.sleep(1)
        assert _group_of(group)
        lab.kill()
        lab.wait(10)
        give_up = time.monotonic() + 20
        while _group_of(group) and time.monotonic() < give_up:
            time.sleep(0.1)
        assert not _group_of(group)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)])
def test_an_interrupted_run_leaves_no_renode(tmp_path, real_renode, jobs, number, status):
    (tmp_path / "tmp").mkdir()
    command = [*("lab", "run", "keyword-spotting", "--engine", "renode", "--renode", real_renode.path)]
    with subprocess.Popen(
        [sys.executable, "-m", *command, "--jobs", jobs, "--no-history", "--out", tmp_path / "run"],
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as lab:
        _await(lambda: len(_named(tmp_path)) >= int(jobs) and _are_busy(tmp_path))
        lab.send_signal(number)
        assert lab.wait(60) == status
        _await(lambda: not _named(tmp_path))
    if number != signal.SIGKILL:
        assert not list((tmp_path / "tmp").glob("lab-emulator-*"))


def _await(condition, limit_s=120.0):
    give_up = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.1)


def _named(folder):
    """The processes that were started with an argument below the folder, save for the lab's own."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = file.read_bytes()
        except OSError:
            continue
        if os.fsencode(folder / "tmp") in words:
            found.append(int(file.parent.name))
    return found


def _are_busy(folder):
    """Whether the last of them has loaded the image."""
    return len(list((folder / "tmp").glob("lab-emulator-*/firmware.elf"))) == len(_named(folder))


def _group_of(leader):
    """The processes of a group that still run."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = file.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(group) == leader and state != "Z":
            found.append(int(file.parent.name))
    return found
