"""Pictures: found by label, played byte for byte, and refused where no camera would deliver them."""

import os

import pytest

from lab.errors import RecordingError, UsageError
from lab.recordings import reading
from lab.signals import picture
from lab.signals.input import Input
from lab.signals.signal import Signal
from tests.jpeg import PROGRESSIVE, jpeg

SEEN = Input(sensor="camera", axes=("jpeg",))
LABELS = ("person", "no_person")


def put(folder, name, content):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def test_a_folder_for_each_label_holds_them(tmp_path):
    for name in ("person/b.jpg", "person/deeper/a.JPEG", "no_person/c.jpg", "no_person/d.png"):
        put(tmp_path, name, jpeg())
    found = reading.read(tmp_path, SEEN, LABELS)
    assert [(entry.name, entry.label) for entry in found] == [
        ("no_person/c.jpg", "no_person"),
        ("no_person/d.png", "no_person"),
        ("person/b.jpg", "person"),
        ("person/deeper/a.JPEG", "person"),
    ]


def test_firmware_sees_the_very_bytes_of_the_file_once(tmp_path):
    content = jpeg(bytes(range(256)))
    put(tmp_path, "person/a.jpg", content)
    (entry,) = reading.read(tmp_path, SEEN, LABELS)
    samples = reading.load(entry, SEEN).samples
    played = SEEN.signal(SEEN.with_rest(samples, 2.0))
    assert picture.content_of(played, "camera") == content
    assert SEEN.lasts(samples) == 0
    assert len(reading.stretch(entry, SEEN, 10).samples) == len(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n", "is no JPEG file, which cameras deliver: convert it"),
        (jpeg()[:30], "its segments lead to no picture"),
        (b"\xff\xd8" + b"\xff\xe0\0\0" * 20_000, "its segments lead to no picture"),
        (b"\xff\xd8" + b"\xff" * 100, "its segments lead to no picture"),
        (jpeg(end=b""), "is truncated: it ends within the picture"),
        (jpeg(frame=None), "has no frame, where a camera delivers baseline JPEG"),
        (jpeg(frame=PROGRESSIVE), "has a frame of the kind SOF2, .* save it anew, not progressive"),
        (jpeg(bytes(picture.MOST_BYTES)), "cannot be read: it has 1,048,7.. bytes, and 1,048,576 are the most"),
    ],
)
def test_what_no_camera_delivers_is_refused_with_its_reason(tmp_path, content, words):
    file = tmp_path / "a.jpg"
    file.write_bytes(content)
    with pytest.raises(RecordingError, match=f"a.jpg .*{words}"):
        picture.read(file)


def test_a_pipe_or_a_missing_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    for name in ("pipe.jpg", "missing.jpg"):
        with pytest.raises(RecordingError, match=f"{name} cannot be read"):
            picture.read(tmp_path / name)


def test_restarts_and_fill_bytes_are_passed_over(tmp_path):
    whole = jpeg()
    (tmp_path / "a.jpg").write_bytes(whole[:2] + b"\xff\xff\xff\x01" + whole[2:] + bytes(7))
    picture.read(tmp_path / "a.jpg")


@pytest.mark.parametrize("key", ["rate_hz", "window_s", "range", "unit"])
def test_pictures_have_neither_rate_nor_range(key):
    with pytest.raises(ValueError, match=f"{key} is not for pictures"):
        Input(sensor="camera", axes=["jpeg"], **{key: 1})


def test_they_do_not_go_on():
    with pytest.raises(UsageError, match="A stream is of a signal that goes on, and the camera delivers pictures"):
        SEEN.check_goes_on("A stream")
    Input(sensor="microphone", rate_hz=16_000, window_s=1.0).check_goes_on("A stream")


def test_a_signal_of_a_picture_is_its_bytes():
    assert Signal.of_picture(b"\xff\xd8").samples.tolist() == [[255], [216]]
