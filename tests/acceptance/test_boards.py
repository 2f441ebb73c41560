"""`lab run --target all`: every board of the workload hears the same, in one result, from the same sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab import target, workload
from tests.acceptance.bench import Checkout, Ran, start

STRIDE_MS = workload.load("keyword-spotting").decision.stride_ms
HEARD = ("clip", "decided", "scores", "samples_crc", "features_crc", "stimulus")


def play(folder: Path, project: Path, words: Path, jobs: int) -> Ran:
    options = ("--target", "all", "--recordings", words, "--jobs", jobs, "--json", "--out", folder / "run")
    return start("run", "keyword-spotting", *options, folder=folder, project=project).finish(folder / "run")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, checkout: Checkout, words: Path) -> Ran:
    return play(tmp_path_factory.mktemp("boards"), checkout.folder, words, 2)


def test_every_board_hears_each_word_as_the_host_does_and_as_the_others_do(run: Ran):
    boards = run.result["runs"]
    assert [board["target"] for board in boards] == list(workload.load("keyword-spotting").targets)
    assert [board["variant"] for board in boards] == [target.load(board["target"]).core.kernels for board in boards]
    assert [board["metrics"]["bit_exact"]["value"] for board in boards] == [1] * len(boards)
    first, *others = ([[clip[name] for name in HEARD] for clip in board["clips"]] for board in boards)
    assert len(first) == 12
    assert others == [first] * len(others)


def test_each_run_says_what_is_not_as_on_the_board(run: Ran):
    faithful = {board["target"]: board["hardware_faithful"] for board in run.result["runs"]}
    assert faithful == {"nano33ble": True, "esp32c3": True, "stm32f746g": True}
    for board in run.result["runs"]:
        said = any(note.startswith("Differs from hardware: ") for note in board["notes"])
        assert said is not board["hardware_faithful"]


def test_every_board_keeps_up_with_its_microphone_by_its_modelled_cycles(run: Ran):
    for board in run.result["runs"]:
        metrics = {name: metric["value"] for name, metric in board["metrics"].items()}
        assert metrics["realtime_headroom"] > 1
        assert 0 < metrics["cpu_load"] < 1
        clock_hz, stride_s = target.load(board["target"]).core.clock_hz, STRIDE_MS / 1e3
        needed = [clip["cycles"] + (clip["awake_cycles"] - clip["cycles"]) * stride_s for clip in board["clips"]]
        assert metrics["realtime_headroom"] == pytest.approx(clock_hz * stride_s / max(needed))  # recordings of 1 s


def test_one_worker_finds_the_same_as_two(run: Ran, tmp_path: Path, checkout: Checkout, words: Path):
    alone = play(tmp_path, checkout.folder, words, 1)
    assert alone.result["fingerprint"] == run.result["fingerprint"]
    for ours, theirs in zip(alone.result["runs"], run.result["runs"], strict=True):
        assert (ours["metrics"], ours["clips"]) == (theirs["metrics"], theirs["clips"])
