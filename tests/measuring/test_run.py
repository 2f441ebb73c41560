"""What is refused before anything is built."""

import pytest

from lab import target, workload
from lab.errors import ConfigurationError, UnknownName
from lab.measuring import Request, measure

WORDS = workload.load("keyword-spotting")


def request(**changes):
    changed = WORDS.model_copy(update={"input": WORDS.input.model_copy(update=changes)})
    return Request(changed, target.load("nano33ble"), jobs=1)


@pytest.mark.produces("sensor-rate")
def test_a_workload_at_another_rate_than_the_sensor_is_refused_with_both_rates():
    with pytest.raises(ConfigurationError, match=r"input.rate_hz is 8,000, and the microphone .* delivers 16,000"):
        measure(request(rate_hz=8_000))


ACCELERATIONS = {"sensor": "accelerometer", "axes": ("x", "y", "z"), "unit": "g", "range": 4.0, "bits": 14}


@pytest.mark.produces("sensor-rate")
def test_a_workload_that_is_faster_than_any_rate_of_the_part_is_refused_with_the_line():
    with pytest.raises(ConfigurationError, match=r"toml:\d+: input.rate_hz is 953, .* delivers at most 952 samples"):
        measure(request(**ACCELERATIONS, rate_hz=953))


@pytest.mark.produces("sensor-range")
def test_a_range_that_the_part_lacks_is_refused_with_the_line():
    said = r"toml:\d+: input.range is 5 g, which the accelerometer of nano33ble has not"
    with pytest.raises(ConfigurationError, match=said):
        measure(request(**ACCELERATIONS | {"rate_hz": 25, "range": 5.0}))


@pytest.mark.produces("sensor-bits")
def test_more_bits_than_the_part_gives_are_refused_with_the_line():
    said = r"toml:\d+: input.bits is 16, and values of the accelerometer of nano33ble have 14"
    with pytest.raises(ConfigurationError, match=said):
        measure(request(**ACCELERATIONS | {"rate_hz": 25, "bits": 16}))


@pytest.mark.produces("sensor-unit")
def test_another_unit_than_the_parts_is_refused_with_the_line():
    said = r"toml:\d+: input.unit is 'm/s2', and that of the accelerometer of nano33ble is 'g'"
    with pytest.raises(ConfigurationError, match=said):
        measure(request(**ACCELERATIONS | {"rate_hz": 25, "unit": "m/s2"}))


@pytest.mark.parametrize(("wanted", "rate"), [(20, 50), (50, 50), (120, 238), (952, 952), (953, None)])
def test_the_part_is_set_to_the_lowest_rate_that_is_not_below_the_workloads(wanted, rate):
    assert target.load("nano33ble").sensors["accelerometer"].rate_for(wanted) == rate


def test_a_sensor_that_the_board_lacks_is_refused_with_those_it_has():
    with pytest.raises(UnknownName, match=r"'microfone'\. Did you mean 'microphone'"):
        measure(request(sensor="microfone"))
