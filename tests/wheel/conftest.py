"""The wheel and the sdist of this checkout, and environments in which the wheel is installed, far from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from uv import find_uv_bin

from lab import places

ROOT = Path(__file__).parents[2]
LABELS = ("right", "stop", "yes")
# Of the environment of the tests: what leads back to the checkout, and where planted failures would be annotated.
NOT_OURS = ("GITHUB_ACTIONS", "LAB_PROJECT", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "VIRTUAL_ENV")
# What using the lab, an editor or a build by hand may leave in a checkout.
LEFT_BEHIND = (
    "dist/old.whl",
    "firmware/build/CMakeCache.txt",
    "lab/__pycache__/places.cpython-311.pyc",
    "models/keyword-spotting/__pycache__/synthesise.cpython-311.pyc",
    "runs/latest/result.json",
    "notes.txt",
    "my-notes/page.md",
)
ENVIRONMENT = "env"
"""A virtual environment that somebody made there, under a name that .gitignore does not have."""


def uv(*arguments: object, path: str = "") -> subprocess.CompletedProcess[str]:
    """uv, which must not download an interpreter; `path` is where it looks for one beside PATH."""
    surroundings = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "PATH": f"{os.environ['PATH']}{os.pathsep}{path}"}
    command = [find_uv_bin(), *map(str, arguments)]
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)


def tracked() -> list[str]:
    """What git tracks, or would if it were told of new files, as far as it is there."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@dataclass(frozen=True)
class Distributions:
    """What `uv build` made of `tracked`: the sdist, and from it the wheel."""

    source: Path
    tracked: frozenset[str]
    wheel: Path
    sdist: Path


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Both, of a copy of the tracked files among which things were left behind."""
    checkout, made = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("dist")
    names = tracked()
    for name in names:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, checkout / name)
    for name in LEFT_BEHIND:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).touch()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", checkout / ENVIRONMENT], check=True)
    (checkout / ENVIRONMENT / ".gitignore").unlink(missing_ok=True)
    done = uv("build", "--quiet", "--out-dir", made, checkout)
    assert done.returncode == 0, done.stderr
    (wheel,), (sdist,) = made.glob("*.whl"), made.glob("*.tar.gz")
    return Distributions(checkout, frozenset(names), wheel, sdist)


@dataclass
class Installed:
    """An environment with the wheel in it, and a person in an empty folder; `type` keeps `cd` from one to the next."""

    environment: Path
    folder: Path
    cache: Path
    surroundings: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.surroundings = {
            **{name: value for name, value in os.environ.items() if name not in NOT_OURS},
            "PATH": os.pathsep.join([str(self.environment / "bin"), os.environ["PATH"]]),
            "LAB_CACHE": str(self.cache),
            # Beside the environment, in which nothing may be written; without, each `lab` compiles all that it imports.
            "PYTHONPYCACHEPREFIX": str(self.environment.with_name("bytecode")),
        }

    def type(self, *commands: str) -> subprocess.CompletedProcess[str]:
        """Run the commands in a shell, up to the first that fails."""
        where = self.environment / "where"
        script = "\n".join([f"trap 'pwd > {where}' EXIT", "set -e", *commands])
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self.surroundings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        self.folder = Path(where.read_text(encoding="utf-8").strip())
        assert "Traceback" not in done.stdout + done.stderr
        return done

    def types(self, *commands: str) -> str:
        """The standard output of commands that all succeed."""
        done = self.type(*commands)
        assert done.returncode == 0, f"{commands}\n{done.stdout}{done.stderr}"
        return done.stdout

    @property
    def library(self) -> Path:
        """Its site-packages."""
        (found,) = self.environment.glob("lib/python*/site-packages")
        return found

    def packages(self) -> dict[str, int]:
        """Every file that is installed, with the time of its last change."""
        return {str(path): path.stat().st_mtime_ns for path in self.library.rglob("*")}


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all versions of Python, with the user's TFLM and libraries, so that nothing is compiled twice."""
    folder = tmp_path_factory.mktemp("cache")
    for kind in ("features", "library", "tflm"):
        shared = places.cache() / kind
        shared.mkdir(exist_ok=True)
        (folder / kind).symlink_to(shared)
    return folder


@pytest.fixture(scope="session")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of each of a few labels."""
    folder = tmp_path_factory.mktemp("words")
    for label in LABELS:
        (folder / label).mkdir()
        shutil.copy(min((ROOT / "models/keyword-spotting/recordings" / label).glob("*.flac")), folder / label)
    return folder


def interpreter(version: str) -> Path | None:
    """A CPython of that version on PATH or among pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    path = os.pathsep.join(map(str, sorted(pyenv.glob(f"{version}.*/bin"))))
    done = uv("python", "find", "--no-project", "--system", f"cpython@{version}", path=path)
    return Path(done.stdout.strip()) if done.returncode == 0 else None


@pytest.fixture
def installed(
    request: pytest.FixtureRequest, distributions: Distributions, cache: Path, tmp_path: Path
) -> Iterator[Installed]:
    """The wheel in an environment of the CPython version that the test names: "3.12"."""
    version: str = request.param
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no CPython {version} on this machine")
    environment = tmp_path / "environment"
    for arguments in (
        ("venv", "--python", python, environment),
        ("pip", "install", "--python", environment / "bin" / "python", distributions.wheel),
    ):
        done = uv(*arguments, "--quiet")
        assert done.returncode == 0, done.stderr
    (tmp_path / "empty").mkdir()
    yield Installed(environment, tmp_path / "empty", cache)
    for folder in (environment, tmp_path / "bytecode"):  # a few hundred MB, which pytest would keep for three sessions
        shutil.rmtree(folder)
