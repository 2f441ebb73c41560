"""Formats besides tables and archives: several channels of WAV, Edge Impulse's JSON and CBOR, TFLM's gestures."""

from __future__ import annotations

import json
from pathlib import Path

import cbor2
import numpy as np
import pytest
import soundfile

from lab import traces
from lab.errors import RecordingError
from lab.recordings import carried, reading, tracks
from lab.traces import formats
from tests.recordings.motion_files import IN_WINDOWS, LABELS, RATE_HZ, STEPS, WORN, put, shaken, steps

G = 9.80665
SENSORS = [{"name": f"acc{axis}", "units": "m/s2"} for axis in "XYZ"]


def only(folder: Path) -> np.ndarray:
    (entry,) = reading.read(folder, WORN, LABELS)
    return reading.load(entry, WORN).samples


def refused(folder: Path, code: str = "recording-broken") -> str:
    with pytest.raises(RecordingError) as raised:
        reading.read(folder, WORN, LABELS)
    assert raised.value.code == code
    return raised.value.message


def exported(**changes: object) -> dict[str, object]:
    payload = {"device_type": "PHONE", "interval_ms": 1000 / RATE_HZ, "sensors": SENSORS}
    payload |= {"values": (shaken() * G).tolist(), **changes}
    protected = {"ver": "v1", "alg": "HS256", "iat": 1_564_128_599}
    return {"protected": protected, "signature": "0" * 64, "payload": payload}


def test_every_module_of_formats_is_found_and_no_ending_has_two():
    files = {file.stem for file in (Path(traces.__file__).parent / "formats").glob("*.py")} - {"__init__"}
    assert {module.__name__.rpartition(".")[2] for module in formats.by_ending().values()} == files
    assert tracks.endings() >= {".csv", ".npz", ".wav", ".json", ".cbor"}


# WAV


@pytest.mark.parametrize(("subtype", "tolerance"), [("PCM_16", 0), ("PCM_24", 0), ("FLOAT", 0), ("PCM_U8", 64)])
@pytest.mark.parametrize("form", ["wav", "flac"])
def test_each_channel_is_an_axis_and_full_scale_the_range(tmp_path, form, subtype, tolerance):
    if form == "flac" and subtype not in ("PCM_16", "PCM_24"):
        pytest.skip("FLAC has no such encoding")
    soundfile.write(tmp_path / f"walking.{form}", shaken() / WORN.range, RATE_HZ, subtype=subtype)
    assert np.abs(only(tmp_path).astype(int) - steps(shaken())).max() <= tolerance


def test_a_dataset_says_what_full_scale_is_and_which_channels(tmp_path):
    put(tmp_path / "dataset.toml", 'full_scale = 16\nunit = "m/s^2"\naxes = ["2", "3", "4"]\nrate_hz = 50\n')
    channels = np.hstack([np.ones((100, 1)) * 0.7, shaken() * G / 16 / 4])
    soundfile.write(tmp_path / "walking.wav", channels, 8_000, subtype="FLOAT")
    assert np.abs(only(tmp_path).astype(int) - steps(shaken() / 4)).max() <= 1


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_channels_are_never_mixed(tmp_path, channels):
    soundfile.write(tmp_path / "walking.wav", np.zeros((100, channels)), RATE_HZ)
    assert f"has {channels} columns without names; the workload's axes are x, y, z." in refused(
        tmp_path, "recording-axes"
    )


def test_a_wav_that_is_cut_short_is_refused(tmp_path):
    soundfile.write(tmp_path / "walking.wav", shaken() / 4, RATE_HZ, subtype="PCM_16")
    put(tmp_path / "walking.wav", (tmp_path / "walking.wav").read_bytes()[:-30])
    assert "is truncated: 30 bytes of its samples are missing" in refused(tmp_path)


def test_hours_of_silence_in_a_small_file_are_refused(tmp_path):
    soundfile.write(tmp_path / "walking.flac", np.zeros((12_000_000, 3), np.int16), 8_000)
    assert (tmp_path / "walking.flac").stat().st_size < 2_000_000
    assert "has 12,000,000 frames of 3 channels: split it" in refused(tmp_path)


# Edge Impulse


@pytest.mark.parametrize("ending", ["json", "cbor"])
def test_an_export_of_edge_impulse(tmp_path, ending):
    packed = json.dumps(exported()).encode() if ending == "json" else cbor2.dumps(exported())
    put(tmp_path / f"walking.monday.1a2b3c.{ending}", packed)
    put(tmp_path / f"cycling.monday.4d5e6f.{ending}", packed)
    found = reading.read(tmp_path, WORN, LABELS)
    assert [(entry.name, entry.label) for entry in found] == [
        (f"cycling.monday.4d5e6f.{ending}", "unknown"),
        (f"walking.monday.1a2b3c.{ending}", "walking"),
    ]
    assert np.array_equal(reading.load(found.entries[1], WORN).samples, steps(shaken()))


def test_sensors_are_found_by_name_among_others(tmp_path):
    z, x, y = shaken().T[[2, 0, 1]]
    sensors = [{"name": name, "units": unit} for name, unit in [("az", "g"), ("gx", "dps"), ("ax", "mg"), ("ay", "g")]]
    values = np.column_stack([z, z, x * 1000, y]).tolist()
    put(tmp_path / "walking.1.json", json.dumps(exported(sensors=sensors, values=values)))
    assert np.array_equal(only(tmp_path), steps(shaken()))


def test_of_one_sensor_the_values_stand_in_one_list(tmp_path):
    sensors = [{"name": "vibration", "units": "g"}]
    values = shaken()[:, 0]
    put(tmp_path / "walking.1.json", json.dumps(exported(sensors=sensors, values=values.tolist())))
    played = WORN.model_copy(update={"axes": ("vibration",)})
    (entry,) = reading.read(tmp_path, played, LABELS)
    assert np.array_equal(reading.load(entry, played).samples, steps(values[:, np.newaxis]))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"interval_ms": 0}, "has 0 as interval_ms: milliseconds are needed"),
        ({"interval_ms": True}, "has True as interval_ms: milliseconds are needed"),
        ({"interval_ms": 10**400}, "has an integer of more than 64 bits as interval_ms"),
        ({"interval_ms": "20"}, "has '20' as interval_ms: milliseconds are needed"),
        ({"interval_ms": None}, "has None as interval_ms: milliseconds are needed"),
        ({"sensors": None}, "does not list its sensors"),
        ({"sensors": ["x", "y", "z"]}, "does not list its sensors"),
        ({"values": None}, "has no list of values"),
        ({"values": []}, "has no frames"),
        ({"values": [[1, 2, 3], [1, 2]]}, "has 2 values in frame 1, for 3 sensors"),
        ({"values": [[1, 2, 3], 1]}, "has no list of values in frame 1, for 3 sensors"),
        ({"values": [1, 2, 3]}, "has 1 values in frame 0, for 3 sensors"),
        ({"values": [[1, 2, 3], [1, "2", 3]]}, "holds something else than numbers in frame 1"),
        ({"values": [[1, 2, 3], [1, None, 3]]}, "holds something else than numbers in frame 1"),
        ({"values": [[1, 2, 3], [1, True, 3]]}, "holds something else than numbers in frame 1"),
        ({"values": [[1, 2, 3]] * 2}, "has 2 frames, 0.04 s"),
    ],
)
@pytest.mark.parametrize("ending", ["json", "cbor"])
def test_an_export_that_cannot_be_used_says_why(tmp_path, ending, changes, said):
    made = exported(**changes)
    put(tmp_path / f"walking.1.{ending}", json.dumps(made).encode() if ending == "json" else cbor2.dumps(made))
    assert refused(tmp_path).startswith(f"{tmp_path / f'walking.1.{ending}'} {said}")


def test_other_sensors_than_the_workloads_are_refused(tmp_path):
    sensors = [{"name": f"gyr{axis}", "units": "dps"} for axis in "XYZ"]
    put(tmp_path / "walking.1.json", json.dumps(exported(sensors=sensors)))
    assert "none is named x; it has 'gyrX', 'gyrY', 'gyrZ'" in refused(tmp_path, "recording-undescribed")
    put(tmp_path / "dataset.toml", 'axes = ["gyrX", "gyrY", "gyrZ"]\n')
    assert "is in 'dps', which cannot be g" in refused(tmp_path, "recording-unit")


@pytest.mark.parametrize(
    ("ending", "content", "said"),
    [
        ("json", b"{", "is no JSON that can be read: EOF while parsing"),
        ("json", b'{"payload": NaN}', "is no JSON that can be read"),
        ("json", b"[" * 100_000, "is no JSON that can be read"),
        ("json", b"[]", "is no recording of Edge Impulse: it has no payload"),
        ("json", b'{"payload": 1}', "is no recording of Edge Impulse: it has no payload"),
        ("cbor", b"", "is no CBOR that can be read"),
        ("cbor", b"\x81" * 100_000, "is no CBOR that can be read"),
        ("cbor", b"\x9b" + b"\xff" * 8, "is no CBOR that can be read"),
        ("cbor", b"\x01", "is no recording of Edge Impulse: it has no payload"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path, ending, content, said):
    put(tmp_path / f"walking.1.{ending}", content)
    assert refused(tmp_path).startswith(f"{tmp_path / f'walking.1.{ending}'} {said}")


def test_numbers_that_no_sensor_measures_are_refused(tmp_path):
    put(tmp_path / "walking.1.json", json.dumps(exported()).replace("]]", f", 1], [{10**400}, 1, 1]]", 1))
    assert "walking.1.json" in refused(tmp_path)
    put(tmp_path / "walking.1.json", json.dumps(exported(values=[[10**30] * 3] * 40 + [[0, 0, G]] * 60)))
    assert np.array_equal(only(tmp_path), [[4 * STEPS - 1] * 3] * 40 + [[0, 0, STEPS]] * 60)


def test_a_list_that_stands_in_its_file_once_is_not_unfolded_without_end(tmp_path):
    row = [0.0, 0.0, 1.0]
    for _ in range(5):
        row = [row] * 100
    put(tmp_path / "walking.1.cbor", cbor2.dumps(exported(values=row), value_sharing=True))
    assert (tmp_path / "walking.1.cbor").stat().st_size < 10_000
    assert "has 100 values in frame 0" in refused(tmp_path)


def test_json_may_begin_as_windows_writes_it(tmp_path):
    put(tmp_path / "walking.1.json", b"\xef\xbb\xbf" + json.dumps(exported()).encode())
    assert np.array_equal(only(tmp_path), steps(shaken()))


# NumPy's archives


def test_a_few_bytes_that_promise_clips_without_end_are_refused_at_once(tmp_path):
    np.savez(tmp_path / "a.npz", walking=np.zeros((2**40, 0, 3)), fs=50)
    assert "has 1,099,511,627,776 clips, and 100,000 are the most" in refused(tmp_path)


@pytest.mark.parametrize(
    ("scalars", "said"),
    [
        ({"fs": True}, "has True as fs"),
        ({"fs": "50" * 10_000}, "has '505050"),
        ({"fs": 50, "unit": "g" * 10_000}, "is in 'ggg"),
        ({"fs": 50, "person": "p" * 10_000}, "holds a name of 10,000 characters"),
    ],
)
def test_what_an_archive_says_of_itself_is_checked_and_shown_in_short(tmp_path, scalars, said):
    np.savez(tmp_path / "a.npz", walking=shaken(), **scalars)
    with pytest.raises(RecordingError) as raised:
        reading.read(tmp_path, WORN, LABELS)
    assert said in raised.value.message
    assert len(raised.value.message) < len(str(tmp_path)) + 200


# TFLM's gestures


def crate(folder: Path) -> Path:
    """A tree such as `tfmicro` unpacks, with a gesture of 100 frames."""
    frames = np.zeros((128, 3))
    frames[28:] = shaken() * 1000
    put(folder / "examples" / "models" / "ring_micro_f9643d42_nohash_4.data", frames.astype(">f4").tobytes())
    return folder / "submodules" / "tensorflow"


def test_the_gestures_of_the_crate_are_played_from_their_first_frame_on(tmp_path):
    drawn = WORN.model_copy(update={"rate_hz": 25, "window_s": 4.0})
    found = carried.find(["tflm-gestures"], crate(tmp_path), drawn, ("ring", "slope", "negative"))
    assert [(entry.name, entry.label) for entry in found] == [("tflm/ring_micro_f9643d42_nohash_4.data", "ring")]
    assert np.abs(reading.load(found[0], drawn).samples.astype(int) - steps(shaken())).max() <= 1
    assert carried.find(["tflm-gestures"], crate(tmp_path), drawn, ("wing",)) == []
    assert carried.find([], crate(tmp_path), drawn, ("ring",)) == []


def test_a_gesture_is_cut_into_windows_like_any_recording(tmp_path):
    found = carried.find(["tflm-gestures"], crate(tmp_path), IN_WINDOWS, ("ring",))
    assert [entry.name.rpartition("@")[2] for entry in found] == ["0.0s", "1.0s", "2.0s"]


def test_raw_samples_of_something_else_are_no_gesture(tmp_path):
    put(tmp_path / "walking.data", bytes(1_000))
    assert "is no gesture of TFLM's magic_wand: it has 1,000 bytes" in refused(tmp_path)
