from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab import places, target, workload
from lab.model import Model
from lab.target import Target
from lab.workload import Workload
from tests.building import tiny_model


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of the tests' own, with the sources and libraries of the user's, so that nothing is fetched twice."""
    folder = tmp_path_factory.mktemp("cache")
    for kind in ("tflm", "library", "features"):
        shared = places.cache() / kind
        shared.mkdir(exist_ok=True)
        (folder / kind).symlink_to(shared)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAB_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def keyword_spotting() -> Workload:
    return workload.load("keyword-spotting")


@pytest.fixture(scope="session")
def nano33ble() -> Target:
    return target.load("nano33ble")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[tiny_model.Graph | bytes], Path]:
    def as_file(content: tiny_model.Graph | bytes) -> Path:
        path = tmp_path / "model.tflite"
        path.write_bytes(content if isinstance(content, bytes) else tiny_model.tflite_bytes(content))
        return path

    return as_file


@pytest.fixture(scope="session")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path = tmp_path_factory.mktemp("model") / "classifier.tflite"
    path.write_bytes(tiny_model.tflite_bytes(tiny_model.classifier()))
    return Model.read(path)
