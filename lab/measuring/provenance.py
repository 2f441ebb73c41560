"""Where a result comes from: versions of what took part, and the commit of the project."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import lab
from lab import git, places

_PACKAGES = ("unicorn", "tflite-micro", "numpy", "robotframework")
# Of CI: the folder of the checkout, the commit, and the branch, tag or pull request, as GitHub's "Variables reference"
# and GitLab's "Predefined CI/CD variables" name them.
_CHECKED_OUT = (
    ("GITHUB_WORKSPACE", "GITHUB_SHA", ("GITHUB_REF",)),
    ("CI_PROJECT_DIR", "CI_COMMIT_SHA", ("CI_MERGE_REQUEST_REF_PATH", "CI_COMMIT_REF_NAME")),
)


def collect() -> dict[str, str]:
    """Versions by name, and where the project folder is a checkout its commit.

    `git` is "<commit>", or "<commit>-dirty" where files differ from it; where git is missing or may not read the
    checkout, the commit that CI says it has checked out. `ref` is the branch, tag or pull request that CI names.
    """
    versions = {"lab": lab.__version__, "python": platform.python_version(), "host": platform.platform()}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = "missing"
    said = dict(_said_by_ci())
    if state := git.state():
        said["git"] = state
    return {**versions, **said}


def _said_by_ci() -> Iterator[tuple[str, str]]:
    """Of a project that is in the folder that CI has checked out, or is it."""
    for folder, commit, refs in _CHECKED_OUT:
        checkout = os.environ.get(folder)
        if not checkout or not places.project().is_relative_to(Path(checkout).resolve()):
            continue
        if value := os.environ.get(commit):
            yield "git", value
        if value := next(filter(None, map(os.environ.get, refs)), ""):
            yield "ref", value
