"""The USB device of the nRF52840, driven as a driver drives it, with the computer that the model brings."""

import pytest

from lab.engines.builtin.devices.nrf52840_usbd import NRF52840_USBD
from lab.errors import DeviceFault

from .fake_board import RAM, Wire

EP0SETUP, EP0DATADONE, EPDATA, USBRESET, USBEVENT = 0x15C, 0x128, 0x160, 0x100, 0x158
DEVICE = bytes([18, 1]) + bytes(16)
SERIAL = b"".join(
    [
        bytes([9, 4, 2, 0, 1, 2, 2, 0, 0]),  # interface 2: communication, abstract control model
        bytes([7, 5, 0x81, 3, 16, 0, 16]),  # its notifications
        bytes([9, 4, 3, 0, 2, 10, 0, 0, 0]),  # interface 3: data
        bytes([7, 5, 0x02, 2, 64, 0, 0]),
        bytes([7, 5, 0x83, 2, 64, 0, 0]),
    ]
)
CONFIGURATION = bytes([9, 2, 9 + len(SERIAL), 0, 2, 7, 0, 0xC0, 50]) + SERIAL


class Driver:
    """Answers what the computer asks, from descriptors in RAM."""

    def __init__(self, board, configuration):
        self.board = board
        self.device = NRF52840_USBD(board)
        self.device.wire = Wire(board)
        self.device.irq.connect(self.device.wire, 0)
        self.device.reset()
        self.configuration = configuration
        self.asked = []
        self.now_ns = 0

    def poke(self, *writes):
        for offset, value in writes:
            self.device.write(offset, 4, value)

    def peek(self, offset):
        return self.device.read(offset, 4)

    def happened(self, event):
        if self.peek(event):
            self.poke((event, 0))
            return True
        return False

    def wait(self, nanoseconds=50_000):
        self.now_ns += nanoseconds
        self.board.clock.advance_to(self.now_ns)

    def connect(self):
        self.poke((0x304, 1 << 23), (0x500, 1))
        assert self.happened(USBEVENT)
        assert self.peek(0x400) == 1 << 11
        self.poke((0x504, 1))
        for _ in range(1000):
            self.wait()
            if self.happened(EP0SETUP):
                self.answer()

    def answer(self):
        setup = bytes(self.peek(0x480 + 4 * n) for n in range(8))
        self.asked.append(setup)
        count = int.from_bytes(setup[6:8], "little")
        if setup[0] & 0x80:
            self.send_control((DEVICE if setup[3] == 1 else self.configuration)[:count])
        elif count:
            self.poke((0x04C, 1))
            self.wait()
            assert self.happened(EP0DATADONE)
            self.poke((0x700, RAM + 256), (0x704, self.peek(0x4A0)), (0x028, 1))
        if setup[1] != 5:  # an address is the hardware's to answer
            self.poke((0x050, 1))

    def send_control(self, data):
        for begin in range(0, len(data), 64):
            self.send(0, data[begin : begin + 64])
            self.wait()
            assert self.happened(EP0DATADONE)

    def send(self, endpoint, data):
        self.board.bus.write(RAM, data)
        self.poke((0x600 + 20 * endpoint, RAM), (0x604 + 20 * endpoint, len(data)), (0x004 + 4 * endpoint, 1))
        assert self.happened(0x108 + 4 * endpoint)


@pytest.fixture
def driver(board):
    driver = Driver(board, CONFIGURATION)
    driver.connect()
    return driver


def test_a_computer_resets_enumerates_and_opens_the_serial_port(driver, board):
    assert driver.happened(USBRESET)
    assert [setup[:2].hex() for setup in driver.asked] == ["8006", "0005", "8006", "8006", "0009", "2120", "2122"]
    assert driver.asked[3][6] == len(CONFIGURATION)
    assert driver.asked[4][2] == 7
    assert driver.peek(0x470) == 1
    assert board.bus.read(RAM + 256, 7) == (115_200).to_bytes(4, "little") + bytes([0, 0, 8])
    assert driver.asked[6] == bytes([0x21, 0x22, 3, 0, 2, 0, 0, 0])


def test_what_the_serial_port_sends_is_the_output_and_other_endpoints_are_not(driver, board):
    driver.send(1, b"notification")
    driver.wait()
    assert (driver.happened(EPDATA), driver.peek(0x46C), board.printed) == (True, 1 << 1, b"")
    driver.poke((0x46C, 1 << 1))
    driver.send(3, b"hello\r\n")
    assert not driver.peek(EPDATA)
    driver.wait()
    assert (driver.happened(EPDATA), driver.peek(0x46C), board.printed) == (True, 1 << 3, b"hello\r\n")


def test_what_is_typed_comes_packet_by_packet_as_the_device_takes_it(driver, board):
    driver.device.accept(bytes(range(100)))
    driver.wait()
    assert not driver.peek(EPDATA)
    driver.poke((0x514, 1 | 1 << 2), (0x4A8, 0))
    heard = b""
    for size in (64, 36):
        driver.wait()
        assert (driver.happened(EPDATA), driver.peek(0x46C), driver.peek(0x4A8)) == (True, 1 << 18, size)
        driver.poke((0x46C, 1 << 18), (0x728, RAM + 512), (0x72C, size), (0x030, 1))
        heard += board.bus.read(RAM + 512, driver.peek(0x730))
    assert heard == bytes(range(100))


def test_without_a_serial_port_it_is_configured_and_no_more(board):
    driver = Driver(board, bytes([9, 2, 9, 0, 0, 1, 0, 0xC0, 50]))
    driver.connect()
    assert [setup[1] for setup in driver.asked] == [6, 5, 6, 6, 9]


def test_damaged_descriptors_do_not_stop_the_computer(board):
    driver = Driver(board, b"\xff" * 70)
    driver.connect()
    assert [setup[1] for setup in driver.asked] == [6, 5, 6, 6, 9]


def test_a_packet_outside_ram_is_a_fault(driver):
    with pytest.raises(DeviceFault, match=r"EPIN\[3\].PTR = 0x00001000"):
        driver.poke((0x600 + 60, 0x1000), (0x604 + 60, 4), (0x010, 1))


def test_frames_are_counted_while_somebody_listens(driver):
    assert not driver.happened(0x154)
    driver.poke((0x304, 1 << 21))
    driver.wait(1_000_000)
    assert driver.happened(0x154)
    driver.poke((0x308, 1 << 21))
    driver.wait(2_000_000)
    assert not driver.happened(0x154)
