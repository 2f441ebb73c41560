"""What is read of a trace, format by format: axes, units, times as they are, and what is refused."""

from __future__ import annotations

import json
import pickle
import struct
from pathlib import Path

import cbor2
import numpy as np
import pytest
import soundfile

from lab import traces
from lab.errors import LabError, RecordingError
from lab.signals.dataset import Dataset
from lab.traces import Label, Mark, RecordedSignal, Trace

SHAKEN = np.random.default_rng(5).normal((0, 0, 1), 0.3, (120, 3))


def table(header: str, *rows: tuple[object, ...]) -> str:
    return "\n".join([header, *(",".join(str(value) for value in row) for row in rows)]) + "\n"


def put(file: Path, content: str | bytes) -> Path:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def only(trace: Trace) -> RecordedSignal:
    (signal,) = trace.signals
    return signal


def values(signal: RecordedSignal) -> np.ndarray:
    return np.concatenate(list(signal.blocks(7)))


def refused(file: Path, said: Dataset | None = None) -> LabError:
    with pytest.raises(LabError) as raised:
        traces.read(file, said)
    return raised.value


# Sound


@pytest.mark.parametrize(
    ("ending", "subtype", "encoding", "steps"),
    [
        ("wav", "PCM_16", "int16", 2**15),
        ("wav", "PCM_24", "int24", 2**23),
        ("wav", "PCM_32", "int32", 2**31),
        ("flac", "PCM_16", "int16", 2**15),
        ("flac", "PCM_24", "int24", 2**23),
    ],
)
def test_sound_is_read_in_pieces_and_bit_for_bit(tmp_path, ending, subtype, encoding, steps):
    whole = np.random.default_rng(1).integers(-steps, steps, (5_000, 2))
    file = tmp_path / f"a.{ending}"
    soundfile.write(file, (whole * (2**31 // steps)).astype(np.int32), 16_000, subtype=subtype)
    signal = only(traces.read(file))
    assert (signal.axes, signal.units, signal.rate_hz, signal.encoding) == (("1", "2"), ("", ""), 16_000, encoding)
    assert np.array_equal(values(signal) * steps, whole)
    assert np.array_equal(signal.frames.read(1_000, 10) * steps, whole[1_000:1_010])
    assert signal.frames.read(4_999, 10).shape == (1, 2)
    assert signal.frames.read(5_000, 10).shape == (0, 2)
    assert np.array_equal(pickle.loads(pickle.dumps(signal)).frames.read(0, 3), signal.frames.read(0, 3))  # noqa: S301


def test_one_channel_is_sound_unless_dataset_toml_says_what_it_is(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.array([0.5, -0.25], np.float32), 8_000, subtype="FLOAT")
    sound = only(traces.read(tmp_path / "a.wav"))
    assert (sound.axes, sound.encoding, sound.begin_s, sound.end_s) == (("sound",), "float32", 0, 2 / 8_000)
    put(tmp_path / "dataset.toml", 'unit = "g"\nfull_scale = 16\nrate_hz = 50\n')
    shaken = only(traces.read(tmp_path / "a.wav"))
    assert (shaken.axes, shaken.units, shaken.rate_hz) == (("1",), ("g",), 50)
    assert values(shaken).tolist() == [[8], [-4]]


def test_a_sound_file_that_is_cut_short_or_not_finite_is_refused(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.array([0.5, np.nan]), 8_000, subtype="FLOAT")
    with pytest.raises(RecordingError, match=r"a\.wav holds NaN at frame 1"):
        values(only(traces.read(tmp_path / "a.wav")))
    soundfile.write(tmp_path / "a.flac", np.random.default_rng(1).normal(0, 0.1, 50_000), 8_000)
    put(tmp_path / "a.flac", (tmp_path / "a.flac").read_bytes()[:40_000])
    with pytest.raises(RecordingError, match=r"a\.flac (is truncated: it promises 50,000 frames|cannot be read from)"):
        values(only(traces.read(tmp_path / "a.flac")))


# Tables


def test_a_table_has_all_its_axes_in_their_units_and_its_rate(tmp_path):
    rows = [(at * 20, *frame, "walking") for at, frame in enumerate(SHAKEN)]
    trace = traces.read(put(tmp_path / "a.csv", table("time (ms),acc_x [g],acc_y_mg,gyro z (dps),label", *rows)))
    signal = only(trace)
    assert (signal.axes, signal.units) == (("acc_x", "acc_y", "gyro z"), ("g", "mg", "dps"))
    assert (signal.rate_hz, signal.times_s, signal.start_s) == (50, None, 0)
    assert np.array_equal(values(signal), SHAKEN)
    assert trace.notes == ("left out: column 'label', which holds no numbers",)
    assert trace.end_s == pytest.approx(2.4)


def test_uneven_times_gaps_and_drift_are_kept(tmp_path):
    times = np.arange(120) / 50 + np.random.default_rng(2).uniform(0, 0.004, 120) + 3
    times[60:] += 1.5
    file = put(
        tmp_path / "a.csv", table("t_s,x", *((repr(t), x) for t, x in zip(times.tolist(), SHAKEN[:, 0], strict=True)))
    )
    signal = only(traces.read(file))
    assert np.array_equal(signal.times_s, times)
    assert signal.rate_hz == pytest.approx(50, rel=0.02)
    assert (signal.begin_s, signal.end_s) == (times[0], times[-1] + 1 / signal.rate_hz)


@pytest.mark.parametrize("rate_hz", [50, 26, 12.5, 1 / 0.03, 50.0005, 16_000])
def test_even_times_are_a_rate_that_is_found_again(tmp_path, rate_hz):
    rows = [(f"{at / rate_hz + 2:.9g}", 0.5) for at in range(20_000)]
    signal = only(traces.read(put(tmp_path / "a.csv", table("time (s),x", *rows))))
    assert signal.times_s is None
    assert signal.rate_hz == pytest.approx(rate_hz, rel=1e-9)
    assert signal.begin_s == 2


def test_times_of_a_clock_count_from_the_first(tmp_path):
    rows = [(1_790_000_000_123 + 20 * at, 0.5) for at in range(50)]
    trace = traces.read(put(tmp_path / "a.csv", table("timestamp_ms,x", *rows)))
    assert (only(trace).rate_hz, only(trace).begin_s) == (50, 0)
    assert trace.notes == ("its times count from 1790000000123 ms",)


def test_columns_can_be_named_and_the_rate_said(tmp_path):
    file = put(tmp_path / "a.csv", table("when,x,y", *((at, at, -at) for at in range(10))))
    assert "does not say when its frames were taken" in refused(file).message
    signal = only(traces.read(file, Dataset(rate_hz=25, axes=("y",), unit="mg")))
    assert (signal.axes, signal.units, signal.rate_hz, values(signal)[-1, 0]) == (("y",), ("mg",), 25, -9)
    assert only(traces.read(file, Dataset(time="when", time_unit="s"))).axes == ("x", "y")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("t_s,x\n0,1\n1,2\n0.5,3\n", "has a time that goes back by 0.5 s at line 4"),
        ("t_s,x\n0,1\nnan,2\n", "has no time in seconds at line 3"),
        ("t_s,x\n0,1\n1,nan\n", "holds NaN at line 3, axis x"),
        ("t_s,x\n0,1\n1,-inf\n", "holds infinity at line 3, axis x"),
        ("t_s,x\n0,1\n1,1e300\n", "holds 1e+300, which no sensor measures, at line 3, axis x"),
        ("t_s,x\n0,1\n1,a\n", "cannot be read at line 3, column 'x': 'a' is no number"),
        ("t_s,x\n0,1\n", "does not say at which rate its 1 frame were recorded"),
        ("t_s,x\n0,a\n", "has no column of numbers"),
        ("", "is empty"),
    ],
)
def test_a_table_that_cannot_be_a_trace_says_where(tmp_path, content, said):
    file = put(tmp_path / "a.csv", content)
    assert refused(file).message.startswith(f"{file} {said}")


# Archives and Edge Impulse


def test_an_archive_of_recordings_is_one_signal_for_each(tmp_path):
    np.savez(tmp_path / "a.npz", walking=SHAKEN, acc=np.stack([SHAKEN, -SHAKEN]), fs=50, unit="g")
    trace = traces.read(tmp_path / "a.npz")
    assert [(one.name, one.axes, one.units[0]) for one in trace.signals] == [
        (name, ("1", "2", "3"), "g") for name in ("walking", "acc/0", "acc/1")
    ]
    assert np.array_equal(values(trace.signals[2]), -SHAKEN)
    np.savez(tmp_path / "b.npz", walking=SHAKEN, fs=50)
    assert [(one.start_s, one.end_s, one.text) for one in traces.read(tmp_path / "b.npz").labels] == [
        (0, 2.4, "walking")
    ]


@pytest.mark.parametrize("ending", ["json", "cbor"])
def test_an_export_of_edge_impulse(tmp_path, ending):
    sensors = [{"name": name, "units": unit} for name, unit in (("accX", "m/s2"), ("accY", "m/s2"), ("mic", "wav"))]
    whole = {"payload": {"interval_ms": 16, "sensors": sensors, "values": SHAKEN.tolist()}}
    file = put(tmp_path / f"a.{ending}", json.dumps(whole) if ending == "json" else cbor2.dumps(whole))
    signal = only(traces.read(file))
    assert (signal.axes, signal.units, signal.rate_hz) == (("accX", "accY", "mic"), ("m/s2", "m/s2", "wav"), 62.5)
    assert np.array_equal(values(signal), SHAKEN)


@pytest.mark.parametrize("interval_ms", [1e300, 1e-300, 1e7])
def test_a_rate_that_no_sensor_has_is_refused(tmp_path, interval_ms):
    whole = {"payload": {"interval_ms": interval_ms, "sensors": [{"name": "x", "units": "g"}], "values": [1, 2]}}
    assert "which no sensor has delivered" in refused(put(tmp_path / "a.json", json.dumps(whole))).message


# Whatever


@pytest.mark.produces("trace-ending")
def test_what_is_no_trace_says_which_files_are(tmp_path):
    error = refused(put(tmp_path / "a.doc", "x"))
    assert error.code == "trace-ending"
    assert ".wav" in error.message
    assert "There is no trace" in refused(tmp_path / "gone.csv").message
    assert "There is no trace" in refused(tmp_path / "gone.wav").message


# Labels


def test_labels_beside_a_trace_are_read_and_others_by_name(tmp_path):
    file = put(tmp_path / "a.csv", "t_s,x\n0,1\n1,2\n")
    assert traces.read(file).labels == ()
    put(tmp_path / "a.labels.txt", "0.5\t1.25\tyes\n\\\t100\t2000\n1.5\t1.5\tbutton\n")
    assert traces.read(file).labels == (Label(0.5, 1.25, "yes"),)
    assert traces.read(file).marks == (Mark(1.5, "button"),)
    other = put(tmp_path / "stream.txt", "0.1\t0.2\tno (missed)\n")
    assert traces.read(file, labelled=other).labels == (Label(0.1, 0.2, "no (missed)"),)


@pytest.mark.produces("trace-labels")
@pytest.mark.parametrize("line", ["0.5 1.25 yes", "1\t0.5\tyes", "nan\t1\tyes", "a\t1\tyes", "1"])
def test_a_line_that_is_no_label_is_named(tmp_path, line):
    file = put(tmp_path / "a.csv", "t_s,x\n0,1\n1,2\n")
    put(tmp_path / "a.labels.txt", f"0.5\t1.25\tyes\n{line}\n")
    assert f"a.labels.txt, line 2: {line!r} is no" in refused(file).message


# Raw samples


def test_raw_samples_are_what_dataset_toml_says(tmp_path):
    file = put(tmp_path / "a.pcm", np.array([[1, -2], [3, -4]], "<i2").tobytes())
    said = refused(file)
    assert "does not say at which rate it was recorded and as what its values are stored" in said.message
    assert 'encoding = "int16"' in said.remedy
    put(tmp_path / "dataset.toml", 'rate_hz = 8000\nencoding = "int16"\nchannels = 2\n')
    assert (values(only(traces.read(file))) * 2**15).tolist() == [[1, -2], [3, -4]]
    put(file, b"\0" * 7)
    assert "7 bytes are no whole number of frames of 4 bytes" in refused(file).message


# Renode's and Arm's


def test_blocks_that_resd_has_of_one_sensor_are_one_signal_with_the_gap_between_them(tmp_path):
    def block(start_ns: int, *values: int) -> bytes:
        samples = struct.pack(f"<{len(values)}i", *values)
        return struct.pack("<BHHQQQQ", 2, 1, 0, 24 + len(samples), start_ns, 10**8, 0) + samples

    content = b"RESD\1\0\0\0" + block(0, 1_000, 2_000) + block(10**9, 3_000)
    signal = only(traces.read(put(tmp_path / "a.resd", content)))
    assert (signal.name, signal.units, values(signal)[:, 0].tolist()) == ("temperature", ("°C",), [1, 2, 3])
    assert signal.times_s is not None
    assert signal.times_s.tolist() == [0, 0.1, 1]
    custom = struct.pack("<BHHQ", 1, 0xF001, 0, 16) + bytes(16)
    assert traces.read(put(tmp_path / "a.resd", content + custom)).notes == (
        "left out: 1 blocks of samples of kind 0xf001",
    )
    assert "its block at byte 8 lacks 14 bytes" in refused(put(tmp_path / "a.resd", content[:39])).message


def stream(folder: Path, metadata: str, *records: tuple[int, bytes]) -> Path:
    put(folder / "a.sds.yml", metadata)
    packed = (tick.to_bytes(4, "little") + len(data).to_bytes(4, "little") + data for tick, data in records)
    return put(folder / "a.some.label.sds", b"".join(packed))


THREE_AXES = """\
sds:
  name: wrist
  sample-frequency: 100
  content:
    - {value: x, type: int16_t, scale: 0.001, unit: g}
    - {value: y, type: uint8_t, offset: -100}
    - {value: flag, type: uint32_t:1}
"""


def test_a_stream_of_arm_is_scaled_and_its_records_are_times(tmp_path):
    sample = np.array([(1_000, 130, 3)], [("x", "<i2"), ("y", "u1"), ("flag", "<u4")]).tobytes()
    ten = sample * 10
    steady = stream(tmp_path, THREE_AXES, (500, ten), (603, ten), (605, b""), (699, ten))
    signal = only(traces.read(steady))
    assert (signal.name, signal.axes, signal.units) == ("wrist", ("x", "y", "flag"), ("g", "", ""))
    assert (signal.rate_hz, signal.start_s, signal.times_s) == (100, 0.5, None)
    assert traces.read(steady).notes == ("its records are up to 4 ms off the clock of its samples",)
    assert values(signal)[29].tolist() == [1, 30, 1]
    lost = only(traces.read(stream(tmp_path, THREE_AXES, (2**32 - 100, ten), (0, ten), (900, ten))))
    assert lost.times_s is not None
    assert np.allclose(np.diff(lost.times_s)[[0, 9, 19, 28]], [0.01, 0.01, 0.81, 0.01])


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ("sds: [1", "a.sds.yml is no YAML that can be read"),
        ("a: &a [1]\nb: *a", "line 2 refers to another place (*a)"),
        ("sds: 1", "does not describe a stream: sds: "),
        (THREE_AXES.replace("int16_t", "int17_t"), "'x' is of type 'int17_t', none of int8_t"),
        ("sds: {name: a, content: [{image: {width: 1}}]}", "does not describe a stream"),
    ],
)
def test_metadata_that_do_not_describe_a_stream_are_refused(tmp_path, metadata, said):
    assert said in refused(stream(tmp_path, metadata, (0, b"1"))).message


def test_a_stream_without_metadata_or_with_half_a_sample_is_refused(tmp_path):
    file = stream(tmp_path, THREE_AXES, (0, bytes(8)))
    assert "has 8 bytes in record 0, for samples of 7 bytes" in refused(file).message
    (tmp_path / "a.sds.yml").unlink()
    assert "lies without a.sds.yml, which says what it holds" in refused(file).message
