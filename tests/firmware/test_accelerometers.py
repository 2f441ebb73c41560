"""The accelerometers' drivers on all boards: frames, rates, ranges, and parts that fail."""

from __future__ import annotations

import numpy as np
import pytest

from lab import target
from lab.engines.builtin import BuiltinEngine
from lab.engines.renode import installation
from lab.engines.renode.engine import RenodeEngine
from tests.firmware.accelerometers import Wanted, device, ramp, with_part, without_part

PARTS = {"nano33ble": (0x6B, 0x68), "stm32f746g": (0x19, 0x44), "esp32c3": (0x19, 0x44)}
"""Address and identity."""
HIGHEST_HZ = {"nano33ble": 952, "stm32f746g": 1600, "esp32c3": 1600}
WITHOUT_DECIMATION_HZ = {"nano33ble": 119, "stm32f746g": 100, "esp32c3": 100}
SYSTEM_TIMER_HZ = {"nano33ble": 10, "stm32f746g": 20, "esp32c3": 0}
ROUNDS = {"nano33ble": 8_000_000, "stm32f746g": 27_000_000, "esp32c3": 27_000_000}
"""Of the busy application: about 400 ms."""
LEVELS = 32


def renode():
    found = installation.look()
    if found is None:
        pytest.skip("this machine has no Renode: `lab setup renode`, or RENODE_PATH")
    return RenodeEngine(found)


@pytest.fixture(scope="module", params=["builtin", pytest.param("renode", marks=pytest.mark.renode)])
def engine(request):
    return BuiltinEngine() if request.param == "builtin" else renode()


@pytest.fixture(scope="module", params=PARTS)
def board(request):
    return target.load(request.param)


@pytest.fixture(scope="module")
def whole(engine, board):
    """The board as it is."""
    with device(engine, board) as booted:
        yield booted


@pytest.mark.parametrize("range_g", [2, 4])
@pytest.mark.parametrize("rate_hz", [20, 25, 100, 200])
def test_the_application_gets_the_frames_of_a_recording_one_by_one(whole, rate_hz, range_g):
    signal = ramp(300, rate_hz, range_g)
    heard = whole.hear(Wanted(rate_hz, range_g, frames=200), signal)
    assert heard.said["event"] == "heard", heard.said
    assert heard.said["lost"] == 0
    np.testing.assert_array_equal(heard.frames, signal.samples[: len(heard.frames)])
    assert 200 <= len(heard.frames) < 200 + LEVELS / 2


def test_the_highest_rate_of_the_part_keeps_up(whole, board):
    signal = ramp(1200, HIGHEST_HZ[board.name], 16)
    heard = whole.hear(Wanted(HIGHEST_HZ[board.name], 16, frames=1000), signal)
    assert heard.said["lost"] == 0
    np.testing.assert_array_equal(heard.frames, signal.samples[: len(heard.frames)])


def test_values_have_the_bits_that_are_asked_for(whole):
    signal = ramp(60, 50, 8)
    heard = whole.hear(Wanted(50, 8, bits=10, frames=50), signal)
    np.testing.assert_array_equal(heard.frames, signal.samples[: len(heard.frames)] >> 4)


def test_the_core_is_woken_in_time_and_not_more_often(whole, board):
    heard = whole.hear(Wanted(20, frames=100), ramp(200, 20))
    assert 100 / 20 - 0.05 <= heard.said["time_ms"] / 1000 <= 100 / 20 + 0.15
    counters = whole.machine.counters()
    assert counters.instructions < 200_000


def test_nothing_wakes_the_core_after_the_end(whole, board):
    whole.hear(Wanted(200, frames=50), ramp(100, 200))
    assert whole.wake_ups(1.0) == SYSTEM_TIMER_HZ[board.name]


def test_frames_that_were_lost_while_the_core_was_busy_are_counted(whole, board):
    rate_hz = WITHOUT_DECIMATION_HZ[board.name]
    signal = ramp(500, rate_hz)
    heard = whole.hear(Wanted(rate_hz, frames=200, busy_after=50, busy_rounds=ROUNDS[board.name]), signal)
    numbers = heard.frames[:, 0]
    (gap,) = np.flatnonzero(np.diff(numbers) != 1)
    missing = numbers[gap + 1] - numbers[gap] - 1
    assert 0 < missing < rate_hz
    assert abs(heard.said["lost"] - missing) <= 1


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(rate_hz=1601), "The accelerometer takes at most {highest} frames a second"),
        (Wanted(range_g=3), "The accelerometer has the ranges 2, 4, 8 and 16 g"),
        (Wanted(bits=15), "The accelerometer has values of at most 14 bits"),
    ],
    ids=["rate", "range", "bits"],
)
def test_settings_that_the_part_has_not_are_refused(whole, board, wanted, said):
    heard = whole.hear(wanted, ramp(1, 20))
    assert heard.said == {"event": "error", "what": "sensor", "message": said.format(highest=HIGHEST_HZ[board.name])}


def test_a_part_that_is_absent_is_named_by_its_address(engine, board, tmp_path):
    with device(engine, without_part(board, tmp_path)) as empty:
        heard = empty.hear(Wanted())
    address, _ = PARTS[board.name]
    assert heard.said["message"] == f"The accelerometer does not answer at address {address:#x}"


def test_a_part_that_is_something_else_is_named_by_its_identity(engine, board, tmp_path):
    with device(engine, with_part(board, "identity: 0x12", tmp_path)) as other:
        heard = other.hear(Wanted())
    _, identity = PARTS[board.name]
    assert heard.said["message"] == f"The accelerometer answers WHO_AM_I 0x12, not {identity:#x}"


def test_a_part_that_stops_is_noticed_after_a_second(engine, board, tmp_path):
    with device(engine, with_part(board, "stopsAfter: 75", tmp_path)) as stopping:
        heard = stopping.hear(Wanted(25, frames=150), ramp(200, 25))
        stopped_ns = stopping.machine.counters().time_ns
    assert heard.said["message"] == "The accelerometer has taken no frame for a second"
    # The last frames may be fewer than the part interrupts for: they are asked for after a second without any.
    stopped_ns -= 75 / board.sensors["accelerometer"].rate_for(25) * 1e9
    assert 1e9 <= stopped_ns < 2.2e9


@pytest.mark.renode
def test_both_engines_count_the_same_instructions_at_the_same_time(board):
    rate_hz = WITHOUT_DECIMATION_HZ[board.name]
    wanted = Wanted(rate_hz, frames=100, busy_after=20, busy_rounds=ROUNDS[board.name])
    seen = []
    for engine in (BuiltinEngine(), renode()):
        with device(engine, board) as booted:
            heard = booted.hear(wanted, ramp(300, rate_hz))
            counters = booted.machine.counters()
            seen.append((heard.said, heard.frames.tolist(), counters.instructions, counters.time_ns))
    assert seen[0] == seen[1]
