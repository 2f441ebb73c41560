"""Each format gives back what was written, and says what it would lose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lab import traces
from lab.errors import LabError, UsageError
from lab.signals.dataset import Dataset
from lab.traces import Held, Trace, formats
from tests.traces.making import assert_same, shaken, sound, uneven, whole, with_events

WRITTEN = {ending for ending, form in formats.by_ending().items() if ending in form.WRITES}


def test_every_format_that_is_written_is_tried_here():
    assert {
        *(".wav", ".wave", ".flac", ".csv", ".tsv", ".npz", ".pcm", ".raw", ".json", ".cbor", ".resd", ".sds"),
    } == WRITTEN


def there_and_back(trace: Trace, file: Path, said: Dataset | None = None) -> Trace:
    assert traces.write(trace, file) == []
    return traces.read(file, said)


def lost(trace: Trace, file: Path) -> str:
    """What a trace would lose, without a file left."""
    with pytest.raises(UsageError) as raised:
        traces.write(trace, file)
    assert raised.value.code == "trace-lossy"
    assert list(file.parent.iterdir()) == []
    return raised.value.message.removeprefix(f"{file.name} would lose ")


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("encoding", ["int8", "int16", "int24", "int32", "float32", "float64"])
def test_sound(tmp_path, encoding, channels):
    trace = with_events(sound(encoding, channels), received=False)
    for ending in ("wav", "npz", "pcm", "sds", *(("flac",) if encoding in ("int8", "int16", "int24") else ())):
        said = Dataset(rate_hz=16_000, encoding=encoding, channels=channels) if ending == "pcm" else None
        found = there_and_back(trace, tmp_path / f"{ending}.0.{ending}", said)
        assert_same(found, trace, names=ending != "sds", encodings=ending != "sds" or encoding.startswith("int"))
    with soundfile.SoundFile(tmp_path / "wav.0.wav") as file:
        assert (file.samplerate, file.channels, file.frames) == (16_000, channels, 40_000)


@pytest.mark.parametrize("ending", ["csv", "tsv", "npz", "json", "cbor", "resd", "sds"])
def test_axes(tmp_path, ending):
    trace = with_events(shaken(rate_hz=26), received=False)
    found = there_and_back(trace, tmp_path / f"a.{ending}")
    assert_same(found, trace, names=ending not in ("resd", "sds"))
    assert (tmp_path / "a.labels.txt").exists() == (ending != "npz")


@pytest.mark.parametrize("ending", ["csv", "tsv", "npz", "resd", "sds"])
def test_uneven_times_and_gaps(tmp_path, ending):
    trace = uneven(digits=6 if ending == "sds" else 9)
    assert_same(there_and_back(trace, tmp_path / f"a.{ending}"), trace, names=ending not in ("resd", "sds"))


@pytest.mark.parametrize(("ending", "start_s"), [("csv", 2.5), ("npz", 1 / 3), ("resd", 2.000_000_001), ("sds", 2.5)])
def test_a_signal_that_begins_later(tmp_path, ending, start_s):
    trace = shaken(start_s=start_s)
    assert_same(there_and_back(trace, tmp_path / f"a.{ending}"), trace, names=ending not in ("resd", "sds"))


def test_an_archive_holds_everything(tmp_path):
    acceleration, rotation = shaken(name="acceleration").signals + uneven().signals
    trace = with_events(Trace((acceleration, replace(rotation, name="gyro"), *sound("int24", 2).signals)))
    assert_same(there_and_back(trace, tmp_path / "a.npz"), trace)
    assert_same(
        there_and_back(Trace((), received=trace.received), tmp_path / "b.npz"), Trace((), received=trace.received)
    )


def test_an_archive_is_made_and_read_with_numpy_alone(tmp_path):
    there_and_back(with_events(shaken(name="wrist")), tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        assert arrays["signal_0_axes"].tolist() == ["x", "y", "z"]
        assert np.array_equal(arrays["signal_0_values"], whole(shaken().signals[0]))
        assert arrays["labels_text"].tolist()[0] == "yes"
        every = dict(arrays)
    np.savez_compressed(tmp_path / "b.npz", **every)
    assert_same(traces.read(tmp_path / "b.npz"), with_events(shaken(name="wrist")))


def test_sensors_and_bytes_of_several_channels_in_resd(tmp_path):
    first, second = (shaken(name=name).signals[0] for name in ("acceleration", "acceleration/1"))
    rotation = replace(first, name="angular rate", units=("rad/s",) * 3, frames=Held(np.round(whole(first), 5)))
    heat = replace(first, name="temperature", axes=("value",), units=("°C",), frames=Held(np.array([[21.5], [-3.001]])))
    trace = with_events(Trace((first, second, rotation, heat)))
    assert_same(there_and_back(trace, tmp_path / "a.resd"), trace)


def test_the_same_trace_gives_the_same_bytes(tmp_path):
    for ending in sorted(WRITTEN):
        trace = sound("float32" if ending in (".wav", ".npz") else "int16") if ending != ".resd" else shaken()
        for name in ("a", "b"):
            traces.write(trace, tmp_path / f"{name}{ending}", lossy=True)
        assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()


def test_numbers_that_fit_into_fewer_bits_are_written_so(tmp_path):
    (signal,) = sound("int16").signals
    for ending in ("wav", "flac"):
        found = there_and_back(Trace((replace(signal, encoding="float64"),)), tmp_path / f"a.{ending}")
        assert found.signals[0].encoding == "int16"
        assert np.array_equal(whole(found.signals[0]), whole(signal))


@pytest.mark.parametrize(
    ("trace", "ending", "said"),
    [
        (sound("float64"), "flac", "the precision of its values: float64 becomes int24."),
        (shaken(), "wav", "the names of its axes, x, y, z; its unit, g."),
        (shaken(start_s=2.5), "json", "that it begins at 2.5 s (`lab trace cut --from 2.5` makes that 0)."),
        (shaken(rate_hz=62.5), "pcm", "the names of its axes, x, y, z; its unit, g."),
        (sound(rate_hz=62.5), "wav", "its rate of 62.5 Hz, which becomes 62 Hz."),
        (uneven(), "cbor", "the times of its frames, which are uneven (--timing nominal makes them even)."),
        (with_events(shaken()), "csv", "the 264 bytes that the UART received."),
        (Trace(shaken(name="a").signals + shaken(name="b").signals), "csv", "all signals but the first: 'b'"),
        (sound(), "resd", "the signal sound, for which it has no kind of sample."),
        (shaken(unit="mg"), "resd", "digits of x, y, z behind 1e-06 g, and values that 32 bits do not hold."),
        (uneven(), "sds", "digits of its times behind 1e-06 s."),
    ],
)
@pytest.mark.produces("trace-lossy")
def test_what_a_format_has_no_room_for_is_said_and_lost_only_on_demand(tmp_path, trace, ending, said):
    file = tmp_path / f"a.{ending}"
    assert said in lost(trace, file)
    if ending != "resd":
        assert said.rstrip(".") in "; ".join(traces.write(trace, file, lossy=True))


@pytest.mark.produces("trace-unfit")
def test_a_format_that_can_hold_nothing_of_a_trace_refuses_it(tmp_path):
    with pytest.raises(UsageError):
        traces.write(sound(), tmp_path / "a.resd", lossy=True)


@pytest.mark.parametrize("axes", [("acc_x_g", "b (c)", "y"), ('a "quoted", name', "ünïcode", "#3")])
def test_names_of_axes_that_look_like_units_or_text_come_back(tmp_path, axes):
    (signal,) = shaken(20).signals
    for unit in ("", "g", "m/s^2"):
        trace = Trace((replace(signal, axes=axes, units=(unit, "", "dps")),))
        if "b (c)" not in axes:
            assert_same(there_and_back(trace, tmp_path / f"{len(unit)}.csv"), trace)
        assert_same(there_and_back(trace, tmp_path / f"{len(unit)}.json"), trace)


@pytest.mark.parametrize("axes", [("t", "y", "z"), ("x", "y\nz", "b (c)"), (" x", "y", "z")])
def test_a_table_whose_header_would_say_something_else_is_not_written_unasked(tmp_path, axes):
    trace = Trace((replace(shaken(20).signals[0], axes=axes),))
    assert "which would be read as something else" in lost(trace, tmp_path / "a.csv")
    traces.write(trace, tmp_path / "a.csv", lossy=True)
    (signal,) = traces.read(tmp_path / "a.csv").signals
    assert signal.axes == ("axis 0", "axis 1", "axis 2")
    assert np.array_equal(whole(signal), whole(trace.signals[0]))


def test_values_beyond_full_scale_are_clipped_and_counted(tmp_path):
    (signal,) = sound("float64").signals
    beyond = int(np.count_nonzero(np.abs(whole(signal)) > 1))
    *_, said = traces.write(Trace((signal,)), tmp_path / "a.flac", lossy=True)
    assert said == f"{beyond:,} values beyond full scale, which were clipped"


@pytest.mark.produces("file-exists")
def test_no_file_is_replaced_unless_asked_for_and_no_label_is_left_of_another_trace(tmp_path):
    traces.write(with_events(sound(), received=False), tmp_path / "a.wav")
    before = (tmp_path / "a.wav").read_bytes(), (tmp_path / "a.labels.txt").read_bytes()
    for name in ("a.wav", "a.flac"):
        with pytest.raises(UsageError, match=r"a\.(wav|labels\.txt) is there already"):
            traces.write(sound("int24"), tmp_path / name)
    assert ((tmp_path / "a.wav").read_bytes(), (tmp_path / "a.labels.txt").read_bytes()) == before
    traces.write(sound("int24"), tmp_path / "a.wav", force=True)
    assert_same(traces.read(tmp_path / "a.wav"), sound("int24"))
    assert not (tmp_path / "a.labels.txt").exists()


@pytest.mark.parametrize(
    ("name", "code"), [("a.doc", "trace-ending"), ("a.mp3", "trace-ending"), ("nowhere/a.wav", "not-writable")]
)
def test_where_a_trace_cannot_be_written_is_said(tmp_path, name, code):
    with pytest.raises(LabError) as raised:
        traces.write(sound(), tmp_path / name)
    assert raised.value.code == code
