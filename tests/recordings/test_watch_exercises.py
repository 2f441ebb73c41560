"""What is made of seglearn's recordings: from an archive in their form, not of their content."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import tarfile
from pathlib import Path

import numpy as np
import pytest
from numpy.lib import format as npy_format

from lab.download import Asset
from lab.recordings import datasets, reading, watch_exercises
from lab.recordings.datasets import Dataset
from tests.loopback import Server, serving
from tests.recordings.motion_files import WORN, shaken, steps


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))


def pickled(recorded: object) -> bytes:
    """As Python 2's numpy wrote it, whose modules have other names."""
    packed = pickle.dumps(np.array(recorded, object), protocol=2)
    header = io.BytesIO()
    npy_format.write_array_header_1_0(header, {"descr": "|O", "fortran_order": False, "shape": ()})
    return header.getvalue() + packed.replace(b"numpy._core.multiarray", b"numpy.core.multiarray")


def archive(recorded: object) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as writer:
        for name, content in (
            ("seglearn/data/watch_dataset.npy", pickled(recorded)),
            ("LICENSE", b"BSD"),
            ("setup.py", b"raise SystemExit"),
        ):
            entry = tarfile.TarInfo(f"{watch_exercises.ARCHIVE}/{name}")
            entry.size = len(content)
            writer.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def fetched(content: bytes, folder: Path) -> Path:
    with serving(Server(content)) as server:
        asset = Asset(server.url, hashlib.sha256(content).hexdigest(), len(content))
        watched = Dataset("watch-exercises", "A watch", "BSD", asset, 1_000_000, watch_exercises.prepare)
        datasets.fetch(watched, folder, lambda *_now: None, pytest.fail)
    return folder


def worn() -> dict[str, object]:
    """Two people; the rate of rotation is in columns 4 to 6."""
    recorded = [np.hstack([shaken(120, seed), np.full((120, 3), 9.0)]) for seed in range(4)]
    return {
        "X": recorded,
        "y": np.array([0, 6, 0, 0]),
        "subject": np.array([10, 2, 10, 2]),
        "side": np.array([0.0, 1.0, 1.0, 0.0]),
        "y_labels": ["PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW"],
        "X_labels": ["ax", "ay", "az", "wx", "wy", "wz"],
    }


def test_each_person_has_a_file_that_is_played_as_it_is(tmp_path):
    folder = fetched(archive(worn()), tmp_path / "set")
    assert sorted(path.name for path in folder.iterdir()) == [
        ".complete",
        "LICENSE",
        "dataset.toml",
        "subject_02.npz",
        "subject_10.npz",
    ]
    found = reading.read(folder, WORN, ("pendulum", "unknown"))
    assert [(entry.name, entry.label, entry.speaker) for entry in found] == [
        ("subject_02/pendulum_00", "pendulum", "02"),
        ("subject_02/upright_row_00", "unknown", "02"),
        ("subject_10/pendulum_00", "pendulum", "10"),
        ("subject_10/pendulum_01", "pendulum", "10"),
    ]
    assert np.array_equal(reading.load(found.entries[3], WORN).samples, steps(shaken(120, 2)[:100]))


def test_what_is_no_array_is_not_unpickled(tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "trapped"),)

    with pytest.raises(pickle.UnpicklingError, match=r"mkdir is no array"):
        fetched(archive(worn() | {"y": Trap()}), tmp_path / "set")
    assert not (tmp_path / "trapped").exists()
    assert not (tmp_path / "set").exists()


def test_the_package_is_pinned_as_pypi_publishes_it():
    found = datasets.find("watch-exercises").archive
    assert found.url.startswith("https://files.pythonhosted.org/packages/")
    assert found.size == 11_521_342
    assert found.sha256.startswith("90c45b5ced6bac35")
