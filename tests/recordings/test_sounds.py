from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lab.errors import RecordingError
from lab.recordings import sounds
from lab.recordings.recording import Recording

RATE_HZ = 16_000
LENGTH = 16_000


def tone(rate_hz: int, seconds: float = 1.0, frequency: float = 440.0) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * frequency * np.arange(round(rate_hz * seconds)) / rate_hz)


def load(path: Path) -> Recording:
    return sounds.load(path, RATE_HZ, LENGTH)


@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_16_bit_mono_of_the_right_rate_passes_bit_for_bit(tmp_path, suffix):
    samples = np.random.default_rng(1).integers(-32768, 32768, LENGTH).astype(np.int16)
    soundfile.write(tmp_path / f"a.{suffix}", samples, RATE_HZ)
    loaded = load(tmp_path / f"a.{suffix}")
    assert loaded.samples.dtype == np.int16
    assert (loaded.samples == samples).all()
    assert loaded.notes == ()


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_another_rate_is_resampled_and_said(tmp_path, rate_hz):
    soundfile.write(tmp_path / "a.wav", tone(rate_hz), rate_hz, subtype="PCM_16")
    loaded = load(tmp_path / "a.wav")
    error = loaded.samples[800:-800] / 32768 - tone(RATE_HZ)[800:-800]
    assert np.abs(error).max() < 2e-3
    assert loaded.notes == (f"resampled {rate_hz}->16000 Hz",)


def test_what_lies_beyond_the_second_shapes_no_edge_when_resampling(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(44_100, seconds=3.0), 44_100, subtype="PCM_16")
    loaded = load(tmp_path / "a.wav")
    assert np.abs(loaded.samples[8000:] / 32768 - tone(RATE_HZ)[8000:]).max() < 1e-3
    assert loaded.notes == ("resampled 44100->16000 Hz", "longer than 1 s: only the beginning was played")


def test_channels_are_averaged_and_said(tmp_path):
    left = np.arange(LENGTH, dtype=np.int16)
    soundfile.write(tmp_path / "a.wav", np.stack([left, -left, left], axis=1), RATE_HZ)
    loaded = load(tmp_path / "a.wav")
    assert (loaded.samples == np.round(left / 3)).all()
    assert loaded.notes == ("mixed 3 channels",)


@pytest.mark.parametrize("encoding", ["PCM_U8", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW"])
def test_other_encodings_are_converted_and_said(tmp_path, encoding):
    soundfile.write(tmp_path / "a.wav", tone(RATE_HZ), RATE_HZ, subtype=encoding)
    loaded = load(tmp_path / "a.wav")
    assert np.abs(loaded.samples / 32768 - tone(RATE_HZ)).max() < 0.02
    assert loaded.notes == (f"converted {encoding} to 16 bits",)


def test_a_short_one_is_padded_and_a_long_one_cut_at_the_end(tmp_path):
    samples = np.arange(1, 20_001, dtype=np.int16)
    soundfile.write(tmp_path / "short.wav", samples[:10_000], RATE_HZ)
    soundfile.write(tmp_path / "long.wav", samples, RATE_HZ)
    short, long = load(tmp_path / "short.wav"), load(tmp_path / "long.wav")
    assert (short.samples[:10_000] == samples[:10_000]).all()
    assert not short.samples[10_000:].any()
    assert short.notes == ("padded with zeros at the end",)
    assert (long.samples == samples[:LENGTH]).all()
    assert long.notes == ("longer than 1 s: only the beginning was played",)


def test_what_is_louder_than_full_scale_is_clipped_and_said(tmp_path):
    soundfile.write(tmp_path / "a.wav", 4 * tone(RATE_HZ), RATE_HZ, subtype="FLOAT")
    loaded = load(tmp_path / "a.wav")
    assert (loaded.samples.min(), loaded.samples.max()) == (-32768, 32767)
    assert loaded.notes[-1] == "clipped"


@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_floats_that_were_never_scaled_are_named(tmp_path, subtype):
    soundfile.write(tmp_path / "a.wav", 20_000 * tone(RATE_HZ), RATE_HZ, subtype=subtype)
    with pytest.raises(
        RecordingError, match=r"holds floats up to 10,000, as if they were integers: full scale is 1\.0"
    ):
        load(tmp_path / "a.wav")


@pytest.mark.parametrize(
    ("suffix", "kind", "subtype"),
    [
        *(("ogg", "OGG", "VORBIS"), ("opus", "OGG", "OPUS"), ("mp3", "MP3", "MPEG_LAYER_III")),
        *((kind.lower(), kind, "PCM_16") for kind in ("AIFF", "W64", "RF64", "CAF", "AU")),
    ],
)
def test_other_forms_are_read(tmp_path, suffix, kind, subtype):
    file = tmp_path / f"a.{suffix}"
    soundfile.write(file, tone(RATE_HZ), RATE_HZ, format=kind, subtype=subtype)
    loaded = load(file)
    assert np.abs(loaded.samples[2000:14000]).max() == pytest.approx(16_384, rel=0.1)


def test_a_form_that_is_not_read_says_what_to_do(tmp_path):
    (tmp_path / "a.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(2_000))
    with pytest.raises(RecordingError, match=r"is of a format that the lab does not read \(\.m4a\): convert it to WAV"):
        load(tmp_path / "a.m4a")


def test_a_name_that_is_not_utf_8_is_refused_in_text_that_can_be_shown(tmp_path):
    file = tmp_path / os.fsdecode(b"z\xff.wav")
    file.touch()
    with pytest.raises(RecordingError, match=r"z\\xff\.wav has a name that is not UTF-8"):
        load(file)


@pytest.mark.parametrize("kind", ["WAV", "RF64", "W64", "AIFF", "CAF", "AU"])
@pytest.mark.parametrize("endian", ["FILE", "BIG"])
def test_samples_that_are_promised_and_missing_are_counted(tmp_path, kind, endian):
    if (kind, endian) in {("RF64", "BIG"), ("W64", "BIG")}:
        pytest.skip("such files are little-endian")
    whole = tmp_path / "whole"
    soundfile.write(whole, tone(RATE_HZ, 3.0), RATE_HZ, format=kind, subtype="PCM_16", endian=endian)
    load(whole)
    content = whole.read_bytes()
    (tmp_path / "cut").write_bytes(content[:-10_000])
    with pytest.raises(RecordingError, match="is truncated: 10,000 bytes of its samples are missing"):
        load(tmp_path / "cut")


def test_samples_are_missed_behind_any_length_of_other_chunks(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(RATE_HZ), RATE_HZ, subtype="PCM_16")
    content = (tmp_path / "a.wav").read_bytes()
    picture = b"JUNK" + struct.pack("<I", 200_000) + bytes(200_000)
    at = content.index(b"data")
    (tmp_path / "a.wav").write_bytes(content[:at] + picture + content[at:-100])
    with pytest.raises(RecordingError, match="is truncated: 100 bytes"):
        load(tmp_path / "a.wav")


@pytest.mark.parametrize("name", ["pipe.wav", "pipe.data", "zero.wav", "zero.cc"])
def test_what_has_no_end_is_refused(tmp_path, name):
    if name.startswith("pipe"):
        os.mkfifo(tmp_path / name)
    else:
        (tmp_path / name).symlink_to("/dev/zero")
    with pytest.raises(RecordingError, match="cannot be read: it is no regular file"):
        load(tmp_path / name)


def test_samples_cannot_be_changed_by_who_gets_them(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(RATE_HZ), RATE_HZ)
    with pytest.raises(ValueError, match="read-only"):
        load(tmp_path / "a.wav").samples[0] = 1


def whole(folder: Path, suffix: str) -> bytes:
    file = folder / f"whole.{suffix}"
    soundfile.write(file, np.random.default_rng(1).uniform(-1, 1, LENGTH), RATE_HZ, subtype="PCM_16")
    return file.read_bytes()


def no_frames(folder: Path) -> bytes:
    file = folder / "none.wav"
    soundfile.write(file, np.zeros(0), RATE_HZ)
    return file.read_bytes()


def not_a_number(folder: Path) -> bytes:
    file = folder / "nan.wav"
    soundfile.write(file, np.where(np.arange(LENGTH) == 5, np.nan, 0.1), RATE_HZ, subtype="FLOAT")
    return file.read_bytes()


def of_rate(folder: Path, rate_hz: int) -> bytes:
    content = bytearray(whole(folder, "wav"))
    struct.pack_into("<I", content, 24, rate_hz)
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.wav", lambda _: b"", "is empty"),
        ("a.flac", lambda _: b"", "is empty"),
        ("a.wav", lambda folder: whole(folder, "wav")[:-1000], "is truncated: 1,000 bytes"),
        ("a.wav", lambda folder: whole(folder, "wav")[:30], "is no audio"),
        ("a.flac", lambda folder: whole(folder, "flac")[:9000], "is truncated|is no audio"),
        ("a.flac", lambda folder: whole(folder, "flac")[:30], "is no audio"),
        ("a.wav", lambda _: b"<html>not found</html>", "is no audio"),
        ("a.wav", no_frames, "has no samples"),
        ("a.wav", not_a_number, "NaN"),
        ("a.wav", lambda folder: of_rate(folder, 3), "claims a rate of 3 Hz"),
        ("a.data", lambda _: b"\0\0\0", "is truncated"),
        ("a.cc", lambda _: b"int x[] = {1};", "holds no array of int16_t"),
        ("a.cc", lambda _: b"const int16_t x[] = {70000};", "16-bit numbers"),
    ],
)
def test_a_broken_recording_is_named_with_its_reason(tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content(tmp_path))
    with pytest.raises(RecordingError, match=reason) as broken:
        load(tmp_path / name)
    assert broken.value.message.startswith(str(tmp_path / name))


def test_a_missing_recording_is_named(tmp_path):
    with pytest.raises(RecordingError, match=r"a\.wav cannot be read: No such file"):
        load(tmp_path / "a.wav")


def test_a_wav_that_was_written_to_a_pipe_is_whole_whatever_size_it_claims(tmp_path):
    content = bytearray(whole(tmp_path, "wav"))
    struct.pack_into("<I", content, content.index(b"data") + 4, 0xFFFF_FFFF)
    (tmp_path / "piped.wav").write_bytes(content)
    assert (load(tmp_path / "piped.wav").samples == load(tmp_path / "whole.wav").samples).all()


def test_only_the_beginning_of_an_hour_is_read(tmp_path, monkeypatch):
    with soundfile.SoundFile(tmp_path / "hour.wav", "w", 8_000, 1, "PCM_16") as file:
        file.seek(8_000 * 60)
        file.write(np.zeros(8_000, dtype=np.int16))
    frames: list[int] = []
    read = soundfile.SoundFile.read

    def counting(self, count, **options):
        frames.append(count)
        return read(self, count, **options)

    monkeypatch.setattr(soundfile.SoundFile, "read", counting)
    load(tmp_path / "hour.wav")
    assert frames == [10_000]


ARRAY = """
// 1, 2
#include <cstdint>
alignas(16) const int16_t g_yes[4] = {
  -5, 0x10, /* 3, */ 7,  // eight: 8
  -32768,
};
"""


def test_an_array_of_c_is_read_with_its_comments_and_hexadecimal_numbers(tmp_path):
    (tmp_path / "yes_1000ms.cc").write_text(ARRAY)
    loaded = load(tmp_path / "yes_1000ms.cc")
    assert loaded.samples[:5].tolist() == [-5, 16, 7, -32768, 0]
