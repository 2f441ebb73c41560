from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab import places, target, workload
from lab.cli import main
from lab.model import Model
from lab.target import Target
from lab.workload import Workload
from tests.acceptance.bench import REAL, Checkout, Process, Ran
from tests.building import tiny_model


@pytest.fixture(scope="package", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of the tests' own for images, with the user's sources and libraries, so that nothing is built twice."""
    folder = tmp_path_factory.mktemp("cache")
    for kind in ("engine", "features", "library", "tflm"):
        shared = places.cache() / kind
        shared.mkdir(exist_ok=True)
        (folder / kind).symlink_to(shared)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAB_CACHE", str(folder))
        patch.setenv("LAB_HISTORY", str(folder / "history.sqlite"))
        yield folder


@pytest.fixture(scope="package", autouse=True)
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """The project, to be edited for the length of a test. One for all, so that only what is edited is compiled."""
    copied = Checkout(tmp_path_factory.mktemp("project"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAB_PROJECT", str(copied.folder))
        yield copied


@pytest.fixture(autouse=True)
def no_process_outlives_its_test() -> Iterator[None]:
    yield
    while Process.started:
        Process.started.pop().end()


@pytest.fixture(scope="package")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One recording of each label."""
    folder = tmp_path_factory.mktemp("words")
    for label in sorted(path for path in (REAL / "models/keyword-spotting/recordings").iterdir() if path.is_dir()):
        (folder / label.name).mkdir()
        shutil.copy(min(label.glob("*.flac")), folder / label.name)
    return folder


@pytest.fixture(scope="package")
def two_words(tmp_path_factory: pytest.TempPathFactory, words: Path) -> Path:
    folder = tmp_path_factory.mktemp("two")
    for label in ("yes", "stop"):
        shutil.copytree(words / label, folder / label)
    return folder


@pytest.fixture
def keyword_spotting() -> Workload:
    return workload.load("keyword-spotting")


@pytest.fixture
def nano33ble() -> Target:
    return target.load("nano33ble")


@pytest.fixture
def model(keyword_spotting: Workload) -> Model:
    return Model.read(keyword_spotting.model_path)


@pytest.fixture(scope="package")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of two operators, for tests in which it matters little what is inferred."""
    path = tmp_path_factory.mktemp("model") / "tiny.tflite"
    path.write_bytes(tiny_model.tflite_bytes(tiny_model.classifier()))
    return path


@pytest.fixture
def lab_run(two_words: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """`lab run keyword-spotting` in this process; two recordings, unless told otherwise."""

    def run(*options: str | Path, recordings: Path = two_words) -> Ran:
        folder = tmp_path / f"run-{len(list(tmp_path.glob('run-*')))}"
        code = main(
            [
                *("run", "keyword-spotting", "--jobs", "1", "--out", str(folder)),
                *("--recordings", str(recordings)),
                *map(str, options),
            ]
        )
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Ran(code, said.out, said.err, folder)

    return run
