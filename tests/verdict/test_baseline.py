from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from lab.errors import ConfigurationError
from lab.outcomes.memory import Symbol
from lab.verdict import baseline
from tests.comparing.runs import golden, keep, measured
from tests.fake_measuring import clip


def test_a_baseline_survives_its_file(tmp_path):
    assert baseline.read(keep(tmp_path)) == golden()


def test_the_same_measurement_gives_the_same_bytes_in_whatever_order_it_was_heard():
    clips = tuple(clip(number) for number in range(24))
    symbols = tuple(Symbol(name, 4, ".text", "a.a") for name in "abc")
    one = golden(measured(clips=clips, symbols=symbols))
    other = golden(measured(clips=clips[::-1], symbols=symbols[::-1]))
    assert one.to_json() == other.model_copy(update={"recordings": one.recordings}).to_json()


def test_neither_engine_nor_host_times_nor_its_user_are_in_it():
    other = replace(
        measured(), engine="renode", host_seconds=999.0, source="/home/someone/words", provenance={"x": "y"}
    )
    assert golden(other).to_json() == golden().to_json()


def test_each_metric_has_a_line_that_can_be_found(tmp_path):
    file = keep(tmp_path)
    text = file.read_text(encoding="utf-8").splitlines()
    lines = baseline.lines(file)
    assert lines.keys() == measured().metrics.keys()
    assert json.loads(f"{{{text[lines['flash_bytes'] - 1].rstrip(',')}}}") == {
        "flash_bytes": {"value": 181_000, "unit": "bytes", "kind": "exact"}
    }


def test_a_decision_and_a_symbol_have_a_line_each(tmp_path):
    text = keep(tmp_path).read_text(encoding="utf-8")
    assert re.search(r'^ +"yes/2.flac": "yes",?$', text, re.MULTILINE)
    assert re.search(r'^ +"main": 420,?$', text, re.MULTILINE)


def test_symbols_of_one_name_are_added_up():
    twice = (Symbol("Eval", 100, ".text", "a.a"), Symbol("Eval", 28, ".text", "a.a"))
    assert golden(measured(symbols=twice)).symbols == {".text": {"a.a": {"Eval": 128}}}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"metrics": {', "<<<<<<< ours\n", r"nano33ble-reference\.json:15 is not valid JSON"),
        ("baseline/2", "baseline/3", r"schema: .*baseline/2"),
        ('"value": 181000', '"value": "many"', r"metrics\.flash_bytes\.value"),
        ('"workload"', '"work"', r"workload: .*required.*; work: Extra"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong_and_what_to_do(tmp_path, old, new, said):
    file = keep(tmp_path)
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said) as caught:
        baseline.read(file)
    assert caught.value.code == "baseline-broken"
    assert "lab baseline update" in caught.value.remedy


def test_a_file_that_is_no_text_is_said_to_be_none(tmp_path):
    file = keep(tmp_path)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="is not text in UTF-8"):
        baseline.read(file)
