"""Configuring and building a CMake project, and passing on what the compiler says about it."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from lab import disk, processes
from lab.building import tools
from lab.errors import BuildError, ConfigurationError, StorageError
from lab.output import one_line

_SETTINGS = "lab-settings.json"
_NOT_IN_A_PATH = re.compile(r"[$\";\\*?\[\]\x00-\x1f\x7f]")
"""What CMake, ninja or the linker read as something else than part of a name, however it is quoted."""
_LONGEST_DETAILS = 20_000
# In order of how much they say; the linker names the function first and what is wrong with it after that.
_COMPLAINTS = (
    re.compile(r"^(?P<place>[^\s:][^:\n]*:\d+(?::\d+)?): (?:fatal )?error: (?P<words>.*)$", re.MULTILINE),
    re.compile(
        r"^(?:\S*ld: )?(?P<place>\S+:\d+): (?P<words>(?:undefined reference|multiple definition).*)$", re.MULTILINE
    ),
    re.compile(r"^\S*ld: (?P<place>)(?P<words>.*(?:will not fit|overflowed|undefined reference).*)$", re.MULTILINE),
    re.compile(r"^\S*(?:ld|collect2): (?P<place>)(?P<words>.*)$", re.MULTILINE),
    re.compile(r"^CMake Error at (?P<place>\S+:\d+) [^\n]*\n\n?(?P<words>.*)$", re.MULTILINE),
)
_COMMAND = re.compile(r"(?:: && )?/\S*(?:ccache|gcc|g\+\+|c\+\+|cc|clang|cmake|ar)\s+-?\S")
_CCACHE_FAILED = "ccache: error: "


def build(project: Path, folder: Path, settings: Mapping[str, str | Path], *, link: Path | None = None) -> None:
    """Bring the build in `folder` up to date; configure it first where that was not done with these settings.

    Where ccache is installed it keeps what is compiled, for all builds of this project whatever folder they are in;
    and for all copies of the project too where a `link` is named, a path beside `folder` by which the compilers then
    find the project. The caller holds `folder` against other processes. Temporary files of compilers are in `folder` as
    well. Raises ToolMissing, ConfigurationError for paths that cannot be built in, BuildError with the compiler's own
    words in `details`, or StorageError when the disk is full.
    """
    for path in (project, folder, *(value for value in settings.values() if isinstance(value, Path))):
        _check(path)
    cmake, ninja = tools.require(tools.CMAKE), tools.require(tools.NINJA)
    settings = {**settings, **_launchers()}
    wanted = json.dumps({"project": str(project), **{name: str(value) for name, value in settings.items()}}, indent=1)
    if link is not None:
        _lead(link, project)
    if not _configured(folder, wanted):
        _configure(cmake, ninja, project, folder, settings, link)
        (folder / _SETTINGS).write_text(wanted, encoding="utf-8")
    done = processes.run([cmake.path, "--build", folder], environment=_environment(folder))
    if _CCACHE_FAILED in done.output:  # its folder cannot be written, say: nobody asked for it
        done = processes.run(
            [cmake.path, "--build", folder], environment={**_environment(folder), "CCACHE_DISABLE": "1"}
        )
    if done.status != 0:
        raise _failure(project, folder, _of_project(done.output, project, link))


def _lead(link: Path, project: Path) -> None:
    """Make the link to the project, or what it was left as by a process that was killed or by another project."""
    if link.is_symlink() and link.readlink() == project:
        return
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(project, target_is_directory=True)


def _of_project(output: str, project: Path, link: Path | None) -> str:
    """The output with the project's files by their own paths; ccache has them named from the build's folder on."""
    if link is None:
        return output
    return re.sub(
        rf"(?<![\w./-])(?:{re.escape(str(link))}|\.\./{re.escape(link.name)})/", lambda _: f"{project}/", output
    )


def _check(path: Path) -> None:
    if found := _NOT_IN_A_PATH.search(str(path)):
        raise ConfigurationError(
            f"{one_line(str(path))} cannot be built in: "
            f"CMake and ninja do not take {one_line(found[0])!r} as part of a path.",
            remedy="Give the folder a plainer name; LAB_CACHE moves the cache.",
            code="path-not-plain",
        )


def _launchers() -> dict[str, str]:
    """As CMake's settings, what starts each compiler."""
    found = shutil.which("ccache")
    return {f"CMAKE_{language}_COMPILER_LAUNCHER": found for language in ("C", "CXX")} if found else {}


def _environment(folder: Path) -> dict[str, str]:
    """The build's folder is another one for each content, and its headers are new, but it is nowhere in the objects."""
    return {
        "TMPDIR": str(folder),
        "CCACHE_BASEDIR": str(folder.parent),
        "CCACHE_NOHASHDIR": "1",
        "CCACHE_SLOPPINESS": "include_file_mtime,include_file_ctime",
    }


def _configured(folder: Path, wanted: str) -> bool:
    stamp = folder / _SETTINGS
    return (folder / "build.ninja").is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted


def _configure(
    cmake: tools.Tool,
    ninja: tools.Tool,
    project: Path,
    folder: Path,
    settings: Mapping[str, str | Path],
    link: Path | None,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    definitions = [f"-D{name}={value}" for name, value in settings.items()]
    program = f"-DCMAKE_MAKE_PROGRAM={ninja.path}"
    done = processes.run(
        [cmake.path, "-S", link or project, "-B", folder, "-G", "Ninja", program, *definitions],
        environment=_environment(folder),
    )
    if done.status != 0:
        raise _failure(project, folder, _of_project(done.output, project, link))


def _failure(project: Path, folder: Path, output: str) -> StorageError | BuildError:
    if disk.was_full(output):
        return disk.full(folder, elsewhere=disk.FOR_THE_CACHE, details=_words(output))
    found = next((found for pattern in _COMPLAINTS if (found := pattern.search(output))), None)
    first = "the build failed"
    if found:
        place = _below(project, found["place"])
        first = f"{place}: {found['words'].strip()}" if place else found["words"]
    return BuildError(
        f"{project.name} does not build: {first.rstrip('.')}.",
        remedy="Correct the source; what the compiler said is above.",
        details=_words(output),
    )


def _below(project: Path, place: str) -> str:
    return place.removeprefix(f"{project.parent}{os.sep}")


def _words(output: str) -> str:
    """What the tools said from the first failure on, without ninja's command lines."""
    lines = output.splitlines()
    first = next((n for n, line in enumerate(lines) if line.startswith("FAILED: ")), 0)
    kept = [line for line in lines[first:] if not line.startswith(("FAILED: ", "[", "ninja: ")) and line.strip()]
    return "\n".join(line for line in kept if not _is_command(line))[:_LONGEST_DETAILS] if kept else output


def _is_command(line: str) -> bool:
    """Ninja echoes the command that failed: one long line that starts with the compiler's path."""
    return bool(_COMMAND.match(line))
