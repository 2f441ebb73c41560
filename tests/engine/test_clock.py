"""Virtual time follows Renode's rule; the figures are from runs of a real Renode."""

import pytest

from lab.engines.builtin.clock import VirtualClock
from lab.engines.builtin.peripheral import Alarm
from lab.engines.builtin.shim import Core


def clock_at(count, mips=64):
    core = Core()
    core.count = core.synchronised = count
    clock = VirtualClock(core, mips)
    clock.end = 10**12
    return clock


@pytest.mark.parametrize(
    ("mips", "instructions", "nanoseconds"), [(64, 8, 125), (46, 23, 500), (100, 1, 10), (160, 4, 25), (216, 27, 125)]
)
def test_time_advances_in_whole_nanoseconds(mips, instructions, nanoseconds):
    clock = clock_at(0, mips)
    assert clock.time_at(instructions - 1) == 0
    assert clock.time_at(instructions) == nanoseconds
    assert clock.count_at(nanoseconds) == instructions
    assert clock.count_at(nanoseconds + 1) == 2 * instructions


def test_an_alarm_rings_at_the_first_count_on_the_grid():
    clock = clock_at(0)
    rung = []
    alarm = Alarm(clock, rung.append)
    alarm.start(100_032)
    assert clock._core.deadline == 6408
    clock._core.count = 6407
    clock.ring()
    assert rung == []
    clock._core.count = 6408
    clock.ring()
    assert rung == [100_032]
    assert not alarm.running
    assert clock.now_ns == 100_125


def test_a_period_does_not_gather_the_overshoot_of_the_grid():
    clock = clock_at(0)
    rung = []
    Alarm(clock, rung.append).start(100_032, 100_032)
    for count in (6408, 12808, 19208, 25616, 32016):
        assert clock._core.deadline == count
        clock._core.count = count
        clock.ring()
    assert rung == [100_032 * n for n in range(1, 6)]


def test_alarms_of_one_moment_ring_in_order_of_their_due_times():
    clock = clock_at(0)
    rung = []
    Alarm(clock, lambda due: rung.append(("later", due))).start(120)
    Alarm(clock, lambda due: rung.append(("earlier", due))).start(110)
    clock._core.count = 8
    clock.ring()
    assert rung == [("earlier", 110), ("later", 120)]


def test_a_stopped_alarm_does_not_ring():
    clock = clock_at(0)
    rung = []
    alarm = Alarm(clock, rung.append)
    alarm.start(100)
    alarm.stop()
    clock._core.count = 800
    clock.ring()
    assert rung == []
    assert clock._core.deadline == clock.end
