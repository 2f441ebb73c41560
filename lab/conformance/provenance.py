"""Where a record comes from."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable

import lab
from lab.building import tools
from lab.engines.renode.installation import Installation
from lab.engines.renode.settings import QUANTUM_NS
from lab.target import Target

_SETTINGS = (
    f"quantum {QUANTUM_NS:,} ns, serial execution, advance immediately, "
    "time synchronised before every write to a device on the bus"
)


def of(renode: Installation, targets: Iterable[Target]) -> dict[str, str]:
    """Versions of the lab, Renode, the machine and each target's compiler; how Renode was set; hashes of platforms.

    Raises ToolMissing.
    """
    found = {
        "lab": lab.__version__,
        "renode": renode.build or renode.version,
        "host": platform.platform(),
        "settings": _SETTINGS,
    }
    for target in targets:
        found[f"compiler {target.name}"] = tools.require(tools.cross_compiler(target.toolchain.prefix)).version
        found[f"platform {target.name}"] = hashlib.sha256(target.repl.read_bytes()).hexdigest()
    return found
