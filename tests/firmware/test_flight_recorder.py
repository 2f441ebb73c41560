"""The flight recorder of the firmware, compiled for this computer, against the reader of what it sends."""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from lab import places
from lab.recorder import dump, lines, tracing
from lab.recorder.dump import Dump, Hole, Inferred

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def library(compiled) -> ctypes.CDLL:
    folder = places.project() / "firmware" / "device_lab" / "src"
    found = compiled(HERE / "flight_recorder.cc", folder / "flight_recorder.c")
    found.recorder_new.restype = ctypes.c_void_p
    found.recorder_heard.restype = ctypes.c_uint64
    found.recorder_dump.restype = ctypes.c_char_p
    return found


class Device:
    """A firmware with a recorder; frame n of its sensor is [n, n + 1, ...]."""

    def __init__(self, library: ctypes.CDLL, frames: int, *, inferences: int = 4, channels: int = 1, align: int = 1):
        self._library = library
        self._device = ctypes.c_void_p(library.recorder_new(frames, inferences, channels, align))

    def __getattr__(self, name: str) -> Callable[..., int]:
        function = getattr(self._library, f"recorder_{name}")
        return lambda *given: int(function(self._device, *given) or 0)

    def dump(self, reason: bytes = b"asked for", heard: int = 0) -> str | None:
        sent = self._library.recorder_dump(self._device, reason, heard)
        return None if sent is None else sent.decode("ascii")


@pytest.fixture
def device(library) -> Callable[..., Device]:
    return lambda *given, **named: Device(library, *given, **named)


def read(text: str) -> Dump:
    (pieces,) = lines.heard(text.splitlines())
    return dump.read(pieces, "the log")


def first_channel(found: Dump) -> list[int]:
    return found.samples[:, 0].tolist()


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("heard", [[10], [1_000], [333] * 3, [1_700], [700, 5_000], [1] * 1_203])
def test_the_last_frames_come_out_whatever_the_pieces_they_came_in(device, channels, heard):
    recorded = device(1_000, channels=channels)
    for count in heard:
        recorded.hear(count)
    found = read(recorded.dump())
    end, kept = sum(heard), min(sum(heard), 1_000)
    assert first_channel(found) == list(range(end - kept, end))
    assert found.samples.shape == (kept, channels)
    assert (found.samples - found.samples[:, :1] == np.arange(channels)).all()
    assert (found.header.first, found.header.span, found.holes) == (end - kept, kept, ())
    assert (found.whole, found.lost_lines, found.damaged) == (True, 0, 0)


def test_what_the_source_is_and_why_it_was_sent_is_told(device):
    recorded = device(100, channels=3)
    recorded.hear(5)
    header = read(recorded.dump(b"a fault that has far too many words to be sent")).header
    assert (header.sensor, header.axes, header.unit) == ("accelerometer", ("x", "y", "z"), "g")
    assert (header.rate_hz, header.steps_per_unit) == (12.5, 8_192)
    assert (header.firmware, header.reason) == ("test on this computer", "a fault that has far too many")
    (signal,) = tracing.trace(read(recorded.dump())).signals
    assert (signal.axes, signal.units, signal.rate_hz) == (("x", "y", "z"), ("g",) * 3, 12.5)
    assert signal.frames.read(4, 1).tolist() == [[4 / 8_192, 5 / 8_192, 6 / 8_192]]


def test_inferences_come_with_the_frames_they_were_made_of(device):
    recorded = device(1_000, inferences=3)
    for number in range(5):
        recorded.hear(400)
        recorded.infer(number, number % 3, number == 4, -number, 1_000_000 * number)
    found = read(recorded.dump())
    assert (found.header.first, found.header.span) == (1_000, 1_000)
    assert found.inferences == (  # the first of the three that are kept is of frames that are gone, but for its end
        Inferred(200, 2, "no", False, (-2, 2_000_000)),
        Inferred(600, 3, "silence", False, (-3, 3_000_000)),
        Inferred(1_000, 4, "yes", True, (-4, 4_000_000)),
    )
    told = [tracing.inferred(mark) for mark in tracing.trace(found).marks]
    assert [one for one in told if one] == [
        (2, "no", False, (-2, 2_000_000)),
        (3, "silence", False, (-3, 3_000_000)),
        (4, "yes", True, (-4, 4_000_000)),
    ]


def test_frames_that_the_sensor_lost_are_a_hole(device):
    recorded = device(1_000)
    recorded.hear(100)
    recorded.lose(30)
    recorded.lose(20)
    recorded.hear(100)
    assert recorded.heard() == 250
    found = read(recorded.dump())
    assert first_channel(found) == [*range(100), *range(150, 250)]
    assert found.offsets.tolist() == first_channel(found)
    assert found.holes == (Hole(100, 50, "by the device"),)
    assert found.lost_on_the_line == 0
    (signal,) = tracing.trace(found).signals
    assert signal.times_s is not None
    assert signal.times_s[100] == 150 / 16_000


def test_holes_leave_the_ring_with_the_frames_around_them(device):
    recorded = device(200)
    for _ in range(40):  # far more holes than the recorder can keep
        recorded.hear(10)
        recorded.lose(7)
    recorded.hear(10)
    found = read(recorded.dump())
    assert first_channel(found) == (found.header.first + found.offsets).tolist()
    assert found.header.first + found.header.span == recorded.heard() == 690
    assert len(found.holes) == 16


def test_a_dump_begins_where_inferences_do(device):
    recorded = device(1_000, align=300)
    recorded.hear(1_700)
    assert read(recorded.dump()).header.first == 900
    recorded.lose(450)
    recorded.hear(950)  # 1,650 to 1,700 and 2,150 to 3,100 are there
    assert read(recorded.dump()).header.first == 2_400


def test_what_comes_while_a_dump_is_sent_is_a_hole_in_the_next_one(device):
    recorded = device(1_000)
    recorded.hear(600)
    sent = recorded.dump(b"asked for", 2)
    assert first_channel(read(sent)) == list(range(600))
    lost = 2 * len(sent.splitlines())
    recorded.hear(100)
    found = read(recorded.dump())
    assert first_channel(found) == [*range(600), *range(600 + lost, 700 + lost)]
    assert found.holes == (Hole(600, lost, "by the device"),)


def test_nothing_is_sent_before_anything_was_heard(device):
    assert device(1_000).dump() is None


def test_no_line_is_longer_than_the_protocol_allows(device):
    recorded = device(10_000, channels=3)
    recorded.hear(10_000)
    sent = recorded.dump()
    assert sent.endswith("\r\n")
    assert max(map(len, sent.splitlines())) <= 290
    assert sent.isascii()


@pytest.mark.parametrize("seed", range(40))
def test_a_recorder_that_was_overwritten_sends_nothing_or_something_that_can_be_read(device, seed):
    """Its counters, not its pointers: what those lead to is another fault."""
    recorded = device(300)
    recorded.hear(1_000)
    random = np.random.default_rng(seed)
    recorded.overwrite(int(random.integers(56, 100)), int(random.integers(1, 256)))
    sent = recorded.dump()
    if sent is not None:
        (pieces,) = lines.heard(sent.splitlines())
        assert pieces.is_whole


# On the line


@pytest.fixture
def log(device) -> str:
    """900 frames and two inferences, in a log with other lines."""
    recorded = device(1_000)
    recorded.hear(500)
    recorded.infer(0, 1, True, 5, 6)
    recorded.hear(400)
    recorded.infer(1, 2, False, 7, 8)
    sent = recorded.dump().replace("\r\n", "\n")
    return "".join(f'{{"event":"statistics"}}\n[12:00:01.{n:03}] {line}\n' for n, line in enumerate(sent.splitlines()))


def test_a_dump_is_found_in_a_log_of_other_lines(log):
    found = read(log)
    assert first_channel(found) == list(range(900))
    assert len(found.inferences) == 2


def recorder_lines(log: str) -> Iterator[int]:
    return (number for number, line in enumerate(log.splitlines()) if lines.BEGINS in line)


def without(log: str, *places: int) -> str:
    """The log without so many of the recorder's lines."""
    numbers = list(recorder_lines(log))
    gone = {numbers[place] for place in places}
    return "\n".join(line for number, line in enumerate(log.splitlines()) if number not in gone)


def test_a_line_that_was_lost_is_a_hole_with_a_mark(log):
    found = read(without(log, 8))
    assert (found.lost_lines, found.damaged, found.lost_on_the_line) == (1, 0, 93)
    assert found.holes == (Hole(186, 93, "on the line"),)
    assert first_channel(found) == [*range(186), *range(279, 900)]
    marks = [mark for mark in tracing.trace(found).marks if "lost" in mark.text]
    assert [(mark.time_s, mark.text) for mark in marks] == [(186 / 16_000, "lost on the line: 93 frames, 0.005812 s")]
    assert "1 line," in "\n".join(tracing.summary(found))


@pytest.mark.parametrize("at", [60, 100, 200])
def test_a_line_that_was_damaged_is_one_that_was_lost(log, at):
    number = list(recorder_lines(log))[8]
    found = log.splitlines()
    found[number] = found[number][:at] + ("A" if found[number][at] != "A" else "B") + found[number][at + 1 :]
    damaged = read("\n".join(found))
    assert (damaged.lost_lines, damaged.damaged, damaged.lost_on_the_line) == (1, 1, 93)


def test_either_end_says_what_was_recorded(log):
    whole = read(log)
    beginning_lost, end_lost = read(without(log, 0)), read(without(log, -1))
    assert beginning_lost.header == end_lost.header == whole.header
    assert first_channel(beginning_lost) == first_channel(end_lost) == first_channel(whole)
    assert (beginning_lost.whole, beginning_lost.lost_lines) == (True, 1)
    assert (end_lost.whole, end_lost.lost_lines) == (False, 0)


def test_a_dump_that_was_cut_off_is_read_as_far_as_it_got(log):
    count = len(list(recorder_lines(log)))
    found = read(without(log, *range(10, count)))
    assert not found.whole
    assert first_channel(found) == list(range(4 * 93))
    assert found.holes == (Hole(372, 528, "on the line"),)


def test_a_label_whose_name_was_lost_has_a_number(log):
    assert [one.label for one in read(without(log, 2)).inferences] == ["label 1", "no"]


def test_dumps_of_a_device_that_was_started_anew_are_told_apart(device, log):
    other = device(100)
    other.hear(50)
    found = lines.heard([*log.splitlines(), *other.dump().splitlines(), *other.dump().splitlines()])
    assert [len(dump.read(one, "the log").samples) for one in found] == [900, 50, 50]


@pytest.mark.parametrize("name", ["flight_recorder.c", "device_lab.c"])
@pytest.mark.parametrize(
    "program", ["cc", "arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb", "riscv64-unknown-elf-gcc -march=rv32imc -mabi=ilp32"]
)
def test_it_is_plain_c_without_a_warning_for_every_core(tmp_path, program, name):
    source = places.project() / "firmware" / "device_lab" / "src" / name
    strict = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-O2", "-ffreestanding"]
    command = [*program.split(), *strict, "-c", str(source), "-o", str(tmp_path / "recorder.o")]
    assert subprocess.run(command, check=True, capture_output=True).stderr == b""
