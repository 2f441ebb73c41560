"""A table of one of several kinds is read as its kind, and what is wrong in it is named at its line."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from lab import configured, features, workload
from lab.configuration import read_toml
from lab.errors import ConfigurationError
from lab.features import Features
from lab.features.tflm_audio_frontend import Settings as AudioFrontend
from lab.workload import Workload

FRONTEND = {
    "kind": "tflm-audio-frontend",
    "window_ms": 30,
    "step_ms": 20,
    "channels": 40,
    "steps": 49,
    "lower_hz": 125,
    "upper_hz": 7_500,
}


@pytest.fixture
def refused(tmp_path):
    """What is said of keyword spotting's file with a text of it replaced; `{line}` is the line of the new text."""

    def read(was: str, instead: str) -> tuple[str, int]:
        text = workload.load("keyword-spotting").file.read_text()
        assert text.count(was) == 1
        text = text.replace(was, instead)
        file = tmp_path / "workload.toml"
        file.write_text(text)
        with pytest.raises(ConfigurationError) as error:
            read_toml(file, Workload, name="keyword-spotting", folder=tmp_path)
        return error.value.message.removeprefix(f"{file}:"), text.partition(instead)[0].count("\n") + 1

    return read


def test_a_kind_is_a_module_of_the_package():
    found = configured.kinds(features.__name__, Features)
    assert found["tflm-audio-frontend"] is AudioFrontend
    assert all(re.fullmatch(rf"lab\.features\.{name.replace('-', '_')}", one.__module__) for name, one in found.items())


def test_a_table_becomes_the_settings_of_its_kind_and_stays_what_it_is():
    found = configured.checked(FRONTEND, features.__name__, Features)
    assert isinstance(found, AudioFrontend)
    assert configured.checked(found, features.__name__, Features) is found


@pytest.mark.parametrize("kind", ['"tflm-audio-frontends"', '["window"]', "7"])
def test_a_kind_that_there_is_not_is_named_with_those_that_there_are(refused, kind):
    said, line = refused('kind = "tflm-audio-frontend"', f"kind = {kind}")
    assert said.startswith(f"{line}: features.kind: there is no kind ")
    assert {"movement", "tflm-audio-frontend", "window"} <= set(said.partition("one of ")[2].rstrip(".").split(", "))


def test_a_table_that_does_not_say_its_kind_is_told_which_there_are(refused):
    said, line = refused('kind = "average"\n', "# of no kind\n")
    assert said == f"{line - 1}: decision.kind: it is missing: one of anomaly, average, each, of-firmware."


@pytest.mark.parametrize("value", ["none", 3, [], None])
def test_what_is_no_table_is_refused(value):
    with pytest.raises(ValidationError, match="Input should be a valid dictionary"):
        configured.checked(value, features.__name__, Features)


def test_a_key_of_the_kind_is_checked_and_named_by_its_line(refused):
    said, line = refused("threshold = 0.45", "threshold = 4.5")
    assert said.startswith(f"{line}: decision.threshold: Input should be less")


def test_a_misspelt_key_is_named_with_the_nearest_of_its_kind(refused):
    said, line = refused("upper_hz = 7500.0", "uper_hz = 7500.0")
    assert said == f"{line}: features.uper_hz: there is no such key. Did you mean 'upper_hz'?"
    said, line = refused("average_ms = 960", "averag_ms = 960")
    assert said == f"{line}: decision.averag_ms: there is no such key. Did you mean 'average_ms'?"


def test_a_key_of_another_kind_is_no_key_of_this_one(refused):
    said, line = refused('kind = "average"\n', 'kind = "each"\n')
    assert re.fullmatch(r"\d+: decision\.(average_ms|threshold|refractory_ms): there is no such key\..*", said)
    assert int(said.partition(":")[0]) > line
