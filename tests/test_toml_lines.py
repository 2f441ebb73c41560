from __future__ import annotations

import sys

import pytest

from lab.toml_lines import as_toml, line_of, with_value

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[limits]\naccuracy = 1", 2),
        ("accuracy = 1\n[limits]\n\n# accuracy = 2\naccuracy = 3", 5),
        ("[limits.accuracy]\nat_least = 1", 1),
        ("[other]\nx = 1\n[ limits ]\n 'accuracy'= 1", 4),
        ("limits.accuracy.at_least = 1", 1),
        ("[[limits_of]]\naccuracy = 1\n[limits]\naccuracy_of_all = 1", None),
        ("limits = { accuracy = 1 }", None),
    ],
)
def test_the_line_of_a_key_is_found_however_it_is_written(text, line):
    assert line_of(text, "limits", "accuracy") == line


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("[decision]\nx = 31_433   # why\ny = 1\n", "[decision]\nx = 1_200    # why\ny = 1\n"),
        ("[decision]\nx = 3 # why", "[decision]\nx = 1_200 # why"),
        ("[decision]\nx=[ # of\n  1, # one\n] # why\n\n[x]\nx = 1\n", "[decision]\nx = 1_200 # why\n\n[x]\nx = 1\n"),
        ('[decision]\nx = "#" # why\n', "[decision]\nx = 1_200 # why\n"),
        ("[decision]   # how\nkind = 1\n", "[decision]   # how\nx = 1_200\nkind = 1\n"),
        ("decision.x = 1\r\ny = 2\r\n", "decision.x = 1_200\r\ny = 2\r\n"),
        ("decision = { x = 1 }\n", None),
        ("[other]\nx = 1\n", None),
    ],
)
def test_a_value_is_set_anew_and_comments_stay(text, changed):
    assert with_value(text, 1_200, "decision", "x") == changed


def test_a_list_is_set_anew():
    assert with_value("[decision]\nx = [1, 2]  # why\n", [3], "decision", "x") == "[decision]\nx = [3]     # why\n"


@pytest.mark.parametrize(
    "value", ['a "b" \\ c', "\x7f\n\u2028", "\U0001f600", ["\U0001f600", "b"], [1, 2.5], 31_433, 0.5]
)
def test_any_value_is_written_as_toml_reads_it(value):
    assert tomllib.loads(f"value = {as_toml(value)}") == {"value": value}
