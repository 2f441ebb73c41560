"""The page of errors is complete: each has a code, a row, a test that provokes it, and a next step."""

from __future__ import annotations

import re

import pytest

from lab import places
from lab.errors import BuildError, DeviceFault, UnknownName
from tests.errors import catalogue
from tests.errors.catalogue import Row


def test_every_error_has_a_row_under_its_exit_code():
    """One test for all places: reading them takes longer than looking at them."""
    named = [(site, code) for site in catalogue.sites() for code in site.codes]
    assert [f"{site.place}: {code}" for site, code in named if code not in catalogue.rows()] == []
    assert [
        f"{site.place}: {code}" for site, code in named if catalogue.rows()[code].exit_code != site.kind.exit_code
    ] == []


def test_every_error_says_what_to_do_next():
    assert [
        site.place
        for site in catalogue.sites()
        if not issubclass(site.kind, UnknownName) and "remedy" not in site.arguments
    ] == []


def test_how_to_choose_another_place_is_the_end_of_a_sentence():
    """`disk` writes it behind "or": what begins with a capital or ends with a full stop makes no sentence there."""
    said = [
        phrase
        for file in sorted((places.shipped() / "lab").rglob("*.py"))
        for phrase in re.findall(r'(?:elsewhere=|ELSEWHERE = |FOR_[A-Z_]+ = )f?"([^"]+)"', file.read_text("utf-8"))
    ]
    assert len(said) > 10
    assert [
        phrase for phrase in said if phrase.endswith(".") or phrase.partition(" ")[0] != phrase.split()[0].lower()
    ] == []


@pytest.mark.parametrize("row", catalogue.rows().values(), ids=lambda row: row.code)
def test_a_row_is_about_an_error_that_a_test_provokes(row):
    assert row.code in {code for site in catalogue.sites() for code in site.codes}
    assert row.code in catalogue.tested()
    assert row.what_to_do


def test_a_code_is_of_plain_words():
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in catalogue.rows())


def test_no_test_claims_an_error_that_has_no_row():
    assert catalogue.tested().keys() <= catalogue.rows().keys()


def test_a_row_fits_its_own_error_and_no_other():
    row = Row("build", 2, "… does not build: ….", "Correct it.")
    assert row.fits(BuildError("firmware does not build: main.cc:3: no."))
    assert not row.fits(BuildError("firmware does build."))
    assert not row.fits(DeviceFault("firmware does not build: main.cc:3: no."))
