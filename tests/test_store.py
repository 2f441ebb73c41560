from __future__ import annotations

import errno
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from lab import store
from lab.errors import StorageError


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))


def fill(folder: Path) -> None:
    (folder / "content").write_text("made")


def test_an_entry_is_made_once():
    made = []

    def make(folder: Path) -> None:
        made.append(folder)
        fill(folder)

    assert store.entry("kind", lambda: "name", make) == store.entry("kind", lambda: "name", make)
    assert len(made) == 1


def test_two_that_ask_at_once_make_it_once():
    made = []
    asked = Event()

    def make(folder: Path) -> None:
        asked.wait(10)
        made.append(folder)
        fill(folder)

    with ThreadPoolExecutor(2) as pool:
        entries = [pool.submit(store.entry, "kind", lambda: "name", make) for _ in range(2)]
        asked.set()
    assert entries[0].result() == entries[1].result()
    assert len(made) == 1


@pytest.mark.parametrize("ended_by", [KeyboardInterrupt, ValueError])
def test_an_entry_that_was_not_finished_is_not_there(ended_by, tmp_path):
    def make(folder: Path) -> None:
        fill(folder)
        raise ended_by

    with pytest.raises(ended_by):
        store.entry("kind", lambda: "name", make)
    assert [path.name for path in (tmp_path / "cache" / "kind").iterdir()] == ["name.lock"]
    assert (store.entry("kind", lambda: "name", fill) / "content").read_text() == "made"


def test_what_a_killed_process_left_is_cleared_away_and_never_built_in_again(tmp_path):
    left = tmp_path / "cache" / "kind" / "name.partial-of-another"
    left.mkdir(parents=True)
    (left / "content").write_text("half")
    places = []

    def make(folder: Path) -> None:
        places.append(folder)
        assert not left.exists()
        fill(folder)

    folder = store.entry("kind", lambda: "name", make)
    shutil.rmtree(folder)
    store.entry("kind", lambda: "name", make)
    assert len({left, *places}) == 3
    assert sorted(path.name for path in folder.parent.iterdir()) == ["name", "name.lock"]


def test_a_full_disk_is_said_with_the_folder():
    def make(_folder: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(StorageError, match="cache/kind/name cannot be written: No space left on device") as error:
        store.entry("kind", lambda: "name", make)
    assert "LAB_CACHE" in error.value.remedy


def test_keys_tell_where_one_part_ends():
    assert store.key("ab", "c") != store.key("a", "bc")


def test_a_hash_of_files_covers_names_and_content(tmp_path):
    (tmp_path / "one").write_text("1")
    first = store.content_of(tmp_path, [tmp_path / "one"])
    (tmp_path / "one").rename(tmp_path / "two")
    assert store.content_of(tmp_path, [tmp_path / "two"]) != first


def test_what_nobody_used_for_a_month_is_forgotten():
    old, new = (store.entry("kind", lambda name=name: name, fill) for name in ("old", "new"))
    os.utime(old, (0, 0))
    store.forget_unused("kind")
    assert not old.exists()
    assert new.exists()


def test_what_is_used_again_is_not_forgotten():
    folder = store.entry("kind", lambda: "name", fill)
    os.utime(folder, (0, 0))
    store.entry("kind", lambda: "name", fill)
    store.forget_unused("kind")
    assert folder.exists()


def test_sources_edited_meanwhile_do_not_go_under_the_old_name():
    source = ["old"]

    def make(folder: Path) -> None:
        (folder / "content").write_text(source[0])
        source[0] = "new"

    folder = store.entry("kind", lambda: source[0], make)
    assert (folder.name, (folder / "content").read_text()) == ("new", "new")
    assert not folder.with_name("old").exists()
