"""Devices of the STM32 that Renode's own platform files have beside the lab's. Values are those of RM0385."""

import pytest

from lab.engines.builtin import repl
from lab.engines.builtin.devices.bitbanding import BitBanding
from lab.engines.builtin.devices.ethernetphysicallayer import EthernetPhysicalLayer
from lab.engines.builtin.devices.ft5336 import FT5336
from lab.engines.builtin.devices.stm32_syscfg import STM32_SYSCFG
from lab.engines.builtin.devices.stm32fsdmmc import STM32FSDMMC
from lab.engines.builtin.devices.stmcan import STMCAN
from lab.engines.builtin.devices.synopsysethernetmac import SynopsysEthernetMAC
from lab.engines.builtin.machine import BuiltinMachine
from lab.errors import ConfigurationError

from .fake_board import RAM, Wire, peek, poke

MCR, MSR, TSR, RF0R, RF1R, IER, ESR, BTR = range(0x00, 0x20, 4)
TI0R, RI0R, RI1R, FMR, FM1R, FS1R, FFA1R, FA1R, FR = 0x180, 0x1B0, 0x1C0, 0x200, 0x204, 0x20C, 0x214, 0x21C, 0x240
LOOPBACK = 1 << 30 | 1 << 31


def wired(device, board, output):
    wire = Wire(board)
    device.lines[output].connect(wire, 0)
    return wire


class TestCan:
    @pytest.fixture
    def can(self, made):
        """In silent loop-back mode, with a filter of 32 bits that lets everything into FIFO 0."""
        can = made(STMCAN, output="1")
        poke(can, (MCR, 1), (BTR, LOOPBACK | 0x0001_0005), (MCR, 0))
        poke(can, (FS1R, 1), (FA1R, 1), (FMR, 0x0E00))
        return can

    def send(self, can, identifier, *, low=0, high=0, length=8, mailbox=0):
        base = TI0R + 0x10 * mailbox
        poke(can, (base + 4, length), (base + 8, low), (base + 12, high), (base, identifier | 1))

    def test_it_wakes_up_into_initialisation_and_then_runs(self, made):
        can = made(STMCAN, output="1")
        assert peek(can, MSR) & 3 == 2
        poke(can, (MCR, 1))
        assert peek(can, MSR) & 3 == 1
        poke(can, (BTR, 0x0123_0005), (MCR, 0))
        assert (peek(can, MSR) & 3, peek(can, BTR)) == (0, 0)

    def test_what_is_sent_in_loop_back_mode_is_received(self, can, board):
        sent = wired(can, board, "0")
        poke(can, (IER, 1 << 0 | 1 << 1))
        self.send(can, 0x123 << 21, low=0x0403_0201, high=0x0807_0605, mailbox=1)
        assert (peek(can, TSR), sent.level, can.wire.level) == (0x1C00_0300, True, True)
        assert [peek(can, RI0R + 4 * n) for n in range(4)] == [0x123 << 21, 8, 0x0403_0201, 0x0807_0605]
        poke(can, (TSR, 1 << 8), (RF0R, 1 << 5))
        assert (peek(can, TSR), peek(can, RF0R), sent.level, can.wire.level) == (0x1C00_0000, 0, False, False)

    def test_a_fifo_has_three_messages(self, can):
        for number in range(4):
            self.send(can, number << 21)
        assert peek(can, RF0R) == 3 | 1 << 3 | 1 << 4
        poke(can, (RF0R, 1 << 5 | 1 << 4), (RF0R, 1 << 5))
        assert (peek(can, RI0R), peek(can, RF0R)) == (3 << 21, 1)

    def test_filters_sort_messages_and_say_which_let_it_in(self, can):
        standard = 0x123 << 21
        poke(can, (FMR, 0x0E01), (FA1R, 0), (FM1R, 0b010), (FS1R, 0b010), (FFA1R, 0b100))
        poke(can, (FR + 8, 0x456 << 21 | 4), (FR + 12, standard))  # bank 1, list of 32 bits
        poke(can, (FR, 0x7FF << 21 | 0x7FF << 5), (FR + 4, 0x7FF << 21 | 0x7FE << 5))  # bank 0: mask of 16 bits
        poke(can, (FR + 16, 0x18 << 16 | 8), (FR + 20, 0xFFF8_0008))  # bank 2, to FIFO 1: any of extended format
        poke(can, (FA1R, 0b111), (FMR, 0x0E00))
        for identifier in (standard, 0x7FF << 21, 0x111 << 21, 1 << 3 | 4):
            self.send(can, identifier)
        assert (peek(can, RF0R), peek(can, RF1R)) == (2, 1)
        assert (peek(can, RI0R), peek(can, RI0R + 4)) == (standard, 3 << 8 | 8)
        poke(can, (RF0R, 1 << 5))
        assert (peek(can, RI0R), peek(can, RI0R + 4)) == (0x7FF << 21, 0 << 8 | 8)
        assert (peek(can, RI1R), peek(can, RI1R + 4)) == (1 << 3 | 4, 0 << 8 | 8)

    def test_a_message_to_nobody_leaves_an_error(self, made, board):
        can = made(STMCAN, output="3")
        poke(can, (MCR, 0), (IER, 1 << 11))
        self.send(can, 0x123 << 21)
        assert (peek(can, TSR) & 3, peek(can, ESR), can.wire.level) == (3, 5 << 4, True)
        poke(can, (ESR, 0))
        assert not can.wire.level

    def test_a_slave_has_the_rest_of_its_masters_filters(self, can, made):
        slave = made(STMCAN, 0x1000, output="1", master=can)
        poke(slave, (MCR, 1), (BTR, LOOPBACK), (MCR, 0), (FA1R, 0))
        self.send(slave, 0x123 << 21)
        assert (peek(slave, RF0R), peek(slave, FA1R)) == (0, 1)
        poke(can, (FS1R, 1 << 20), (FA1R, 1 | 1 << 20))
        self.send(slave, 0x123 << 21)
        assert (peek(slave, RF0R), peek(can, RF0R)) == (1, 0)


class TestPins:
    def test_the_port_that_is_chosen_leads_on(self, made):
        syscfg = made(STM32_SYSCFG, output="5")
        syscfg.part(2).on_input(5, True)
        assert not syscfg.wire.level
        poke(syscfg, (0x0C, 2 << 4))
        assert syscfg.wire.level
        poke(syscfg, (0x0C, 1 << 4))
        assert not syscfg.wire.level

    def test_its_compensation_cell_is_ready(self, made):
        syscfg = made(STM32_SYSCFG)
        poke(syscfg, (0x20, 1))
        assert peek(syscfg, 0x20) == 0x101

    def test_a_part_that_is_not_there_is_told_with_its_line(self, tmp_path):
        board = tmp_path / "board.repl"
        board.write_text(
            'cpu: CPU.CortexM @ sysbus\n    cpuType: "cortex-m4"\n    nvic: nvic\n'
            "nvic: IRQControllers.NVIC @ sysbus 0xE000E000\n    -> cpu@0\n"
            "syscfg: Miscellaneous.STM32_SYSCFG @ sysbus 0x40013800\n"
            "port: GPIOPort.STM32_GPIOPort @ sysbus <0x40020000, +0x400>\n    [0-15] -> syscfg#16@[0-15]\n"
        )
        with pytest.raises(ConfigurationError, match=r"board.repl:8: sysbus.syscfg .* has no part 16"):
            BuiltinMachine(repl.read(board), cpu="sysbus.cpu", uart=None)


class TestCard:
    def test_there_is_none(self, made):
        sdmmc = made(STM32FSDMMC)
        poke(sdmmc, (0x3C, 1 << 2), (0x0C, 1 << 10))
        assert (peek(sdmmc, 0x34) & 0x84, sdmmc.wire.level) == (0x80, False)
        poke(sdmmc, (0x38, 0x80), (0x08, 0x1AA), (0x0C, 8 | 1 << 6 | 1 << 10))
        assert (peek(sdmmc, 0x34) & 0x84, sdmmc.wire.level) == (4, True)
        poke(sdmmc, (0x38, 4))
        assert not sdmmc.wire.level


class TestEthernet:
    def asked(self, mac, address, number):
        poke(mac, (0x10, address << 11 | number << 6 | 1))
        return peek(mac, 0x14)

    def test_a_transceiver_of_the_board_answers_without_a_link(self, made):
        mac, transceiver = made(SynopsysEthernetMAC), made(EthernetPhysicalLayer, 0x1000, id1=7, id2=0xC0F1)
        mac.attach(transceiver, 1)
        assert (self.asked(mac, 1, 2), self.asked(mac, 1, 3), self.asked(mac, 1, 1) & 4) == (7, 0xC0F1, 0)
        assert self.asked(mac, 0, 2) == 0xFFFF
        poke(mac, (0x14, 0x8000 | 0x1000), (0x10, 1 << 11 | 3))
        assert self.asked(mac, 1, 0) == 0x1000


class TestTouch:
    def test_nobody_touches_it(self, made):
        touch = made(FT5336, max_x=480, max_y=272, is_rotated=True)
        for number, value in ((0xA8, 0x51), (0x02, 0), (0x03, 0xC0)):
            touch.write_bytes(bytes([number]))
            assert touch.read_byte() == bytes([value])


class TestBitBanding:
    @pytest.fixture
    def bits(self, made):
        return made(BitBanding, peripheral_base=RAM)

    def test_a_word_is_a_bit(self, bits, board):
        board.bus.write(RAM + 4, bytes([0b1010_0000, 0x80]))
        assert [peek(bits, 32 * 4 + 4 * bit) for bit in range(16)] == [0] * 5 + [1, 0, 1] + [0] * 7 + [1]
        poke(bits, (32 * 4, 0xFF), (32 * 4 + 4 * 15, 0xFE))
        assert board.bus.read(RAM + 4, 4) == bytes([0b1010_0001, 0, 0, 0])

    def test_accesses_have_their_size(self, bits, board):
        bits.write(32 * 5 + 4 * 2, 1, 1)
        assert (board.bus.read(RAM + 4, 4), bits.read(32 * 5 + 8, 1), bits.read(32 * 5 + 8, 2)) == (b"\0\4\0\0", 1, 1)
