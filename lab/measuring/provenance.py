"""Where a result comes from: versions of what took part and the state of the project's git checkout."""

from __future__ import annotations

import platform
import subprocess
from importlib import metadata

import lab
from lab import places

_PACKAGES = ("unicorn", "tflite-micro", "numpy", "robotframework")


def collect() -> dict[str, str]:
    """Versions by name, and `git` where the project folder is a checkout ("<commit>" or "<commit>-dirty")."""
    versions = {"lab": lab.__version__, "python": platform.python_version(), "host": platform.platform()}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = "missing"
    state = _git_state()
    return {**versions, "git": state} if state else versions


def _git_state() -> str:
    try:
        done = subprocess.run(
            [
                "git",
                "-C",
                str(places.project()),
                "describe",
                "--always",
                "--dirty",
                "--abbrev=40",
                "--exclude=*",
            ],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
