"""From one recording to its outcome: play it, count, compare with the host."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.elf import Firmware
from lab.engines import selection
from lab.engines.builtin.memories import Waits
from lab.measuring import hearing, waiting
from lab.measuring.difference import Tracer, first_difference
from lab.measuring.hearing import Answer
from lab.measuring.host import Host
from lab.measuring.keeping import Keeping
from lab.measuring.parameters import Parameters
from lab.measuring.playback import Board
from lab.model import Model
from lab.outcomes.recording import ClipOutcome, SkippedClip
from lab.recordings.collection import Entry
from lab.target import Target
from lab.workload import Workload


@dataclass(frozen=True)
class Setup:
    """All that a worker process needs to set up a board of its own."""

    workload: Workload
    target: Target
    engine: str
    renode: Path | None
    elf: Path
    model: Path
    waits: Waits

    def listener(self) -> Listener:
        """A board of its own, booted, and the host beside it."""
        return Listener(self)


class Listener:
    """A booted board and the host beside it. Close it when done."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._firmware = Firmware(setup.elf)
        self._host = Host(setup.workload, Model.read(setup.model))
        self.board = self._board(Parameters("clip", setup.workload.input.frames))
        self._tracer = Tracer(self._board, self._host, setup.workload)
        self._keeping = Keeping(setup.workload.input)

    def close(self) -> None:
        """Free the board."""
        self.board.machine.close()

    def hear(self, entry: Entry) -> ClipOutcome | SkippedClip:
        """What the device made of a recording; a broken recording is skipped with its reason."""
        return hearing.outcome(entry, self._setup.workload.input, self._answer, self._keeping)

    def _answer(self, samples: NDArray[np.int16]) -> Answer:
        expected = self._host.expect(samples)
        heard = self.board.listen(samples)
        workload = self._setup.workload
        return Answer(
            decided=heard.inference.label,
            scores=heard.inference.scores,
            counted=heard.counted,
            log=heard.lines,
            expected=expected,
            difference=first_difference(heard, expected, self.board, self._firmware, workload, self._tracer),
            samples_crc=heard.inference.samples_crc,
            features_crc=heard.inference.features_crc,
        )

    def _board(self, parameters: Parameters) -> Board:
        setup = self._setup
        engine = selection.select(setup.engine, setup.renode)
        board = Board(engine, setup.target, setup.workload, self._firmware, parameters)
        waiting.charge(board.machine, setup.waits)
        return board
