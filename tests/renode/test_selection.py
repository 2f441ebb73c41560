"""Which engine a name comes to."""

from __future__ import annotations

import pytest

from lab import executing
from lab.engines import selection
from lab.engines.renode.installation import Installation
from lab.errors import UsageError
from tests.renode import stand_in


def test_auto_is_the_built_in_engine_where_no_renode_is_installed_and_says_so(machine):
    chosen = selection.choose("auto")
    assert chosen.name == "builtin"
    assert "no supported Renode found" in chosen.notes[0]
    assert selection.select("auto").name == "builtin"


def test_auto_is_the_renode_that_is_installed_and_says_which(machine):
    stand_in.make(machine / "bin", "1.17.0")
    assert selection.choose("auto").notes == ("The engine is Renode 1.17.0, found by PATH",)
    engine = selection.select("auto")
    assert (engine.name, engine.version) == ("renode", "1.17.0")


def test_auto_passes_over_a_renode_that_is_too_old(machine):
    stand_in.make(machine / "bin", "1.15.0")
    assert selection.choose("auto").name == "builtin"


def test_what_to_expect_of_an_older_version_is_said(machine):
    stand_in.make(machine / "bin", "1.16.1")
    assert any("renode#954" in note for note in selection.choose("renode").notes)


def test_a_renode_that_is_named_is_taken(machine):
    own = stand_in.make(machine / "own", "1.17.0")
    assert selection.choose("auto", own).renode == Installation(
        own, "1.17.0", "--renode", "1.17.0+20261001gitdc52b24c1"
    )


def test_the_built_in_engine_takes_no_renode(machine):
    with pytest.raises(UsageError, match="--engine builtin uses none"):
        selection.choose("builtin", machine / "renode")


def test_renode_gets_one_worker_for_two_cores(machine, monkeypatch):
    stand_in.make(machine / "bin", "1.17.0")
    monkeypatch.setattr("os.sched_getaffinity", lambda _: range(8))
    assert [executing.suitable(selection.select(name)) for name in ("builtin", "renode")] == [8, 4]
