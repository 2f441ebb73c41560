from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab.reporting.html import render
from lab.verdict.result import Result

from . import browser, results

Reported = Callable[[Result], Path]


@pytest.fixture(scope="session")
def _browser() -> Iterator[browser.Page]:
    with browser.page() as started:
        yield started


@pytest.fixture
def page(_browser: browser.Page) -> Iterator[browser.Page]:
    """Every test that looks at a report also says that nothing complained meanwhile."""
    _browser.complaints()
    yield _browser
    assert _browser.complaints() == []


@pytest.fixture
def reported(tmp_path: Path) -> Reported:
    """Writes the report of a result, as the folder of a run has it."""

    def write(result: Result) -> Path:
        file = tmp_path / "report.html"
        file.write_text(render(result, tmp_path), encoding="utf-8")
        return file

    return write


@pytest.fixture
def failed(tmp_path: Path, reported: Reported) -> Path:
    """The report of a run that failed in several ways, with evidence."""
    results.keep_evidence(tmp_path, (24, 25))
    (tmp_path / "log.html").touch()
    return reported(results.failing())
