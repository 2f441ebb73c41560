"""Files from outside: only regular ones, never more than wanted, and JSON that the code behind can take."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lab import files


def test_a_file_is_read_whole(tmp_path):
    (tmp_path / "a").write_bytes(b"12345")
    assert files.content(tmp_path / "a", 5) == b"12345"


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "large").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(OSError, match="it has 1,099,511,627,776 bytes, and 1,000 are the most that is read"):
        files.content(tmp_path / "large", 1_000)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_a_device_is_refused(device):
    with pytest.raises(OSError):  # noqa: PT011 - /dev/tty cannot be opened where there is none
        files.content(Path(device), 1_000)


def test_a_pipe_that_nobody_writes_to_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="it is no regular file"):
        files.content(tmp_path / "pipe", 1_000)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(IsADirectoryError):
        files.content(tmp_path, 1_000)


def test_what_has_no_size_of_its_own_is_read_up_to_the_limit():
    with pytest.raises(OSError, match="it has more than 10 bytes"):
        files.content(Path("/proc/self/maps"), 10)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b'{"a": [1, 9223372036854775808]}', r"a\.1 is an integer of more than 64 bits"),
        (b'{"a": %s}' % (b"9" * 5_000), "number out of range"),
        (b'{"a": 1e999}', "a is no finite number"),
        (b'{"a": NaN}', "expected value at line 1"),
        (b'"\\ud800"', "hex escape"),
        (b"[" * 100_000, "recursion limit"),
        (b"\xff", "it is not text in UTF-8"),
        (b"", "EOF"),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else "",
)
def test_json_that_nothing_behind_could_take_is_refused_with_the_place(text, why):
    with pytest.raises(files.NotJson, match=why):
        files.parsed_json(text)


def test_a_slip_in_json_is_told_with_its_line():
    with pytest.raises(files.NotJson) as told:
        files.parsed_json(b'{\n"a": x}')
    assert told.value.line == 2
