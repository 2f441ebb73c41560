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


def test_a_sensor_that_the_board_lacks_is_refused_with_those_it_has():
    with pytest.raises(UnknownName, match=r"'microfone'\. Did you mean 'microphone'"):
        measure(request(sensor="microfone"))
