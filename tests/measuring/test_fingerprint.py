"""The fingerprint moves with everything that makes a run what it is, and with nothing else."""

from dataclasses import replace

import pytest

from lab import target
from lab.measuring import fingerprint
from tests.measuring.fake_machine import BareFirmware
from tests.measuring.outcomes import outcome

BOARD = target.load("nano33ble")


@pytest.fixture
def firmware(tmp_path):
    image = BareFirmware()
    image.path = tmp_path / "image.elf"
    image.path.write_bytes(b"\x7fELF")
    return image


@pytest.mark.parametrize(
    "change",
    [
        {"stimulus": "01"},
        {"samples_crc": "0"},
        {"features_crc": "0"},
        {"scores": (-128, 126)},
        {"instructions": 1001},
        {"clip": "yes/b.flac"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_it_moves_with_what_a_recording_led_to(firmware, change):
    before = fingerprint.of(firmware, BOARD, [outcome()])
    assert fingerprint.of(firmware, BOARD, [outcome(**change)]) != before


def test_it_moves_with_the_image_and_the_clock(firmware):
    before = fingerprint.of(firmware, BOARD, [outcome()])
    slower = replace_clock(46_000_000)
    assert fingerprint.of(firmware, slower, [outcome()]) != before
    firmware.path.write_bytes(b"\x7fELF2")
    assert fingerprint.of(firmware, BOARD, [outcome()]) != before


def test_it_stays_with_what_is_modelled_or_measured_on_the_host(firmware):
    before = fingerprint.of(firmware, BOARD, [outcome()])
    assert fingerprint.of(firmware, BOARD, [replace(outcome(), cycles=7, cpu_load=0.9, log=("text",))]) == before


def replace_clock(hertz):
    return BOARD.model_copy(update={"core": BOARD.core.model_copy(update={"clock_hz": hertz})})
