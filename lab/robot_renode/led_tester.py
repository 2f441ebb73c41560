"""Waiting for what a light does, as Renode's keywords do."""

from __future__ import annotations

from lab.monitor.emulation import Emulation
from lab.monitor.peripheral import Light


class LedTester:
    """Asserts in virtual seconds; `timeout` where an assertion names none. What is not so raises AssertionError."""

    def __init__(self, emulation: Emulation, light: Light, timeout: float) -> None:
        self.light = light
        self._emulation = emulation
        self._timeout = timeout
        light.tell(emulation.awaited)

    def is_on(self, state: bool, timeout: float | None, *, pause: bool) -> None:
        """The light is in that state, or comes to it in time."""
        seconds = self._timeout if timeout is None else timeout
        if self.light.is_on is not state and seconds:
            self._pass(seconds, state, pause=pause)
        if self.light.is_on is not state:
            raise AssertionError("LED assertion not met.")

    def holds(self, state: bool, to_assert: float, to_hold: float, *, pause: bool) -> None:
        """The light is in that state or comes to it in time, and then stays there for so long."""
        if self.light.is_on is not state:
            self._pass(to_assert, state, pause=False)
            if self.light.is_on is not state:
                raise AssertionError("LED assertion not met.")
        self._pass(to_hold, not state, pause=pause)
        if self.light.is_on is not state:
            raise AssertionError("LED changed state.")

    def _pass(self, seconds: float, until: bool, *, pause: bool) -> None:
        self._emulation.started = True
        self._emulation.advance(seconds, until=lambda: self.light.is_on is until)
        if pause:
            self._emulation.started = False
