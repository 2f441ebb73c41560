"""What pip is told to install this very lab elsewhere: for colleagues, and for CI."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import metadata
from typing import Any

_DISTRIBUTION = "tinyml-device-lab"


@dataclass(frozen=True)
class Requirement:
    """A line of requirements.txt. `reachable` is false where the lab came from a file or folder of this machine."""

    line: str
    reachable: bool


def of_this_lab() -> Requirement:
    """By what pip noted at the installation: PEP 610, Recording the Direct URL Origin of installed distributions."""
    installed = metadata.distribution(_DISTRIBUTION)
    noted = installed.read_text("direct_url.json")
    pinned = f"{_DISTRIBUTION}=={installed.version}"
    if noted is None:
        return Requirement(pinned, reachable=True)
    origin: dict[str, Any] = json.loads(noted)
    url = str(origin["url"])
    if url.startswith("file:"):
        return Requirement(pinned, reachable=False)
    if "vcs_info" in origin:
        url = f"{origin['vcs_info']['vcs']}+{url}@{origin['vcs_info']['commit_id']}"
    return Requirement(f"{_DISTRIBUTION} @ {url}", reachable=True)
