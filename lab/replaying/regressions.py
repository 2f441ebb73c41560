"""Traces that a project keeps: `traces/<name>.toml` says what a firmware must report, so that mended bugs stay so."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from lab import places, target, workload
from lab.asked import Asked
from lab.configuration import Frozen, place, read_toml
from lab.errors import ConfigurationError, UnknownName
from lab.replaying.feed import Timing
from lab.replaying.wanted import Wanted

FOLDER = "traces"


class Regression(Frozen):
    """One of them. `name` and `file` come from where it is; `because` says which bug it is about.

    `trace` is relative to the file. Without `targets` it is replayed on each board that the workload names. The other
    keys are the options of `lab replay`.
    """

    name: str
    file: Path
    trace: str
    workload: str
    targets: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()
    expect_none: tuple[str, ...] = ()
    from_s: float = Field(default=0.0, ge=0, alias="from")
    to_s: float | None = Field(default=None, ge=0, alias="to")
    timing: Timing = "recorded"
    signal: str = ""
    because: str = ""

    @property
    def boards(self) -> tuple[str, ...]:
        """Names of the boards that it is replayed on. Raises UnknownName."""
        return tuple(board.name for board in target.chosen(workload.load(self.workload), self.targets or ("all",)))

    def wanted(self, asked: Asked) -> Wanted:
        """A replay of it, on the board and with the firmware that is asked for, which is of the same workload."""
        return Wanted(
            trace=self.file.parent / self.trace,
            asked=asked,
            expect=self.expect,
            expect_none=self.expect_none,
            from_s=self.from_s,
            to_s=self.to_s,
            timing=self.timing,
            signal=self.signal,
        )


def files() -> list[Path]:
    """Every one of the project, by name."""
    return sorted((places.project() / FOLDER).glob("*.toml"))


def load(file: Path) -> Regression:
    """The regression in a file.

    Raises ConfigurationError for one that expects nothing or has no trace, and UnknownName for its workload.
    """
    loaded = read_toml(file, Regression, name=file.stem, file=file)
    text = file.read_text(encoding="utf-8")
    if loaded.workload not in workload.names():
        raise UnknownName("workload", loaded.workload, workload.names(), where=place(file, text, "workload"))
    if not (file.parent / loaded.trace).is_file():
        raise ConfigurationError(
            f"{place(file, text, 'trace')}: there is no trace {loaded.trace}.",
            remedy="Name a file beside this one.",
            code="trace-missing",
        )
    if not (loaded.expect or loaded.expect_none):
        raise ConfigurationError(
            f"{file}: nothing is expected, so that nothing could fail.",
            remedy='Add what must be reported: expect = ["yes@2.1±0.3"], or expect_none = ["3.5-10"].',
            code="trace-expects-nothing",
        )
    return loaded
