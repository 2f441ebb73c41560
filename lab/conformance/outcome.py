"""What comes of comparing."""

from __future__ import annotations

from typing import Literal

from pydantic import computed_field

from lab.configuration import Frozen
from lab.conformance.difference import Difference
from lab.errors import EngineError

Status = Literal["equal", "equal by name", "differs", "stricter", "broken", "not run"]


class Outcome(Frozen):
    """One firmware on one target.

    `reason` says why it was not run, how an engine broke, or why the tested one is stricter on purpose; `not_compared`
    names what another image than the recorded one leaves out.
    """

    target: str
    name: str
    status: Status
    events: int = 0
    instructions: int = 0
    virtual_seconds: float = 0
    host_seconds: float = 0
    reason: str = ""
    not_compared: tuple[str, ...] = ()
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
    def verdict(self) -> Literal["equal", "differs", "broken"]:
        """Whether all that was compared is equal, but for what is stricter on purpose."""
        return "differs" if self.count("differs") else "broken" if self.count("broken") else "equal"

    @property
    def exit_code(self) -> int:
        """1 if anything differs, 3 if an engine broke."""
        return {"equal": 0, "differs": 1, "broken": EngineError.exit_code}[self.verdict]
