"""What an engine is held against: another engine, or what one did earlier."""

from __future__ import annotations

from typing import Protocol

from typing_extensions import Self

from lab.conformance.case import Case, hash_of
from lab.conformance.feeds import Feeds
from lab.conformance.observation import Observation
from lab.conformance.observing import observe
from lab.conformance.record import Record, Run
from lab.engines.machine import Engine, Machine
from lab.errors import EngineError
from lab.target import Target


class Reference(Protocol):
    """Says what should have been observed."""

    def observe(self, case: Case) -> Observation:
        """What happens in that case."""


class Live:
    """An engine that runs each case now, on one board as long as that is the same. Close it, or use it as a context.

    Raises what its machines raise.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._board: tuple[Target, Machine] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def observe(self, case: Case) -> Observation:
        """What the engine does."""
        if self._board is None or self._board[0] != case.target:
            self.close()
            self._board = case.target, self.engine.machine(case.target)
        try:
            observed = observe(self._board[1], case)
        except EngineError:
            self.close()
            raise
        if observed.fault:
            self.close()  # some faults end the board for good
        return observed

    def close(self) -> None:
        """Free the board."""
        if self._board is not None:
            self._board[1].close()
            self._board = None


class Recorded:
    """A record, for cases that were made from it."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def observe(self, case: Case) -> Observation:
        """What was kept."""
        run = self._record.find(case.target.name, case.name)
        if run is None:
            raise LookupError(case.name)
        return run.observation


class Recorder:
    """A reference that keeps what it says, for a record.

    Memory is kept of probes alone: it says nothing of another image, and the lab's own firmware becomes one soon.
    """

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self.runs: list[Run] = []

    def observe(self, case: Case) -> Observation:
        """What the reference says."""
        observation = self._reference.observe(case)
        is_probe = bool(case.sources)
        feeds = Feeds.of(case.stimuli if is_probe else ())
        self.runs.append(
            Run(
                target=case.target.name,
                name=case.name,
                seconds=case.seconds,
                samples=feeds.samples,
                accelerations=feeds.accelerations,
                picture=feeds.picture,
                stimulus=hash_of(case.stimuli),
                image=case.image,
                sources=case.sources,
                elf=case.firmware.path.read_bytes() if is_probe else None,
                features=case.features,
                handlers=() if is_probe else case.handlers,
                observation=observation if is_probe else observation.model_copy(update={"memory": ()}),
            )
        )
        return observation
