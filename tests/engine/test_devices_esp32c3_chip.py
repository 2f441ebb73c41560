"""Devices of the ESP32-C3 that start-up, time and logging need, as the technical reference manual says."""

import hashlib
import struct
from pathlib import Path

import pytest

from lab.engines.builtin.devices.esp32_uart import ESP32_UART
from lab.engines.builtin.devices.esp32c3_ana_i2c import ESP32C3_ANA_I2C
from lab.engines.builtin.devices.esp32c3_apb_ctrl import ESP32C3_APB_CTRL
from lab.engines.builtin.devices.esp32c3_efuse import ESP32C3_EFUSE
from lab.engines.builtin.devices.esp32c3_extmem import ESP32C3_EXTMEM
from lab.engines.builtin.devices.esp32c3_gdma import ESP32C3_GDMA
from lab.engines.builtin.devices.esp32c3_gpio import ESP32C3_GPIO
from lab.engines.builtin.devices.esp32c3_intc import ESP32C3_INTC
from lab.engines.builtin.devices.esp32c3_io_mux import ESP32C3_IO_MUX
from lab.engines.builtin.devices.esp32c3_ledc import ESP32C3_LEDC
from lab.engines.builtin.devices.esp32c3_rmt import ESP32C3_RMT
from lab.engines.builtin.devices.esp32c3_rtc_cntl import ESP32C3_RTC_CNTL
from lab.engines.builtin.devices.esp32c3_saradc import ESP32C3_SARADC
from lab.engines.builtin.devices.esp32c3_sha import ESP32C3_SHA
from lab.engines.builtin.devices.esp32c3_spi import ESP32C3_SPI
from lab.engines.builtin.devices.esp32c3_spi_mem import ESP32C3_SPI_MEM
from lab.engines.builtin.devices.esp32c3_system import ESP32C3_SYSTEM
from lab.engines.builtin.devices.esp32c3_timg import ESP32C3_TIMG
from lab.engines.builtin.devices.esp32c3_usb_serial_jtag import ESP32C3_USB_SERIAL_JTAG
from lab.engines.builtin.devices.norflash import NorFlash
from lab.engines.builtin.devices.spi_device import SPIDevice
from lab.errors import DeviceFault
from lab.image import Image, Segment

from .fake_board import FakeBoard, FakeBus
from .test_devices_esp32c3 import SECOND, Device

UNLOCK = 0x50D8_3AA1


class Matrix(Device):
    def __init__(self, board):
        super().__init__(ESP32C3_INTC(board))
        self.core = board.core

    def lead(self, source, interrupt, priority):
        self.poke(
            (4 * source, interrupt), (0x114 + 4 * interrupt, priority), (0x104, self.peek(0x104) | 1 << interrupt)
        )

    @property
    def granted(self):
        return self.core.riscv.granted.bit_length() - 1


def test_of_several_interrupts_the_highest_priority_is_granted_and_of_equal_ones_the_lowest_number(board):
    matrix = Matrix(board)
    for source, interrupt, priority in ((21, 7, 2), (22, 6, 2), (50, 9, 5)):
        matrix.lead(source, interrupt, priority)
        matrix.model.on_input(source, True)
    assert matrix.granted == 9
    matrix.model.on_input(50, False)
    assert matrix.granted == 6
    matrix.poke((0x194, 3))
    assert matrix.granted == -1
    assert matrix.peek(0x110) == 1 << 6 | 1 << 7
    matrix.poke((0x194, 2))
    assert matrix.granted == 6


def test_sources_share_an_interrupt_and_may_be_led_elsewhere(board):
    matrix = Matrix(board)
    matrix.lead(16, 3, 1)
    matrix.lead(40, 3, 1)
    matrix.model.on_input(16, True)
    matrix.model.on_input(40, True)
    assert [matrix.peek(0xF8), matrix.peek(0xFC)] == [1 << 16, 1 << 8]
    matrix.model.on_input(16, False)
    assert matrix.granted == 3
    matrix.lead(40, 4, 1)
    assert matrix.granted == 4
    matrix.poke((4 * 40, 0))
    assert matrix.granted == -1


def test_an_edge_stays_until_it_is_cleared(board):
    matrix = Matrix(board)
    matrix.lead(26, 12, 1)
    matrix.poke((0x108, 1 << 12))
    matrix.model.on_input(26, True)
    matrix.model.on_input(26, False)
    assert matrix.granted == 12
    matrix.poke((0x10C, 1 << 12))
    assert matrix.granted == -1


def test_interrupts_of_software_are_levels(board):
    system = Device(ESP32C3_SYSTEM(board))
    wire = system.wired(board, "FROM_CPU2")
    system.poke((0x30, 1))
    assert wire.level
    system.poke((0x30, 0))
    assert not wire.level
    assert system.peek(0x58) >> 12 & 0x7F == 40  # MHz of the crystal


def test_a_timer_of_a_group_rings_and_begins_anew(board):
    group = Device(ESP32C3_TIMG(board))
    wire = group.wired(board, "T0")
    # 80 MHz by 80, upwards, to 1000 and from 0 again.
    group.poke((0x70, 1), (0x10, 1000), (0x18, 0), (0x20, 1), (0x00, 1 << 31 | 1 << 30 | 1 << 29 | 80 << 13 | 1 << 10))
    board.clock.advance_to(999_999)
    assert not wire.level
    board.clock.advance_to(1_000_000)
    assert wire.level
    assert group.peek(0x78) == 1
    board.clock.advance_to(1_250_000)
    group.poke((0x0C, 1 << 31))
    assert group.peek(0x04) == 250
    assert not group.peek(0x00) & 1 << 10


def test_a_timer_counts_downwards_too(board):
    group = Device(ESP32C3_TIMG(board))
    group.poke((0x18, 500), (0x20, 1), (0x10, 400), (0x00, 1 << 31 | 80 << 13 | 1 << 10))
    board.clock.advance_to(100_000)
    group.poke((0x0C, 1))
    assert (group.peek(0x04), group.peek(0x74)) == (400, 1)


@pytest.mark.produces("watchdog-reset")
def test_a_watchdog_that_is_not_fed_ends_the_run(board):
    group = Device(ESP32C3_TIMG(board))
    # 80 MHz by 40,000: 2000 ticks a second; interrupt after one second, reset after another.
    group.poke((0x4C, 40_000 << 16), (0x50, 2000), (0x54, 2000), (0x48, 1 << 31 | 1 << 29 | 3 << 27))
    board.clock.advance_to(SECOND // 2)
    group.poke((0x60, 1))
    board.clock.advance_to(SECOND * 3 // 2)
    assert group.peek(0x74) == 2
    with pytest.raises(DeviceFault, match=r"watchdog resets the chip, 2\.5"):
        board.clock.advance_to(3 * SECOND)


def test_a_watchdog_that_is_locked_keeps_its_settings(board):
    group = Device(ESP32C3_TIMG(board))
    group.poke((0x64, 0), (0x48, 1 << 31 | 3 << 29))
    board.clock.advance_to(100 * SECOND)
    assert group.peek(0x48) == 0x0004_C000  # as after power-on


BY_ROM = Image(Path("flash.bin"), (), flash={0: b"content"})
BY_BOOT_LOADER = Image(Path("application.elf"), [Segment(0x4038_0000, b"code")], entry=0x4038_0000)


@pytest.mark.parametrize(
    ("device", "stops", "bites_after_s"),
    [
        (ESP32C3_TIMG, [], 0.325),
        (ESP32C3_RTC_CNTL, [], 1.0),  # the super watchdog
        (ESP32C3_RTC_CNTL, [(0xB0, 0x8F1D_312A), (0xAC, 1 << 31)], 400_000 / 136_000),
    ],
)
def test_watchdogs_guard_a_boot_from_flash_until_firmware_stops_them(board, device, stops, bites_after_s):
    guarding = Device(device(board))
    guarding.model.insert(BY_ROM)
    guarding.poke(*stops)
    board.clock.advance_to(int(bites_after_s * SECOND) - 1000)
    with pytest.raises(DeviceFault, match="watchdog resets the chip"):
        board.clock.advance_to(int(bites_after_s * SECOND) + 1000)


def test_watchdogs_that_firmware_or_a_boot_loader_has_stopped_stay_off(board):
    group, rtc = Device(ESP32C3_TIMG(board)), Device(ESP32C3_RTC_CNTL(board))
    group.model.insert(BY_ROM)
    rtc.model.insert(BY_ROM)
    group.poke((0x48, 1 << 22))
    rtc.poke((0xA8, UNLOCK), (0x90, rtc.peek(0x90) & ~(1 << 12)), (0xB0, 0x8F1D_312A), (0xAC, 1 << 30))
    for other in (ESP32C3_TIMG(board), ESP32C3_RTC_CNTL(board)):
        Device(other).model.insert(BY_BOOT_LOADER)
    board.clock.advance_to(100 * SECOND)
    assert group.peek(0x48) == 0  # what takes the settings over is not kept


def test_the_super_watchdog_is_fed_and_locked(board):
    rtc = Device(ESP32C3_RTC_CNTL(board))
    rtc.model.insert(BY_ROM)
    rtc.poke((0xA8, UNLOCK), (0x90, 0), (0xAC, 1 << 31))  # locked
    board.clock.advance_to(SECOND * 3 // 4)
    rtc.poke((0xB0, 0x8F1D_312A), (0xAC, 1 << 29))
    board.clock.advance_to(SECOND * 3 // 2)
    with pytest.raises(DeviceFault, match=r"SWD: the watchdog resets the chip, 1\.75"):
        board.clock.advance_to(2 * SECOND)


def test_the_second_groups_watchdog_guards_no_boot(board):
    group = Device(ESP32C3_TIMG(board))
    group.model.place(0x6002_0000)
    group.model.insert(BY_ROM)
    board.clock.advance_to(SECOND)


def test_a_calibration_takes_its_time(board):
    group = Device(ESP32C3_TIMG(board))
    group.poke((0x68, 0))
    group.poke((0x68, 1 << 31 | 1360 << 16))
    board.clock.advance_to(9_999_999)
    assert not group.peek(0x68) & 1 << 15
    board.clock.advance_to(10_000_000)
    assert group.peek(0x68) & 1 << 15
    assert group.peek(0x6C) >> 7 == 400_000  # of 40 MHz in 10 ms


def test_the_low_power_clock_counts_and_its_watchdog_bites(board):
    rtc = Device(ESP32C3_RTC_CNTL(board))
    board.clock.advance_to(SECOND)
    rtc.poke((0x0C, 1 << 31))
    assert rtc.peek(0x10) == 136_000
    rtc.poke((0xA8, UNLOCK), (0x94, 68_000), (0x90, 1 << 31 | 4 << 28))
    board.clock.advance_to(SECOND * 3 // 2)
    rtc.poke((0xA4, 1 << 31))
    with pytest.raises(DeviceFault, match="watchdog"):
        board.clock.advance_to(SECOND * 5 // 2)


def test_firmware_that_resets_the_chip_ends_the_run(board):
    rtc = Device(ESP32C3_RTC_CNTL(board))
    assert rtc.peek(0x38) & 0x3F == 1
    with pytest.raises(DeviceFault, match="reset itself"):
        rtc.poke((0x00, 1 << 31))


def test_a_pin_is_driven_pulled_and_interrupts(board):
    pads = Device(ESP32C3_IO_MUX(board))
    pins = Device(ESP32C3_GPIO(board.calling("sysbus.pins"), io_mux=pads.model))
    wire = pins.wired(board, "IRQ")
    pads.poke(*((4 + 4 * pin, 1 << 8 if pin == 9 else 0) for pin in range(22)))
    assert pins.peek(0x3C) == 1 << 9
    pins.poke((0x24, 1 << 3), (0x08, 1 << 3))
    assert pins.peek(0x3C) == 1 << 9 | 1 << 3
    pins.poke((0x74 + 4 * 9, 2 << 7 | 1 << 13))  # a falling edge
    pins.model.on_input(9, False)
    assert wire.level
    assert pins.peek(0x44) == 1 << 9
    pins.poke((0x4C, 1 << 9))
    assert not wire.level


def test_the_usb_port_sends_at_once_and_tells_what_it_received(board):
    port = Device(ESP32C3_USB_SERIAL_JTAG(board))
    wire = port.wired(board, "IRQ")
    port.poke((0x00, ord("h")), (0x00, ord("i")), (0x04, 1))
    assert board.printed == b"hi"
    port.poke((0x10, 1 << 2))
    port.model.accept(b"ab")
    assert wire.level
    assert port.peek(0x04) == 6
    port.poke((0x14, 1 << 2))
    assert not wire.level
    assert [port.peek(0x00), port.peek(0x00), port.peek(0x04)] == [ord("a"), ord("b"), 2]


def test_the_computer_at_the_usb_port_sends_a_frame_a_millisecond(board):
    port = Device(ESP32C3_USB_SERIAL_JTAG(board))
    wire = port.wired(board, "IRQ")
    port.poke((0x10, 1 << 1))
    for millisecond in (1, 2):
        board.clock.advance_to(millisecond * 1_000_000)
        assert wire.level
        assert port.peek(0x24) == millisecond
        port.poke((0x14, 1 << 1))
        assert not wire.level


def test_the_uart_interrupts_when_it_receives_and_when_it_can_send(board):
    uart = Device(ESP32_UART(board))
    wire = uart.wired(board, "IRQ")
    uart.poke((0x24, 3), (0x0C, 1 << 0))
    uart.model.accept(b"ab")
    assert not wire.level
    uart.model.accept(b"c")
    assert wire.level
    uart.peek(0x00)
    assert not wire.level
    uart.poke((0x0C, 1 << 8))
    assert wire.level  # a pause after what was received
    uart.poke((0x10, 1 << 8))
    assert not wire.level
    uart.poke((0x0C, 1 << 1))
    assert wire.level  # the transmit FIFO is empty
    uart.poke((0x0C, 1 << 14), (0x00, ord("x")))
    assert uart.peek(0x08) == 1 << 14
    uart.poke((0x20, 1 << 17))
    assert uart.peek(0x1C) & 0x3FF == 0


def test_fuses_random_numbers_and_analog_registers(board):
    assert Device(ESP32C3_EFUSE(board)).peek(0x50) >> 18 & 7 == 3
    numbers = Device(ESP32C3_APB_CTRL(board))
    drawn = [numbers.peek(0xB0) for _ in range(100)]
    numbers.model.reset()
    assert len(set(drawn)) == 100
    assert drawn == [numbers.peek(0xB0) for _ in range(100)]
    analog = Device(ESP32C3_ANA_I2C(board))
    analog.poke((0x00, 0x66 | 4 << 8 | 0x6B << 16 | 1 << 24))
    analog.poke((0x00, 0x66 | 4 << 8))
    assert analog.peek(0x00) >> 16 & 0xFF == 0x6B
    converter = Device(ESP32C3_SARADC(board))
    wire = converter.wired(board, "IRQ")
    converter.poke((0x40, 1 << 31), (0x20, 1 << 31 | 1 << 29))
    assert wire.level
    assert converter.peek(0x2C) == 0


class Flash(Device):
    """A flash behind SPI1."""

    def __init__(self, board, content):
        super().__init__(ESP32C3_SPI_MEM(board))
        self.chip = NorFlash(board.calling("sysbus.flash"), size=0x40_0000)
        self.chip.reset()
        self.chip.fill(content)
        self.model.attach(self.chip, 0)

    def command(self, command, address=0, sent=b"", wanted=0):
        words = [int.from_bytes(sent[at : at + 4], "little") for at in range(0, len(sent), 4)]
        self.poke(*((0x58 + 4 * index, word) for index, word in enumerate(words)))
        phases = 1 << 31 | 1 << 30 | (1 << 28 if wanted else 0) | (1 << 27 if sent else 0)
        self.poke((0x04, address), (0x1C, 23 << 26), (0x20, command), (0x18, phases))
        self.poke((0x24, max(8 * len(sent) - 1, 0)), (0x28, max(8 * wanted - 1, 0)), (0x00, 1 << 18))
        assert self.peek(0x00) == 0
        return b"".join(self.peek(0x58 + at).to_bytes(4, "little") for at in range(0, wanted, 4))[:wanted]


def test_flash_is_read_programmed_and_erased_by_commands(board):
    flash = Flash(board, b"abcdefgh" * 1024)
    assert flash.command(0x9F, wanted=3) == b"\xef\x40\x16"
    assert flash.command(0x03, 0x1002, wanted=6) == b"cdefgh"
    flash.command(0x02, 0x1000, b"\0\0\0\0")
    assert flash.command(0x03, 0x1000, wanted=4) == b"abcd"  # not enabled
    flash.command(0x06)
    flash.command(0x02, 0x10FE, b"\x0f\x0f\x0f\x0f")
    assert flash.chip.content(0x10FC, 6) == b"ef\x07\x08ab"  # bits are only cleared, and the page begins anew
    assert flash.chip.content(0x1000, 4) == b"\x01\x02cd"
    flash.command(0x06)
    flash.command(0x20, 0x1234)
    assert flash.chip.content(0xFFE, 4) == b"gh\xff\xff"
    assert flash.chip.content(0x3F_FFFC, 8) == b"\xff" * 4 + b"abcd"


def test_of_more_bytes_than_there_is_room_for_the_first_are_kept(board):
    flash = Flash(board, b"abcd" * 64)
    flash.poke((0x28, 1023), (0x04, 0), (0x00, 1 << 31))
    assert flash.peek(0x58 + 60) == int.from_bytes(b"abcd", "little")
    assert flash.peek(0x98) == 0x14  # the next register


def test_a_flash_that_holds_nothing_yet_is_erased(board):
    chip = NorFlash(board.calling("sysbus.flash"), size=0x40_0000)
    chip.reset()
    assert chip.execute(0x03, 0, b"", 2) == b"\xff\xff"


def test_the_controllers_own_commands(board):
    flash = Flash(board, b"text")
    flash.poke((0x00, 1 << 28))
    assert flash.peek(0x58) == 0x1640EF
    flash.poke((0x00, 1 << 30), (0x00, 1 << 27))
    assert flash.peek(0x2C) == 2
    flash.poke((0x58, 0x20202020), (0x04, 4 << 24), (0x00, 1 << 25))
    assert flash.chip.content(0, 5) == b"    \xff"
    flash.poke((0x00, 1 << 30), (0x04, 0), (0x00, 1 << 24))
    assert flash.chip.content(0, 4) == b"\xff" * 4


class Window:
    """The memory that the cache shows flash in."""

    def __init__(self):
        self.memory = bytearray(0x80_0000)

    def read(self, address, size):
        return bytes(self.memory[address - 0x4200_0000 :][:size])

    def write(self, address, data):
        self.memory[address - 0x4200_0000 : address - 0x4200_0000 + len(data)] = data


def test_pages_of_flash_are_seen_where_they_are_mapped_and_as_they_are_now():
    board = FakeBoard(bus=Window())
    flash = Flash(board, b"\xff" * 0x2_0000 + b"page two")
    cache = Device(ESP32C3_EXTMEM(board.calling("sysbus.extmem"), flash=flash.chip))
    cache.poke((0x1000 + 4 * 5, 2))
    assert board.bus.read(0x4205_0000, 8) == b"page two"
    flash.command(0x06)
    flash.command(0x02, 0x2_0000, b"\0\0\0\0")
    assert board.bus.read(0x4205_0000, 8) == b"\0\0\0\0 two"
    cache.poke((0x1000 + 4 * 5, 1 << 8))
    assert board.bus.read(0x4205_0000, 4) == b"\xff" * 4
    cache.poke((0x28, 1))
    assert cache.peek(0x28) & 3 == 2


def padded(data: bytes) -> bytes:
    return data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")


def digest(sha: Device, size: int) -> bytes:
    return b"".join(sha.peek(0x40 + at).to_bytes(4, "little") for at in range(0, size, 4))


@pytest.mark.parametrize(("mode", "name"), [(0, "sha1"), (1, "sha224"), (2, "sha256")])
def test_digests_by_words_and_by_descriptors(mode, name):
    text = bytes(range(256)) * 3
    wanted = hashlib.new(name, text).digest()
    blocks = padded(text)
    board = FakeBoard(bus=FakeBus(0x3FC8_0000))
    dma = Device(ESP32C3_GDMA(board.calling("sysbus.gdma")))
    wire = dma.wired(board, "CH1")
    sha = Device(ESP32C3_SHA(board.calling("sysbus.sha"), gdma=dma.model))
    sha.poke((0x00, mode))
    for at in range(0, len(blocks), 64):
        sha.poke(
            *((0x80 + word, int.from_bytes(blocks[at + word : at + word + 4], "little")) for word in range(0, 64, 4))
        )
        sha.poke((0x14 if at else 0x10, 1))
    assert digest(sha, len(wanted)) == wanted

    # Two descriptors, of which the first ends within a block.
    first, size = 100, len(blocks)
    board.bus.memory[0:24] = struct.pack(
        "<6I", 1 << 31 | first << 12, 0x3FC8_0100, 0x3FC8_000C, 3 << 30 | size - first << 12, 0x3FC8_0100 + first, 0
    )
    board.bus.memory[0x100 : 0x100 + size] = blocks
    dma.poke((0x18, 1 << 8), (0x1C0, 7), (0x1A0, 1 << 21 | 0x8_0000))
    sha.poke((0x0C, 4), (0x1C, 1))
    assert not wire.level
    sha.poke((0x0C, size // 64 - 4), (0x20, 1))
    assert wire.level
    assert digest(sha, len(wanted)) == wanted
    dma.poke((0x1C, 1 << 8))
    assert not wire.level


def test_what_is_programmed_into_fuses_is_read_there(board):
    fuses = Device(ESP32C3_EFUSE(board))
    fuses.poke((0x10, 3 << 6), (0x1D4, 2))
    assert fuses.peek(0x3C) == 0  # without the code that lets it
    fuses.poke((0x1CC, 0x5A5A), (0x1D4, 2))
    assert (fuses.peek(0x3C), fuses.peek(0x1D4)) == (3 << 6, 0)


def test_a_duty_cycle_fades_in_its_time_and_tells_its_end(board):
    leds = Device(ESP32C3_LEDC(board))
    wire = leds.wired(board, "IRQ")
    leds.poke((0xD0, 1), (0xA8, 1 << 25 | 0x100 << 4 | 8), (0x14, 1 << 4 | 1), (0x1C, 10 << 4), (0xC8, 1 << 5))
    assert (leds.peek(0xA8), leds.peek(0x14)) == (0x100 << 4 | 8, 1)  # updates are taken over at once
    leds.poke((0x20, 1 << 31 | 1 << 30 | 5 << 20 | 10 << 10 | 3))  # 5 steps of 3, each of 10 periods of 3.2 us
    assert leds.peek(0x24) == (10 + 15) << 4
    board.clock.advance_to(159_999)
    assert (wire.level, leds.peek(0x20) >> 31) == (False, 1)
    board.clock.advance_to(160_000)
    assert (wire.level, leds.peek(0x20) >> 31) == (True, 0)
    leds.poke((0xCC, 1 << 5))
    assert not wire.level


def test_a_duty_cycle_without_a_clock_never_comes_to_its_end(board):
    leds = Device(ESP32C3_LEDC(board))
    leds.poke((0x0C, 1 << 31 | 1 << 20 | 1 << 10))
    board.clock.advance_to(SECOND)
    assert (leds.peek(0xC0), leds.peek(0x0C) >> 31) == (0, 1)


def pulses(first, second):
    return 1 << 15 | first | second << 16


def test_pulses_take_their_time_and_wrap_around_in_memory(board):
    remote = Device(ESP32C3_RMT(board))
    remote.poke((0x68, 1 << 26 | 1 << 24 | 1 << 4 | 1))  # 40 MHz
    remote.poke(*((0x4C0 + 4 * word, pulses(30, 10)) for word in range(48)), (0x4C0 + 4 * 30, 0))
    remote.poke((0x14, 1 << 16 | 1 << 8 | 1 << 1), (0x14, 1 << 16 | 1 << 8 | 1))  # 30 words of 1 us
    board.clock.advance_to(29_999)
    assert remote.peek(0x38) == 0
    board.clock.advance_to(30_000)
    assert remote.peek(0x38) == 1 << 1

    remote.poke((0x44, 2), (0x4C0 + 4 * 30, pulses(30, 10)), (0x5C, 24))
    remote.poke((0x14, 1 << 16 | 1 << 8 | 1 << 4 | 1 << 1), (0x14, 1 << 16 | 1 << 8 | 1 << 4 | 1))
    for told in range(1, 4):
        board.clock.advance_to(30_000 + told * 24_000)
        assert remote.peek(0x38) == 1 << 9
        remote.poke((0x44, 1 << 9))
    remote.poke((0x4C0 + 4 * 24, pulses(15, 0)))  # behind what is being sent
    board.clock.advance_to(30_000 + 4 * 24_000)
    assert remote.peek(0x38) == 1 << 9
    board.clock.advance_to(SECOND)
    assert remote.peek(0x38) == 1 << 9 | 1 << 1

    remote.poke((0x44, 0x3FFF), (0x14, 1 << 16 | 1 << 8 | 1 << 1), (0x4C0 + 4 * 24, pulses(1, 1)))
    remote.poke((0x14, 1 << 16 | 1 << 8 | 1))
    board.clock.advance_to(2 * SECOND)
    assert remote.peek(0x38) == 1 << 5  # no end marker


def test_spi_without_a_device_receives_zeros_in_words_and_by_dma():
    board = FakeBoard(bus=FakeBus(0x3FC8_0000))
    dma = Device(ESP32C3_GDMA(board.calling("sysbus.gdma")))
    spi = Device(ESP32C3_SPI(board.calling("sysbus.spi2"), gdma=dma.model))
    wire = spi.wired(board, "IRQ")
    spi.poke((0x10, 3 << 27 | 1), (0x1C, 5 * 8 - 1), (0x98, 0x11223344), (0x9C, 0x55667788), (0xA0, 1), (0x34, 1 << 12))
    spi.poke((0x00, 1 << 23), (0x00, 1 << 24))
    assert [spi.peek(offset) for offset in (0x00, 0x98, 0x9C, 0xA0)] == [0, 0, 0x55667700, 1]
    assert wire.level
    spi.poke((0x38, 1 << 12))
    assert not wire.level

    board.bus.memory[:0x40] = b"\xff" * 0x40
    board.bus.memory[0x10:0x1C] = struct.pack("<3I", 1 << 31 | 0x20, 0x3FC8_0000, 0)
    dma.poke((0xA0, 0), (0x80, 1 << 22 | 0x8_0010))
    spi.poke((0x30, 1 << 27), (0x00, 1 << 24))
    assert board.bus.memory[:8] == b"\0\0\0\0\0\xff\xff\xff"
    assert dma.peek(0x00) == 3


def test_spi_sends_command_address_and_data_to_a_device_and_keeps_what_comes_back(board):
    class Echo(SPIDevice):
        """Answers with what it was sent before."""

        sent = b""

        def transmit(self, byte):
            self.sent += bytes([byte])
            return self.sent[-2] if len(self.sent) > 1 else 0xEE

    dma = Device(ESP32C3_GDMA(board.calling("sysbus.gdma")))
    spi = Device(ESP32C3_SPI(board.calling("sysbus.spi2"), gdma=dma.model))
    echo = Echo(board.calling("sysbus.spi2.echo"))
    spi.model.attach(echo, None)
    spi.poke((0x18, 7 << 28 | 0x9F), (0x14, 23 << 27), (0x04, 0x1234_5600), (0x98, 0x0403_0201), (0x1C, 31))
    spi.poke((0x10, 3 << 30 | 3 << 27 | 1), (0x00, 1 << 24))
    assert echo.sent == bytes.fromhex("9f 123456 01020304")
    assert spi.peek(0x98) == 0x0302_0156
    spi.poke((0x10, 3 << 27), (0x00, 1 << 24))  # one way, then the other
    assert echo.sent[8:] == bytes.fromhex("56010203 00000000")
    assert spi.peek(0x98) == 0x0000_0003
