"""The programs that building calls: where they are, how old they may be, and what installs them."""

from __future__ import annotations

import platform
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lab import processes
from lab.errors import ToolMissing

_INSTALLERS = (
    ("apt-get", "apt-get install"),
    ("dnf", "dnf install"),
    ("pacman", "pacman -S"),
    ("brew", "brew install"),
)
_LINKER_FOLDER = re.compile(r'"?-L([^\s"]+)')


@dataclass(frozen=True)
class Program:
    """A program by the name it is called by, the oldest version that will do, and what it is for.

    `packages` names, by package manager, what brings it.
    """

    name: str
    purpose: str
    packages: dict[str, str]
    oldest: tuple[int, ...] = ()


@dataclass(frozen=True)
class Tool:
    """A program that was found; `version` is the first line it prints about itself, `number` the version in it."""

    program: Program
    path: Path
    version: str
    number: tuple[int, ...]


CMAKE = Program(
    "cmake",
    "configures the firmware",
    {"apt-get": "cmake", "dnf": "cmake", "pacman": "cmake", "brew": "cmake"},
    (3, 22),
)
NINJA = Program(
    "ninja",
    "runs the compilers",
    {"apt-get": "ninja-build", "dnf": "ninja-build", "pacman": "ninja", "brew": "ninja"},
)
# Cargo 1.70 is the first to speak the sparse index protocol by default; Debian 12's own is older, its cargo-web is not.
CARGO = Program(
    "cargo",
    "fetches the TFLM sources",
    {"apt-get": "cargo-web", "dnf": "cargo", "pacman": "rust", "brew": "rust"},
    (1, 70),
)
HOST_COMPILER = Program(
    "c++",
    "compiles the features for this machine",
    {"apt-get": "g++", "dnf": "gcc-c++", "pacman": "gcc", "brew": "gcc"},
    (7,),
)
HOST_C_COMPILER = Program(
    "cc",
    "compiles the built-in engine's shim for this machine",
    {"apt-get": "gcc", "dnf": "gcc", "pacman": "gcc", "brew": "gcc"},
)


def cross_compiler(prefix: str) -> Program:
    """The C compiler of a toolchain, by the prefix of its programs (`arm-none-eabi-`)."""
    return Program(f"{prefix}gcc", "compiles the firmware", _cross_packages(prefix), (10,))


def assembler(prefix: str) -> Program:
    """The assembler of a toolchain, by the prefix of its programs."""
    return Program(f"{prefix}as", "assembles instructions", _cross_packages(prefix))


def linker(prefix: str) -> Program:
    """The linker of a toolchain, by the prefix of its programs."""
    return Program(f"{prefix}ld", "links the firmware", _cross_packages(prefix))


def _cross_packages(prefix: str) -> dict[str, str]:
    triple = prefix.rstrip("-")
    if triple.startswith("riscv"):
        return {"apt-get": f"gcc-{triple} picolibc-{triple}"}  # nobody else packages it with picolibc
    return {
        "apt-get": f"gcc-{triple} libnewlib-{triple} libstdc++-{triple}-newlib",
        "dnf": f"{prefix}gcc-cs {prefix}gcc-cs-c++ {prefix}newlib",
        "pacman": f"{prefix}gcc {prefix}newlib",
        "brew": "--cask gcc-arm-embedded",
    }


def require(program: Program) -> Tool:
    """The program, found on PATH. Raises ToolMissing where it is absent, broken or too old."""
    found = shutil.which(program.name)
    if found is None:
        raise ToolMissing(f"{program.name} is not installed; it {program.purpose}.", remedy=how_to_install([program]))
    tool = _examine(program, found)
    if tool.number < program.oldest:
        raise ToolMissing(
            f"{found} is version {_dotted(tool.number)}; {_dotted(program.oldest)} or newer is needed.",
            remedy=how_to_install([program]),
            code="tool-too-old",
        )
    return tool


@cache
def _asked_version(path: str) -> processes.Finished:
    return processes.run([path, "--version"])


def _examine(program: Program, path: str) -> Tool:
    try:
        answer = _asked_version(path)
    except OSError as error:
        raise ToolMissing(
            f"{path} cannot be started: {error.strerror}.", remedy=how_to_install([program]), code="tool-broken"
        ) from error
    if answer.status != 0:
        raise ToolMissing(
            f"{path} --version ended with status {answer.status}.",
            remedy=how_to_install([program]),
            details=answer.output,
            code="tool-broken",
        )
    line = answer.output.strip().splitlines()[0] if answer.output.strip() else ""
    numbers: list[str] = re.findall(r"\d+(?:\.\d+)+", line)
    number = tuple(int(part) for part in numbers[-1].split(".")) if numbers else ()
    return Tool(program, Path(path), line, number)


def library(compiler: Tool, file: str, flags: Iterable[str] = ()) -> Path:
    """A static library of the compiler, for these code generation flags. Raises ToolMissing if it lacks it."""
    answer = processes.run([compiler.path, *flags, f"-print-file-name={file}"])
    path = Path(answer.output.strip())
    if answer.status == 0 and path.is_absolute():  # GCC answers with the bare name for a file that it does not find
        return path
    # A C library that comes with a specs file, as picolibc does, is known to the linker's command alone.
    for folder in _LINKER_FOLDER.findall(processes.run([compiler.path, *flags, "-nostdlib", "-###", "x.o"]).output):
        if (Path(folder) / file).is_file():
            return Path(folder) / file
    raise ToolMissing(
        f"{compiler.program.name} has no {file} for {' '.join(flags) or 'its default core'}.",
        remedy=how_to_install([compiler.program]),
        code="library-missing",
    )


def how_to_install(programs: Iterable[Program]) -> str:
    """The command to type on this machine, for the first package manager that it has."""
    wanted = list(programs)
    for manager, command in _INSTALLERS:
        if shutil.which(manager) and all(manager in program.packages for program in wanted):
            packages = " ".join(program.packages[manager] for program in wanted)
            return f"Type: {command} {packages}"
    names = ", ".join(program.name for program in wanted)
    return f"Install {names} with this system's package manager ({platform.system()})."


def _dotted(number: tuple[int, ...]) -> str:
    return ".".join(map(str, number))
