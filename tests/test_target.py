"""What a target.toml may say of a sensor."""

import pytest

from lab.configuration import read_toml
from lab.errors import ConfigurationError
from lab.target import Sensor

DEVICE = 'device = "sysbus.i2c1.part"\n'


def sensor(tmp_path, text):
    file = tmp_path / "sensor.toml"
    file.write_text(DEVICE + text)
    return read_toml(file, Sensor)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "either rate_hz or rates_hz"),
        ("rate_hz = 100\nrates_hz = [100]\n", "either rate_hz or rates_hz"),
        ("rate_hz = 0\n", "greater than 0"),
        ("rates_hz = [100, 50]\n", "the lowest first"),
        ("rates_hz = [50, 50]\n", "each once"),
        ("rates_hz = [0, 50]\n", "positive"),
        ("rates_hz = [50]\nranges = [4, 2]\n", "the lowest first"),
    ],
)
def test_a_sensor_without_rates_that_make_sense_is_refused(tmp_path, text, said):
    with pytest.raises(ConfigurationError, match=said):
        sensor(tmp_path, text)


def test_a_fixed_rate_is_for_workloads_of_that_rate_alone(tmp_path):
    microphone = sensor(tmp_path, "rate_hz = 16_000\n")
    assert (microphone.rate_for(16_000), microphone.rate_for(8_000)) == (16_000, None)


def test_of_several_rates_the_lowest_that_is_high_enough_is_taken(tmp_path):
    part = sensor(tmp_path, "rates_hz = [12.5, 25, 50]\n")
    assert [part.rate_for(wanted) for wanted in (1, 12.5, 20, 50, 51)] == [12.5, 12.5, 25, 50, None]
