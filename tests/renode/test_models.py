"""What holds for all of our models in C#, of which most runs of the tests see only the text."""

from __future__ import annotations

import re

from lab import places

CLASS = re.compile(r"((?:^ *\[.*\]\n)*)^ *public class (\w+)[^\n]*\bIDoubleWordPeripheral\b", re.MULTILINE)
NARROW = "[AllowedTranslations(AllowedTranslation.ByteToDoubleWord | AllowedTranslation.WordToDoubleWord)]"


def test_every_model_of_words_takes_bytes_and_halfwords_too_as_its_twin_does():
    """Renode drops them otherwise, with a warning that no verdict shows."""
    found = {}
    for file in (places.project() / "renode_platforms").rglob("*.cs"):
        for attributes, name in CLASS.findall(file.read_text(encoding="utf-8")):
            found[name] = NARROW in attributes
    assert len(found) >= 7
    assert [name for name, takes in found.items() if not takes] == []
