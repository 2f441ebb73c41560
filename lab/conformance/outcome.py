"""What comes of comparing."""

from __future__ import annotations

from typing import Literal

from pydantic import computed_field

from lab.configuration import Frozen
from lab.conformance.difference import Difference

Status = Literal["equal", "differs", "stricter", "not run"]


class Outcome(Frozen):
    """One firmware on one target. `reason` says why it was not run, or why the engine is stricter on purpose."""

    target: str
    name: str
    status: Status
    events: int = 0
    instructions: int = 0
    virtual_seconds: float = 0
    host_seconds: float = 0
    reason: str = ""
    difference: Difference | None = None


class Conformance(Frozen):
    """Every outcome of `engine`, held against `reference` (such as `Renode 1.16.1`), of which `notes` say more."""

    engine: str
    reference: str
    notes: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...]

    def count(self, status: Status) -> int:
        """How many have that status."""
        return sum(outcome.status == status for outcome in self.outcomes)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def verdict(self) -> Literal["equal", "differs"]:
        """Whether nothing differs but for what is stricter on purpose."""
        return "differs" if self.count("differs") else "equal"

    @property
    def exit_code(self) -> int:
        """1 if anything differs."""
        return int(self.verdict == "differs")
