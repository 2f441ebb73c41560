"""What git says of the project's repository, with nothing run that the repository itself names.

A repository's configuration and attributes can name programs: hooks, a file system monitor, filters, external diffs, a
pager, a transport. A question about objects and references runs none of them but for fetching what is missing, which is
off here. To compare the working tree git would call filters; so that is asked in a git folder made for the question,
with the repository's objects and index, and of its configuration the settings of `_HARMLESS` alone. What the user's own
configuration names (Git LFS, say) runs as ever. git itself refuses a repository of another user (`safe.directory`).
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from lab import places

_TIME_LIMIT_S = 20
# Where a hook of git calls the lab, these would lead to that hook's repository and index.
_OF_ANOTHER_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
_RUNNING_NOTHING = {
    "GIT_ALLOW_PROTOCOL": "none",  # of a partial clone, objects that are not there stay missing
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_OPTIONS = ("--no-pager", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
# How files of the working tree are read; none names a program.
_HARMLESS = (
    *("core.fileMode", "core.autocrlf", "core.eol", "core.symlinks", "core.ignoreCase", "core.precomposeUnicode"),
    *("core.trustctime", "core.checkStat", "core.sparseCheckout", "core.sparseCheckoutCone"),
    *("core.repositoryFormatVersion", "extensions.objectFormat"),
)
_SETTING = re.compile(r"^(core|extensions)\.(\w+)(?: (\w+))?$", re.MULTILINE)


def ask(arguments: Sequence[str], said: str = "") -> str:
    """What git prints, of objects and references; nothing if it fails or is not there."""
    try:
        return _run([*_OPTIONS, "-C", str(places.project()), *arguments], said=said, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def state() -> str:
    """The commit that the project is at, with `-dirty` behind it unless every file that git tracks is as committed.

    Nothing where there is no git, no commit, or no repository that git lets this user read.
    """
    asked = ["HEAD^{commit}", "--absolute-git-dir", "--show-toplevel", "--git-path", "objects", "--git-path", "index"]
    commit, *paths = ask(["rev-parse", *asked]).splitlines() or [""]
    if len(paths) != len(("folder", "root", "objects", "index")):
        return commit and f"{commit}-dirty"
    try:
        return commit if _is_clean(commit, *(places.project() / path for path in paths)) else f"{commit}-dirty"
    except (OSError, subprocess.SubprocessError):
        return f"{commit}-dirty"


def _is_clean(commit: str, folder: Path, root: Path, objects: Path, index: Path) -> bool:
    with tempfile.TemporaryDirectory(prefix="lab-git-") as made:
        _make_folder(Path(made), commit, sparse=folder / "info" / "sparse-checkout")
        environment = {
            "GIT_DIR": made,
            "GIT_WORK_TREE": str(root),
            "GIT_OBJECT_DIRECTORY": str(objects),
            "GIT_INDEX_FILE": str(index),
        }
        command = ["-C", str(root), "diff", "--quiet", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty"]
        return _run([*_OPTIONS, *command, commit], environment).returncode == 0


def _make_folder(made: Path, commit: str, sparse: Path) -> None:
    """A git folder that is at the commit, and reads files as the repository does."""
    for name in ("info", "objects", "refs"):
        (made / name).mkdir()
    (made / "HEAD").write_text(f"{commit}\n", encoding="ascii")
    names = "|".join(name.lower().replace(".", r"\.") for name in _HARMLESS)
    listed = ask(["config", "--local", "--get-regexp", f"^({names})$"])
    # git prints a name without its value, and so means true.
    pairs = [(found[1], found[2], found[3] or "true") for found in _SETTING.finditer(listed)]
    lines = (f"[{section}]\n\t{key} = {value}\n" for section, key, value in pairs)
    (made / "config").write_text("".join(lines), encoding="ascii")
    if sparse.is_file():
        (made / "info" / sparse.name).write_bytes(sparse.read_bytes())


def _run(
    arguments: Sequence[str], environment: Mapping[str, str] | None = None, *, said: str = "", check: bool = False
) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER_REPOSITORY}
    return subprocess.run(
        ["git", *arguments],
        env={**own, **_RUNNING_NOTHING, **(environment or {})},
        input=said,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=_TIME_LIMIT_S,
        check=check,
    )
