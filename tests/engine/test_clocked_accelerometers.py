"""Accelerometers that sample by a clock of their own: times, frames, FIFO, flags, lines, as their data sheets say."""

from types import MappingProxyType

import numpy as np
import pytest

from lab.engines.builtin.devices.clockedlis2dw12 import ClockedLIS2DW12
from lab.engines.builtin.devices.clockedlsm9ds1 import ClockedLSM9DS1
from lab.errors import ConfigurationError, DeviceFault, RecordingError
from lab.signals.signal import Signal
from tests.signals import sound

from .fake_board import FakeBoard, Wire

SECOND = 10**9
ONE_G = 2048


class Part:
    """A part on its bus, as firmware and a stopwatch see it."""

    def __init__(self, kind, **arguments):
        self.board = FakeBoard()
        self.model = kind(self.board.calling("sysbus.i2c.part"), **arguments)
        self.wires = [Wire(self.board) for _ in range(2)]
        for line, wire in zip(self.model.interrupts, self.wires, strict=True):
            line.connect(wire, 0)
        self.model.reset()

    @property
    def clock(self):
        return self.board.clock

    def write(self, register, *values):
        self.model.write_bytes(bytes([register, *values]))
        self.model.stop_condition()

    def read(self, register, count=1):
        self.model.write_bytes(bytes([register]))
        values = b"".join(self.model.read_byte() for _ in range(count))
        self.model.stop_condition()
        return values

    def frames(self, count=1):
        return np.frombuffer(self.read(0x28, 6 * count), "<i2").reshape(-1, 3).tolist()

    def feed(self, frames, rate_hz=100.0, one_g=ONE_G):
        signal = Signal(np.array(frames, np.int16).reshape(-1, 3), rate_hz, ("x", "y", "z"), "g", one_g)
        self.model.feed(signal)

    def numbered(self, count, **how):
        """Feed frames that say their number in x, in digits at 4 g and 14 or more bits."""
        self.feed([(number, 0, 0) for number in range(1, count + 1)], **how)

    def numbers(self, count=1):
        return [x // 4 for x, _, _ in self.frames(count)]


class LIS2DW12(Part):
    """At 4 g, high performance."""

    RATES = MappingProxyType({1: 12.5, 2: 12.5, 3: 25, 4: 50, 5: 100, 6: 200, 7: 400, 8: 800, 9: 1600})
    IDENTITY = 0x44

    def __init__(self, **arguments):
        super().__init__(ClockedLIS2DW12, **arguments)
        self.write(0x25, 0x10)

    def start(self, code=0x5):
        self.write(0x20, code << 4 | 0x4)

    def stop(self):
        self.write(0x20, 0)

    def buffer(self, mode, threshold=0):
        self.write(0x2E, mode << 5 | threshold)

    def full_scale(self, g):
        self.write(0x25, (2, 4, 8, 16).index(g) << 4)

    def lead(self, ready=False, threshold=False, full=False):
        self.write(0x23, ready | threshold << 1 | full << 2)

    def block_update(self):
        self.write(0x21, 0x0C)

    def reset(self):
        self.write(0x21, 0x44)

    @property
    def ready(self):
        return self.read(0x27)[0] & 1


class LSM9DS1(Part):
    """At 4 g."""

    RATES = MappingProxyType({1: 10, 2: 50, 3: 119, 4: 238, 5: 476, 6: 952})
    IDENTITY = 0x68

    def __init__(self, **arguments):
        super().__init__(ClockedLSM9DS1, **arguments)
        self.scale = 2 << 3
        self.write(0x23, 0x02)

    def start(self, code=3):
        self.write(0x20, code << 5 | self.scale)

    def stop(self):
        self.write(0x20, self.scale)

    def buffer(self, mode, threshold=0):
        self.write(0x2E, mode << 5 | threshold)

    def full_scale(self, g):
        self.scale = (2, 16, 4, 8).index(g) << 3
        self.write(0x20, self.scale)

    def lead(self, ready=False, threshold=False, full=False):
        self.write(0x0C, ready | threshold << 3 | full << 5)

    def block_update(self):
        self.write(0x22, 0x44)

    def reset(self):
        self.write(0x22, 0x05)

    @property
    def ready(self):
        return self.read(0x17)[0] & 1


KINDS = [LIS2DW12, LSM9DS1]
UNTIL_FULL, CONTINUOUS = 0b001, 0b110


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def part(kind):
    return kind()


def due(number, rate):
    """When the tick of that number comes, from 1 on: rounded up to whole nanoseconds."""
    return -(-number * 10 * SECOND // round(10 * rate))


class TestIdentity:
    def test_it_says_who_it_is(self, part):
        assert part.read(0x0F)[0] == part.IDENTITY

    def test_a_platform_can_make_it_answer_wrong(self, kind):
        assert kind(identity=0x33).read(0x0F) == b"\x33"

    @pytest.mark.parametrize("arguments", [{"identity": 0x100}, {"identity": -1}, {"stops_after": -1}])
    def test_what_no_part_can_be_is_refused(self, kind, arguments):
        with pytest.raises(ConfigurationError, match="identity is"):
            kind(**arguments)

    def test_identity_and_outputs_cannot_be_written(self, part):
        part.write(0x0F, 0)
        part.write(0x28, 1, 2, 3, 4, 5, 6)
        assert part.read(0x0F)[0] == part.IDENTITY
        assert part.frames() == [[0, 0, 0]]


class TestClock:
    def test_it_is_in_power_down_until_a_rate_is_set(self, part):
        part.numbered(3)
        part.clock.advance_to(SECOND)
        assert part.ready == 0

    def test_every_rate_keeps_exact_time_for_ten_thousand_samples(self, kind):
        for code, rate in kind.RATES.items():
            part = kind()
            part.lead(ready=True)
            part.clock.advance_to(123_456)
            part.start(code)
            for number in (1, 2, 3, 10_000):
                time_ns = 123_456 + due(number, rate)
                part.clock.advance_to(time_ns - 1)
                part.frames()
                assert part.ready == 0
                part.clock.advance_to(time_ns)
                assert part.ready == 1

    def test_another_rate_begins_anew_and_the_same_one_does_not(self, part):
        slow, fast = list(part.RATES)[-3:-1]
        period = due(1, part.RATES[slow])
        part.start(slow)
        part.clock.advance_to(period // 2)
        part.start(slow)
        part.clock.advance_to(period - 1)
        assert part.ready == 0
        part.start(fast)
        part.clock.advance_to(period - 1 + due(1, part.RATES[fast]) - 1)
        assert part.ready == 0
        part.clock.advance_to(period - 1 + due(1, part.RATES[fast]))
        assert part.ready == 1

    def test_power_down_stops_it(self, part):
        part.start()
        part.clock.advance_to(SECOND)
        part.stop()
        part.frames()
        part.clock.advance_to(2 * SECOND)
        assert part.ready == 0

    def test_a_platform_can_make_it_stop(self, kind):
        part = kind(stops_after=3)
        part.buffer(CONTINUOUS)
        part.start()
        part.clock.advance_to(SECOND)
        assert part.read(0x2F)[0] & 0x3F == 3
        part.reset()
        part.start()
        part.clock.advance_to(2 * SECOND)
        assert part.ready == 0


class TestWhatIsFelt:
    def test_nothing_is_felt_before_a_signal(self, part):
        part.start()
        part.clock.advance_to(SECOND)
        assert part.frames() == [[0, 0, 0]]

    @pytest.mark.parametrize("fed_hz", [10.0, 20.0, 33.333333333, 119.0, 1000.0])
    def test_a_tick_gives_the_frame_of_its_time(self, kind, fed_hz):
        for code, rate in kind.RATES.items():
            part = kind()
            part.buffer(CONTINUOUS)
            part.numbered(2000, rate_hz=fed_hz)
            part.start(code)
            part.clock.advance_to(due(20, rate))
            exact = round(fed_hz * SECOND)
            assert part.numbers(20) == [1 + min(1999, n * exact * 2 // int(2 * rate * SECOND)) for n in range(20)]

    def test_a_signal_begins_with_the_first_tick_behind_its_feeding_and_holds_its_last_frame(self, part):
        part.buffer(CONTINUOUS)
        rate = part.RATES[3]
        part.start(3)
        part.clock.advance_to(due(2, rate) + 1)
        part.numbered(3, rate_hz=float(rate))
        part.clock.advance_to(due(8, rate))
        assert part.numbers(8) == [0, 0, 1, 2, 3, 3, 3, 3]

    def test_signals_follow_each_other(self, part):
        part.buffer(CONTINUOUS)
        rate = float(part.RATES[3])
        part.numbered(3, rate_hz=rate)
        part.feed([(100, 0, 0), (101, 0, 0)], rate_hz=rate / 2)
        part.feed([])
        part.start(3)
        part.clock.advance_to(due(9, rate))
        assert part.numbers(9) == [1, 2, 3, 100, 100, 101, 101, 101, 101]

    def test_a_reset_of_the_machine_drops_signals_and_one_by_firmware_does_not(self, part):
        part.numbered(1)
        part.reset()
        part.full_scale(4)
        part.start()
        part.clock.advance_to(SECOND)
        assert part.numbers() == [1]
        part.model.reset()
        part.full_scale(4)
        part.start()
        part.clock.advance_to(2 * SECOND)
        assert part.numbers() == [0]

    def test_digits_are_rounded_down_and_saturate(self, kind):
        fed = (2047, -2048, -1)
        for g, digits in {
            2: (16376, -16384, -8),
            4: (8188, -8192, -4),
            8: (4094, -4096, -2),
            16: (2047, -2048, -1),
        }.items():
            part = kind()
            part.full_scale(g)
            part.feed([fed])
            part.start()
            part.clock.advance_to(SECOND)
            whole = -4 if kind is LIS2DW12 else -1
            assert part.frames() == [[digit & whole for digit in digits]]
        part.full_scale(4)
        part.feed([(32767, -32768, 8192)])
        part.start()
        part.clock.advance_to(2 * SECOND)
        assert part.frames() == [[32767 & whole, -32768, 32767 & whole]]

    def test_other_steps_than_4_g_in_14_bits_are_rounded_down(self, part):
        part.feed([(1, -1, 1000)], one_g=1000)
        part.start()
        part.clock.advance_to(SECOND)
        assert part.frames() == [[8, -12 if isinstance(part, LIS2DW12) else -9, 8192]]

    def test_sound_is_refused(self, part):
        with pytest.raises(RecordingError, match=r"shape \[n, 3\]"):
            part.model.feed(sound(np.zeros(16, np.int16)))


class TestReadiness:
    def test_reading_a_high_byte_takes_it_back_and_a_low_byte_does_not(self, part):
        part.lead(ready=True)
        part.start()
        part.clock.advance_to(due(1, part.RATES[5 if isinstance(part, LIS2DW12) else 3]))
        assert part.wires[0].level
        part.read(0x2A)
        assert part.ready == 1
        part.read(0x2B)
        assert part.ready == 0
        assert not part.wires[0].level

    @pytest.mark.parametrize(("blocks", "value"), [(False, 0x0100), (True, 0xFF00)])
    def test_a_sample_that_comes_between_two_bytes_tears_the_value_unless_bdu_is_set(self, part, blocks, value):
        if blocks:
            part.block_update()
        part.feed([(-64, 0, 0), (64, 0, 0)], rate_hz=float(part.RATES[3]))
        part.start(3)
        part.clock.advance_to(due(1, part.RATES[3]))
        low = part.read(0x28)
        part.clock.advance_to(due(2, part.RATES[3]))
        assert int.from_bytes(low + part.read(0x29), "little") == value
        assert part.numbers() == [64]


class TestFifo:
    def fill(self, part, count, *, mode=CONTINUOUS, threshold=0):
        part.buffer(mode, threshold)
        part.numbered(200, rate_hz=float(part.RATES[3]))
        part.start(3)
        part.clock.advance_to(due(count, part.RATES[3]))

    def state(self, part):
        value = part.read(0x2F)[0]
        return bool(value & 0x80), bool(value & 0x40), value & 0x3F

    def test_one_transfer_reads_all_samples_in_their_order(self, part):
        self.fill(part, 32)
        assert self.state(part) == (True, False, 32)
        assert part.numbers(32) == list(range(1, 33))
        assert self.state(part)[1:] == (False, 0)

    def test_an_empty_one_gives_the_last_sample_again(self, part):
        self.fill(part, 2)
        assert part.numbers(4) == [1, 2, 2, 2]

    def test_a_continuous_one_loses_the_oldest_and_says_so_until_one_is_read(self, part):
        self.fill(part, 35)
        assert self.state(part) == (True, True, 32)
        assert self.state(part) == (True, True, 32)
        assert part.numbers() == [4]
        assert self.state(part) == (True, False, 31)

    def test_one_that_stops_when_full_loses_the_newest_and_starts_again_behind_bypass(self, part):
        self.fill(part, 35, mode=UNTIL_FULL)
        assert self.state(part) == (True, True, 32)
        assert part.numbers(32)[::31] == [1, 32]
        part.buffer(0)
        assert self.state(part) == (False, False, 0)
        part.buffer(UNTIL_FULL)
        part.clock.advance_to(due(37, part.RATES[3]))
        assert part.numbers(2) == [36, 37]

    def test_bypass_empties_it(self, part):
        self.fill(part, 40)
        part.buffer(0)
        assert self.state(part) == (False, False, 0)

    def test_the_threshold_interrupt_rises_at_the_very_sample_and_falls_when_read_below(self, part):
        part.lead(threshold=True)
        self.fill(part, 5, threshold=6)
        assert not part.wires[0].level
        part.clock.advance_to(due(7, part.RATES[3]))
        assert part.wires[0].rose == [due(6, part.RATES[3])]
        part.frames()
        assert part.wires[0].level
        part.frames()
        assert not part.wires[0].level

    def test_the_full_interrupt(self, part):
        part.lead(full=True)
        self.fill(part, 40)
        assert part.wires[0].rose == [due(32, part.RATES[3])]

    def test_a_sample_that_is_being_read_is_whole_whatever_comes(self, part):
        part.buffer(CONTINUOUS)
        part.feed([(n, n, n) for n in range(1, 100)], rate_hz=float(part.RATES[3]))
        part.start(3)
        part.clock.advance_to(due(32, part.RATES[3]))
        part.model.write_bytes(b"\x28")
        value = b""
        for byte in range(6):
            part.clock.advance_to(due(33 + byte, part.RATES[3]))
            value += part.model.read_byte()
        assert np.frombuffer(value, "<i2").tolist() == [8, 8, 8]

    def test_modes_that_wait_for_a_trigger_never_get_one(self, part):
        self.fill(part, 3, mode=0b011)
        assert self.state(part)[2] == 3
        part.buffer(0b100)
        part.clock.advance_to(due(9, part.RATES[3]))
        assert self.state(part)[2] == 0


class TestAddressing:
    def test_the_address_goes_on_by_itself_unless_that_is_switched_off(self, part):
        assert part.read(0x20, 3)[2] == part.model.defaults[0x22]
        register, value = (0x21, 0) if isinstance(part, LIS2DW12) else (0x22, 0)
        part.write(register, value)
        assert part.read(0x0F, 3) == bytes([part.IDENTITY] * 3)

    def test_it_ends_at_the_outputs_only_while_the_fifo_is_in_use(self, part):
        part.buffer(0, 5)
        assert part.read(0x2D, 2)[1] == 5
        part.buffer(CONTINUOUS, 5)
        part.numbered(1)
        part.start()
        part.clock.advance_to(SECOND // 5)
        assert part.read(0x2D, 2)[1] == 4

    def test_the_highest_bit_of_an_address_means_nothing(self, part):
        assert part.read(0x8F)[0] == part.IDENTITY


def test_a_snapshot_brings_back_clock_fifo_and_signal(part):
    part.buffer(CONTINUOUS)
    part.numbered(100, rate_hz=float(part.RATES[3]))
    part.start(3)
    part.clock.advance_to(due(5, part.RATES[3]))
    kept, now = part.model.snapshot(), part.clock.now_ns
    for _ in range(2):
        part.model.restore(kept)
        part.clock.now_ns = now
        part.clock.advance_to(due(9, part.RATES[3]))
        assert part.numbers(9) == list(range(1, 10))


class TestLIS2DW12:
    @pytest.fixture
    def part(self):
        return LIS2DW12()

    @pytest.mark.parametrize(("code", "rate"), [(1, 1.6), (2, 12.5), (6, 200), (7, 200), (8, 200), (9, 200)])
    def test_low_power_has_rates_of_its_own(self, part, code, rate):
        part.write(0x20, code << 4)
        period = round(SECOND / rate)
        part.clock.advance_to(period - 1)
        assert part.ready == 0
        part.clock.advance_to(period)
        assert part.ready == 1

    @pytest.mark.parametrize(("mode", "digits"), [(0x0, -1), (0x1, -1), (0x2, -1), (0x3, -1), (0x4, -1), (0x7, -1)])
    def test_low_power_mode_1_has_12_bits_and_all_others_14(self, part, mode, digits):
        part.feed([(digits, 3, 4)])
        part.write(0x20, 0x50 | mode)
        part.clock.advance_to(SECOND)
        assert part.frames() == ([[-16, 0, 16]] if mode == 0 else [[-4, 12, 16]])

    def test_all_events_lead_to_int2_and_with_int2_on_int1_to_the_other(self, part):
        part.buffer(CONTINUOUS, 31)
        part.write(0x24, 0x08)
        part.start(9)
        part.clock.advance_to(due(32, 1600))
        assert not part.wires[1].level
        part.clock.advance_to(due(33, 1600))
        assert part.wires[1].level
        part.write(0x3F, 0x40)
        assert [wire.level for wire in part.wires] == [True, False]
        assert (part.read(0x27)[0], part.read(0x37)[0]) == (0x81, 0xC1)

    def test_active_low(self, part):
        part.lead(ready=True)
        part.write(0x22, 0x08)
        assert part.wires[0].level
        part.start()
        part.clock.advance_to(SECOND)
        assert not part.wires[0].level

    def test_a_soft_reset_ends_at_once_with_all_as_after_power_on(self, part):
        part.buffer(CONTINUOUS, 3)
        part.start()
        part.clock.advance_to(SECOND)
        part.write(0x21, 0x40)
        assert part.read(0x20, 6) == bytes([0, 4, 0, 0, 0, 0])
        assert part.read(0x2E, 2) == b"\0\0"
        part.clock.advance_to(2 * SECOND)
        assert part.ready == 0

    @pytest.mark.parametrize("value", [0x58, 0x5C, 0xA4, 0xF0])
    def test_conversions_on_demand_and_reserved_settings_are_faults(self, part, value):
        with pytest.raises(DeviceFault, match="CTRL1 is"):
            part.write(0x20, value)


class TestLSM9DS1:
    @pytest.fixture
    def part(self):
        return LSM9DS1()

    def test_it_starts_as_the_data_sheet_says(self, part):
        part.reset()
        assert part.read(0x1E, 6) == bytes([0x38, 0x38, 0, 0, 4, 0])

    def test_without_fifo_en_there_is_no_fifo_whatever_its_mode(self, part):
        part.write(0x23, 0)
        part.buffer(CONTINUOUS)
        part.numbered(9)
        part.start(3)
        part.clock.advance_to(SECOND)
        assert part.read(0x2F) == b"\0"
        assert part.numbers() == [9]

    def test_the_fifo_can_end_at_the_threshold(self, part):
        part.write(0x23, 0x03)
        part.buffer(CONTINUOUS, 9)
        part.numbered(20, rate_hz=119.0)
        part.start(3)
        part.clock.advance_to(due(12, 119))
        assert part.read(0x2F)[0] == 0x80 | 0x40 | 10
        assert part.numbers() == [3]

    def test_an_axis_that_is_switched_off_reads_0(self, part):
        part.write(0x1F, 0x28)
        part.feed([(1, 2, 3)])
        part.start()
        part.clock.advance_to(SECOND)
        assert part.frames() == [[4, 0, 12]]

    def test_both_status_registers_say_the_same(self, part):
        part.start()
        part.clock.advance_to(SECOND)
        assert (part.read(0x17), part.read(0x27)) == (b"\x01", b"\x01")

    def test_overrun_leads_to_int2(self, part):
        part.buffer(CONTINUOUS)
        part.write(0x0D, 0x10)
        part.start(3)
        part.clock.advance_to(SECOND)
        assert part.wires[1].rose == [due(33, 119)]

    def test_active_low(self, part):
        part.lead(ready=True)
        part.write(0x22, 0x24)
        assert part.wires[0].level
        part.start()
        part.clock.advance_to(SECOND)
        assert not part.wires[0].level

    @pytest.mark.parametrize(("rate", "a_period"), [(1, 64), (2, 16), (3, 8), (4, 4), (5, 2), (6, 1)])
    def test_the_gyroscope_sets_the_rate_of_both_while_it_is_on(self, part, rate, a_period):
        part.lead(ready=True)
        part.write(0x10, rate << 5)
        part.start()
        part.clock.advance_to(SECOND)
        assert part.wires[0].rose == [-(-a_period * SECOND // 952)]
        part.write(0x10, 0)
        part.read(0x28, 6)
        part.clock.advance_to(2 * SECOND)
        assert part.wires[0].rose[1] == SECOND + due(1, 119)

    def test_the_gyroscope_reads_0(self, part):
        part.start()
        part.clock.advance_to(SECOND)
        assert part.read(0x15, 2) + part.read(0x18, 6) == bytes(8)

    @pytest.mark.parametrize(
        ("register", "value", "said"),
        [(0x10, 0xE0, "ODR_G"), (0x20, 0xE0, "ODR_XL"), (0x22, 0x06, "big-endian")],
    )
    def test_what_is_not_modelled_is_a_fault(self, part, register, value, said):
        with pytest.raises(DeviceFault, match=said):
            part.write(register, value)
