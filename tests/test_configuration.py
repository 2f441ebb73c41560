"""TOML that is valid and that nothing behind could take: refused with file, line and key."""

from __future__ import annotations

import os

import pytest

from lab.configuration import Frozen, read_toml
from lab.errors import ConfigurationError


class Sized(Frozen):
    name: str = ""
    size: int = 0
    share: float = 0.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"name = ''\nsize = {'1' * 5_000}\n", "some.toml:2: an integer has more than 64 bits"),
        (f"\nsize = {'1' * 400}\n", "some.toml:2: size: it is an integer of more than 64 bits"),
        (f"\nsize = 0x{'f' * 5_000}\n", "some.toml:2: size: it is an integer of more than 64 bits"),
        ("\nshare = nan\n", "some.toml:2: share: it is no finite number"),
        ("\nshare = inf\n", "some.toml:2: share: it is no finite number"),
        ('\nname = "a\\u0000b"\n', "some.toml:2: name: it holds a null character"),
        (f"size = {'[' * 20_000}", "some.toml: it is nested too deeply"),
        ("\nsize = true\n", "some.toml:2: size: true is not what this key takes"),
        ("\nshare = false\n", "some.toml:2: share: false is not what this key takes"),
    ],
    ids=["5,000 digits", "400 digits", "hex", "NaN", "infinity", "null", "nested", "true", "false"],
)
def test_a_value_that_nothing_could_take_is_refused_at_its_place(tmp_path, text, said):
    file = tmp_path / "some.toml"
    file.write_text(text)
    with pytest.raises(ConfigurationError) as refused:
        read_toml(file, Sized)
    assert said in refused.value.message


def test_a_file_without_an_end_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    for name in ("pipe.toml", "zero.toml"):
        with pytest.raises(ConfigurationError, match="cannot be read: it is no regular file"):
            read_toml(tmp_path / name, Sized)
