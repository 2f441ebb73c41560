"""From one recording to its outcome, on a firmware of somebody else's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lab.elf import Firmware
from lab.engines import selection
from lab.errors import ConfigurationError, RecordingError
from lab.measuring import second_try
from lab.measuring.foreign.adapter import Adapter
from lab.measuring.foreign.board import ForeignBoard, Said
from lab.measuring.host import Host
from lab.measuring.keeping import Keeping
from lab.model import Model
from lab.outcomes.recording import ClipOutcome, Difference, SkippedClip
from lab.recordings import reading
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
    elf: Path
    adapter: Adapter
    model: Path | None

    def listener(self) -> ForeignListener:
        """A booted board. Raises as `ForeignBoard` does, and ModelError."""
        return ForeignListener(self)

    def board(self) -> ForeignBoard:
        """A booted board. Raises as `ForeignBoard` does."""
        engine = selection.select(self.engine, self.renode)
        return ForeignBoard(engine, self.target, self.workload, Firmware(self.elf), self.adapter)


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
        workload = self._setup.workload
        try:
            loaded = reading.load(entry, workload.input)
        except RecordingError as error:
            return SkippedClip(entry.name, error.message)
        said, again = second_try.heard(lambda: self._board.listen(loaded.samples))
        expected = self._host.expect(loaded.samples) if self._host else None
        host_scores = expected.scores if expected else ()
        difference = _difference(said.scores, host_scores, workload.labels)
        decided = self._decided(said, entry.label)
        features = expected.features if expected else None
        return ClipOutcome(
            clip=entry.name,
            path=entry.path,
            place=entry.place,
            label=entry.label,
            stimulus=hashlib.sha256(loaded.samples.tobytes()).hexdigest(),
            decided=decided,
            scores=said.scores,
            host_scores=host_scores,
            samples_crc="",
            features_crc="",
            instructions=said.instructions,
            cycles=said.cycles,
            time_ns=said.time_ns,
            awake_cycles=said.awake_cycles,
            cpu_load=said.cpu_load,
            stack_used=said.stack_used,
            lost_samples=None,
            late_inferences=None,
            difference=difference,
            notes=(*loaded.notes, *again),
            log=said.lines,
            kept=self._keeping.of(loaded.samples, features, difference, correct=decided == entry.label),
        )

    def _decided(self, said: Said, label: str) -> str:
        """The workload's label; of several that the text stands for, the recording's own if it is among them."""
        adapter, labels = self._setup.adapter, self._setup.workload.labels
        if said.line is None:
            meant = adapter.output.silent
        elif said.label is not None:
            meant = adapter.meaning(said.label, self._setup.workload)
            if not meant:
                raise ConfigurationError(
                    f"{adapter.place('labels')}: nothing says which label {said.label[:80]!r} stands for, which "
                    f"{self._setup.elf.name} printed in {said.line[:200]!r}.",
                    remedy=f"Add it to [labels]; {self._setup.workload.name} has {', '.join(labels)}.",
                    code="label-unmapped",
                )
        elif len(said.scores) == len(labels):
            meant = (labels[int(np.argmax(said.scores))],)
        else:
            raise ConfigurationError(
                f"{adapter.place('output', 'result')}: the group scores found {len(said.scores)} numbers in "
                f"{said.line[:200]!r}; {self._setup.workload.name} has {len(labels)} labels.",
                remedy="Let it match a whole number for each label, in their order.",
                code="scores-count",
            )
        return label if label in meant else meant[0]


def _difference(scores: tuple[int, ...], host: tuple[int, ...], labels: tuple[str, ...]) -> Difference | None:
    """The first score that is not the host's; None where there is nothing to compare."""
    for index, (label, ours, theirs) in enumerate(zip(labels, scores, host, strict=False)):
        if ours != theirs:
            return Difference("decision", f"score of {label}", ours, theirs, index)
    if host and len(scores) != len(host):
        return Difference("decision", "number of scores", len(scores), len(host))
    return None
