"""Everything that can go wrong, as one tree; each branch has one exit code.

    LabError
    ├── UsageError 2                  what was asked for or configured cannot be done
    │   ├── UnknownName               no such workload, target, engine; suggests the nearest
    │   ├── ConfigurationError        a .toml or .repl that does not say what it must
    │   ├── RecordingError            a recording that cannot be read or used
    │   ├── ModelError                a .tflite that is broken or does not fit
    │   │   └── ModelRefused          the host's interpreter does not take it
    │   └── BuildError                firmware that does not compile or link
    ├── FirmwareError 1               the firmware ran and did wrong
    │   ├── DeviceFault               a fault, lock-up, or access to nothing
    │   ├── FirmwareExit              it ended itself
    │   ├── DeviceSilent              virtual time ran out without the awaited line
    │   └── ArenaTooSmall             TFLM could not allocate its tensors
    └── InfrastructureError 3         the lab's own surroundings failed
        ├── ToolMissing               a compiler or program that is not installed
        ├── EngineError               the emulator broke, or the host watchdog ended it
        │   └── EngineDied            its process is gone; another one may do better
        ├── DownloadError             network or checksum
        └── StorageError              disk full, or a folder that cannot be written

An error is raised where the facts are known and rendered in one place, `lab.cli`. `message` says what failed and
where; `remedy` what to do next; `details` carries the last output (compiler, device log, trace), possibly empty.

Every error has a `code` of plain words, such as `toml-syntax`: what a person searches for and a script compares, in the
terminal (`error[toml-syntax]: ...`), in `result.json` and in the table of `docs/troubleshooting.md`, where a test holds
each code to one that provokes it. A class has a code of its own; where its errors ask for different things to be done,
the place that raises one gives a finer `code`. A code stays when words or classes change, and is never used again for
something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches

REPORT = "Please report it, with what `lab doctor --json` says."
"""The remedy where nothing that a user does is to blame."""

CHECK_NETWORK = "Check the network and the proxy (HTTPS_PROXY), then start the command again."
"""The remedy where a package manager could not fetch what the lab needs."""

_MOST_LISTED, _MOST_NEAR, _MOST_COMPARED = 100, 10, 20_000
"""Names: more are not listed but the nearest, which are looked for among so many."""


class LabError(Exception):
    """Base of all errors that a user can meet."""

    exit_code = 3
    code = "infrastructure"

    def __init__(self, message: str, *, remedy: str = "", details: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.details = details
        if code:
            self.code = code

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by state, so that errors cross process borders whatever their constructors take."""
        return (_rebuild, (type(self), self.args, self.__dict__))


def _rebuild(kind: type[LabError], args: tuple[object, ...], state: dict[str, object]) -> LabError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


def did_you_mean(name: str, known: Iterable[str], *, at_least: float = 0.6) -> str:
    """A question with the nearest of the known names, for the end of a message; nothing if none is near.

    `at_least` is how alike they have to be, as `difflib` counts it: 1 is the same.
    """
    near = get_close_matches(name, list(known), n=1, cutoff=at_least)
    return f" Did you mean {near[0]!r}?" if near else ""


def shortened(lines: Sequence[str], most: int) -> list[str]:
    """The first lines of `details`, with how many there are besides."""
    left = len(lines) - most
    return [*lines[:most], *([f"  … and {left:,} more"] if left > 0 else [])]


def _listed(name: str, known: Sequence[str]) -> str:
    """The known names; of many, such as all variables of a firmware, those that are most like the one in question."""
    if len(known) <= _MOST_LISTED:
        return ", ".join(known) or "none"
    near = get_close_matches(name, known[:_MOST_COMPARED], n=_MOST_NEAR, cutoff=0.0)
    return f"{', '.join(near)}, and {len(known) - len(near):,} others"


class UsageError(LabError):
    """Arguments or configuration that cannot be followed."""

    exit_code = 2
    code = "usage"


class UnknownName(UsageError):
    """A name that nothing carries."""

    code = "unknown-name"

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "") -> None:
        """`where` is the file and line that say the name, nothing for one that was typed."""
        names = sorted(known)
        super().__init__(
            (f"{where}: " if where else "") + f"There is no {kind} named {name!r}.{did_you_mean(name, names)}",
            remedy=f"Known: {_listed(name, names)}.",
        )


@contextmanager
def named_in(where: str) -> Iterator[None]:
    """A name is said by `where`, a file: the error for one that is of no use, or of nothing, begins with that.

    The error for a configuration file begins with its own.
    """
    try:
        yield
    except ConfigurationError:
        raise
    except UsageError as error:
        error.message = f"{where}: {error.message}"
        error.args = (error.message,)
        raise


class ConfigurationError(UsageError):
    """A configuration file that does not say what it must; the message starts with file and line or key."""

    code = "configuration"


class RecordingError(UsageError):
    """A recording that cannot be read or used."""

    code = "recording"


class ModelError(UsageError):
    """A model that is broken or does not fit the workload."""

    code = "model"


class ModelRefused(ModelError):
    """A model that an interpreter on the host does not take, or does not run."""

    code = "model-refused"


class BuildError(UsageError):
    """Firmware that does not compile or link; `details` has the compiler's own words."""

    code = "build"


class FirmwareError(LabError):
    """The firmware ran and did wrong."""

    exit_code = 1
    code = "firmware"


class DeviceFault(FirmwareError):
    """A fault, a lock-up, or execution or access where there is no memory."""

    code = "device-fault"


class ChipReset(DeviceFault):
    """The chip is about to be reset: the machine stands before it, and may let it happen."""


class FirmwareExit(FirmwareError):
    """The firmware ended itself where it must go on; `status` is 0 where it says that all is well."""

    code = "firmware-exit"

    def __init__(self, status: int, *, remedy: str) -> None:
        super().__init__(f"The firmware ended itself by semihosting, with status {status}.", remedy=remedy)
        self.status = status


class DeviceSilent(FirmwareError):
    """Virtual time ran out before the awaited line."""

    code = "device-silent"


class ArenaTooSmall(FirmwareError):
    """TFLM could not allocate its tensors."""

    code = "arena-too-small"


class InfrastructureError(LabError):
    """The lab's surroundings failed."""


def out_of_memory() -> InfrastructureError:
    """The error for a process that may have no more memory, to be raised or said."""
    return InfrastructureError(
        "The lab has no memory left.",
        remedy="Free some memory, raise the limit (ulimit -v), or use --jobs 1.",
        code="out-of-memory",
    )


class ToolMissing(InfrastructureError):
    """A program that the lab calls is not installed, or too old."""

    code = "tool-missing"


class EngineError(InfrastructureError):
    """The emulator itself broke, or the host watchdog ended it."""

    code = "engine"


class EngineDied(EngineError):
    """The emulator's process ended or answered nonsense; the same again in a new one may succeed."""

    code = "engine-died"


class DownloadError(InfrastructureError):
    """Network trouble or a wrong checksum."""

    code = "download"


class StorageError(InfrastructureError):
    """Disk full, or a folder that cannot be written."""

    code = "storage"
