from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab import places

Shell = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of the tests' own, with the sources and libraries of the user's, so that nothing is fetched twice."""
    folder = tmp_path_factory.mktemp("cache")
    for kind in ("tflm", "library", "features", "engine"):
        shared = places.cache() / kind
        shared.mkdir(exist_ok=True)
        (folder / kind).symlink_to(shared)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAB_CACHE", str(folder))
        patch.delenv("LAB_PROJECT", raising=False)
        yield folder


@pytest.fixture(scope="session")
def shell(cache: Path) -> Shell:
    """Runs what a reader types, with this environment's `lab` on the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

    def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PATH": path, "LAB_CACHE": str(cache)}
        return subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    return run
