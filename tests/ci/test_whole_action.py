"""Every step of the action for real, but for GitHub's own: a new environment, real firmware, its recordings."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from lab import places
from lab.engines.renode import installation
from tests.acceptance.bench import WORKLOAD, Checkout
from tests.ci.runner import Job
from tests.docs.documents import ROOT

COMPILED = ("tflm", "library", "features", "engine")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A caller's project: that of this repository, to be changed."""
    return Checkout(tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recordings")
    for label in ("yes", "stop"):
        (folder / label).mkdir()
        shutil.copy(min((ROOT / "models/keyword-spotting/recordings" / label).glob("*.flac")), folder / label)
    return folder


def restored(folder: Path) -> bool:
    """The cache as an earlier run left it: this user's own sources and libraries."""
    folder.mkdir()
    for kind in COMPILED:
        shared = places.cache() / kind
        shared.mkdir(exist_ok=True)
        (folder / kind).symlink_to(shared)
    return True


def test_a_limit_that_the_firmware_breaks_fails_the_job_at_its_line(tmp_path, checkout, recordings):
    limits = "bit_exact = { at_least = 1.0 }\nflash_bytes = { at_most = 100_000 }\n"
    with checkout.limited(limits):
        line = checkout.text(WORKLOAD).partition("flash_bytes = ")[0].count("\n") + 1
        job = Job(tmp_path, checkout.folder, restored)
        job.run(workloads="keyword-spotting", targets="nano33ble", recordings=str(recordings), baseline="none")
    assert job.failed
    assert (job.outputs["verdict"], job.outputs["exit-code"]) == ("failed", "1"), job.said
    assert re.fullmatch(r"[0-9a-f]{64}", job.outputs["fingerprint"])
    errors = [text for text in job.said.splitlines() if text.startswith("::error ")]
    assert len(errors) == 1
    assert errors[0].startswith(f"::error file={WORKLOAD},line={line},")
    assert "flash_bytes" in job.summary
    folder = Path(job.outputs["run-folder"])
    assert {file.name for file in folder.iterdir()} >= {"result.json", "report.html", "junit.xml", "summary.md"}
    (run,) = json.loads((folder / "result.json").read_text(encoding="utf-8"))["runs"]
    assert run["recordings"]["count"] == 2
    assert job.used.keys() == {"actions/cache/restore", "actions/upload-artifact"}, "a cache that was found is not kept"
    assert (job.temp / "lab" / "bin" / "lab").exists()


def test_a_real_renode_does_what_the_built_in_engine_does(tmp_path, checkout, recordings):
    renode = installation.look()
    if renode is None:
        pytest.skip("this machine has no Renode: `lab setup renode`, or RENODE_PATH")
    job = Job(tmp_path, checkout.folder, restored, {"RENODE_PATH": str(renode.path)})
    job.run(
        workloads="keyword-spotting",
        targets="nano33ble",
        recordings=str(recordings),
        baseline="none",
        engine="both",
        fail_on="never",
    )
    assert not job.failed, job.said
    assert job.outputs["engines-agree"] == "true", job.said
