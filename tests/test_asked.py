"""What is asked of a run is one value: made of options, texts or variables, and the same after a journey as text."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import pytest

from lab.asked import Asked
from lab.cli._run_options import Emulated, Judged, Stimuli
from lab.errors import UnknownName, UsageError

EVERYTHING = {
    "workload": "keyword-spotting",
    "target": "esp32c3",
    "engine": "builtin",
    "mode": "stream",
    "minutes": 0.5,
    "seed": 0,
    "recordings": Path("my recordings"),
    "model": Path("a.tflite"),
    "kernels": "reference",
    "clips": ("yes/1.flac", "[odd].flac"),
    "jobs": 3,
    "baseline": "NONE",
    "fail_on": "limit",
}


def variables(**values):
    return {name.upper(): value for name, value in values.items()}.get


def test_it_is_the_same_after_a_journey_as_text():
    asked = Asked.of(**EVERYTHING)
    assert Asked.from_variables(variables(request=asked.to_text())) == asked


def test_what_was_asked_of_a_lab_that_called_a_firmware_an_elf_is_understood():
    asked = Asked.from_options(("--elf", "a.elf", "--adapter", "a.toml"), workload="w")
    assert asked == Asked.of(workload="w", firmware="a.elf", adapter="a.toml")
    assert asked.options == ("--firmware", "a.elf", "--adapter", "a.toml")


def test_a_path_of_any_bytes_travels_as_ascii():
    asked = Asked.of(workload="w", recordings=Path(os.fsdecode(b"r\xff${x}\\")))
    assert asked.to_text().isascii()
    assert Asked.from_variables(variables(request=asked.to_text())) == asked


def test_texts_are_taken_for_what_they_stand_for():
    texts = {name: str(value) for name, value in EVERYTHING.items() if name != "clips"}
    assert Asked.of(**texts, clips='["yes/1.flac", "[odd].flac"]') == Asked.of(**EVERYTHING)
    assert Asked.of(workload="w", clips="yes/1.flac").clips == ("yes/1.flac",)


def test_what_is_empty_is_as_usual():
    assert Asked.of(workload="w", target="", model="", seed="", clips="") == Asked(workload="w")


def test_a_variable_goes_before_the_request_and_that_before_what_a_suite_says():
    asked = Asked.of(workload="of the request", target="b", seed=0)
    found = Asked.from_variables(variables(request=asked.to_text(), target="c"), workload="a", target="a", jobs=2)
    assert found == Asked.of(workload="of the request", target="c", seed=0, jobs=2)


def test_its_options_are_those_of_lab_run_that_change_a_number_or_the_verdict():
    assert Asked.of(**EVERYTHING).options == (
        *("--engine", "builtin", "--mode", "stream", "--minutes", "0.5", "--seed", "0"),
        *("--recordings", "my recordings", "--model", "a.tflite", "--kernels", "reference"),
        *("--clip", "yes/1.flac", "--clip", "[odd].flac", "--no-baseline", "--fail-on", "limit"),
    )
    assert Asked.of(workload="w", jobs=2).options == ()
    assert Asked.of(workload="w", baseline="kept").options == ("--baseline", "kept")


def test_something_else_is_the_same_but_for_that():
    asked = Asked.of(workload="w", target="esp32c3")
    assert asked.but(mode="stream", jobs="2") == Asked.of(workload="w", target="esp32c3", mode="stream", jobs=2)


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("jobs", "0", "jobs is '0': Input should be greater than or equal to 1"),
        ("minutes", "601", "minutes is '601': Input should be less than or equal to 600"),
        ("seed", "1.5", "seed is '1.5': Input should be a valid integer"),
        ("fail_on", "never", "fail_on is 'never': Input should be 'regression' or 'limit'"),
        ("clips", "[yes", r"clips is '\[yes': it is no list"),
        ("clips", "[yes]", r"clips is '\[yes\]': "),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(option, value, complaint):
    with pytest.raises(UsageError, match=complaint):
        Asked.of(workload="w", **{option: value})


def test_an_option_that_there_is_not_is_refused_with_one_that_there_is():
    with pytest.raises(UnknownName, match=r"no option named 'tagret'.* Did you mean 'target'"):
        Asked.of(workload="w", tagret="esp32c3")


@pytest.mark.parametrize("text", ["nonsense", "[1]", "3"])
def test_a_request_that_is_none_is_refused(text):
    with pytest.raises(UsageError, match="The variable REQUEST is no request"):
        Asked.from_variables(variables(request=text), workload="w")


def test_what_the_command_line_offers_is_what_can_be_asked():
    options = {one.name for group in (Emulated, Stimuli, Judged) for one in fields(group)}
    assert options - {"no_baseline"} == Asked.model_fields.keys() - {"workload", "target"}
