"""Making machines that Renode emulates."""

from __future__ import annotations

from collections.abc import Callable

from lab.engines.renode.installation import Installation
from lab.engines.renode.machine import RenodeMachine
from lab.engines.renode.session import Session
from lab.errors import ConfigurationError
from lab.target import Target


class RenodeEngine:
    """Makes machines, each in a Renode process of its own that starts when firmware is loaded."""

    name = "renode"
    cores_per_machine = 2
    """Renode emulates in one thread and serves it from others: one process keeps almost two cores busy."""

    def __init__(self, installation: Installation) -> None:
        self.version = installation.version
        self._command = installation.command

    def machine(self, target: Target, mips: int | None = None) -> RenodeMachine:
        """A fresh board; loading raises EngineError where Renode does not start or does not follow the description."""
        return RenodeMachine(lambda: Session(self._command, target, mips), target)

    def foreign(
        self,
        target: Target,
        mips: int | None,
        port: str | None,
        missed: Callable[[str], None],  # noqa: ARG002
    ) -> RenodeMachine:
        """The same: in Renode a register without a model reads 0, and only its log says so.

        Raises ConfigurationError for a `port`: the lab hears the board's UART alone.
        """
        if port is not None and f"sysbus.{port}" != target.platform.uart:
            raise ConfigurationError(
                f"With Renode the lab hears {target.platform.uart} of {target.name} alone, not {port}.",
                remedy="Take --engine builtin.",
                code="renode-port",
            )
        return self.machine(target, mips)

    def cost_model(self, _target: Target) -> None:
        """Renode counts no cycles."""
        return

    def cycle_ratios(self, _target: Target) -> None:
        """None: Renode counts no cycles."""

    def cycle_error(self, _target: Target) -> None:
        """Renode counts no cycles."""
        return
