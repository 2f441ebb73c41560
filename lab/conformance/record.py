"""What a real Renode did, kept in a file: compared with where no Renode is installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from lab import disk, files
from lab.configuration import Frozen
from lab.conformance.feeds import Feeds
from lab.conformance.observation import Observation, Packed
from lab.errors import UsageError

_MOST_BYTES = 64 * files.MEGABYTE


class Run(Feeds):
    """One firmware on one target.

    `image` is the SHA-256 of what was loaded, `stimulus` that of the samples that were played ("" for none). A probe's
    `elf` and feeds are kept, so that its events can be compared whatever compiler there is, with a hash of its
    `sources`. The lab's own firmware is built anew: for the day when another image comes of it, its `handlers` are
    kept, and a hash of how its `features` are computed.
    """

    target: str
    name: str = Field(pattern=r"^[^\x00-\x1f]{1,300}$")
    seconds: float = Field(gt=0, le=3_600)
    stimulus: str = ""
    image: str
    sources: str = ""
    elf: Packed | None = None
    features: str = ""
    handlers: tuple[str, ...] = ()
    observation: Observation

    @property
    def firmware(self) -> str:
        """The probe or workload: what a name has before that of a recording."""
        return self.name.partition(" ")[0]


class Record(Frozen):
    """`provenance` says what took part: toolchain, lab, machine, and how Renode was set.

    Where that was another for one firmware alone, its name and a colon are before the key.
    """

    form: Literal[1] = Field(alias="schema")
    renode: str
    provenance: dict[str, str]
    runs: tuple[Run, ...]

    @property
    def targets(self) -> list[str]:
        """Targets in the order of the record, each once."""
        return list(dict.fromkeys(run.target for run in self.runs))

    def find(self, target: str, name: str) -> Run | None:
        """The run of that firmware on that target."""
        return next((run for run in self.runs if (run.target, run.name) == (target, name)), None)

    def renewed(self, by: Record) -> Record:
        """With all runs of the firmwares that the other has, and those alone, in the place of its own."""
        renewed = {(run.target, run.firmware) for run in by.runs}
        others = tuple(run for run in self.runs if (run.target, run.firmware) not in renewed)
        if not others:
            return by
        names = dict.fromkeys(run.firmware for run in by.runs)
        still = {key: value for key, value in self.provenance.items() if key.partition(": ")[0] not in names}
        new = {key: value for key, value in by.provenance.items() if self.provenance.get(key) != value}
        of_the_new = {f"{name}: {key}": value for name in names for key, value in new.items()}
        return self.model_copy(update={"runs": (*others, *by.runs), "provenance": {**still, **of_the_new}})


def read(file: Path) -> Record:
    """The record in that file. Raises UsageError."""
    try:
        return Record.model_validate_json(files.content(file, _MOST_BYTES))
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror}.",
            remedy="Name a file that `lab conformance --record FILE` has written.",
            code="file-unreadable",
        ) from error
    except (ValidationError, ValueError) as error:
        raise UsageError(
            f"{file} is not a record of a conformance run: {_reason(error)}.",
            remedy="Name a file that `lab conformance --record FILE` of this version has written.",
            code="record-broken",
        ) from error


def write(record: Record, file: Path) -> None:
    """Put it there, in one step. Raises StorageError."""
    content = json.dumps(record.model_dump(mode="json", by_alias=True, exclude_defaults=True), indent=1)
    disk.write(file, f"{content}\n", elsewhere="name another file with --record")


def _reason(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        return f"{'.'.join(map(str, problem['loc'])) or 'file'}: {problem['msg']}".rstrip(".")
    return str(error).rstrip(".")
