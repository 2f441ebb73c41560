"""What people get wrong: models, recordings, names, sources, limits. Each is named, with the exit code of its kind."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import tflite

from lab.cli import main
from tests.acceptance.bench import APPLICATION, WORKLOAD, Checkout, Ran
from tests.building.tiny_model import FLOAT32, Graph, Operator, classifier, tflite_bytes

LabRun = Callable[..., Ran]


def assert_refused(ran: Ran, code: str, *parts: str) -> None:
    """The run did not begin, for a reason that is the user's to mend, and left nothing."""
    assert (ran.code, ran.out, ran.folder.exists()) == (2, "", False)
    assert f"error[{code}" in ran.shown
    assert "remedy: " in ran.shown
    for part in parts:
        assert part in ran.shown


def assert_stopped(ran: Ran, kind: str, *parts: str) -> None:
    """The run came to an error that is the user's to mend, and tells so everywhere."""
    assert (ran.code, ran.result["verdict"], ran.error["kind"]) == (2, "error", kind)
    for part in parts:
        assert part in ran.error["message"]
        assert part in ran.robot_failures()[0]
    assert " ".join(ran.error["message"].split()) in ran.shown
    assert ran.error["remedy"]


def with_unknown_operator() -> Graph:
    graph = classifier()
    graph.operators[1] = Operator(tflite.BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION, (3,), (4,))
    return graph


def with_floats() -> Graph:
    graph = classifier()
    for tensor in graph.tensors:
        tensor.type, tensor.scale, tensor.data = FLOAT32, None, tensor.data and bytes(4 * math.prod(tensor.shape))
    return graph


@pytest.mark.parametrize(
    ("content", "code", "part"),
    [
        (lambda: tflite_bytes(classifier())[:1000], "model", "model.tflite"),
        (lambda: bytes(4) + b"TFL3" + bytes(range(256)) * 8, "model", "model.tflite"),
        (lambda: b"", "model", "model.tflite"),
        (lambda: tflite_bytes(with_unknown_operator()), "operator-missing", "LOCAL_RESPONSE_NORMALIZATION"),
        (lambda: tflite_bytes(classifier((1, 48, 40, 1))), "model", "int8[1, 48, 40, 1]"),
        (lambda: tflite_bytes(with_floats()), "model", "float32[1, 49, 40, 1]"),
        (lambda: tflite_bytes(classifier(labels=11)), "model", "12 labels"),
    ],
    ids=["truncated", "corrupt", "empty", "operator", "shape", "type", "labels"],
)
def test_a_model_that_cannot_be_used_is_refused_with_the_reason(lab_run: LabRun, tmp_path, content, code, part):
    (tmp_path / "model.tflite").write_bytes(content())
    assert_refused(lab_run("--model", tmp_path / "model.tflite"), code, part)


@pytest.mark.produces("arena-too-small")
def test_an_arena_that_is_too_small_says_how_much_is_needed_and_with_that_it_boots(
    checkout: Checkout, lab_run: LabRun, tiny
):
    text = checkout.text(WORKLOAD)
    arena = next(line for line in text.splitlines() if line.startswith("arena_bytes"))
    model = next(line for line in text.splitlines() if line.startswith("model = "))
    with checkout.edited(WORKLOAD, (arena, "arena_bytes = 2_048"), (model, f'model = "{tiny}"')):
        small = lab_run()
    assert (small.code, small.result["verdict"], small.error["kind"]) == (1, "failed", "ArenaTooSmall")
    assert "keyword-spotting gives it 2,048" in small.error["message"]
    setting = small.error["remedy"].removeprefix("Set ").partition(" in ")[0]
    assert setting.startswith("arena_bytes = ")
    with checkout.edited(WORKLOAD, (arena, setting)):
        enough = lab_run("--model", tiny)
    assert [clip["difference"] for clip in enough.clips] == [None, None]


def test_a_model_of_the_users_gets_the_arena_that_it_needs_and_the_run_says_so(
    checkout: Checkout, lab_run: LabRun, tiny
):
    text = checkout.text(WORKLOAD)
    arena = next(line for line in text.splitlines() if line.startswith("arena_bytes"))
    with checkout.edited(WORKLOAD, (arena, "arena_bytes = 2_048")):
        ran = lab_run("--model", tiny)
    assert [clip["difference"] for clip in ran.clips] == [None, None]
    assert ran.run["memory"]["arena_size"] > 2_048
    assert "and was given that; keyword-spotting plans 2,048" in ran.shown


def test_a_profile_of_such_a_model_has_that_arena_too(checkout: Checkout, tiny, two_words, tmp_path, capsys):
    text = checkout.text(WORKLOAD)
    arena = next(line for line in text.splitlines() if line.startswith("arena_bytes"))
    asked = ["--model", tiny, "--kernels", "auto", "--recordings", two_words, "--out", tmp_path]
    with checkout.edited(WORKLOAD, (arena, "arena_bytes = 2_048")):
        assert main(["profile", "keyword-spotting", *map(str, asked)]) == 0
    assert "FULLY_CONNECTED" in capsys.readouterr().out


def test_a_compile_error_is_told_in_the_compilers_words(checkout: Checkout, lab_run: LabRun):
    with checkout.edited(APPLICATION, ("\nint main() {\n", "\nint main() {\n  undeclared();\n")):
        ran = lab_run()
    assert_stopped(ran, "BuildError", "main.cc:", "'undeclared' was not declared in this scope")
    assert "undeclared();" in ran.error["details"]


@pytest.mark.parametrize(
    ("wrong", "meant", "options"),
    [
        ("keyword-spoting", "keyword-spotting", []),
        ("nano33blu", "nano33ble", ["--target", "nano33blu"]),
        ("buildin", "builtin", ["--engine", "buildin"]),
    ],
)
def test_a_name_that_nothing_carries_is_answered_with_the_nearest(tmp_path, capsys, wrong, meant, options):
    workload = "keyword-spotting" if options else wrong
    assert main(["run", workload, *options, "--out", str(tmp_path / "run")]) == 2
    said = capsys.readouterr().err
    assert f"named {wrong!r}. Did you mean {meant!r}?" in said
    assert "Traceback" not in said


@pytest.fixture
def partly_broken(tmp_path, two_words) -> Path:
    """Two good recordings and three that are none."""
    folder = tmp_path / "partly broken"
    shutil.copytree(two_words, folder)
    good = min((folder / "yes").iterdir()).read_bytes()
    (folder / "no").mkdir()
    (folder / "no" / "truncated.flac").write_bytes(good[: len(good) // 2])
    (folder / "no" / "empty.wav").write_bytes(b"")
    (folder / "no" / "text.wav").write_text("This is not a sound.")
    return folder


def test_broken_recordings_are_named_and_the_rest_goes_on(
    checkout: Checkout, lab_run: LabRun, tiny, partly_broken: Path
):
    broken = {"no/truncated.flac", "no/empty.wav", "no/text.wav"}
    with checkout.limited("missed_deadlines = { at_most = 0 }\n"):
        strict = lab_run("--model", tiny, recordings=partly_broken)
        assert (strict.code, strict.result["verdict"]) == (1, "failed")
        assert [check["name"] for check in strict.run["checks"] if not check["passed"]] == ["skipped_recordings"]
        source = next(line for line in checkout.text(WORKLOAD).splitlines() if line.startswith("source = "))
        with checkout.edited(WORKLOAD, (source, f"{source}\nmax_skipped = 3")):
            lenient = lab_run("--model", tiny, recordings=partly_broken)
        assert (lenient.code, lenient.result["verdict"]) == (0, "passed")
    for ran in (strict, lenient):
        assert len(ran.clips) == 2
        assert {one["clip"] for one in ran.run["skipped_recordings"]} == broken
        assert ran.run["recordings"]["skipped"] == 3
        assert all(f"{name}: " in ran.shown and name in ran.robot_log for name in broken)


def test_an_empty_folder_is_refused(lab_run: LabRun, tmp_path):
    (tmp_path / "nothing").mkdir()
    assert_refused(lab_run(recordings=tmp_path / "nothing"), "recording", "has no recordings of any label")


def test_a_folder_that_is_not_there_is_refused(lab_run: LabRun, tmp_path):
    (tmp_path / "speech").mkdir()
    ran = lab_run(recordings=tmp_path / "speach")
    assert_refused(ran, "recording", "There is no folder", f"Did you mean {tmp_path / 'speech'}?")


def test_stereo_floats_at_another_rate_are_played_and_it_is_said(lab_run: LabRun, tiny, tmp_path):
    time_s = np.arange(44_100) / 44_100
    tone = 0.3 * np.sin(2 * np.pi * 440 * time_s)
    (tmp_path / "clips" / "yes").mkdir(parents=True)
    sound = tmp_path / "clips" / "yes" / "tone.wav"
    soundfile.write(sound, np.stack([tone, 0.5 * tone], axis=1), 44_100, subtype="FLOAT")
    ran = lab_run("--model", tiny, recordings=tmp_path / "clips")
    assert [clip["difference"] for clip in ran.clips] == [None]
    for part in ("mixed 2 channels", "resampled 44100->16000 Hz", "converted FLOAT to 16 bits"):
        assert any(part in note for note in ran.run["notes"])
        assert part in ran.shown


def test_every_limit_that_is_broken_fails_exit_code_result_and_log(checkout: Checkout, lab_run: LabRun, tiny):
    at_least = {"accuracy", "bit_exact"}
    metrics = lab_run("--model", tiny).run["metrics"]
    limits = "".join(
        f"{name} = {{ at_least = {metric['value'] + 0.01} }}\n"
        if name in at_least
        else f"{name} = {{ at_most = {metric['value'] - 0.01} }}\n"
        for name, metric in metrics.items()
    )
    with checkout.limited(limits):
        first = 1 + checkout.text(WORKLOAD).splitlines().index("[limits]")
        ran = lab_run("--model", tiny)
    broken = [check for check in ran.run["checks"] if not check["passed"]]
    assert (ran.code, ran.result["verdict"]) == (1, "failed")
    assert [check["name"] for check in broken] == list(metrics)
    failures = "\n".join(ran.robot_failures())
    for line, check in enumerate(broken, first + 1):
        assert check["where"] == f"{WORKLOAD}:{line}"
        assert f"{check['name']} is " in failures
        assert check["where"] in failures
        assert f"{check['name']} is " in ran.shown
    assert f"FAILED: {len(metrics)} of {len(metrics) + 1} checks" in ran.shown
