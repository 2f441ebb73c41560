"""`lab replay` on real firmware: one trace, one boot, and what is expected of it."""

from __future__ import annotations

import itertools
import json
import shutil
import socket
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from junitparser import JUnitXml

from lab import building, target, traces, workload
from lab.asked import Asked
from lab.cli import main
from lab.engines import selection
from lab.errors import EngineDied, FirmwareError, UsageError
from lab.measuring import operator_outputs
from lab.measuring.player import Player
from lab.measuring.streaming import listening
from lab.model import Model
from lab.outcomes.replay import ReplayedInference
from lab.recordings import sounds
from lab.replaying.choosing import choose
from lab.replaying.feed import Feed
from lab.replaying.replay import Replayed, replay
from tests.acceptance.bench import APPLICATION, REAL, Checkout
from tests.acceptance.test_foreign_firmware import HEARD, listener
from tests.reporting.timeline.written import Page

__all__ = ["listener"]

RATE = 16_000
SPOKEN = ("yes", "stop", "left", "go")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory, words: Path) -> Path:
    """Four words, a second each, with a second of silence behind each; `yes` lies from 1.0 s to 2.0 s."""
    pause = np.zeros(RATE, np.int16)
    pieces = [pause]
    for word in SPOKEN:
        pieces += [sounds.load(min((words / word).iterdir()), RATE, RATE).samples, pause]
    file = tmp_path_factory.mktemp("trace") / "spoken.wav"
    soundfile.write(file, np.concatenate(pieces), RATE)
    return file


def replayed(trace: Path, engine: str = "builtin", **given: object) -> Replayed:
    request = Asked.of(workload="keyword-spotting", engine=engine, mode="stream").request()
    chosen = choose(trace, traces.read(trace), request.workload.input)
    return replay(request, Feed(chosen, request.workload.input, **given))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole(spoken: Path) -> Replayed:
    return replayed(spoken)


def test_every_inference_is_told_with_its_time_load_and_evidence(whole: Replayed):
    inferences = whole.outcome.inferences
    stride_s = workload.load("keyword-spotting").decision.stride_ms / 1000
    begins = np.array([one.begin_s for one in inferences])
    assert [one.number for one in inferences] == list(range(len(inferences)))
    assert begins[0] == pytest.approx(1.0, abs=0.05)
    assert np.abs(np.diff(begins) - stride_s).max() < 0.002
    assert begins[-1] > 9 - stride_s
    for one in inferences[1:]:
        assert 0.2 < one.end_s - one.begin_s < 0.3
        assert 0.5 < one.cpu_load < 0.7
        assert len(one.samples_crc) == len(one.features_crc) == 8
        assert (one.late, one.lost_samples) == (False, 0)
    assert (whole.error, whole.interrupted) == (None, False)
    assert whole.outcome.pace is not None
    assert len(whole.outcome.log) >= 2 * len(inferences)


def test_it_is_what_a_board_does_that_is_fed_all_of_it_at_once(whole: Replayed, spoken: Path):
    spotting = workload.load("keyword-spotting")
    request = Asked.of(workload="keyword-spotting", engine="builtin").request()
    image = building.build(spotting, request.target, Model.read(spotting.model_path)).firmware
    samples = np.frombuffer(spoken.read_bytes()[44:], "<i2")
    assert whole.outcome.pace is not None
    with listening(selection.select("builtin"), request.target, spotting, image, whole.outcome.pace.mips) as board:
        board.restart(samples)
        already = len(board.machine.lines())
        board.run_for(len(samples) / RATE)
        said = board.machine.lines()[already:]
    assert len(said) >= 2 * len(whole.outcome.inferences) - 2
    assert said == [line.text for line in whole.outcome.log][: len(said)]


def test_blocks_change_nothing(whole: Replayed, spoken: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Feed.signals, "__defaults__", (4_801,))
    assert replayed(spoken).outcome == whole.outcome


def test_a_part_begins_where_it_is_told(whole: Replayed, spoken: Path):
    part = replayed(spoken, from_s=2.0, to_s=5.0)
    assert part.outcome.inferences[0].begin_s == pytest.approx(3.0, abs=0.05)
    assert part.outcome.inferences[-1].begin_s <= 5.0


def lab_replay(trace: Path, folder: Path, *options: str) -> int:
    return main(
        ["replay", str(trace), "--workload", "keyword-spotting", "--engine", "builtin", "--out", str(folder), *options]
    )


def test_expectations_decide_the_exit_code(whole: Replayed, spoken: Path, tmp_path: Path, capsys):
    """What the model makes of these words is the model's matter: expected is what it reported before."""
    found = whole.outcome.found[0]
    met = lab_replay(
        spoken, tmp_path / "met", "--expect", f"{found.label}@{found.time_s:.2f}+-0.1", "--expect-none", "0-1"
    )
    shown = capsys.readouterr().out
    assert met == 0
    assert f"{found.time_s:10.3f}  {found.label} detected" in shown
    assert "PASSED: 2 of 2 expectations met" in shown
    result = json.loads((tmp_path / "met" / "replay.json").read_text())
    assert (result["verdict"], result["trace"]) == ("passed", "spoken.wav")
    assert [one["number"] for one in result["inferences"]] == [one.number for one in whole.outcome.inferences]
    assert (tmp_path / "met" / "device.log").read_text().count('"event":"inference"') == len(result["inferences"])
    events = json.loads((tmp_path / "met" / "timeline.trace.json").read_text())
    assert next(one["name"] for one in events if one.get("cat") == "detections") == found.label
    sound, _ = soundfile.read(tmp_path / "met" / "played.flac", dtype="int16")
    assert np.array_equal(sound, soundfile.read(spoken, dtype="int16")[0])
    page = Page((tmp_path / "met" / "timeline.html").read_text(encoding="utf-8"))
    features = next(lane for lane in json.loads(page.scripts["drawn"])["lanes"] if lane["name"] == "features")
    first = (page.read(features["values"])[: 49 * 40] ^ 0x80).tobytes()  # the picture is of what the device computed
    assert f"{zlib.crc32(first):08x}" == result["inferences"][0]["features_crc"]

    missed = lab_replay(spoken, tmp_path / "missed", "--to", "3", "--expect", f"{found.label}@0.3±0.2")
    assert missed == 1
    assert "FAIL" in capsys.readouterr().out


def test_a_firmware_of_others_is_replayed_too(listener: Path, spoken: Path, tmp_path: Path, capsys):
    code = lab_replay(spoken, tmp_path, "--elf", str(listener), "--adapter", str(HEARD), "--to", "6", "--json")
    shown = capsys.readouterr()
    assert code == 0, shown.err
    inferences = [ReplayedInference(**one) for one in json.loads(shown.out)["inferences"]]
    assert inferences, shown.out
    for one in inferences:
        assert one.label in SPOKEN
        assert one.end_s - one.begin_s > 1.0  # TFLM's own kernels
        assert one.instructions > 100_000_000
    assert main(["bundle", str(tmp_path), "--out", str(tmp_path / "heard.bundle")]) == 0
    assert main(["reproduce", str(tmp_path / "heard.bundle"), "--engine", "builtin"]) == 0


@pytest.mark.produces("operators-untraced")
def test_operators_of_a_firmware_of_others_cannot_be_looked_into(listener: Path, spoken: Path, tmp_path: Path):
    options = ("--elf", str(listener), "--adapter", str(HEARD), "--dump-tensors", str(tmp_path / "tensors"))
    assert lab_replay(spoken, tmp_path / "out", *options) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.produces("replay-buffer")
def test_a_firmware_that_takes_whole_recordings_is_refused(listener: Path, spoken: Path, tmp_path: Path):
    adapter = tmp_path / "buffer.toml"
    adapter.write_text('[input]\nbuffer = "samples"\n' + HEARD.read_text(encoding="utf-8"), encoding="utf-8")
    assert lab_replay(spoken, tmp_path / "out", "--elf", str(listener), "--adapter", str(adapter)) == 2


def test_a_trace_that_breaks_off_in_the_middle_keeps_what_was_heard(spoken: Path, tmp_path: Path, capsys):
    """The data chunk promises more than there is: nothing is played of it."""
    content = bytearray(spoken.read_bytes())
    struct.pack_into("<I", content, 40, 4 * len(content))
    broken = tmp_path / "broken.wav"
    broken.write_bytes(content)
    assert lab_replay(broken, tmp_path / "out") == 2
    assert "truncated" in capsys.readouterr().err


def test_shipped_workloads_of_motion_are_replayed(tmp_path: Path, capsys):
    file = REAL / "models/gesture-recognition/recordings/strokes.npz"
    options = ("--signal", "wing_00", "--out", str(tmp_path))
    code = main(["replay", str(file), "--workload", "gesture-recognition", "--engine", "builtin", *options])
    assert code == 0, capsys.readouterr().err
    assert np.load(tmp_path / "played.npy").shape[1] == 3
    assert main(["bundle", str(tmp_path), "--out", str(tmp_path / "wing.bundle")]) == 0
    assert main(["reproduce", str(tmp_path / "wing.bundle"), "--engine", "builtin"]) == 0


@pytest.mark.produces("trace-signal")
def test_of_several_signals_one_has_to_be_named(tmp_path: Path):
    file = REAL / "models/gesture-recognition/recordings/strokes.npz"
    code = main(["replay", str(file), "--workload", "gesture-recognition", "--out", str(tmp_path)])
    assert code == 2


@pytest.fixture
def kept(spoken: Path, checkout: Checkout, whole: Replayed) -> Iterator[Path]:
    """The project's folder of traces with one that is as expected, and one that is not."""
    folder = checkout.folder / "traces"
    folder.mkdir()
    shutil.copy(spoken, folder / "spoken.wav")
    found = whole.outcome.found[0]
    head = 'trace = "spoken.wav"\nworkload = "keyword-spotting"\nto = 4.0\ntargets = ["nano33ble"]\n'
    (folder / "good.toml").write_text(f'{head}expect = ["{found.label}@{found.time_s:.2f}±0.1"]\n', encoding="utf-8")
    (folder / "bad.toml").write_text(f'{head}because = "never true"\nexpect_none = ["0-4"]\n', encoding="utf-8")
    yield folder
    shutil.rmtree(folder)


def test_each_kept_trace_is_a_test(kept: Path, tmp_path: Path, capsys):
    code = main(["run", "--traces", "--engine", "builtin", "--out", str(tmp_path)])
    shown = capsys.readouterr()
    assert code == 1, shown.err
    assert "ok    good-nano33ble" in shown.out
    assert "FAIL  bad-nano33ble" in shown.out
    assert "FAILED: 1 of 2 traces" in shown.out
    (suite,) = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert [case.name for case in suite if not case.is_passed] == ["bad on nano33ble"]
    assert json.loads((tmp_path / "good-nano33ble" / "replay.json").read_text())["verdict"] == "passed"


def assert_whole(tensors: Path, inference: dict[str, object]) -> None:
    """Every operator of the model, equal on device and host, from what the model was given to its scores."""
    index = json.loads((tensors / "tensors.json").read_text())
    model = Model.read(workload.load("keyword-spotting").model_path)
    assert (index["inference"], index["model_crc"], index["notes"]) == (2, model.crc, [])
    given = np.load(tensors / index["input"])
    assert f"{zlib.crc32(given.tobytes()):08x}" == inference["features_crc"]
    for row, operator in zip(index["operators"], model.operators, strict=True):
        tensor = model.tensors[operator.outputs[0]]
        assert (row["operator"], row["tensor"]) == (operator.name, tensor.name)
        assert (row["equal"], row["differing"], row["first"]) == (True, 0, None)
        device, host = (np.load(tensors / row["files"][side]) for side in ("device", "host"))
        assert np.array_equal(device, host)
        assert (list(device.shape), str(device.dtype)) == (row["shape"], row["type"])
        assert (tuple(row["scale"]), tuple(row["zero_point"])) == (tensor.scale, tensor.zero_point)
    assert device.ravel().tolist() == inference["scores"]
    assert len(list(tensors.rglob("*.npy"))) == 1 + 2 * len(model.operators)


@pytest.mark.produces("firmware-model")
def test_operators_of_another_model_are_not_told(whole: Replayed, tiny: Path):
    spotting, nano = workload.load("keyword-spotting"), target.load("nano33ble")
    given = np.zeros(spotting.features.shape(spotting.input), np.int8)
    with pytest.raises(UsageError):
        operator_outputs.on_device(nano, spotting, whole.subject.image, Model.read(tiny), given)


@pytest.mark.produces("operators-untold")
def test_operators_that_are_told_otherwise_than_the_model_has_them_are_an_error(whole: Replayed):
    spotting, nano = workload.load("keyword-spotting"), target.load("nano33ble")
    given = np.zeros(spotting.features.shape(spotting.input), np.int8)
    model = Model.read(spotting.model_path)
    other = replace(model, operators=model.operators[1:])
    with pytest.raises(FirmwareError, match=r"told of operator \d with \d+ bytes"):
        operator_outputs.on_device(nano, spotting, whole.subject.image, other, given)


def test_a_replay_ends_with_the_inference_in_question(whole: Replayed, spoken: Path, tmp_path: Path, capsys):
    watched = ("--watch", "lab_scores[1]", "--watch", "inferences")
    tensors = tmp_path / "tensors"
    options = ("--until", "inference 2", *watched, "--dump-tensors", str(tensors))
    assert lab_replay(spoken, tmp_path / "replay", *options) == 0
    assert f"tensors in {tensors}, of inference 2, at " in capsys.readouterr().out
    told = json.loads((tmp_path / "replay" / "replay.json").read_text())["inferences"]
    assert_whole(tensors, told[2])
    assert [one["watched"] for one in told] == [[one["scores"][1], number + 1] for number, one in enumerate(told)]
    table = (tmp_path / "replay" / "watch.csv").read_text().splitlines()
    assert (table[0], len(table)) == ("time (s),inference,lab_scores[1],inferences", 4)
    assert [ReplayedInference(**one).features_crc for one in told] == [
        one.features_crc for one in whole.outcome.inferences[:3]
    ]


def test_a_replay_equals_the_host_inference_by_inference(spoken: Path, tmp_path: Path, capsys):
    assert lab_replay(spoken, tmp_path, "--against", "host") == 0
    assert "equal to host: 17 inferences, by samples, features, scores, decision" in capsys.readouterr().out
    comparison = json.loads((tmp_path / "replay.json").read_text())["comparison"]
    assert (comparison["inferences"], comparison["difference"]) == (17, None)


@pytest.mark.produces("replay-json")
def test_a_comparison_with_something_else_is_refused_before_anything_is_played(spoken: Path, tmp_path: Path):
    (tmp_path / "replay.json").write_text("{}", encoding="utf-8")
    assert lab_replay(spoken, tmp_path / "out", "--against", str(tmp_path)) == 2
    assert not (tmp_path / "out").exists()


def left_in(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def test_nothing_of_an_earlier_replay_is_lost_before_the_next_one_begins(
    spoken: Path, checkout: Checkout, tmp_path: Path, capsys
):
    out = tmp_path / "out"
    assert lab_replay(spoken, out, "--to", "2") == 0
    before = left_in(out)
    wrong = [
        (("--until", "label yess"), 2),
        (("--debug-at", "inference 1", "--until", "inference 0"), 2),
        (("--debug-at", "label left", "--to", "2"), 2),
        (("--gdb-port", "3333"), 2),
        (("--serial-wait", "3"), 2),
        (("--against", str(tmp_path / "nowhere")), 2),
        (("--watch", "no_such_variable"), 2),
        (("--dump-tensors", str(out)), 2),
        (("--dump-tensors", str(tmp_path)), 2),
    ]
    for options, exit_code in wrong:
        assert lab_replay(spoken, out, *options) == exit_code, options
        assert left_in(out) == before, options
    with checkout.edited(APPLICATION, ("\nint main() {\n", "\nint main() {\n  undeclared();\n")):
        assert lab_replay(spoken, out) == 2
    assert left_in(out) == before
    assert "'undeclared' was not declared" in capsys.readouterr().err


@pytest.mark.produces("debug-port")
def test_a_port_that_is_taken_is_said_before_anything_is_built_or_played(spoken: Path, tmp_path: Path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        options = ("--debug-at", "label yes", "--gdb-port", str(taken.getsockname()[1]))
        assert lab_replay(spoken, tmp_path / "out", *options) == 3
    said = capsys.readouterr().err
    assert said.startswith("error[debug-port]: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.produces("condition-unmet")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--until", "inference 9"), "No inference meets --until 'inference 9': the replay has 2 inferences, numbered"),
        (("--until", "label go"), "No inference meets --until 'label go': the replay has 2"),
        (("--debug-at", "inference 9"), "No inference meets --debug-at 'inference 9': the replay has 2"),
        (("--debug-at", "label go"), "No inference meets --debug-at 'label go': the replay has 2"),
    ],
)
def test_a_condition_that_no_inference_meets_is_a_mistake(spoken: Path, tmp_path: Path, capsys, options, said):
    assert lab_replay(spoken, tmp_path / "out", "--to", "1.9", *options) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ("--debug-at", "label yes", "--until", "inference 0"),
        ("--debug-at", "inference 1", "--until", "inference 0"),
        ("--debug-at", "inference 1", "--until", "score silence > -128"),
    ],
)
def test_a_replay_cannot_end_before_it_stands_for_gdb(spoken: Path, tmp_path: Path, capsys, options):
    assert lab_replay(spoken, tmp_path / "out", "--to", "1.9", *options) == 2
    assert f"--until '{options[3]}' ends the replay before an inference meets --debug-at" in capsys.readouterr().err


def test_what_an_emulator_that_died_was_playing_is_played_once_more(
    whole: Replayed, spoken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    """As Renode may: its process is gone after five virtual seconds of the first time."""
    run, runs = Player._run, itertools.count()

    def dies(player: Player, seconds: float) -> Iterator[ReplayedInference]:
        if next(runs) == 5:
            raise EngineDied("Renode was killed by SIGKILL.", remedy="Look at its last words.")
        return run(player, seconds)

    monkeypatch.setattr(Player, "_run", dies)
    assert lab_replay(spoken, tmp_path) == 0
    shown = capsys.readouterr().out
    assert "played twice, because the emulator died during the first time" in shown
    assert shown.count("\n     1.007  ") == 1
    told = json.loads((tmp_path / "replay.json").read_text())
    assert [one["scores"] for one in told["inferences"]] == [list(one.scores) for one in whole.outcome.inferences]
    assert np.array_equal(*(soundfile.read(file, dtype="int16")[0] for file in (spoken, tmp_path / "played.flac")))
