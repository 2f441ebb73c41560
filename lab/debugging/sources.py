"""Where the sources lie that the debug information of the lab's own firmware names.

It says nothing of this machine's folders, so that an image is the same wherever it is built: CMake's recipes in
`firmware/` give them the names that are used here.
"""

from __future__ import annotations

import re
from pathlib import Path

from lab import places
from lab.building import kernels, tflm
from lab.measuring.request import Request

_SPECIAL = re.compile(r"([\s\\'\"])")


def folders(request: Request) -> dict[str, Path]:
    """The folder that each name stands for in the request's firmware, which was built; none in one that was brought."""
    if request.brought is not None:
        return {}
    library = kernels.choose(request.target, request.kernels, request.kernels_root).root
    own = {"firmware": places.project() / "firmware", "tflm": tflm.source(request.tflm_root).root}
    return own if library is None else {**own, "kernels": library}


def commands(request: Request) -> list[str]:
    """What tells GDB where the sources are, wherever it is started. GDB reads a path as words with backslashes."""
    found = ((name, _SPECIAL.sub(r"\\\1", str(folder.resolve()))) for name, folder in folders(request).items())
    return [f"set substitute-path {name} {folder}" for name, folder in found]
