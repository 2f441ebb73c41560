"""From one recording to its outcome, on a firmware of somebody else's."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.engines import selection
from lab.engines.builtin import BuiltinEngine
from lab.engines.builtin.memories import MemoryModel, Waits
from lab.errors import ConfigurationError, FirmwareError
from lab.measuring import hearing, waiting
from lab.measuring.foreign.board import ForeignBoard, Said
from lab.measuring.hearing import Answer
from lab.measuring.host import Host
from lab.measuring.keeping import Keeping
from lab.measuring.request import Brought
from lab.model import Model
from lab.outcomes.recording import ClipOutcome, Difference, SkippedClip
from lab.recordings.collection import Entry
from lab.target import Target
from lab.workload import Workload


@dataclass(frozen=True)
class ForeignSetup:
    """All that a worker process needs for a board of its own; `model` is what scores are held against, if they are."""

    workload: Workload
    target: Target
    engine: str
    renode: Path | None
    brought: Brought
    model: Path | None
    waits: Waits = field(default_factory=dict)

    def listener(self) -> ForeignListener:
        """A booted board. Raises as `ForeignBoard` does, and ModelError."""
        return ForeignListener(self)

    def board(self, mips: int | None = None) -> ForeignBoard:
        """A booted board. Raises as `ForeignBoard` does, and `lab.images.read`."""
        engine = selection.select(self.engine, self.renode)
        image, adapter = self.brought.image(), self.brought.adapter
        board = ForeignBoard(engine, self.target, self.workload, image, adapter, mips)
        waiting.charge(board.machine, self.waits)
        return board

    def watched(self) -> Waits:
        """What its code waits for memories while it hears noise, up to where it fails at that."""

        builtin = replace(self, engine=BuiltinEngine.name)
        noise = waiting.noise(self.workload.input)

        def seconds() -> float:
            with builtin.board() as board:
                try:
                    return board.listen(noise).time_ns / 1e9
                except (FirmwareError, ConfigurationError):
                    return self.workload.input.window_s + waiting.HANGS_S

        def watch(memories: MemoryModel) -> Waits:
            limit = seconds()
            with builtin.board() as board:
                return waiting.watched(board.machine, memories, lambda: _run(board, noise, limit))

        return waiting.kept(self.target, self.brought.image(), watch, self.brought.adapter.file.read_bytes())


class ForeignListener:
    """A booted board, and the host beside it where the firmware prints scores. Close it when done."""

    def __init__(self, setup: ForeignSetup) -> None:
        self._setup = setup
        self._host = Host(setup.workload, Model.read(setup.model)) if setup.model else None
        self._board = setup.board()
        self._keeping = Keeping(setup.workload.input)

    def close(self) -> None:
        """Free the board."""
        self._board.machine.close()

    def hear(self, entry: Entry) -> ClipOutcome | SkippedClip:
        """What the firmware made of a recording; a broken recording is skipped with its reason."""
        answer = partial(self._answer, entry.label)
        return hearing.outcome(entry, self._setup.workload.input, answer, self._keeping)

    def _answer(self, label: str, samples: NDArray[np.int16]) -> Answer:
        said = self._board.listen(samples)
        told = said.line is not None  # a firmware that says nothing of a recording gives no scores to compare
        expected = self._host.expect(samples) if self._host and told else None
        host_scores = expected.scores if expected else ()
        return Answer(
            decided=self._decided(said, label),
            scores=said.scores,
            counted=said.counted,
            log=said.lines,
            expected=expected,
            difference=_difference(said.scores, host_scores, self._setup.workload),
        )

    def _decided(self, said: Said, label: str) -> str:
        """The workload's label; of several that the text stands for, the recording's own if it is among them."""
        silent = self._setup.brought.adapter.output.silent
        meant = silent if said.line is None else self._board.meant(said.line, said.label, said.scores)
        return label if label in meant else meant[0]


def _run(board: ForeignBoard, noise: NDArray[np.int16], seconds: float) -> None:
    with waiting.up_to_its_fault():
        board.run_for(noise, seconds)


def _difference(scores: tuple[int, ...], host: tuple[int, ...], workload: Workload) -> Difference | None:
    """The first score that is not the host's; None where there is nothing to compare."""
    names = workload.decision.score_names(workload.labels)
    for index, (name, ours, theirs) in enumerate(zip(names, scores, host, strict=False)):
        if ours != theirs:
            return Difference("decision", f"score {index} ({name})", ours, theirs, index)
    if host and len(scores) != len(host):
        return Difference("decision", "number of scores", len(scores), len(host))
    return None
