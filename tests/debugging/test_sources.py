"""The line that starts GDB, whatever the folders are called."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

from lab.asked import Asked
from lab.cli._gdb import line_to_type
from lab.debugging import sources

from .terminals import GDB, needs_gdb

REQUEST = Asked.of(workload="keyword-spotting", engine="builtin").request()


@needs_gdb
def test_gdb_reads_paths_with_blanks_quotes_and_backslashes(tmp_path, monkeypatch):
    folder = tmp_path / 'it\'s a "lab" \\ of $HOME; `mine`'
    folder.mkdir()
    monkeypatch.setattr(sources, "folders", lambda _request: {"firmware": folder, "tflm": tmp_path})
    line = shlex.split(line_to_type(folder / "none.elf", REQUEST, 1))
    assert line[:2] == [GDB, str(folder / "none.elf")]
    told = [word for word in line if word.startswith("set substitute-path")]
    asked = [word for order in (*told, "show substitute-path") for word in ("-ex", order)]
    said = subprocess.run([GDB, "-nx", "-batch", *asked], capture_output=True, text=True, check=True).stdout
    assert re.findall(r"`(.*)' -> `(.*)'", said) == [("firmware", str(folder)), ("tflm", str(tmp_path))]


def test_of_a_firmware_that_was_brought_no_folder_is_named():
    brought = replace(REQUEST, brought=object())
    assert line_to_type(Path("own.elf"), brought, 7) == f"{GDB} own.elf -ex 'target remote 127.0.0.1:7'"
