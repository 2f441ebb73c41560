from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import places
from tests.kernels.emulated import APPLICATION


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project with an application that runs a model once."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("firmware", "models", "renode_platforms", "robot_tests"):
        shutil.copytree(places.project() / name, folder / name, ignore=shutil.ignore_patterns("recordings"))
    shutil.copytree(Path(__file__).parent / "application", folder / "firmware" / "apps" / APPLICATION)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAB_PROJECT", str(folder))
        yield folder
