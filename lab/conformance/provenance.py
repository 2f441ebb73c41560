"""Where a record comes from."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable

import lab
from lab.building import tools
from lab.target import Target


def of(targets: Iterable[Target]) -> dict[str, str]:
    """Versions of the lab, of the machine and of each target's compiler; a hash of each platform description.

    Raises ToolMissing.
    """
    found = {"lab": lab.__version__, "host": platform.platform()}
    for target in targets:
        found[f"compiler {target.name}"] = tools.require(tools.cross_compiler(target.toolchain.prefix)).version
        found[f"platform {target.name}"] = hashlib.sha256(target.repl.read_bytes()).hexdigest()
    return found
