"""`lab bundle` and `lab reproduce` on real firmware."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lab.bundling import bundle
from lab.cli import main
from lab.recordings import sounds
from tests.acceptance.bench import Ran
from tests.fuzz import bundles


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


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, two_words: Path) -> Path:
    """A replay of two words that ends with its second inference, and is not as expected."""
    folder = tmp_path_factory.mktemp("replay")
    pieces = [sounds.load(next((two_words / word).iterdir()), 16_000, 16_000).samples for word in ("yes", "stop")]
    soundfile.write(folder / "two.wav", np.concatenate([pieces[0][:8_000], *pieces]), 16_000)
    options = ("--engine", "builtin", "--from", "0.5", "--until", "inference 1", "--out", str(folder / "replay"))
    expected = ("--expect", "go@1.6", "--expect-none", "0.5-1")
    assert main(["replay", str(folder / "two.wav"), "--workload", "keyword-spotting", *options, *expected]) == 1
    return folder / "replay"


def test_a_replay_is_bundled_as_it_was_played(played: Path, tmp_path: Path, capsys):
    assert "<code>lab bundle .</code>" in (played / "timeline.html").read_text(encoding="utf-8")
    file = tmp_path / "two.bundle"
    assert main(["bundle", str(played), "--out", str(file)]) == 0
    assert "a replay of two.wav, failed" in capsys.readouterr().out
    assert main(["reproduce", str(file), "--engine", "builtin"]) == 0
    shown = capsys.readouterr().out
    assert "FAIL expected go from 1.1 to 2.1 s: reported " in shown
    assert "ok   expected nothing from 0.5 to 1 s: reported nothing" in shown
    lines = len((played / "device.log").read_text(encoding="utf-8").splitlines())
    assert f"IDENTICAL: {lines} lines of the device log, on the engine builtin" in shown

    held = bundle.read(file)
    samples = held.samples.copy()
    samples[3_000] ^= 1
    bundle.write(replace(held, samples=samples), tmp_path / "other.bundle")
    assert main(["reproduce", str(tmp_path / "other.bundle"), "--engine", "builtin"]) == 1
    assert "DIFFERS: samples_crc of line 1" in capsys.readouterr().out


@pytest.mark.produces("bundle-unrepeatable")
def test_a_replay_that_is_no_longer_what_it_was_makes_no_bundle(played: Path, tmp_path: Path):
    changed = tmp_path / "replay"
    shutil.copytree(played, changed)
    log = (changed / "device.log").read_text(encoding="utf-8")
    (changed / "device.log").write_text(log.replace('"label":"', '"label":"not_', 1), encoding="utf-8")
    assert main(["bundle", str(changed), "--out", str(tmp_path / "out")]) == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.produces("bundle-run")
def test_a_replay_without_its_log_or_with_another_sound_makes_no_bundle(played: Path, tmp_path: Path):
    changed = tmp_path / "replay"
    shutil.copytree(played, changed)
    (changed / "device.log").write_bytes(b"\xff\n")
    assert main(["bundle", str(changed), "--out", str(tmp_path / "out")]) == 2
    (changed / "device.log").unlink()
    assert main(["bundle", str(changed), "--out", str(tmp_path / "out")]) == 2
    soundfile.write(changed / "played.flac", np.zeros(16_000, np.int16), 16_000)
    assert main(["bundle", str(changed), "--out", str(tmp_path / "out")]) == 2


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


# `python -m tests.fuzz.bundles 0 1000 FILE...` tries more.
def test_a_bundle_from_a_stranger_is_played_or_refused(made: Path):
    counts = bundles.tried(range(30), [made.read_bytes()])
    assert not counts.faults
    assert counts.came["0"] + counts.came["1"] >= 5  # the board has been given some of them
    assert sum(counts.came.values()) == 30
