"""The radio of the nRF52840, the AES that goes with it, and its sound interface."""

import pytest

from lab.engines.builtin.devices.nrf52840_ecb import NRF52840_ECB
from lab.engines.builtin.devices.nrf52840_i2s import NRF52840_I2S
from lab.engines.builtin.devices.nrf52840_ppi import NRF52840_PPI
from lab.engines.builtin.devices.nrf52840_radio import NRF52840_Radio
from lab.engines.builtin.devices.nrf52840_timer import NRF52840_Timer
from lab.errors import DeviceFault

from .boards import nano33ble
from .fake_board import RAM, peek, poke

US = 1_000
TXEN, RXEN, STOP, DISABLE, EDSTART = 0x00, 0x04, 0x0C, 0x10, 0x24
EVENTS = {
    "READY": 0x100,
    "ADDRESS": 0x104,
    "PAYLOAD": 0x108,
    "END": 0x10C,
    "DISABLED": 0x110,
    "RSSIEND": 0x11C,
    "BCMATCH": 0x128,
    "FRAMESTART": 0x138,
    "EDEND": 0x13C,
    "CCAIDLE": 0x144,
    "TXREADY": 0x154,
    "RXREADY": 0x158,
    "PHYEND": 0x16C,
}
SHORTS, INTENSET, PACKETPTR, MODE, PCNF0, PCNF1, CRCCNF = 0x200, 0x304, 0x504, 0x510, 0x514, 0x518, 0x534
TIFS, STATE, BCC, MODECNF0, POWER = 0x544, 0x550, 0x560, 0x650, 0xFFC
READY_START, END_DISABLE, DISABLED_RXEN, ADDRESS_RSSISTART, ADDRESS_BCSTART = 1, 2, 8, 16, 64
IDLE, RX_IDLE, RX = 0, 2, 3


class TestRadio:
    @pytest.fixture
    def radio(self, made, board):
        """Set up to send an advertisement of 12 bytes on a channel for those, as BLE's stacks do it."""
        radio = made(NRF52840_Radio, 0x40001000)
        board.bus.write(RAM, bytes([0x42, 12]))
        ble = ((MODE, 3), (PCNF0, 0x0000_0108), (PCNF1, 0x0203_0025), (CRCCNF, 0x103), (MODECNF0, 0x201))
        poke(radio, *ble, (PACKETPTR, RAM), (SHORTS, READY_START | END_DISABLE))
        return radio

    def happened(self, radio, board, until_us):
        """When each event came, in microseconds."""
        seen = {}
        for now in range(until_us + 1):
            board.clock.advance_to(now * US)
            for name, offset in EVENTS.items():
                if peek(radio, offset) and name not in seen:
                    seen[name] = now
        return seen

    def test_an_advertisement_takes_its_time_on_the_air(self, radio, board):
        poke(radio, (TXEN, 1))
        seen = self.happened(radio, board, 300)
        end = 40 + 8 * (1 + 4 + 2 + 12 + 3)
        assert seen == {
            "READY": 40,
            "TXREADY": 40,
            "ADDRESS": 40 + 40,
            "PAYLOAD": end - 24,
            "END": end,
            "PHYEND": end,
            "DISABLED": end + 6,
        }
        assert peek(radio, STATE) == IDLE

    @pytest.mark.parametrize(
        ("mode", "layout", "end_us"),
        [
            (3, 0x0000_0108, 140 + 176),
            (4, 0x0100_0108, 140 + 4 * (2 + 4 + 2 + 12 + 3)),
            (5, 0x2380_0108, 140 + 376 + 8 * (8 * (2 + 12 + 3) + 3)),
            (6, 0x2380_0108, 140 + 376 + 2 * (8 * (2 + 12 + 3) + 3)),
            (15, 0x0600_0108, 130 + 32 * (4 + 1 + 2 + 12)),
        ],
    )
    def test_every_mode_has_its_speed(self, radio, board, mode, layout, end_us):
        poke(radio, (MODECNF0, 0x200), (MODE, mode), (PCNF0, layout), (TXEN, 1))
        assert self.happened(radio, board, 2_500)["END"] == end_us

    def test_the_end_interrupts(self, radio, board):
        poke(radio, (INTENSET, 1 << 3), (TXEN, 1))
        board.clock.advance_to(1_000 * US)
        assert radio.wire.rose == [216 * US]
        poke(radio, (EVENTS["END"], 0))
        assert not radio.wire.level

    def test_nothing_is_heard_until_the_receiver_is_turned_off(self, radio, board):
        poke(radio, (RXEN, 1))
        seen = self.happened(radio, board, 10_000)
        assert seen == {"READY": 40, "RXREADY": 40}
        assert peek(radio, STATE) == RX
        poke(radio, (STOP, 1))
        assert peek(radio, STATE) == RX_IDLE
        poke(radio, (DISABLE, 1))
        board.clock.advance_to(10_001 * US)
        assert peek(radio, EVENTS["DISABLED"]) == 1

    def test_the_receiver_follows_a_packet_in_the_distance_of_tifs(self, radio, board):
        poke(radio, (MODECNF0, 0x200), (TIFS, 150), (SHORTS, READY_START | END_DISABLE | DISABLED_RXEN), (TXEN, 1))
        board.clock.advance_to(320 * US)
        poke(radio, (EVENTS["READY"], 0))
        assert self.happened(radio, board, 600)["RXREADY"] == 316 + 150

    def test_the_strength_is_sampled_and_bits_are_counted_from_the_address_on(self, radio, board):
        shorts = READY_START | END_DISABLE | ADDRESS_RSSISTART | ADDRESS_BCSTART
        poke(radio, (BCC, 16), (SHORTS, shorts), (TXEN, 1))
        seen = self.happened(radio, board, 300)
        assert (seen["ADDRESS"], seen["RSSIEND"], seen["BCMATCH"]) == (80, 80, 96)

    def test_the_channel_is_clear_for_ieee_802_15_4(self, radio, board):
        board.bus.write(RAM, bytes([14]))
        rxready_ccastart, ccaidle_txen, txready_start = 1 << 11, 1 << 12, 1 << 18
        poke(radio, (MODE, 15), (PCNF0, 0x0600_0008), (PCNF1, 0x7F), (CRCCNF, 0x202))
        poke(radio, (SHORTS, rxready_ccastart | ccaidle_txen | txready_start), (RXEN, 1))
        seen = self.happened(radio, board, 1_000)
        clear = 40 + 128
        sent = clear + 40 + 32 * (4 + 1 + 1 + 14)
        assert (seen["CCAIDLE"], seen["FRAMESTART"], seen["END"]) == (clear, clear + 40 + 32 * 6, sent)

    def test_there_is_no_energy_on_the_air(self, radio, board):
        poke(radio, (SHORTS, 0), (RXEN, 1))
        board.clock.advance_to(40 * US)
        poke(radio, (EDSTART, 1))
        board.clock.advance_to(168 * US)
        assert (peek(radio, EVENTS["EDEND"]), peek(radio, 0x668)) == (1, 0)

    def test_disabled_means_that_it_says_so_again(self, radio, board):
        poke(radio, (DISABLE, 1))
        board.clock.advance_to(0)
        assert peek(radio, EVENTS["DISABLED"]) == 1

    def test_turned_off_and_on_it_is_as_after_reset(self, radio, board):
        poke(radio, (TXEN, 1), (POWER, 0))
        assert self.happened(radio, board, 300) == {}
        poke(radio, (POWER, 1))
        assert (peek(radio, MODE), peek(radio, MODECNF0), peek(radio, STATE)) == (0, 0x200, IDLE)

    def test_it_starts_by_a_timer_and_tells_another_its_end_without_the_core(self, radio, made, board):
        timer = made(NRF52840_Timer, 0x40008000, number_of_events=4)
        ppi = made(NRF52840_PPI, 0x4001F000)
        poke(timer, (0x508, 3), (0x510, 4), (0x540, 1_000))
        poke(ppi, (0x504, 1 << 20 | 1 << 27), (0x508, 0))  # COMPARE[0] to TXEN, END to CAPTURE[2]
        poke(timer, (0x000, 1))
        board.clock.advance_to(2_000 * US)
        assert peek(timer, 0x548) == 1_000 + 216

    def test_packets_outside_ram_are_faults(self, radio, board):
        poke(radio, (PACKETPTR, 0x1000), (TXEN, 1))
        with pytest.raises(DeviceFault, match="PACKETPTR"):
            board.clock.advance_to(1_000 * US)

    def test_the_board_has_it(self):
        with nano33ble() as machine:
            found = [machine.bus.device_at(address) for address in (0x40001550, 0x4000E504, 0x40025500)]
        assert [type(device) for device, _ in found] == [NRF52840_Radio, NRF52840_ECB, NRF52840_I2S]


class TestEcb:
    @pytest.fixture
    def ecb(self, made):
        return made(NRF52840_ECB)

    def test_a_block_is_encrypted_as_in_fips_197(self, ecb, board):
        key, block = bytes(range(16)), bytes(0x11 * n for n in range(16))
        board.bus.write(RAM, key + block)
        poke(ecb, (INTENSET, 1), (0x504, RAM), (0x000, 1))
        assert board.bus.read(RAM + 32, 16).hex() == "69c4e0d86a7b0430d8cdb78070b4c55a"
        assert (peek(ecb, 0x100), ecb.wire.level) == (1, True)

    def test_data_outside_ram_is_a_fault(self, ecb):
        with pytest.raises(DeviceFault, match="ECBDATAPTR"):
            poke(ecb, (0x504, 0x2003FFF0), (0x000, 1))


class TestSound:
    @pytest.fixture
    def i2s(self, made):
        """32 MHz / 31 / 64: 16,000 samples of 16 bits a second, 160 of them in a buffer."""
        i2s = made(NRF52840_I2S)
        poke(i2s, (0x500, 1), (0x514, 0x0840_0000), (0x518, 2), (0x51C, 1), (0x550, 80), (0x538, RAM), (0x540, RAM))
        return i2s

    def test_buffers_come_at_the_rate(self, i2s, board):
        board.bus.write(RAM, b"\xff" * 400)
        poke(i2s, (0x508, 1), (INTENSET, 1 << 5), (0x000, 1))
        board.clock.advance_to(10_000 * US)
        assert board.bus.read(RAM, 400) == bytes(320) + b"\xff" * 80
        assert (peek(i2s, 0x104), peek(i2s, 0x114)) == (1, 1)
        poke(i2s, (0x114, 0))
        board.clock.advance_to(25_000 * US)
        assert i2s.wire.rose == [10_000 * US, 20_000 * US]

    def test_stopped_no_buffer_comes(self, i2s, board):
        poke(i2s, (0x000, 1), (0x004, 1))
        board.clock.advance_to(30_000 * US)
        assert (peek(i2s, 0x108), peek(i2s, 0x114)) == (1, 0)

    @pytest.mark.parametrize(("offset", "value"), [(0x500, 0), (0x514, 0x100), (0x518, 15), (0x550, 0)])
    def test_settings_that_are_no_rate_are_faults(self, i2s, offset, value):
        poke(i2s, (offset, value))
        with pytest.raises(DeviceFault, match="was started"):
            poke(i2s, (0x000, 1))
