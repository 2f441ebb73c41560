"""docs/tflm-errors.md quotes what TFLM prints."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from lab.building import tflm, upstream
from tests.docs.documents import ROOT

ROW = re.compile(r"^\| `(?P<text>[^`]+)` \| (?P<which>both|2020|today) \|", re.MULTILINE)
ROWS = [match.groups() for match in ROW.finditer((ROOT / "docs/tflm-errors.md").read_text(encoding="utf-8"))]


@cache
def sources(root: Path) -> str:
    return "\n".join(
        file.read_text(encoding="utf-8", errors="replace")
        for file in sorted(root.glob("tensorflow/**/*"))
        if file.suffix in tflm.SOURCES and file.is_file()
    )


def test_the_page_has_rows():
    assert len(ROWS) > 20


@pytest.mark.parametrize(("text", "which"), ROWS)
def test_the_crate_prints_what_the_page_says_of_it(text, which):
    assert (text in sources(tflm.source().root)) == (which != "today")


@pytest.mark.parametrize(("text", "which"), ROWS)
def test_todays_tflm_prints_what_the_page_says_of_it(text, which):
    tree = upstream.installed()
    if tree is None:
        pytest.skip("today's TFLM is not installed: `lab setup tflm`")
    assert (text in sources(tree)) == (which != "2020")
