"""What holds in every test: one that is marked to produce an error has to produce it."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest

from lab.errors import LabError


def pytest_configure(config: pytest.Config) -> None:
    os.environ["LAB_TFLM"] = "crate"  # numbers that tests know are of its firmware, whatever is installed
    config.addinivalue_line(
        "markers", "renode: needs a real Renode, and is skipped with its reason where there is none"
    )
    config.addinivalue_line("markers", "produces(code): the error of that code, as docs/troubleshooting.md has it")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    marker = item.get_closest_marker("produces")
    if marker is None:
        return (yield)
    made: list[LabError] = []
    make = LabError.__init__

    def noted(error: LabError, *given: Any, **named: Any) -> None:
        make(error, *given, **named)
        made.append(error)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LabError, "__init__", noted)
        outcome = yield
    from tests.errors import catalogue

    row = catalogue.rows()[marker.args[0]]
    seen = [(error.code, error.message) for error in made]
    assert any(error.code == row.code and row.fits(error) and error.remedy for error in made), (
        f"none of these is {row}: {seen}"
    )
    return outcome
