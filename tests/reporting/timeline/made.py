"""A replay that nobody ran: ten seconds of sound, and what a firmware said of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import soundfile

from lab.asked import Asked
from lab.outcomes.replay import Found, LogLine, ReplayedInference
from lab.outcomes.stream import Pace
from lab.replaying.result import Expectation, ReplayResult
from lab.replaying.wanted import Prepared, Wanted
from lab.reporting import replay_folder
from lab.reporting.timeline import of_replay
from lab.reporting.timeline.lanes import Timeline
from lab.reporting.timeline.played import keeping
from lab.verdict.result import Sensor

RATE_HZ, SECONDS, STRIDE_S = 16_000, 10, 0.48
HOSTILE = "</script><img src=x onerror=\"document.title='taken over'\">"


@dataclass(frozen=True)
class Made:
    """The replay, its result, its timeline, and the samples that were played."""

    prepared: Prepared
    result: ReplayResult
    timeline: Timeline
    samples: np.ndarray
    folder: Path


def prepared(folder: Path) -> tuple[Prepared, np.ndarray]:
    noise = np.random.default_rng(5).normal(0, 1, SECONDS * RATE_HZ)
    samples = (noise * 6_000 * np.sin(np.arange(len(noise)) / 9_000) ** 2).astype(np.int16)
    file = folder / f"{HOSTILE[2:8]} field.wav"
    soundfile.write(file, samples, RATE_HZ)
    file.with_suffix(".labels.txt").write_text(f"1.5\t2.5\t{HOSTILE}\n2.0\t3.0\tdoor\n4.0\t4.0\tbutton\n")
    return Wanted(file, Asked.of(workload="keyword-spotting", engine="builtin")).prepared(), samples


def made(folder: Path) -> Made:
    """The folder of it, with a label, log lines and reports that mean harm."""
    replay, samples = prepared(folder)
    workload = replay.request.workload
    inferences = tuple(_inference(number, workload.labels) for number in range(19))
    log = (LogLine(0.9, f"boot {HOSTILE}"), *(LogLine(one.end_s, f"said {one.label}") for one in inferences))
    with keeping(replay, folder) as played:
        for block in replay.feed.signals(30_000):
            played.add(block)
    result = ReplayResult(
        verdict="failed",
        fingerprint="f" * 64,
        workload=workload.name,
        target=replay.request.target.name,
        variant="default",
        engine="builtin",
        trace=HOSTILE,
        from_s=0.0,
        to_s=float(SECONDS),
        stimulus=replay.feed.stimulus,
        sensor=Sensor.of(workload.input),
        labels=workload.labels,
        background=workload.background,
        threshold_is_share=True,
        pace=Pace(52, 64, 1.23, "m4-trm-1"),
        inferences=inferences,
        expectations=(
            Expectation(label="yes", start_s=3.0, end_s=3.6, reported=((3.4, "yes"),), passed=True),
            Expectation(label=None, start_s=3.2, end_s=5.0, reported=((3.4, "yes"),), passed=False),
        ),
        host_seconds=1.0,
    )
    subject = SimpleNamespace(image=SimpleNamespace(path=None), map=None, own_limits=None)
    replayed: Any = SimpleNamespace(outcome=SimpleNamespace(log=log), subject=subject)
    timeline = of_replay.timeline(replay, result, replayed, played)
    replay_folder.write_replay(result, replayed, timeline, folder)
    return Made(replay, result, timeline, samples, folder)


def _inference(number: int, labels: tuple[str, ...]) -> ReplayedInference:
    begin_s = 1.0 + number * STRIDE_S
    decided = number % len(labels)
    scores = tuple(int(place == decided) * 200 - 100 for place in range(len(labels)))
    one = ReplayedInference(
        number, begin_s, begin_s + 0.25, labels[decided], scores, instructions=12_000_000, cpu_load=0.6
    )
    if number == 5:
        return replace(one, found=(Found(one.end_s, one.label, 200),))
    return replace(one, late=True, lost_samples=320) if number == 9 else one
