"""Devices of the ESP32-C3, as its technical reference manual says."""

import numpy as np
import pytest

from lab.engines.builtin.devices.clockedlis2dw12 import ClockedLIS2DW12
from lab.engines.builtin.devices.esp32_uart import ESP32_UART
from lab.engines.builtin.devices.esp32c3_i2c import ESP32C3_I2C
from lab.engines.builtin.devices.esp32c3_systimer import ESP32C3_SYSTIMER
from lab.errors import DeviceFault
from lab.signals.signal import Signal

from .fake_board import Wire

SECOND = 10**9


class Device:
    """A device as firmware sees it, a register at a time."""

    def __init__(self, model):
        self.model = model
        model.reset()

    def poke(self, *writes):
        for offset, value in writes:
            self.model.write(offset, 4, value)

    def peek(self, offset):
        return self.model.read(offset, 4)

    def wired(self, board, line):
        wire = Wire(board)
        self.model.lines[line].connect(wire, 0)
        return wire


def test_what_the_uart_receives_waits_in_its_fifo(board):
    uart = Device(ESP32_UART(board))
    counted = lambda: uart.peek(0x1C) & 0x3FF  # noqa: E731
    assert (counted(), uart.peek(0x00)) == (0, 0)
    uart.model.accept(b"ab")
    assert counted() == 2
    assert [uart.peek(0x00), uart.peek(0x00), counted()] == [ord("a"), ord("b"), 0]


CTR, SR, FIFO_ST, FIFO_CONF, DATA, INT_RAW, INT_CLR, INT_ENA, INT_STATUS, COMD = (
    *(0x04, 0x08, 0x14, 0x18, 0x1C, 0x20, 0x24, 0x28, 0x2C),
    0x58,
)
MASTER, START, FSM_RST = 0x21B, 0x23B, 0x61B
RXFIFO_WM, TXFIFO_WM, RXFIFO_OVF, END_DETECT, BYTE_DONE = (1 << bit for bit in range(5))
TX_UNDERFLOW, COMPLETE, STARTED, NACK, TXFIFO_OVF, RXFIFO_UDF = 1 << 6, 1 << 7, 1 << 9, 1 << 10, 1 << 11, 1 << 12
RSTART, STOP, END = 6 << 11, 2 << 11, 4 << 11
DONE = 1 << 31
BUSY = 1 << 4


def write(count, *, check=True):
    return 1 << 11 | check << 8 | count


def read(count, *, last=False):
    return 3 << 11 | last << 10 | count


class Bus(Device):
    ADDRESS = 0x19

    def __init__(self, board):
        super().__init__(ESP32C3_I2C(board))
        self.part = ClockedLIS2DW12(board.calling("sysbus.i2c0.part"))
        self.part.reset()
        self.model.attach(self.part, self.ADDRESS)
        self.poke((CTR, MASTER))

    def run(self, *commands, sent=()):
        self.poke((INT_CLR, 0x3FFFF), *((DATA, byte) for byte in sent))
        self.poke(*((COMD + 4 * index, command) for index, command in enumerate(commands)), (CTR, START))
        return self.peek(INT_RAW) & ~(TXFIFO_WM | RXFIFO_WM)

    def received(self):
        return bytes(self.peek(DATA) for _ in range(self.peek(SR) >> 8 & 0x3F))

    def read_registers(self, first, count):
        """As firmware reads them: the register's address, a repeated start, the last byte not acknowledged."""
        commands = RSTART, write(2), RSTART, write(1), read(count - 1), read(1, last=True), STOP
        raised = self.run(*commands, sent=(self.ADDRESS << 1, first, self.ADDRESS << 1 | 1))
        return raised, self.received()

    def write_register(self, register, value):
        return self.run(RSTART, write(3), STOP, sent=(self.ADDRESS << 1, register, value))


class TestI2C:
    @pytest.fixture
    def bus(self, board):
        return Bus(board)

    def test_registers_start_as_the_manual_says(self, board):
        bus = Device(ESP32C3_I2C(board))
        expected = {0x04: 0x20B, 0x08: 0xC000, 0x0C: 0x10, 0x18: 0x408B, 0x20: 0x2, 0x28: 0, 0x40: 8, 0x44: 8, 0x48: 8}
        expected |= {0x4C: 8, 0x50: 0x300, 0x54: 1 << 21, 0x58: 0, 0x78: 0x10, 0x7C: 0x10, 0xF8: 0x20070201}
        assert {offset: bus.peek(offset) for offset in expected} == expected

    def test_the_part_is_asked_who_it_is(self, bus):
        raised, received = bus.read_registers(0x0E, 2)
        assert raised == STARTED | BYTE_DONE | COMPLETE
        assert received == b"\0\x44"
        assert bus.peek(SR) & BUSY == 0

    def test_commands_that_were_executed_say_so_and_those_behind_the_end_do_not(self, bus):
        bus.run(RSTART, write(2), STOP, read(1), sent=(0x32, 0x0F))
        assert [bus.peek(COMD + 4 * index) & DONE for index in range(4)] == [DONE, DONE, DONE, 0]

    def test_a_register_is_written(self, bus):
        assert bus.write_register(0x25, 0x30) == STARTED | BYTE_DONE | COMPLETE
        assert bus.read_registers(0x25, 2)[1][0] == 0x30

    def test_a_part_that_is_missing_is_told_at_its_address_and_frees_the_bus(self, bus):
        raised = bus.run(RSTART, write(1), write(1), STOP, sent=(0x50 << 1, 0x0F))
        assert raised == STARTED | BYTE_DONE | NACK
        assert bus.peek(SR) & (BUSY | 1) == 0
        assert [bus.peek(COMD + 4 * index) & DONE for index in range(3)] == [DONE, 0, 0]
        assert bus.peek(SR) >> 18 & 0x3F == 1
        bus.poke((FIFO_CONF, 0x608B), (FIFO_CONF, 0x408B))
        assert bus.read_registers(0x0F, 2)[1][:1] == b"\x44"
        assert bus.peek(SR) & 1 == 1

    def test_without_a_check_of_acknowledgements_a_missing_part_reads_as_pulled_up_lines(self, bus):
        raised = bus.run(RSTART, write(1, check=False), read(2), STOP, sent=(0x50 << 1 | 1,))
        assert raised == STARTED | BYTE_DONE | COMPLETE
        assert bus.received() == b"\xff\xff"

    def test_end_pauses_with_the_bus_busy_and_the_next_start_goes_on(self, bus):
        raised = bus.run(RSTART, write(2), END, sent=(0x32, 0x25))
        assert raised == STARTED | BYTE_DONE | END_DETECT
        assert bus.peek(SR) & BUSY
        assert bus.run(write(1), STOP, sent=(0x20,)) & COMPLETE
        assert bus.read_registers(0x25, 2)[1][0] == 0x20

    def test_32_samples_of_the_fifo_are_read_in_one_transfer_of_seven_stretches(self, bus, board):
        bus.write_register(0x25, 0x10)
        bus.write_register(0x2E, 0xC0)
        frames = np.array([(n, -n, 2 * n) for n in range(1, 40)], np.int16)
        bus.part.feed(Signal(frames, 1600.0, ("x", "y", "z"), "g", 2048))
        bus.write_register(0x20, 0x94)
        board.clock.advance_to(SECOND // 50)
        taken = b""
        left = 32 * 6
        commands = [RSTART, write(2), RSTART, write(1)]
        sent = [0x32, 0x28, 0x33]
        while left:
            count = min(31, left)
            left -= count
            end = END if left else STOP
            raised = bus.run(*commands, read(count, last=not left), end, sent=sent)
            assert raised & (END_DETECT if left else COMPLETE)
            commands, sent = [], []
            taken += bus.received()
        assert np.frombuffer(taken, "<i2").reshape(-1, 3).tolist() == (4 * frames[:32]).tolist()

    @pytest.mark.parametrize(
        ("commands", "sent", "flag"),
        [((RSTART, write(3), STOP), (0x32,), TX_UNDERFLOW), ((RSTART,) * 8, (), 0), ((RSTART, 0, STOP), (), 0)],
    )
    def test_a_list_that_cannot_go_on_hangs_until_the_machine_is_reset(self, bus, commands, sent, flag):
        raised = bus.run(*commands, sent=sent)
        assert raised & ~BYTE_DONE == STARTED | flag
        assert bus.peek(SR) & BUSY
        bus.poke((CTR, FSM_RST))
        assert bus.peek(SR) & BUSY == 0
        assert bus.read_registers(0x0F, 2)[1][:1] == b"\x44"

    def test_as_a_slave_it_starts_nothing(self, bus):
        bus.poke((COMD, STOP), (CTR, START & ~0x10))
        assert bus.peek(INT_RAW) & ~TXFIFO_WM == 0

    def test_a_byte_too_many_is_lost_and_told(self, bus):
        bus.poke(*((DATA, n) for n in range(33)))
        assert bus.peek(SR) >> 18 & 0x3F == 32
        assert bus.peek(INT_RAW) & TXFIFO_OVF
        bus.poke((FIFO_CONF, 0x608B), (FIFO_CONF, 0x408B))
        assert bus.run(RSTART, write(2), RSTART, write(1), read(40), STOP, sent=(0x32, 0x0F, 0x33)) & RXFIFO_OVF
        assert bus.peek(SR) >> 8 & 0x3F == 32

    def test_reading_an_empty_fifo_gives_0_and_is_told(self, bus):
        assert bus.peek(DATA) == 0
        assert bus.peek(INT_RAW) & RXFIFO_UDF

    def test_pointers_count_what_went_through(self, bus):
        bus.read_registers(0x0F, 5)
        assert bus.peek(FIFO_ST) == 5 | 5 << 5 | 3 << 10 | 3 << 15
        bus.run(RSTART, write(2), RSTART, write(1), read(30), STOP, sent=(0x32, 0x0F, 0x33))
        assert bus.peek(FIFO_ST) == 5 | 3 << 5 | 6 << 10 | 6 << 15
        bus.poke((FIFO_CONF, 0x708B))
        assert bus.peek(FIFO_ST) == 0

    def test_levels_are_told_while_they_last_and_only_with_the_protection(self, bus):
        assert bus.peek(INT_RAW) == TXFIFO_WM
        bus.poke((INT_CLR, TXFIFO_WM))
        assert bus.peek(INT_RAW) == TXFIFO_WM
        bus.poke(*((DATA, n) for n in range(4)), (INT_CLR, TXFIFO_WM))
        assert bus.peek(INT_RAW) == 0
        bus.poke((FIFO_CONF, 0x708B), (FIFO_CONF, 0x4082))
        bus.run(RSTART, write(2), RSTART, write(1), read(3), STOP, sent=(0x32, 0x0F, 0x33))
        assert bus.peek(INT_RAW) & RXFIFO_WM
        bus.poke((FIFO_CONF, 0), (INT_CLR, 0x3FFFF))
        assert bus.peek(INT_RAW) == 0

    def test_the_interrupt_is_what_is_raised_and_enabled(self, bus, board):
        wire = bus.wired(board, "IRQ")
        bus.poke((INT_ENA, COMPLETE | NACK))
        assert not wire.level
        bus.read_registers(0x0F, 2)
        assert wire.level
        assert bus.peek(INT_STATUS) == COMPLETE
        bus.poke((INT_CLR, COMPLETE))
        assert not wire.level

    def test_freeing_the_bus_is_done_at_once(self, bus):
        bus.poke((0x80, 0x13))
        assert bus.peek(0x80) == 0x12

    def test_the_memory_of_the_fifos_is_a_fault(self, bus):
        with pytest.raises(DeviceFault, match="NONFIFO_EN"):
            bus.poke((FIFO_CONF, 0x448B))


CONF, UNIT0_OP, UNIT1_OP, TARGET0_HI, TARGET0_CONF = 0x00, 0x04, 0x08, 0x1C, 0x34
COMP0_LOAD, UNIT0_LOAD, ENA, RAW, CLR, ST = 0x50, 0x5C, 0x64, 0x68, 0x6C, 0x70
RESET_CONF, WORK0, UNIT1 = 0x4600_0000, 1 << 24, 1 << 29
PERIODIC, UNIT_SEL = 1 << 30, 1 << 31


class Timer(Device):
    def __init__(self, board):
        super().__init__(ESP32C3_SYSTIMER(board))
        self.wire = self.wired(board, "TARGET0")

    def count(self, unit=0):
        self.poke((UNIT0_OP + 4 * unit, 1 << 30))
        assert self.peek(UNIT0_OP + 4 * unit) == 1 << 29
        return self.peek(0x40 + 8 * unit) << 32 | self.peek(0x44 + 8 * unit)

    def at(self, count, number=0, conf=0):
        """Ring once at that count."""
        self.poke((ENA, 7), (CONF, RESET_CONF), (TARGET0_CONF + 4 * number, conf))
        self.poke((TARGET0_HI + 8 * number, count >> 32), (0x20 + 8 * number, count & 0xFFFF_FFFF))
        self.poke((COMP0_LOAD + 4 * number, 1), (CONF, RESET_CONF | WORK0 >> number))

    def every(self, period):
        """Ring each so many counts."""
        self.poke((ENA, 1), (TARGET0_CONF, period), (COMP0_LOAD, 1), (TARGET0_CONF, PERIODIC | period))
        self.poke((CONF, RESET_CONF | WORK0))


class TestSystimer:
    @pytest.fixture
    def timer(self, board):
        return Timer(board)

    def test_unit_0_counts_16_million_a_second_from_reset_and_unit_1_when_it_is_let(self, timer, board):
        board.clock.advance_to(SECOND + 63)
        assert (timer.count(0), timer.count(1)) == (16_000_001, 0)
        timer.poke((CONF, RESET_CONF | UNIT1))
        board.clock.advance_to(2 * SECOND + 63)
        assert (timer.count(0), timer.count(1)) == (32_000_001, 16_000_000)

    def test_a_reset_begins_at_0_whatever_the_time_before(self, timer, board):
        board.clock.now_ns = SECOND
        timer.model.reset()
        board.clock.advance_to(SECOND + 1000)
        assert timer.count() == 16

    def test_a_value_stands_until_it_is_updated(self, timer, board):
        board.clock.advance_to(1000)
        assert timer.peek(0x44) == 0
        timer.poke((UNIT0_OP, 1 << 30))
        board.clock.advance_to(2000)
        assert timer.peek(0x44) == 16

    def test_a_unit_can_be_stopped_and_loaded(self, timer, board):
        timer.poke((CONF, 0), (0x0C, 1), (0x10, 5), (UNIT0_LOAD, 1))
        board.clock.advance_to(SECOND)
        assert timer.count() == 2**32 + 5
        timer.poke((CONF, RESET_CONF))
        board.clock.advance_to(SECOND + 125)
        assert timer.count() == 2**32 + 7

    def test_a_target_rings_once_at_its_very_tick(self, timer, board):
        timer.at(17)
        board.clock.advance_to(SECOND)
        assert timer.wire.rose == [1063]
        assert (timer.peek(RAW), timer.peek(ST)) == (1, 1)
        timer.poke((CLR, 1))
        assert not timer.wire.level
        board.clock.advance_to(2 * SECOND)
        assert timer.wire.rose == [1063]

    def test_a_target_that_is_past_rings_at_once(self, timer, board):
        board.clock.advance_to(SECOND)
        timer.at(17)
        assert timer.wire.rose == [SECOND]

    def test_a_target_is_what_was_loaded_and_nothing_without(self, timer, board):
        timer.poke((ENA, 1), (0x20, 100), (CONF, RESET_CONF | WORK0), (CLR, 1))
        board.clock.advance_to(SECOND // 100)
        assert timer.peek(RAW) == 0
        timer.poke((0x20, 320_000), (COMP0_LOAD, 1))
        board.clock.advance_to(SECOND)
        assert timer.wire.rose[-1] == 20_000_000

    def test_a_period_keeps_exact_time(self, timer, board):
        board.clock.advance_to(1000)
        timer.every(33)
        for n in range(1, 10_001):
            board.clock.advance_to(1000 - -n * 33 * 125 // 2)
            assert timer.wire.rose[-1:] == [board.clock.now_ns]
            timer.poke((CLR, 1))
        assert len(timer.wire.rose) == 10_000

    def test_a_period_that_was_not_loaded_is_none(self, timer, board):
        timer.poke((ENA, 1), (TARGET0_CONF, PERIODIC | 33), (CONF, RESET_CONF | WORK0))
        board.clock.advance_to(SECOND)
        assert timer.wire.rose == []

    def test_switching_a_target_off_and_on_begins_its_period_anew(self, timer, board):
        timer.every(16_000)
        board.clock.advance_to(SECOND // 1000 - 1)
        timer.poke((CONF, RESET_CONF))
        board.clock.advance_to(SECOND)
        timer.poke((CONF, RESET_CONF | WORK0))
        board.clock.advance_to(2 * SECOND)
        assert timer.wire.rose[0] == SECOND + SECOND // 1000

    def test_a_unit_that_stands_rings_nothing_and_goes_on_where_it_was(self, timer, board):
        timer.at(1600)
        board.clock.advance_to(50_000)
        timer.poke((CONF, WORK0))
        board.clock.advance_to(SECOND)
        timer.poke((CONF, RESET_CONF | WORK0))
        board.clock.advance_to(2 * SECOND)
        assert timer.wire.rose == [SECOND + 50_000]

    def test_a_unit_that_is_loaded_past_a_target_rings_it(self, timer, board):
        timer.at(1600)
        timer.poke((0x10, 2000), (UNIT0_LOAD, 1))
        assert timer.wire.rose == [0]

    def test_targets_follow_the_unit_that_is_chosen(self, timer, board):
        timer.at(1600, conf=UNIT_SEL)
        board.clock.advance_to(SECOND)
        assert timer.wire.rose == []
        timer.poke((CONF, RESET_CONF | WORK0 | UNIT1))
        board.clock.advance_to(2 * SECOND)
        assert timer.wire.rose == [SECOND + 100_000]

    @pytest.mark.parametrize("number", [1, 2])
    def test_each_target_has_a_line_of_its_own(self, timer, board, number):
        wire = timer.wired(board, f"TARGET{number}")
        timer.at(1600, number)
        board.clock.advance_to(SECOND)
        assert (wire.rose, timer.wire.rose) == ([100_000], [])
        assert timer.peek(RAW) == 1 << number

    def test_a_snapshot_brings_back_counters_and_targets(self, timer, board):
        timer.every(16_000)
        board.clock.advance_to(500_000)
        kept = timer.model.snapshot()
        for _ in range(2):
            timer.model.restore(kept)
            board.clock.now_ns = 500_000
            timer.wire.rose.clear()
            board.clock.advance_to(1_500_000)
            assert (timer.wire.rose, timer.count()) == ([1_000_000], 24_000)
            timer.poke((CLR, 1))
