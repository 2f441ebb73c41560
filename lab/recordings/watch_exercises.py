"""The watch recordings of the Python package `seglearn`: shoulder exercises of ten people, as files for the lab.

D. M. Burns et al., Shoulder Physiotherapy Exercise Recognition, 2018, arXiv 1802.01489. The package has them as a
pickle, which is unpickled without anything in it being able to run.
"""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy_format

from lab.signals import dataset

ARCHIVE = "seglearn-1.2.5"
"""The folder in the package's source archive."""

_RECORDED = "seglearn/data/watch_dataset.npy"
_RATE_HZ = 50

_EXERCISES = {
    "PEN": "pendulum",
    "ABD": "abduction",
    "FEL": "forward_elevation",
    "IR": "internal_rotation",
    "ER": "external_rotation",
    "TRAP": "trapezius_extension",
    "ROW": "upright_row",
}

_DESCRIBED = """\
# Shoulder exercises of ten people, who wore a watch on either wrist: about twenty repetitions in each recording.
axes = ["1", "2", "3"]                  # acceleration; "4", "5", "6" are the rate of rotation, in rad/s
unit = "g"
"""

_ALLOWED = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
}


def prepare(folder: Path) -> None:
    """Make a file for each person, `subject_01.npz`, of what is unpacked in the folder; else only the licence stays."""
    unpacked = folder / ARCHIVE
    recorded = _read(unpacked / _RECORDED)
    for subject in sorted(set(recorded["subject"].tolist())):
        arrays: dict[str, Any] = {"fs": _RATE_HZ, "subject": f"{subject:02}"}
        for exercise, name in enumerate(recorded["y_labels"]):
            chosen = np.flatnonzero((recorded["subject"] == subject) & (recorded["y"] == exercise))
            for number, at in enumerate(chosen):
                arrays[f"{_EXERCISES[name]}_{number:02}"] = recorded["X"][at].astype(np.float32)
        np.savez_compressed(folder / f"subject_{subject:02}.npz", **arrays)
    (folder / dataset.FILE).write_text(_DESCRIBED, encoding="utf-8")
    shutil.move(unpacked / "LICENSE", folder / "LICENSE")
    shutil.rmtree(unpacked)


def _read(file: Path) -> dict[str, Any]:
    with file.open("rb") as stream:
        npy_format.read_magic(stream)
        npy_format.read_array_header_1_0(stream)
        array = _Arrays(stream, encoding="latin1").load()  # as numpy reads what Python 2 wrote
    return dict(array.item())


class _Arrays(pickle.Unpickler):
    """Makes arrays and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """What makes an array. Raises UnpicklingError for anything else."""
        if (module, name) == ("_codecs", "encode"):
            return lambda text, encoding: text.encode(encoding)
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} is no array")
        return _ALLOWED[module, name]
