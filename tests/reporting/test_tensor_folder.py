"""The folder of `--dump-tensors`: written whole, in the place of an earlier one, and of nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab import disk
from lab.errors import UsageError
from lab.reporting import tensor_folder


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    for place in (tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(UsageError, match="holds something else already"):
            tensor_folder.check(place)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_an_earlier_one_is_replaced_and_a_new_one_made(tmp_path: Path):
    place = tmp_path / "new" / "tensors"
    for content in ("1", "2"):
        tensor_folder.check(place)
        with disk.folder_replacing(place, elsewhere="") as draft:
            (draft / tensor_folder.INDEX).write_text(content, encoding="utf-8")
        assert (place / tensor_folder.INDEX).read_text(encoding="utf-8") == content
    assert [path.name for path in place.parent.iterdir()] == ["tensors"]


def test_what_is_interrupted_leaves_what_was_there_and_nothing_beside_it(tmp_path: Path):
    place = tmp_path / "tensors"
    place.mkdir()
    (place / tensor_folder.INDEX).write_text("earlier", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        interrupted(place)
    assert (place / tensor_folder.INDEX).read_text(encoding="utf-8") == "earlier"
    assert list(tmp_path.iterdir()) == [place]


def interrupted(place: Path) -> None:
    with disk.folder_replacing(place, elsewhere="") as draft:
        (draft / tensor_folder.INDEX).write_text("half", encoding="utf-8")
        raise KeyboardInterrupt
