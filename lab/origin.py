"""Where this very lab came from, and how pip installs it again: for colleagues, for CI, with an extra.

Never by its name alone: the lab is on no package index, and there the name is anybody's to take.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed

from lab.errors import UsageError

_DISTRIBUTION = "tinyml-device-lab"


@dataclass(frozen=True)
class Requirement:
    """A line of requirements.txt. `reachable` is false where it names a file or folder of this machine."""

    line: str
    reachable: bool


def of_this_lab() -> Requirement:
    """By what pip noted at the installation: PEP 610, Recording the Direct URL Origin of installed distributions.

    Where nothing is noted, a wheel beside requirements.txt that has yet to be put there.
    """
    origin = _noted()
    if origin is None:
        return Requirement(_wheel(), reachable=False)
    url = str(origin["url"])
    if "vcs_info" in origin:
        url = f"{origin['vcs_info']['vcs']}+{url}@{origin['vcs_info']['commit_id']}"
    elif digest := (origin.get("archive_info") or {}).get("hashes", {}).get("sha256"):
        url = f"{url}#sha256={digest}"
    return Requirement(f"{_DISTRIBUTION} @ {url}", reachable=not url.startswith("file:"))


def at(address: str) -> Requirement:
    """By an address that the user names: of a repository behind `git+`, of a wheel, or a path.

    Raises UsageError for what is neither, a name among them.
    """
    if "://" not in address:
        path = Path(address)
        if not path.exists():
            raise UsageError(
                f"{address} is neither an address nor a file or folder.",
                remedy="Name a repository (git+https://HOST/PATH@COMMIT), a wheel's address, or a path.",
            )
        return Requirement(f"{_DISTRIBUTION} @ {path.resolve().as_uri()}", reachable=False)
    line = f"{_DISTRIBUTION} @ {address}"
    try:
        Parsed(line)
    except InvalidRequirement as error:
        raise UsageError(
            f"pip would not understand the address {address!r}.", remedy="Write it without blanks: git+https://…"
        ) from error
    return Requirement(line, reachable=not address.startswith("file:"))


def with_extra(extra: str) -> str:
    """The line to type that adds an extra to this lab."""
    origin = _noted()
    if origin is None:
        return f"pip install '{_wheel()}[{extra}]', from where the lab's wheel is"
    if (origin.get("dir_info") or {}).get("editable"):
        return f"pip install --editable '{url2pathname(urlsplit(str(origin['url'])).path)}[{extra}]'"
    return f"pip install '{of_this_lab().line.replace(_DISTRIBUTION, f'{_DISTRIBUTION}[{extra}]', 1)}'"


def _noted() -> dict[str, Any] | None:
    noted = metadata.distribution(_DISTRIBUTION).read_text("direct_url.json")
    return None if noted is None else json.loads(noted)


def _wheel() -> str:
    return f"./{_DISTRIBUTION.replace('-', '_')}-{metadata.version(_DISTRIBUTION)}-py3-none-any.whl"
