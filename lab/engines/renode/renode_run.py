"""renode-run, the installer of Renode's makers: what it has installed, and installing with it.

github.com/antmicro/renode-run, read at 0.5.0: `ConfigFile` in `renode_run/utils.py` lists every installation since its
version 2.0, and `install` takes an archive. (`download` takes nightly builds alone, and checks no hash.)
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from lab import files, processes


def installed() -> Iterator[Path]:
    """The program of each Renode that renode-run has installed and that is still there, its default first.

    A file that is not as renode-run writes it lists nothing: it is not the lab's.
    """
    content = _configuration()
    folders = [*_table(content, "default").values(), *_table(content, "installations")]
    for folder in dict.fromkeys(str(folder) for folder in folders):
        if (program := Path(folder) / "renode").is_file():
            yield program


def install(archive: Path, number: str, say: Callable[[str], None]) -> None:
    """Give a portable Renode of that version to the user's renode-run, if there is one.

    One that refuses, as those do that are older than `install`, is said with its last line, and nothing else.
    """
    program = shutil.which("renode-run")
    if program is None:
        return
    options = ("--renode-variant", "dotnet-portable", "--version-override", number)
    try:
        done = processes.run([program, "install", archive, *options])
    except OSError as error:
        say(f"{program} cannot be started: {error.strerror}")
        return
    lines = [line.strip("│ ") for line in done.output.splitlines() if any(map(str.isalnum, line))]  # without its frames
    last = (lines or [f"it ends with status {done.status}"])[-1]
    say(f"renode-run: {last}" if done.status == 0 else f"{program} does not install it: {last}")


def configuration_file() -> Path:
    """Where renode-run keeps its configuration."""
    return Path.home() / ".config" / "renode" / "renode-run.json"


def _configuration() -> object:
    try:
        return files.parsed_json(files.content(configuration_file(), files.MEGABYTE))
    except (OSError, files.NotJson):
        return {}


def _table(content: object, key: str) -> dict[str, object]:
    value = content.get(key) if isinstance(content, dict) else None
    return value if isinstance(value, dict) else {}
