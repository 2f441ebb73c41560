"""One run as the templates need it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lab.reporting import wording
from lab.reporting.html import files, memory_map, words
from lab.reporting.html.clip_cards import Card, cards
from lab.reporting.html.clip_rows import ClipRows, clip_rows
from lab.reporting.html.recognition import Recognition
from lab.reporting.html.stream_view import StreamView
from lab.reporting.metric_rows import MetricRow, metric_rows
from lab.verdict.result import Run


@dataclass(frozen=True)
class MemoryView:
    """The memory map."""

    regions: list[memory_map.Region]
    libraries: list[memory_map.Library]
    symbols: list[tuple[str, int, str, str]]
    budgets: list[memory_map.Budget]


@dataclass(frozen=True)
class RunView:
    """A run with all that is computed from it. `id` begins every id of its part of the page."""

    id: str
    name: str
    run: Run
    links: list[tuple[str, str]]
    command: str
    metrics: list[MetricRow]
    recognition: Recognition | None
    memory: MemoryView | None
    cards: list[Card]
    clips: ClipRows
    stream: StreamView | None

    @classmethod
    def of(cls, number: int, run: Run, folder: Path, below: str) -> RunView:
        """The view of a run whose files are in the folder `below` that of the report; "" if it is the same."""
        own = folder / below
        memory = run.memory
        return cls(
            id=f"run-{number}",
            name=words.name(run),
            run=run,
            links=[(f"{below}{name}", caption) for name, caption in files.links(own, (run,))],
            command=wording.command(run),
            metrics=metric_rows(run),
            recognition=Recognition.of(run),
            memory=MemoryView(
                memory_map.regions(memory),
                memory_map.libraries(memory),
                memory_map.symbol_rows(memory),
                memory_map.budgets(memory, run.metrics),
            )
            if memory
            else None,
            cards=cards(run, own),
            clips=clip_rows(run),
            stream=StreamView.of(run, own, below),
        )
