"""`lab init` of the installed wheel: docs/own-project.md followed, and the verdict of the checkout."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.documents import Block, blocks

from .conftest import ROOT, Installed

PAGE = ROOT / "docs" / "own-project.md"
THIS_CPYTHON = "{}.{}".format(*sys.version_info)
KEPT = ("on", "right", "stop", "yes")


def keep_few(recordings: Path) -> None:
    """One recording of each of a few labels, as the whole set takes long."""
    for label in [path for path in recordings.iterdir() if path.is_dir()]:
        if label.name not in KEPT:
            shutil.rmtree(label)
            continue
        for file in sorted(label.glob("*.flac"))[1:]:
            file.unlink()


def do(block: Block, installed: Installed) -> str:
    """Type the commands of a block; `lab run` of them in one process, which leaves a core to others."""
    said = []
    for command in block.commands:
        said.append(installed.types(command.replace("lab run keyword-spotting", "lab run keyword-spotting --jobs 1")))
        if command.startswith("lab init"):
            keep_few(installed.folder / command.split()[-1] / "models/keyword-spotting/recordings")
    return "".join(said)


def latest(folder: Path) -> dict:
    return json.loads((folder / "runs" / "latest" / "result.json").read_text(encoding="utf-8"))


def in_the_checkout(recordings: Path, folder: Path, installed: Installed) -> dict:
    """The result of `lab run` of the sources that are tested, on those recordings."""
    program = [sys.executable, "-m", "lab", "run", "keyword-spotting", "--jobs", "1", "--json"]
    done = subprocess.run(
        [*program, "--recordings", str(recordings)],
        cwd=folder,
        env={**installed.surroundings, "LAB_PROJECT": str(ROOT), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("installed", [THIS_CPYTHON], indirect=True)
def test_the_page_of_an_own_project_is_followed(installed, tmp_path):
    packages = installed.packages()
    made, listed, limited, restored, labelled, own = [block for block in blocks(PAGE) if block.note == "walk-through"]

    assert "PASSED" in do(made, installed)
    project = installed.folder
    assert project.name == "my-lab"
    recordings = project / "models/keyword-spotting/recordings"
    installed.types(f"lab run keyword-spotting --jobs 1 --recordings {recordings}")
    assert latest(project)["fingerprint"] == in_the_checkout(recordings, tmp_path, installed)["fingerprint"]
    assert f"Project  {project}\n" in do(listed, installed)

    said = do(limited, installed)
    assert "FAILED: 1 of " in said
    assert "exit code 1\n" in said
    (check,) = [check for check in latest(project)["runs"][0]["checks"] if check["passed"] is False]
    file, _, line = check["where"].rpartition(":")
    named = (project / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert named == "flash_bytes = { at_most = 100_000 }"
    do(restored, installed)

    assert "PASSED" in do(labelled, installed)
    assert "begin" in {clip["decided"] for clip in latest(project)["runs"][0]["clips"]}
    assert "PASSED" in do(own, installed)
    assert {clip["label"] for clip in latest(project)["runs"][0]["clips"]} == {"yes"}
    assert installed.packages() == packages, "nothing is written where the lab is installed"
