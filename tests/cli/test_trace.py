"""`lab trace`: each action on files of its own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lab import traces
from lab.cli import main
from tests.traces.making import assert_same, shaken, sound, uneven, whole, with_events


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    traces.write(with_events(sound(frames=48_000), received=False), Path("field.wav"))
    traces.write(with_events(uneven(), received=False), Path("wrist.csv"))
    return tmp_path


def lab(*arguments: object) -> int:
    return main(["trace", *map(str, arguments)])


def failed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert lab(*arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "remedy: " in shown.err
    return shown.err


def test_info_shows_rate_jitter_gaps_axes_and_labels(here, capsys):
    assert lab("info", "wrist.csv") == 0
    shown = capsys.readouterr().out
    for said in ("500 frames, 2.00", "gaps    1, 1.5", "(75 frames)", "jitter", "z      g", "button", "yes"):
        assert said in shown
    assert lab("info", "field.wav") == 0
    assert "16,000 Hz, even" in capsys.readouterr().out


def test_info_is_the_same_as_json(here, capsys):
    assert lab("info", "wrist.csv", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    (signal,) = found["signals"]
    assert (signal["frames"], signal["gaps"][0]["missing"], signal["axes"][2]["unit"]) == (500, 75, "g")
    assert found["labels"][0] == {"start_s": 0.25, "end_s": 1.5, "text": "yes"}


def test_a_trace_is_converted_without_loss_or_not_at_all(here, capsys):
    assert lab("convert", "field.wav", "field.flac") == 0
    assert capsys.readouterr().out == "field.flac\n"
    assert_same(traces.read(Path("field.flac")), traces.read(Path("field.wav")))
    assert "wrist.wav would lose the names of its axes, x, y, z; its unit, g; the times" in failed(
        capsys, "convert", "wrist.csv", "wrist.wav"
    )
    assert not Path("wrist.wav").exists()
    assert lab("convert", "wrist.csv", "wrist.wav", "--lossy") == 0
    shown = capsys.readouterr()
    assert shown.out == "wrist.wav\n"
    assert "wrist.wav lost its unit, g" in shown.err
    assert np.array_equal(soundfile.read("wrist.wav")[0], whole(uneven().signals[0]))


def test_a_file_is_replaced_only_with_force(here, capsys):
    before = Path("field.wav").read_bytes()
    assert "field.wav is there already" in failed(capsys, "cut", "field.wav", "field.wav", "--to", 1)
    assert Path("field.wav").read_bytes() == before
    assert lab("cut", "field.wav", "field.wav", "--to", 1, "--force") == 0
    assert len(traces.read(Path("field.wav")).signals[0].frames) == 16_000


def test_times_can_be_made_nominal_and_another_rate(here):
    assert lab("cut", "wrist.csv", "part.csv", "--from", 2.00348) == 0
    assert lab("convert", "part.csv", "even.json", "--timing", "nominal", "--resample", 26) == 0
    (signal,) = traces.read(Path("even.json")).signals
    assert (signal.rate_hz, signal.times_s) == (pytest.approx(26), None)


def test_raw_samples_are_read_by_options(here):
    Path("a.pcm").write_bytes(np.array([1, -2, 3, -4], "<i2").tobytes())
    assert lab("convert", "a.pcm", "a.wav", "--rate", 8_000, "--encoding", "int16", "--channels", 2) == 0
    assert (soundfile.read("a.wav", dtype="int16")[0] == [[1, -2], [3, -4]]).all()


def test_one_signal_of_several_is_written(here, capsys):
    several = traces.Trace(shaken(name="wrist").signals + sound(frames=100).signals)
    traces.write(several, Path("all.npz"))
    assert lab("convert", "all.npz", "only.csv", "--signal", "wrist") == 0
    assert capsys.readouterr().out == "only.csv\n"
    assert np.array_equal(whole(traces.read(Path("only.csv")).signals[0]), whole(shaken().signals[0]))
    assert "There is no signal of the trace named 'wist'. Did you mean 'wrist'?" in failed(
        capsys, "convert", "all.npz", "b.csv", "--signal", "wist"
    )


def test_each_part_of_a_label_is_written_as_a_recording(here, capsys):
    assert lab("cut", "field.wav", "yes.flac", "--label", "yes") == 0
    assert capsys.readouterr().out == "yes_00.flac\n"
    assert len(traces.read(Path("yes_00.flac")).signals[0].frames) == 20_000
    assert "There is no label of the trace named 'yess'" in failed(
        capsys, "cut", "field.wav", "a.wav", "--label", "yess"
    )
    assert "Which part?" in failed(capsys, "cut", "field.wav", "a.wav")


def test_noise_is_mixed_in_at_a_ratio_and_labels_stay(here, capsys):
    traces.write(sound("int16", frames=7_000, rate_hz=8_000), Path("noise.wav"))
    assert lab("mix", "field.wav", "noisy.wav", "--with", "noise.wav", "--snr-db", 40) == 0
    assert "noise.wav is added times 0.0" in capsys.readouterr().err
    clean, noisy = (traces.read(Path(name)) for name in ("field.wav", "noisy.wav"))
    added = whole(noisy.signals[0]) - whole(clean.signals[0])
    inside = np.abs(whole(clean.signals[0])) < 0.9  # of what was not clipped
    assert 10 * np.log10(np.mean(whole(clean.signals[0]) ** 2) / np.mean(added[inside] ** 2)) == pytest.approx(
        40, abs=1
    )
    assert noisy.labels == clean.labels
    assert "How loud" in failed(capsys, "mix", "field.wav", "b.wav", "--with", "noise.wav")


def test_labels_are_added_imported_listed_and_removed(here, capsys):
    Path("stream.txt").write_text("2.1\t2.4\tno (missed)\n", "utf-8")
    assert lab("label", "field.wav", "--add", "no@2.5-2.75", "--add", "beep@1", "--import", "stream.txt") == 0
    assert capsys.readouterr().out == "field.labels.txt\n"
    assert lab("label", "field.wav") == 0
    assert [line.split("\t")[2] for line in capsys.readouterr().out.splitlines()] == [
        *("yes", "button", "beep", "größer", "no (missed)", "no"),
    ]
    assert lab("label", "field.wav", "--remove", "no@2.5", "--remove", "beep", "--list") == 0
    assert "beep" not in capsys.readouterr().out
    assert len(traces.read(Path("field.wav")).labels) == 3
    assert "The trace has no label 'beep'" in failed(capsys, "label", "field.wav", "--remove", "beep")
    assert "'yes@2-1' is no label" in failed(capsys, "label", "field.wav", "--add", "yes@2-1")


def test_labels_of_an_archive_are_in_it(here, capsys):
    traces.write(shaken(), Path("a.npz"))
    assert "a.npz is there already" in failed(capsys, "label", "a.npz", "--add", "yes@0-1")
    assert lab("label", "a.npz", "--add", "yes@0-1", "--force") == 0
    assert_same(traces.read(Path("a.npz")), traces.Trace(shaken().signals, (traces.Label(0, 1, "yes"),)))
    assert not Path("a.labels.txt").exists()


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_picture_is_drawn_and_the_same_again(here, capsys, ending):
    several = traces.Trace(uneven().signals + sound(frames=30_000, channels=2).signals)
    traces.write(with_events(several), Path("all.npz"))
    for name in (f"a.{ending}", f"b.{ending}"):
        assert lab("plot", "all.npz", name, "--from", 0.5) == 0
    assert capsys.readouterr().out == f"a.{ending}\nb.{ending}\n"
    assert Path(f"a.{ending}").read_bytes() == Path(f"b.{ending}").read_bytes()
    if ending == "svg":
        drawn = Path("a.svg").read_text("utf-8")
        assert all(f">{text}<" in drawn for text in ("yes", "button", "kHz", "UART", "z (g)"))


def test_a_picture_has_an_ending_of_one(here, capsys):
    assert "A chart cannot be drawn into a.doc" in failed(capsys, "plot", "field.wav", "a.doc")


def test_an_action_that_there_is_not_is_named_with_the_nearest(here, capsys):
    assert "There is no action of lab trace named 'inf'. Did you mean 'info'?" in failed(capsys, "inf", "field.wav")
    assert "There is no option --jsn. Did you mean '--json'?" in failed(capsys, "info", "field.wav", "--jsn")
    assert main(["trace"]) == 2
    assert "convert" in capsys.readouterr().out


def test_traces_are_joined_with_their_labels_whatever_their_encoding(here, capsys):
    assert lab("convert", "field.wav", "loud.npz") == 0
    assert lab("join", "field.wav", "loud.npz", "both.flac", "--gap", 0.5) == 0
    both, (signal,) = traces.read(Path("both.flac")), traces.read(Path("both.flac")).signals
    assert len(signal.frames) == 2 * 48_000 + 8_000
    assert [one.text for one in both.labels] == [one.text for one in traces.read(Path("field.wav")).labels] * 2
    capsys.readouterr()
    assert "There is only field.wav to join" in failed(capsys, "join", "field.wav", "again.wav")
    assert "field.wav is there already" in failed(capsys, "join", "loud.npz", "loud.npz", "field.wav")
    assert "cannot be joined" in failed(capsys, "join", "field.wav", "wrist.csv", "all.npz")


@pytest.mark.produces("no-trace")
def test_a_trace_that_is_not_there_is_said_with_the_nearest_name(here, capsys):
    said = failed(capsys, "info", "feild.wav")
    assert "There is no trace feild.wav. Did you mean 'field.wav'?" in said
    assert "folder" not in said
