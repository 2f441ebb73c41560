"""Running compilers and build tools to their end, without leaving one behind."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_GRACE_S = 5.0


@dataclass(frozen=True)
class Finished:
    """A program that ended: its exit status, and what it printed on both streams in the order printed."""

    status: int
    output: str


def run(
    command: Sequence[str | Path],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    limit_s: float | None = None,
) -> Finished:
    """Run a program to its end, with `environment` added to this process's own.

    Raises OSError if it cannot be started, subprocess.TimeoutExpired if it takes longer than `limit_s` seconds.

    The program leads a process group of its own: when this process is interrupted the whole group is ended, so
    that no compiler goes on in the background.
    """
    with subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=limit_s)
        except BaseException:
            _end(process)
            raise
    return Finished(process.returncode, output.decode("utf-8", "replace"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the group: ninja and cargo tidy up on SIGTERM, whatever remains is killed."""
    with suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(_GRACE_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
