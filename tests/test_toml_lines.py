from __future__ import annotations

import pytest

from lab.toml_lines import line_of


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
