"""All that was found on this machine, and what it can be used for."""

from __future__ import annotations

from dataclasses import dataclass

from lab.doctor import packages, programs, renode, surroundings
from lab.doctor.component import OPTIONAL, USES, Component, Use
from lab.doctor.surroundings import Place


@dataclass(frozen=True)
class Diagnosis:
    """Every component of this machine, and where the lab reads and writes."""

    components: tuple[Component, ...]
    places: tuple[Place, ...]

    def lacks(self, use: Use) -> list[str]:
        """Names of the components that are amiss for a use; nothing runs where building's are."""
        return [one.name for one in self.components if one.use == use and one.status != "ok"]

    @property
    def ready(self) -> bool:
        """Whether everything that is not optional is there."""
        return not any(self.lacks(use) for use in USES if use not in OPTIONAL)


def examine() -> Diagnosis:
    """Look at this machine. Takes a second or so, as every compiler is asked for its version; more with Renode."""
    found = (*packages.components(), *programs.components(), surroundings.cache(), *renode.components())
    return Diagnosis(found, tuple(surroundings.all_places()))
