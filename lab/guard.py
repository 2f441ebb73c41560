"""Ends what a process of the lab has started, once that process is gone: a program of its own.

    python -I -S guard.py MARK

Standard input is a pipe whose other end the lab alone has, so that it closes when the lab ends, however that goes.
Whatever then has the mark in its environment is killed: the compilers too that ninja starts in groups of their own, and
what they have started. The lab itself and this program do not have the mark there.
"""

import os
import signal
import sys
import time
from contextlib import suppress

_AGAIN_S, _TIMES = 0.02, 500


def marked(mark: bytes) -> list[int]:
    """Every process that has the mark in its environment, as far as we may look."""
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208 - no import that takes time
        if name.isdigit():
            # It may have ended just now, or be somebody else's.
            with suppress(OSError), open(f"/proc/{name}/environ", "rb") as file:  # noqa: PTH123
                if mark in file.read():
                    found.append(int(name))
    return found


def main(mark: str) -> None:
    """Wait for the lab's end, then leave none of its processes."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while os.read(0, 1):
        pass
    for _ in range(_TIMES):  # what was being started while we looked is found the next time
        left = marked(mark.encode())
        if not left:
            break
        for process in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        time.sleep(_AGAIN_S)


if __name__ == "__main__":
    main(sys.argv[1])
