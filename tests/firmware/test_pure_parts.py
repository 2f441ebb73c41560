"""The firmware's parts that need no hardware, compiled for this computer."""

from __future__ import annotations

import ctypes
import json
import zlib
from pathlib import Path

import numpy as np
import pytest

from lab import places

HERE = Path(__file__).parent
NO_DETECTION = -1
NO_WORD, YES, NO = range(3)


@pytest.fixture(scope="module")
def firmware(compiled):
    folder = places.project() / "firmware"
    library = compiled(
        HERE / "pure_parts.cc",
        folder / "runtime" / "json_line.cc",
        folder / "runtime" / "text_format.cc",
        folder / "drivers" / "sensor_fifo.cc",
        folder / "families" / "nrf52" / "sensors" / "microphone.cc",
        includes=(folder / "boards" / "nano33ble",),
    )
    library.crc.restype = ctypes.c_uint32
    for name in ("ring_new", "words_new", "anomalies_new"):
        getattr(library, name).restype = ctypes.c_void_p
    for name in ("json_line", "microphone_hears", "sensor_fifo_hears"):
        getattr(library, name).restype = ctypes.c_char_p
    library.ring_push.restype = ctypes.c_bool
    for name in ("ring_available", "ring_take"):
        getattr(library, name).restype = ctypes.c_size_t
    return library


class Ring:
    """The sample ring, with numpy arrays at both ends."""

    def __init__(self, library: ctypes.CDLL, capacity: int, history: int) -> None:
        self._library = library
        self._storage = np.zeros(capacity, np.int16)
        self._ring = ctypes.c_void_p(library.ring_new(_pointer(self._storage), capacity, history))

    def push(self, *samples: int) -> bool:
        values = np.array(samples, np.int16)
        return bool(self._library.ring_push(self._ring, _pointer(values), values.size))

    def take(self, most: int) -> list[int]:
        taken = np.zeros(most, np.int16)
        return list(taken[: self._library.ring_take(self._ring, most, _pointer(taken))])

    def look_back(self, count: int) -> list[int]:
        seen = np.zeros(count, np.int16)
        self._library.ring_look_back(self._ring, count, _pointer(seen))
        return list(seen)

    @property
    def available(self) -> int:
        return int(self._library.ring_available(self._ring))


class Words:
    """The decision "average", asked with scores of (no word, yes, no) as probabilities in 0..255."""

    def __init__(self, library: ctypes.CDLL, average: int, threshold: int, refractory_ms: int) -> None:
        self._library = library
        self._words = ctypes.c_void_p(library.words_new(average, threshold, refractory_ms))

    def hear(self, scores: tuple[int, int, int], at_ms: int) -> tuple[int, int] | None:
        values = (np.array(scores) - 128).astype(np.int8)
        heard = self._library.words_decide(self._words, _pointer(values), at_ms)
        return None if heard == NO_DETECTION else divmod(heard, 1000)


class Anomalies:
    """The decision "anomaly"."""

    def __init__(self, library: ctypes.CDLL, average: int, threshold: int, refractory_ms: int) -> None:
        self._library = library
        self._anomalies = ctypes.c_void_p(library.anomalies_new(average, threshold, refractory_ms))

    def notice(self, score: int, at_ms: int) -> int | None:
        values = np.array([score], np.int32)
        found = self._library.anomalies_decide(self._anomalies, _pointer(values), at_ms)
        return None if found == NO_DETECTION else found - 1000


def _pointer(array: np.ndarray) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def test_the_checksum_is_zlibs(firmware):
    data = np.random.default_rng(1).bytes(1000)
    assert firmware.crc(data, len(data)) == zlib.crc32(data)


def test_a_ring_gives_back_what_went_in_across_its_end(firmware):
    ring = Ring(firmware, capacity=6, history=0)
    heard = []
    for value in range(0, 40, 2):
        assert ring.push(value, value + 1)
        heard += ring.take(2)
    assert heard == list(range(40))


def test_a_ring_hands_out_one_piece_at_a_time(firmware):
    ring = Ring(firmware, capacity=6, history=0)
    ring.push(1, 2)
    ring.push(3, 4)
    assert ring.take(4) == [1, 2, 3, 4]
    ring.push(5, 6)
    ring.push(7, 8)
    assert ring.available == 4
    assert ring.take(4) == [5, 6]
    assert ring.take(4) == [7, 8]


def test_a_full_ring_refuses_a_buffer_and_keeps_what_it_has(firmware):
    ring = Ring(firmware, capacity=6, history=0)
    assert all(ring.push(value, value) for value in (1, 2, 3))
    assert not ring.push(4, 4)
    assert ring.available == 6
    assert ring.take(6) == [1, 1, 2, 2, 3, 3]


def test_a_ring_keeps_the_history_it_was_asked_to_keep(firmware):
    ring = Ring(firmware, capacity=8, history=4)
    for value in (1, 2, 3, 4, 5, 6):
        assert ring.push(value, value)
        ring.take(2)
    assert ring.push(7, 7)
    assert ring.push(8, 8)
    assert not ring.push(9, 9)
    assert ring.look_back(4) == [5, 5, 6, 6]


def test_a_word_above_the_threshold_is_heard_once_within_the_refractory_time(firmware):
    words = Words(firmware, average=1, threshold=200, refractory_ms=1000)
    assert words.hear((0, 199, 56), 0) is None
    assert words.hear((0, 200, 55), 20) == (YES, 200)
    assert words.hear((0, 0, 255), 1019) is None
    assert words.hear((0, 0, 255), 1020) == (NO, 255)


def test_scores_are_averaged_over_the_last_inferences(firmware):
    words = Words(firmware, average=3, threshold=100, refractory_ms=0)
    assert words.hear((0, 255, 0), 0) is None
    assert words.hear((0, 255, 0), 1) is None
    assert words.hear((0, 0, 0), 2) == (YES, 170)
    assert words.hear((0, 0, 90), 3) is None
    assert words.hear((0, 0, 240), 4) == (NO, 110)


def test_what_is_no_word_is_never_heard(firmware):
    words = Words(firmware, average=1, threshold=10, refractory_ms=0)
    assert words.hear((200, 100, 50), 0) is None


def test_the_mean_of_the_last_scores_is_an_anomaly_above_the_threshold_and_once_within_the_refractory_time(firmware):
    anomalies = Anomalies(firmware, average=2, threshold=100, refractory_ms=1000)
    assert anomalies.notice(900, 0) is None
    assert anomalies.notice(2, 100) == 451
    assert anomalies.notice(198, 200) is None
    assert anomalies.notice(500, 1099) is None
    assert anomalies.notice(0, 1100) == 250
    assert anomalies.notice(201, 2100) is None


@pytest.mark.parametrize("part_hz", [10, 25, 50, 100, 119, 200, 238, 400, 476, 800, 952, 1600])
def test_of_a_parts_frames_the_first_at_or_after_each_tick_of_the_wanted_rate_is_taken(firmware, part_hz):
    frames = 3 * part_hz + 1
    taken = ctypes.create_string_buffer(frames)
    for rate_hz in range(1, part_hz + 1):
        firmware.decimate(part_hz, rate_hz, frames, taken)
        (numbers,) = np.nonzero(np.frombuffer(taken.raw, "S1") == b"1")
        assert numbers.tolist() == [-(-tick * part_hz // rate_hz) for tick in range(3 * rate_hz + 1)]


@pytest.mark.parametrize("part_hz", [25, 50, 119, 1600])
def test_a_recording_that_a_part_plays_at_its_own_rate_comes_back_frame_by_frame(firmware, part_hz):
    frames = 2 * part_hz
    taken = ctypes.create_string_buffer(frames)
    for rate_hz in range(1, part_hz + 1):
        firmware.decimate(part_hz, rate_hz, frames, taken)
        played = np.arange(frames) * rate_hz // part_hz
        assert played[np.frombuffer(taken.raw, "S1") == b"1"].tolist() == list(range(2 * rate_hz))


def test_a_log_line_is_json_whatever_the_text(firmware):
    values = np.array([-128, -1, 0, 127], np.int8)
    line = firmware.json_line(b'a "quoted" \\ line\n', 4294967295, _pointer(values), values.size)
    assert line.endswith(b"\r\n")
    assert json.loads(line) == {
        "event": "test",
        "text": 'a "quoted" \\ line ',
        "number": 4294967295,
        "crc": "ffffffff",
        "hex": "0xffffffff",
        "values": [-128, -1, 0, 127],
    }


def test_tflms_messages_are_formatted_and_cut_to_size(firmware):
    buffer = ctypes.create_string_buffer(40)
    firmware.format(buffer, 40, b"%s: %d of %5u, 0x%08x%%, %c", b"arena", -12, 4000000000, 0xBEEF, ord("!"))
    assert buffer.value == b"arena: -12 of 4000000000, 0xbeef%, !"
    assert firmware.format(buffer, 6, b"%s", b"longer than that") == len(b"longe")
    assert buffer.value == b"longe"


@pytest.mark.parametrize("latches", [True, False], ids=["as silicon", "as Renode's model"])
def test_the_microphone_passes_every_buffer_on_in_order(firmware, latches):
    heard = firmware.microphone_hears(latches, 6).decode().split()
    assert heard == ["1", "2", "3", "4", "5", "6"]


def test_the_labs_sensor_passes_every_buffer_on_in_order(firmware):
    assert firmware.sensor_fifo_hears(6, 0).decode() == "1 2 3 4 5 6 missed 0"


def test_one_late_interrupt_of_the_labs_sensor_costs_one_buffer(firmware):
    assert firmware.sensor_fifo_hears(6, 3).decode() == "1 2 3 5 6 missed 1"
