from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from lab.errors import ConfigurationError, RecordingError, UnknownName
from lab.recordings import motion, reading
from lab.recordings.collection import Entry
from lab.recordings.recording import Recording
from lab.signals.input import Input
from tests.recordings.motion_files import IN_WINDOWS, LABELS, RATE_HZ, STEPS, WORN, put, shaken, steps, table, times

HEADER = "time (s),x (g),y (g),z (g)"


def read(folder: Path, played=WORN, labels=LABELS):
    return reading.read(folder, played, labels)


def only(folder: Path, played=WORN) -> Recording:
    (entry,) = read(folder, played)
    return reading.load(entry, played)


def refused(folder: Path, code: str) -> str:
    with pytest.raises(RecordingError) as raised:
        read(folder)
    assert raised.value.code == code
    assert raised.value.remedy
    return raised.value.message


def archive(file: Path, **arrays: object) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, **{"fs": np.float32(RATE_HZ), **arrays})
    return file


# Where recordings are, and what they are called


def test_arrays_are_named_after_labels_and_the_archive_says_who(tmp_path):
    archive(tmp_path / "a.npz", walking_00=shaken(seed=1), walking_01=shaken(seed=2), sitting=shaken(), subject="ann")
    found = read(tmp_path)
    assert [(entry.name, entry.label, entry.speaker) for entry in found] == [
        ("a/walking_00", "walking", "ann"),
        ("a/walking_01", "walking", "ann"),
        ("a/sitting", "sitting", "ann"),
    ]
    assert np.array_equal(reading.load(found.entries[1], WORN).samples, steps(shaken(seed=2)))
    assert found.notes == ()


def test_an_archive_of_clips_says_its_label_and_the_condition(tmp_path):
    clips = np.stack([shaken(seed=seed) for seed in range(3)]).astype(np.float32)
    archive(tmp_path / "a.npz", acc=clips, label="walking", speed="low")
    found = read(tmp_path)
    assert [(entry.name, entry.label, entry.speaker) for entry in found] == [
        (f"a/acc/{number}", "walking", "low") for number in range(3)
    ]
    loaded = [reading.load(entry, WORN).samples for entry in found]
    assert np.array_equal(loaded, [steps(clip) for clip in clips])


def test_an_array_that_is_not_named_after_a_label_has_that_of_its_file(tmp_path):
    archive(tmp_path / "walking_07.npz", acc=shaken())
    archive(tmp_path / "b.npz", arr_0=shaken())
    found = read(tmp_path)
    assert [(entry.name, entry.label) for entry in found] == [("walking_07/acc", "walking")]
    assert found.notes == ("left out: 1 file whose name says no label (b.npz)",)


def test_a_folder_for_each_label(tmp_path):
    for name in ("walking/monday/1.csv", "sitting/1.csv", "cycling/1.csv"):
        put(tmp_path / name, table(HEADER, times(), shaken()))
    found = read(tmp_path)
    assert [(entry.name, entry.label) for entry in found] == [
        ("cycling/1.csv", "unknown"),
        ("sitting/1.csv", "sitting"),
        ("walking/monday/1.csv", "walking"),
    ]
    assert found.notes == ("counted as unknown: 1 other words (cycling)",)


def test_files_named_after_labels_side_by_side(tmp_path):
    for name in ("walking.1a2b.csv", "cycling.1a2b.csv", "sitting.csv", "walking_07.csv", "session.csv"):
        put(tmp_path / name, table(HEADER, times(), shaken()))
    found = read(tmp_path)
    assert {entry.name: entry.label for entry in found} == {
        "walking.1a2b.csv": "walking",
        "cycling.1a2b.csv": "unknown",
        "sitting.csv": "sitting",
        "walking_07.csv": "walking",
    }
    assert found.notes == (
        "counted as unknown: 1 other words (cycling)",
        "left out: 1 file whose name says no label (session.csv)",
    )


def test_without_a_label_for_them_others_are_left_out(tmp_path):
    archive(tmp_path / "a.npz", walking=shaken(), cycling=shaken())
    found = read(tmp_path, labels=("walking", "sitting"))
    assert [entry.label for entry in found] == ["walking"]
    assert found.notes == ("left out: 1 other words (cycling)",)


def test_a_dataset_says_what_labels_and_people_are(tmp_path):
    put(
        tmp_path / "dataset.toml",
        'person = "^(?P<person>[^/]+)/"\n[labels]\nstrolling = "walking"\nkicking = "unknown"\n',
    )
    for name in ("p01/strolling_01.csv", "p02/kicking.csv", "p02/sitting.csv"):
        put(tmp_path / name, table(HEADER, times(), shaken()))
    assert [(entry.name, entry.label, entry.speaker) for entry in read(tmp_path)] == [
        ("p01/strolling_01.csv", "walking", "p01"),
        ("p02/kicking.csv", "unknown", "p02"),
        ("p02/sitting.csv", "sitting", "p02"),
    ]


def test_a_dataset_that_speaks_of_no_label_of_the_workload_is_named_with_its_line(tmp_path):
    put(tmp_path / "dataset.toml", 'unit = "g"\n[labels]\nstrolling = "waking"\n')
    with pytest.raises(UnknownName) as raised:
        read(tmp_path)
    assert raised.value.message.startswith(f"{tmp_path / 'dataset.toml'}:3: There is no label named 'waking'.")


@pytest.mark.parametrize("line", ['person = "("', 'person = "^(.*)_"', 'time_unit = "h"', "rate = 50", "rate_hz = 0"])
def test_a_dataset_that_cannot_be_used_is_named_with_its_line(tmp_path, line):
    put(tmp_path / "dataset.toml", f'unit = "g"\n{line}\n')
    with pytest.raises(ConfigurationError) as raised:
        read(tmp_path)
    assert raised.value.message.startswith(f"{tmp_path / 'dataset.toml'}:2: ")


@pytest.mark.produces("label-misspelt")
def test_what_differs_from_a_label_in_case_only_is_not_taken_for_unknown(tmp_path):
    archive(tmp_path / "a.npz", Walking=shaken())
    with pytest.raises(RecordingError) as raised:
        read(tmp_path)
    assert '[labels] "Walking" = "walking"' in raised.value.remedy


@pytest.mark.produces("recordings-unlabelled")
def test_a_folder_without_any_label_says_what_it_has(tmp_path):
    put(tmp_path / "session.csv", table(HEADER, times(), shaken()))
    assert "It has session.csv." in refused(tmp_path, "recordings-unlabelled")
    (tmp_path / "session.csv").unlink()
    assert "no files that end in" in refused(tmp_path, "recordings-unlabelled")
    put(tmp_path / "drumming" / "a.csv", table(HEADER, times(), shaken()))
    said = "It has folders named drumming; the labels are unknown, walking, sitting."
    assert said in refused(tmp_path, "recordings-unlabelled")


def test_of_many_files_that_cannot_be_used_the_first_is_named_and_the_others_are_counted(tmp_path):
    for number in range(30):
        put(tmp_path / "walking" / f"{number:02}.csv", table("time (s),x,y,z", times(), shaken()))
    put(tmp_path / "walking" / "short.csv", table(HEADER, times(1), shaken(1)))
    with pytest.raises(RecordingError) as raised:
        read(tmp_path)
    assert "00.csv does not say in which unit x, y, z are." in raised.value.message
    assert raised.value.details == (
        f"{tmp_path / 'walking' / 'short.csv'} has 1 frame, too few to tell a rate.\n"
        "Recordings that cannot be used: 30 with recording-undescribed, 1 with recording-broken."
    )


@pytest.mark.produces("recordings-alike")
def test_two_recordings_of_one_name_are_refused(tmp_path):
    archive(tmp_path / "walking.npz", walking=shaken())
    put(tmp_path / "walking.NPZ", (tmp_path / "walking.npz").read_bytes())
    assert "of one name, walking/walking" in refused(tmp_path, "recordings-alike")


# Windows


def test_a_long_recording_is_cut_into_windows_and_what_is_left_over_is_not_played(tmp_path):
    values = shaken(290)
    archive(tmp_path / "a.npz", walking=values)
    found = read(tmp_path, IN_WINDOWS)
    assert [entry.name for entry in found] == [f"a/walking@{second}.0s" for second in range(4)]
    for second, entry in enumerate(found):
        loaded = reading.load(entry, IN_WINDOWS)
        assert np.array_equal(loaded.samples, steps(values[second * 50 : second * 50 + 100]))
        assert loaded.samples.flags.c_contiguous
        assert loaded.notes == ()


def test_windows_begin_at_the_nearest_frame_and_their_names_say_when(tmp_path):
    archive(tmp_path / "a.npz", walking=shaken(130))
    third = WORN.model_copy(update={"hop_s": 0.25})
    found = read(tmp_path, third)
    assert [entry.name for entry in found] == ["a/walking@0.0s", "a/walking@0.24s", "a/walking@0.5s"]


def test_without_a_hop_only_the_beginning_is_played_and_that_is_said(tmp_path):
    archive(tmp_path / "a.npz", walking=shaken(290))
    loaded = only(tmp_path)
    assert np.array_equal(loaded.samples, steps(shaken(290)[:100]))
    assert loaded.notes == ("longer than 2 s: only the beginning was played",)


@pytest.mark.parametrize("played", [WORN, IN_WINDOWS])
def test_a_shorter_one_holds_its_last_frame_and_that_is_said(tmp_path, played):
    values = shaken(60)
    archive(tmp_path / "a.npz", walking=values)
    loaded = only(tmp_path, played)
    assert np.array_equal(loaded.samples, steps(np.concatenate([values, np.repeat(values[-1:], 40, axis=0)])))
    assert loaded.notes == ("padded by holding the last frame",)


def test_before_a_window_its_first_frame_is_held_for_the_lead(tmp_path):
    values = shaken(230)
    archive(tmp_path / "a.npz", walking=values)
    led = IN_WINDOWS.model_copy(update={"lead_s": 0.4})
    found = read(tmp_path, led)
    assert [entry.name for entry in found] == [f"a/walking@{second}.0s" for second in range(4)]
    loaded = reading.load(found.entries[1], led)
    assert np.array_equal(loaded.samples, steps(np.concatenate([np.repeat(values[50:51], 20, axis=0), values[50:130]])))


def test_a_lead_as_long_as_the_window_is_refused():
    with pytest.raises(ValueError, match=r"lead_s leaves nothing of a window of 2 s"):
        Input.model_validate(WORN.model_dump() | {"lead_s": 2.0})


def test_one_that_is_hardly_a_recording_is_refused(tmp_path):
    put(tmp_path / "walking.csv", table(HEADER, times(2), shaken(2)))
    assert "walking.csv has 2 frames" in refused(tmp_path, "recording-broken")
    archive(tmp_path / "a.npz", walking=shaken(7))
    (tmp_path / "walking.csv").unlink()
    assert "a.npz, walking has 7 frames, 0.14 s" in refused(tmp_path, "recording-broken")


# Units, columns, range


@pytest.mark.parametrize(
    ("header", "per_g"),
    [
        ("time_s,x_g,y_g,z_g", 1),
        ("Timestamp [s],accX (mg),accY (mg),accZ (mg)", 1000),
        ("t (s);acc_x [m/s^2];acc_y [m/s^2];acc_z [m/s^2]", 9.80665),
        ("time_s|ax_ms2|ay_ms2|az_ms2", 9.80665),
        ("time s\tX (G)\tY (G)\tZ (G)", 1),
        ("elapsed (s),Accelerometer.X (m/s²),Accelerometer.Y (m/s²),Accelerometer.Z (m/s²)", 9.80665),
    ],
)
def test_columns_and_units_are_found_by_the_header(tmp_path, header, per_g):
    separator = next(one for one in ",;|\t" if one in header)
    put(tmp_path / "walking.csv", table(header, times(), shaken() * per_g, separator=separator))
    assert np.array_equal(only(tmp_path).samples, steps(shaken()))


def test_columns_may_stand_in_any_order_among_others(tmp_path):
    x, y, z = shaken().T
    header = "gyr_x (dps),z (g),note,x (g),time (ms),y (mg)"
    text = table(header, times(), z, times(), x, times() * 1000, y * 1000).replace(",note", ",note")
    put(tmp_path / "walking.csv", text)
    assert np.array_equal(only(tmp_path).samples, steps(shaken()))


def test_a_dataset_says_columns_unit_and_rate(tmp_path):
    put(tmp_path / "dataset.toml", 'axes = ["c", "b", "a"]\nunit = "mg"\nrate_hz = 50\n')
    put(tmp_path / "walking.csv", table("a,b,c,when", shaken()[:, ::-1] * 1000, times()[::-1]))
    assert np.array_equal(only(tmp_path).samples, steps(shaken()))


def test_a_table_without_a_header_is_read_if_a_dataset_says_its_columns(tmp_path):
    put(tmp_path / "dataset.toml", 'axes = ["2", "3", "4"]\nunit = "g"\ntime = "1"\ntime_unit = "s"\n')
    put(tmp_path / "walking.csv", table("", times(), shaken()))
    assert np.array_equal(only(tmp_path).samples, steps(shaken()))


@pytest.mark.produces("recording-undescribed")
def test_a_table_that_does_not_say_enough_gets_the_dataset_to_write(tmp_path):
    put(tmp_path / "walking.csv", table("a,b,c", shaken()))
    with pytest.raises(RecordingError) as raised:
        read(tmp_path)
    assert raised.value.message == (
        f"{tmp_path / 'walking.csv'} does not say which of its columns are x, y, z (none is named x; it has 'a', 'b', "
        "'c') and in which unit x, y, z are and when its frames were taken."
    )
    put(tmp_path / "dataset.toml", raised.value.remedy.partition("\n")[2])
    assert np.array_equal(only(tmp_path).samples, steps(shaken()))


def test_a_column_of_times_without_a_unit_is_asked_for(tmp_path):
    put(tmp_path / "walking.csv", table("timestamp,x_g,y_g,z_g", times() * 1000, shaken()))
    assert "in which unit its column 'timestamp' is" in refused(tmp_path, "recording-undescribed")
    put(tmp_path / "dataset.toml", 'time_unit = "ms"\n')
    assert np.array_equal(only(tmp_path).samples, steps(shaken()))


def test_times_that_are_dates_are_no_times_and_a_rate_is_asked_for(tmp_path):
    rows = [f"2026-01-01T00:00:{at:06.3f},0,0,1" for at in times()]
    put(tmp_path / "walking.csv", "\n".join(["timestamp,x (g),y (g),z (g)", *rows]))
    with pytest.raises(RecordingError, match="its column 'timestamp' holds no numbers") as raised:
        read(tmp_path)
    put(tmp_path / "dataset.toml", raised.value.remedy.partition("\n")[2])
    assert only(tmp_path).samples.shape == (100, 3)


def test_decimal_commas_are_named(tmp_path):
    put(tmp_path / "walking.csv", "time (s);x (g);y (g);z (g)\n0,02;0,1;0,2;1,0\n")
    assert "'0,1' is no number, write a decimal point" in refused(tmp_path, "recording-broken")


@pytest.mark.produces("recording-unit")
@pytest.mark.parametrize("unit", ["dps", "V", "uT"])
def test_a_unit_that_cannot_be_g_is_refused(tmp_path, unit):
    put(tmp_path / "walking.csv", table(f"time (s),x ({unit}),y ({unit}),z ({unit})", times(), shaken()))
    assert f"is in '{unit}', which cannot be g" in refused(tmp_path, "recording-unit")


def test_numbers_without_a_unit_that_cannot_be_in_the_workloads_are_refused(tmp_path):
    archive(tmp_path / "a.npz", walking=shaken() * 9.80665)
    put(tmp_path / "b.npz", (tmp_path / "a.npz").read_bytes())
    assert np.array_equal(only_scaled(tmp_path, "m/s^2"), steps(shaken()))
    (tmp_path / "dataset.toml").unlink()
    archive(tmp_path / "a.npz", walking=np.full((100, 3), 9.8))
    (tmp_path / "b.npz").unlink()
    assert "a.npz, walking has no unit, and 100 of 100 frames are beyond ±4 g" in refused(tmp_path, "recording-unit")


@pytest.mark.produces("recording-unit")
def test_a_signal_that_is_beyond_the_range_most_of_the_time_is_in_another_unit(tmp_path):
    at_rest = np.tile([0.1, 0.2, 9.8], (100, 1))
    put(tmp_path / "walking.csv", table(HEADER, times(), at_rest))
    assert "walking.csv is in 'g', and 100 of 100 frames are beyond ±4 g" in refused(tmp_path, "recording-unit")
    put(tmp_path / "dataset.toml", 'unit = "m/s^2"\n')
    assert only(tmp_path).samples[0, 2] == round(9.8 / 9.80665 * 2_048)


def only_scaled(folder: Path, unit: str):
    put(folder / "dataset.toml", f'unit = "{unit}"\n')
    return reading.load(read(folder).entries[0], WORN).samples


@pytest.mark.produces("recording-axes")
@pytest.mark.parametrize("axes", [1, 2, 6])
def test_other_axes_than_the_workloads_are_refused(tmp_path, axes):
    archive(tmp_path / "a.npz", walking=np.zeros((100, axes)))
    said = refused(tmp_path, "recording-axes")
    assert said == f"{tmp_path / 'a.npz'}, walking has {axes} columns without names; the workload's axes are x, y, z."


def test_of_more_axes_a_dataset_chooses_by_number(tmp_path):
    put(tmp_path / "dataset.toml", 'axes = ["4", "5", "6"]\n')
    archive(tmp_path / "a.npz", walking=np.hstack([np.zeros((100, 3)), shaken()]))
    assert np.array_equal(only(tmp_path).samples, steps(shaken()))


def test_a_dataset_that_names_another_number_of_columns_is_refused(tmp_path):
    put(tmp_path / "dataset.toml", 'axes = ["1", "2"]\n')
    archive(tmp_path / "a.npz", walking=shaken())
    assert "axes names 2 columns; the workload's axes are x, y, z." in refused(tmp_path, "recording-axes")


def test_two_columns_that_may_be_one_axis_are_not_guessed_between(tmp_path):
    put(tmp_path / "walking.csv", table("time_s,x_g,acc_x_g,y_g,z_g", times(), shaken()[:, :1], shaken()))
    assert "'x_g', 'acc_x_g' may both be x" in refused(tmp_path, "recording-undescribed")


def test_what_lies_beyond_the_range_is_clipped_and_counted(tmp_path):
    values = shaken(200)
    values[110, 1], values[120, 2] = 5.0, -7.5
    archive(tmp_path / "a.npz", walking=values)
    found = read(tmp_path, IN_WINDOWS)
    assert found.notes == ("clipped at ±4 g: 2 of 600 values",)
    first, second, third = (reading.load(entry, IN_WINDOWS) for entry in found)
    assert first.notes == ()
    assert second.notes == third.notes == ("clipped at ±4 g",)
    assert second.samples[60, 1] == 4 * STEPS - 1
    assert second.samples[70, 2] == -4 * STEPS


# What is in no file of somebody who means well


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("\n", "\n\n# a note\n", ""),
        ("0.02,", "abc,", "line 3, column 'time (s)': 'abc' is no number"),
        ("0.02,", ",", "line 3, column 'time (s)': there is no number"),
        ("0.02,", "0.02;", "has 3 columns in line 3; its header has 4"),
        ("0.02,", "0.02,nan,", "holds NaN at line 3, axis x"),
        ("0.02,", "0.02,1,-inf,", "holds infinity at line 3, axis y"),
        ("0.02,", "nan,", "has no time at line 3"),
    ],
)
def test_a_table_with_something_else_than_numbers_is_refused_at_its_line(tmp_path, old, new, said):
    put(tmp_path / "walking.csv", table(HEADER, times(), shaken()).replace(old, new, 1))
    if not said:
        assert np.array_equal(only(tmp_path).samples, steps(shaken()))
        return
    with pytest.raises(RecordingError) as raised:
        read(tmp_path)
    assert said in raised.value.message
    assert raised.value.message.startswith(f"{tmp_path / 'walking.csv'} ")


def test_one_recording_that_cannot_be_used_leaves_the_others(tmp_path):
    bad = shaken()
    bad[7, 2] = np.nan
    archive(tmp_path / "a.npz", walking=shaken(), sitting=bad, cycling="text", walking_2=np.zeros(100))
    put(tmp_path / "sitting.csv", "time_s,x_g,y_g,z_g\n")
    put(tmp_path / "b.npz", b"PK")
    (tmp_path / "walking.csv").symlink_to(tmp_path / "nowhere.csv")
    found = read(tmp_path)
    said = {}
    for entry in found:
        try:
            reading.load(entry, WORN)
        except RecordingError as error:
            said[entry.name] = error.message.removeprefix(f"{tmp_path}{os.sep}")
    assert [entry.label for entry in found if entry.name not in said] == ["walking"]
    assert said == {
        "a/sitting": "a.npz, sitting holds NaN at frame 7, axis z.",
        "a/walking_2": "a.npz, walking_2 is of shape [100]: [n, axes] or [clips, n, axes] is needed.",
        "b.npz": "b.npz is no NumPy archive that can be read: File is not a zip file.",
        "sitting.csv": "sitting.csv has a header and no frames.",
        "walking.csv": "walking.csv cannot be read: No such file or directory.",
    }


def test_what_is_held_of_a_file_that_cannot_be_used_is_not_its_content(tmp_path):
    put(tmp_path / "walking.csv", table("x,y,z", shaken()))
    refused(tmp_path, "recording-undescribed")
    bad = shaken()
    bad[7, 2] = np.nan
    archive(tmp_path / "a.npz", sitting=bad, walking=shaken())
    read(tmp_path)
    held = [each for found in motion._HELD._held.values() for each in found.values()]
    errors = [each for each in held if isinstance(each, RecordingError)]
    assert len(errors) >= 2
    assert all(error.__traceback__ is error.__context__ is None for error in errors)


def test_a_file_that_changed_since_it_was_found_is_read_again(tmp_path):
    file = archive(tmp_path / "a.npz", walking=shaken())
    (entry,) = read(tmp_path)
    archive(file, walking=shaken(seed=9))
    os.utime(file, ns=(1, 1))
    assert np.array_equal(reading.load(entry, WORN).samples, steps(shaken(seed=9)))
    archive(file, sitting=shaken())
    os.utime(file, ns=(2, 2))
    with pytest.raises(RecordingError, match="holds no recording named walking any more"):
        reading.load(entry, WORN)


@pytest.mark.parametrize("suffix", ["csv", "npz"])
@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"\xff\xfe1,2,3", b"PK\x03\x04" + b"\x00" * 40])
def test_what_is_no_recording_is_refused_by_name(tmp_path, suffix, content):
    file = put(tmp_path / f"walking.{suffix}", content)
    assert str(file) in refused(tmp_path, "recording-broken")


def test_an_array_of_objects_is_never_unpacked(tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "trapped"),)

    np.savez(tmp_path / "a.npz", walking=np.array([[Trap()]], object), fs=50.0)
    refused(tmp_path, "recording-broken")
    assert not (tmp_path / "trapped").exists()


def test_an_archive_of_sound_is_left_to_workloads_of_sound(tmp_path):
    entry = Entry(tmp_path / "gone.wav", "yes/gone.wav", "yes")
    heard = WORN.model_copy(update={"axes": ("sound",), "unit": ""})
    with pytest.raises(RecordingError, match=r"gone\.wav cannot be read: No such file"):
        reading.load(entry, heard)
