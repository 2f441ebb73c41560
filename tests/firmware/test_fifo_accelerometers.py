"""The accelerometers' drivers against a part in memory: registers as the data sheets have them, and failures."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from lab import places

IDENTITIES = {"LSM9DS1": 0x68, "LIS2DW12": 0x44}
TEXTS = ("start", "failure", "written", "serve")


@pytest.fixture(scope="module")
def library(compiled):
    drivers = places.project() / "firmware" / "drivers"
    library = compiled(
        Path(__file__).with_name("fifo_accelerometers.cc"),
        *(drivers / f"{name}.cc" for name in ("fifo_accelerometer", "lsm9ds1", "lis2dw12")),
        drivers.parent / "runtime" / "text_format.cc",
    )
    for name in TEXTS:
        getattr(library, name).restype = ctypes.c_char_p
    library.needs_service.restype = ctypes.c_bool
    return library


class Driver:
    """A driver and its part."""

    def __init__(self, library: ctypes.CDLL, kind: str, identity: int = 0) -> None:
        self.library = library
        library.make(kind == "LIS2DW12", identity or IDENTITIES[kind])

    def start(self, rate_hz: int = 50, range_g: int = 4, bits: int = 14) -> str | None:
        return _text(self.library.start(rate_hz, range_g, bits))

    def serve(self, after_ms: int = 100, waiting: int = 0, lost: int = 0, woken: bool = True) -> list[int]:
        """The numbers of the frames that were passed on."""
        heard = self.library.serve(after_ms, waiting, lost, woken)
        return [int(number) for number in heard.split()]

    @property
    def failure(self) -> str | None:
        return _text(self.library.failure())

    @property
    def written(self) -> dict[int, int]:
        """Register and value, each as it was written last, in that order."""
        pairs = [pair.split("=") for pair in self.library.written().decode().split()]
        return {int(register, 16): int(value, 16) for register, value in pairs}


def _text(text: bytes | None) -> str | None:
    return None if text is None else text.decode()


@pytest.fixture(params=IDENTITIES)
def driver(library, request):
    return Driver(library, request.param)


@pytest.fixture
def lsm9ds1(library):
    return Driver(library, "LSM9DS1")


@pytest.fixture
def lis2dw12(library):
    return Driver(library, "LIS2DW12")


class TestRegisters:
    # rate: ODR_XL and BW_XL; the bandwidths are 50, 105, 211 and 408 Hz
    @pytest.mark.parametrize(
        ("rate_hz", "odr", "bandwidth"),
        [
            (10, 1, 3),
            (20, 2, 3),
            (50, 2, 3),
            (51, 3, 3),
            (119, 3, 3),
            (200, 4, 2),
            (238, 4, 2),
            (476, 5, 1),
            (952, 6, 0),
        ],
    )
    def test_the_lsm9ds1_has_the_lowest_rate_and_the_narrowest_filter_that_do(self, lsm9ds1, rate_hz, odr, bandwidth):
        assert lsm9ds1.start(rate_hz) is None
        assert lsm9ds1.written[0x20] == odr << 5 | 2 << 3 | 1 << 2 | bandwidth

    # rate: ODR and BW_FILT; the bandwidths are a half, a fourth, a tenth, a twentieth of the output data rate
    @pytest.mark.parametrize(
        ("rate_hz", "odr", "bandwidth"),
        [(1, 3, 3), (5, 3, 2), (10, 3, 1), (20, 3, 0), (25, 3, 0), (26, 4, 1), (50, 4, 0), (200, 6, 0), (1600, 9, 0)],
    )
    def test_the_lis2dw12_has_the_lowest_rate_and_the_narrowest_filter_that_do(self, lis2dw12, rate_hz, odr, bandwidth):
        assert lis2dw12.start(rate_hz) is None
        assert lis2dw12.written[0x20] == odr << 4 | 1 << 2
        assert lis2dw12.written[0x25] == bandwidth << 6 | 1 << 4

    @pytest.mark.parametrize(("range_g", "code"), [(2, 0), (4, 2), (8, 3), (16, 1)])
    def test_the_lsm9ds1_has_the_range(self, lsm9ds1, range_g, code):
        lsm9ds1.start(range_g=range_g)
        assert lsm9ds1.written[0x20] >> 3 & 3 == code

    @pytest.mark.parametrize(("range_g", "code"), [(2, 0), (4, 1), (8, 2), (16, 3)])
    def test_the_lis2dw12_has_the_range(self, lis2dw12, range_g, code):
        lis2dw12.start(range_g=range_g)
        assert lis2dw12.written[0x25] >> 4 & 3 == code

    def test_the_lsm9ds1_is_reset_and_its_clock_started_last(self, lsm9ds1):
        lsm9ds1.start()
        assert lsm9ds1.written == {0x22: 0x44, 0x23: 0x02, 0x2E: 0xC0, 0x1F: 0x38, 0x20: 0x57}
        assert lsm9ds1.library.written().startswith(b"22=01 22=44 ")

    def test_the_lis2dw12_is_reset_and_its_clock_started_last(self, lis2dw12):
        lis2dw12.start()
        assert lis2dw12.written == {0x21: 0x0C, 0x23: 0x02, 0x2E: 0xC5, 0x25: 0x10, 0x20: 0x44}
        assert lis2dw12.library.written().startswith(b"21=40 21=0c ")
        assert list(lis2dw12.written)[-1] == 0x20

    def test_it_is_powered_down_at_the_end(self, driver):
        driver.start()
        driver.library.stop()
        assert driver.written[0x20] == 0
        assert driver.serve(waiting=5) == []


@pytest.mark.parametrize(
    ("rate_hz", "frames", "part_hz"), [(25, 2, 25), (100, 10, 100), (200, 16, 200), (1600, 16, 1600)]
)
def test_the_core_is_woken_every_100_ms_or_when_the_fifo_is_half_full(lis2dw12, rate_hz, frames, part_hz):
    lis2dw12.start(rate_hz)
    assert lis2dw12.library.wake_up_us() == frames * 1_000_000 // part_hz
    assert lis2dw12.written[0x2E] & 0x1F == frames


class TestService:
    def test_nothing_is_read_unless_the_core_was_woken(self, driver):
        driver.start()
        assert driver.serve(waiting=5, woken=False) == []
        assert driver.serve() == [0, 1, 2, 3, 4]

    def test_one_that_is_as_full_as_it_interrupts_for_is_looked_at_again(self, driver):
        driver.start()
        driver.serve(waiting=5)
        assert driver.library.needs_service()
        assert driver.serve(after_ms=0, woken=False) == []
        assert not driver.library.needs_service()

    def test_lost_frames_are_told_by_the_clock_and_the_next_are_taken_in_step(self, lis2dw12):
        lis2dw12.start(20)
        assert lis2dw12.serve(after_ms=2000, waiting=32, lost=18) == [n for n in range(18, 50) if n * 20 % 25 < 20]
        assert lis2dw12.library.lost_frames() == sum(n * 20 % 25 < 20 for n in range(18))

    def test_an_overrun_that_the_clock_does_not_see_is_one_frame(self, lis2dw12):
        lis2dw12.start(25)
        lis2dw12.serve(after_ms=1280, waiting=32, lost=1)
        assert lis2dw12.library.lost_frames() == 1


class TestFailures:
    def test_one_that_never_answers_is_named_by_its_address(self, driver):
        driver.library.set_answers(0)
        assert driver.start() == "The accelerometer does not answer at address 0x19"

    def test_one_that_is_something_else_is_named_by_its_identity(self, library):
        driver = Driver(library, "LIS2DW12", identity=0x33)
        assert driver.start() == "The accelerometer answers WHO_AM_I 0x33, not 0x44"
        assert driver.written == {}

    def test_each_transfer_that_fails_while_it_is_configured_is_noticed(self, driver):
        transfers = 1
        driver.library.set_answers(transfers)
        while said := driver.start():
            assert said == "The accelerometer cannot be configured: a transfer failed"
            assert driver.serve(waiting=5) == []
            transfers += 1
            driver.library.set_answers(transfers)
        assert transfers == 8  # identity, reset and its end, five registers

    def test_a_reset_that_does_not_end_is_noticed(self, driver):
        driver.library.set_busy(0xFF)
        assert driver.start() == "The accelerometer cannot be configured: a transfer failed"

    @pytest.mark.parametrize("transfers", [0, 1])
    def test_a_transfer_that_fails_later_on_is_noticed_and_nothing_more_is_read(self, driver, transfers):
        driver.start()
        driver.library.set_answers(transfers)
        assert driver.serve(waiting=1) == []
        assert driver.failure == "The accelerometer no longer answers"
        driver.library.set_answers(-1)
        assert driver.serve() == []

    def test_one_without_frames_for_a_second_is_noticed_though_nothing_wakes_the_core(self, driver):
        driver.start()
        driver.serve(waiting=1)
        driver.serve(after_ms=1000, woken=False)
        assert driver.failure is None
        driver.serve(after_ms=1, woken=False)
        assert driver.failure == "The accelerometer has taken no frame for a second"

    def test_frames_that_waited_while_the_core_was_busy_are_no_failure(self, driver):
        driver.start()
        assert driver.serve(after_ms=5000, waiting=3, woken=False) == [0, 1, 2]
        assert driver.failure is None

    def test_it_can_be_started_again(self, driver):
        driver.start()
        driver.serve(after_ms=2000)
        assert driver.failure
        driver.library.stop()
        assert driver.start() is None
        assert driver.failure is None
        assert driver.serve(waiting=2) == [0, 1]
