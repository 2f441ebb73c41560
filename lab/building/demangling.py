"""C++ names as they were written."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence

_PATIENCE_S = 60.0


def demangled(names: Sequence[str], prefix: str) -> list[str]:
    """The names as people write them, by the c++filt of the toolchain with that prefix (`arm-none-eabi-`).

    Without one, and for names that are not mangled, they are what they were.
    """
    program = shutil.which(f"{prefix}c++filt") or shutil.which("c++filt")
    if program is None or not names:
        return list(names)
    try:
        done = subprocess.run(
            [program], input="\n".join(names), capture_output=True, text=True, check=False, timeout=_PATIENCE_S
        )
    except (subprocess.TimeoutExpired, UnicodeError):  # names that no compiler made
        return list(names)
    readable = done.stdout.split("\n")
    return readable if done.returncode == 0 and len(readable) == len(names) else list(names)
