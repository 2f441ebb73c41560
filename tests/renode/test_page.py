"""docs/renode.md says what the code does."""

from __future__ import annotations

import pytest

from lab.engines.renode import installation, portable
from tests.docs.documents import ROOT, table
from tests.renode import stand_in

PAGE = ROOT / "docs" / "renode.md"


def test_the_files_to_bring_are_those_that_are_pinned():
    sums = (ROOT / "lab/engines/renode/release.sha256").read_text(encoding="ascii")
    assert [row[1].strip("`") for row in table(PAGE, "Installing")] == [line.split()[1] for line in sums.splitlines()]
    assert f"`{portable.archive().url.rpartition('/')[0]}`" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("row", [row for row in table(PAGE, "Which one is taken") if row[0][0].isdigit()])
def test_the_versions_are_those_that_are_taken(row, machine):
    found = installation.find(stand_in.make(machine, row[0]))
    assert ("warning" in row[1]) == bool(found.warning)
