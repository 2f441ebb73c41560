"""Dumps that no recorder of ours has sent, and logs without any."""

from __future__ import annotations

import numpy as np
import pytest

from lab.errors import RecordingError, UsageError
from lab.recorder import dump, lines, log, tracing
from tests.recorder import making

HEARD = np.arange(300, dtype=np.int16)


def read(*payloads: bytes) -> dump.Dump:
    (pieces,) = lines.heard(making.lines(payloads))
    return dump.read(pieces, "device.log")


@pytest.mark.produces("recorder-no-dump")
@pytest.mark.parametrize(
    "content",
    [b"", b"boot\n", b"#FR:\n", b"\xff\xfe\x00#FR:0001:000000:AAAA:00000000\n"],
    ids=["empty", "no line", "no payload", "wrong checksum"],
)
def test_a_log_without_a_dump_is_refused(tmp_path, content):
    file = tmp_path / "device.log"
    file.write_bytes(content)
    with pytest.raises(RecordingError, match="nothing of a flight recorder") as error:
        log.chosen(log.read(file), None, str(file))
    assert error.value.code == "recorder-no-dump"


@pytest.mark.produces("recorder-header")
def test_a_dump_without_both_its_ends_is_refused():
    with pytest.raises(RecordingError, match="lacks its first line and its last one") as error:
        read(*making.payloads(HEARD)[1:-1])
    assert error.value.code == "recorder-header"


def test_of_several_dumps_the_last_is_taken_or_the_one_that_is_named():
    found = lines.heard(
        one for number in range(3) for one in making.lines(making.payloads(HEARD[: 10 + number]), number)
    )
    assert len(log.chosen(found, None, "it").samples) == 12
    assert len(log.chosen(found, 2, "it").samples) == 11
    with pytest.raises(UsageError, match="it has no dump 4") as error:
        log.chosen(found, 4, "it")
    assert error.value.remedy == "Name one from 1 to 3."


@pytest.mark.produces("recorder-dump")
def test_a_dump_that_claims_more_than_there_can_be_is_refused():
    with pytest.raises(RecordingError, match="claims 4,294,967,295 frames"):
        read(making.header(b"H", 2**32 - 1), *making.samples(HEARD.reshape(-1, 1)))


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (making.header(b"H", 0), "claims 0 frames of 0"),
        (making.header(b"H", 10, channels=0), "0 channels"),
        (making.header(b"H", 10, rate_hz=0), "0 Hz"),
        (making.header(b"H", 10, steps=0), "0 steps"),
        (making.header(b"H", 2**26, rate_hz=0.001), "0.001 Hz"),
        (making.header(b"H", 10, frames=11), "claims 11 frames of 10"),
        (making.header(b"H", 10)[:20], "a header that is too short"),
        (making.header(b"H", 10, texts=("only one",)), "a header that is too short"),
        (b"H\2" + making.header(b"H", 10)[2:], "is of version 2"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_header_that_cannot_be_is_refused(header, said):
    with pytest.raises(RecordingError, match=said) as error:
        read(header, *making.samples(HEARD[:5].reshape(-1, 1)))
    assert error.value.code == "recorder-dump"


@pytest.mark.parametrize(
    "payload",
    [b"S\0\0\0\0\0", b"S\0\0", b"S\x2a\1\0\0" + bytes(6), b"S\0\0\0\0" + bytes(4)],
    ids=["half a sample", "no place", "beyond the end", "where others are"],
)
def test_samples_that_cannot_be_are_refused(payload):
    with pytest.raises(RecordingError):
        read(making.header(b"H", 300), *making.samples(HEARD.reshape(-1, 1)), payload)


def test_lines_that_a_later_recorder_may_send_are_left_out():
    first, *others = making.payloads(HEARD)
    found = read(first, b"Zsomething", b"I\0", making.inference(400, 1, 0, False, (1, 2)), *others)
    assert found.samples[:, 0].tolist() == HEARD.tolist()
    assert found.inferences == ()


def test_axes_that_are_not_named_are_counted():
    values = np.zeros((5, 3), np.int16)
    found = read(*making.payloads(values, texts=("accelerometer", "x,y", "g", "mine", "asked for")))
    assert found.header.axes == ("1", "2", "3")


def test_what_a_device_calls_things_is_safe_to_print():
    texts = ("mic\x1b[2J", "sound", "", "mine\n::error::", "why\t")
    trace = tracing.trace(read(*making.payloads(HEARD, texts=texts)))
    said = [trace.signals[0].name, *(mark.text for mark in trace.marks)]
    assert all(text.isprintable() for text in said)
