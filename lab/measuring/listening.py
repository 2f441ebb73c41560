"""From one recording to its outcome: play it, count, compare with the host."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from lab.elf import Firmware
from lab.engines import selection
from lab.errors import RecordingError
from lab.measuring import second_try
from lab.measuring.difference import Tracer, first_difference
from lab.measuring.host import Host
from lab.measuring.keeping import Keeping
from lab.measuring.parameters import Mode, Parameters
from lab.measuring.playback import Board
from lab.model import Model
from lab.outcomes.recording import ClipOutcome, SkippedClip
from lab.recordings import reading
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

    def listener(self) -> Listener:
        """A board of its own, booted, and the host beside it."""
        return Listener(self)


class Listener:
    """A booted board and the host beside it. Close it when done."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._firmware = Firmware(setup.elf)
        self._host = Host(setup.workload, Model.read(setup.model))
        self.board = self._board(Parameters(Mode.CLIP, setup.workload.input.samples))
        self._tracer = Tracer(self._board, self._host, setup.workload)
        self._keeping = Keeping(setup.workload.input)

    def close(self) -> None:
        """Free the board."""
        self.board.machine.close()

    def hear(self, entry: Entry) -> ClipOutcome | SkippedClip:
        """What the device made of a recording; a broken recording is skipped with its reason."""
        workload = self._setup.workload
        try:
            loaded = reading.load(entry, workload.input)
        except RecordingError as error:
            return SkippedClip(entry.name, error.message)
        samples = loaded.samples
        expected = self._host.expect(samples)
        heard, again = second_try.heard(lambda: self.board.listen(samples))
        difference = first_difference(heard, expected, self.board, self._firmware, workload, self._tracer)
        decided = heard.inference.label
        return ClipOutcome(
            clip=entry.name,
            path=entry.path,
            place=entry.place,
            label=entry.label,
            stimulus=hashlib.sha256(samples.tobytes()).hexdigest(),
            decided=decided,
            scores=heard.inference.scores,
            host_scores=expected.scores,
            samples_crc=heard.inference.samples_crc,
            features_crc=heard.inference.features_crc,
            instructions=heard.instructions,
            cycles=heard.cycles,
            time_ns=heard.time_ns,
            awake_cycles=heard.awake_cycles,
            cpu_load=heard.cpu_load,
            stack_used=heard.statistics.stack_used,
            lost_samples=heard.statistics.lost_samples,
            late_inferences=heard.statistics.late_inferences,
            difference=difference,
            notes=(*loaded.notes, *again),
            log=heard.lines,
            kept=self._keeping.of(samples, expected.features, difference, correct=decided == entry.label),
        )

    def _board(self, parameters: Parameters) -> Board:
        setup = self._setup
        engine = selection.select(setup.engine, setup.renode)
        return Board(engine, setup.target, setup.workload, self._firmware, parameters)
