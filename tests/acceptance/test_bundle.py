"""`lab bundle` and `lab reproduce` on real firmware."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from lab.bundling import bundle
from lab.cli import main
from tests.acceptance.bench import Ran


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, two_words: Path) -> Path:
    """A bundle of `stop`, of a run of two words."""
    folder = tmp_path_factory.mktemp("bundle")
    options = ("--engine", "builtin", "--recordings", str(two_words), "--out", str(folder / "run"))
    assert main(["run", "keyword-spotting", "--no-baseline", "--no-history", "--jobs", "1", *options]) in (0, 1)
    name = next(path.name for path in (two_words / "stop").iterdir())
    file = folder / "stop.bundle"
    assert main(["bundle", str(folder / "run"), "--recording", f"stop/{name}", "--out", str(file)]) == 0
    return file


def test_a_board_does_again_what_the_bundle_says(made: Path, capsys):
    assert main(["reproduce", str(made), "--engine", "builtin"]) == 0
    assert "IDENTICAL: 2 lines of the device log" in capsys.readouterr().out


def test_the_first_difference_is_named(made: Path, tmp_path: Path, capsys):
    held = bundle.read(made)
    samples = held.samples.copy()
    samples[8_000] ^= 1
    other = tmp_path / "other.bundle"
    bundle.write(type(held)(held.manifest, held.workload, held.firmware, held.model, samples, held.log), other)
    assert main(["reproduce", str(other), "--engine", "builtin"]) == 1
    assert "DIFFERS: samples_crc of line 1" in capsys.readouterr().out


def test_a_firmware_that_is_none_is_refused(made: Path, tmp_path: Path, capsys):
    broken = tmp_path / "broken.bundle"
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(broken, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name, b"\x7fELF" if name == "firmware.elf" else archive.read(name))
    assert main(["reproduce", str(broken)]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.produces("bundle-unrepeatable")
def test_a_recording_that_has_changed_since_makes_no_bundle(lab_run, two_words: Path, tmp_path: Path, capsys):
    recordings = tmp_path / "words"
    (recordings / "yes").mkdir(parents=True)
    (clip,) = (two_words / "yes").iterdir()
    (recordings / "yes" / "one.flac").write_bytes(clip.read_bytes())
    ran: Ran = lab_run("--no-baseline", "--engine", "builtin", recordings=recordings)
    (stop,) = (two_words / "stop").iterdir()
    (recordings / "yes" / "one.flac").write_bytes(stop.read_bytes())
    assert main(["bundle", str(ran.folder)]) == 2
    assert "run it again, and bundle that" in capsys.readouterr().err


@pytest.mark.produces("bundle-run")
def test_a_run_without_its_firmware_makes_no_bundle(tmp_path: Path, made: Path):
    run = made.parent / "run"
    (tmp_path / "result.json").write_bytes((run / "result.json").read_bytes())
    assert main(["bundle", str(tmp_path)]) == 2
