"""What renode-run, the installer of Renode's makers, keeps about the Renodes that it has installed.

github.com/antmicro/renode-run, `renode_run/utils.py`, `ConfigFile`: since 2.0 the file lists every installation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path


def installed() -> Iterator[Path]:
    """The program of each Renode that renode-run has installed and that is still there, its default first.

    A file that is not as renode-run writes it lists nothing: it is not the lab's.
    """
    content = _configuration()
    folders = [*_table(content, "default").values(), *_table(content, "installations")]
    for folder in dict.fromkeys(str(folder) for folder in folders):
        if (program := Path(folder) / "renode").is_file():
            yield program


def configuration_file() -> Path:
    """Where renode-run keeps its configuration."""
    return Path.home() / ".config" / "renode" / "renode-run.json"


def _configuration() -> object:
    try:
        return json.loads(configuration_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _table(content: object, key: str) -> dict[str, object]:
    value = content.get(key) if isinstance(content, dict) else None
    return value if isinstance(value, dict) else {}
