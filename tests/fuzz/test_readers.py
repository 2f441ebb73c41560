"""No file and no line from outside ends in anything but an error of the lab's, in bounded time and memory.

Few inputs of each kind, always the same; `python -m tests.fuzz.readers 10000` tries as many as one has time for.
"""

from __future__ import annotations

import pytest

from tests.fuzz import readers

INPUTS = 150


@pytest.mark.parametrize("name", readers.READERS)
def test_whatever_a_reader_is_given_it_says_what_is_wrong(name, tmp_path, monkeypatch):
    monkeypatch.setattr("lab.measuring.memory.demangled", lambda names, _prefix: list(names))
    counts = readers.fuzz(name, INPUTS, tmp_path)
    assert counts.faults == {}, "\n".join(counts.examples.values())
    assert counts.read + counts.refused == counts.tried >= INPUTS / 2
