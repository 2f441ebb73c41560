"""Results for the report to show, made without any run, and the evidence that goes with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from lab import workload
from lab.measuring.measurement import Measurement
from lab.outcomes.recording import ClipOutcome, Difference
from lab.traces.formats import comma_separated
from lab.verdict import judge
from lab.verdict.result import Bounds, Change, Check, ClipChange, Comparison, Result
from tests import fake_workloads
from tests.fake_measuring import LABELS, clip, measurement

RATE_HZ, STEPS, CHANNELS = 16_000, 49, 40
BASELINE = "baselines/keyword-spotting/nano33ble-default.json"
HOSTILE = "yes/</script><script>document.title='taken over'</script>.flac"


def result_of(measured: Measurement, limits: dict[str, workload.Limit] | None = None) -> Result:
    accuracy = {"accuracy": workload.Limit(at_least=0.9)}
    return judge.judge(
        workload.load("keyword-spotting").model_copy(update={"limits": accuracy if limits is None else limits}),
        measured,
    )


def failing() -> Result:
    """Right ones, one that is taken for another label (of a hostile name), one that differs, and a regression."""
    right = tuple(clip(number) for number in range(24))
    scores = tuple(40 if label == "off" else -9 if label == "yes" else -128 for label in LABELS)
    wrong = clip(2, clip=HOSTILE, decided="off", scores=scores, host_scores=scores)
    off_by_one = Difference("features", "step 17, channel 3", 43, 42, 17 * CHANNELS + 3)
    differing = clip(5, clip="down/off by one.flac", difference=off_by_one)
    result = result_of(
        measurement((*right, wrong, differing), variant="default"), {"bit_exact": workload.Limit(at_least=1)}
    )
    (run,) = result.runs
    regression = Check(
        name="flash_bytes",
        limit=Bounds(at_most=180_500),
        value=181_000,
        passed=False,
        where=f"{BASELINE}:14",
        origin="baseline",
    )
    comparison = Comparison(
        against=BASELINE,
        standing="worse",
        why="flash_bytes grew",
        changes=(
            Change(metric="flash_bytes", before=180_000, now=181_000, standing="worse", why="0.3 % is tolerated"),
            Change(metric="accuracy", before=0.5, now=25 / 26, standing="better", why=""),
        ),
        clips=(ClipChange(clip=HOSTILE, label="yes", before="yes", now="off"),),
    )
    run = run.model_copy(
        update={"checks": (*run.checks, regression), "baseline": comparison, "verdict": "failed"},
    )
    return result.model_copy(update={"runs": (run,), "verdict": "failed"})


def two_targets() -> Result:
    other = measurement(target="disco", variant="default")
    return judge.together([failing(), result_of(other)])


def many(count: int) -> Result:
    """That many recordings, every tenth of which is decided wrongly."""
    clips = tuple(clip(number, **({"decided": "unknown"} if number % 10 == 3 else {})) for number in range(count))
    return result_of(measurement(clips, variant="default"))


def gestures(difference: Difference | None = None) -> Result:
    """A wing that was taken for a ring, and one that is right but may differ."""
    scores = (-128, 20, 90)
    wrong = clip(0, clip="ann/wing@2.0s", label="wing", decided="ring", scores=scores, host_scores=scores)
    other = clip(1, clip="ann/ring", label="ring", decided="ring", scores=scores, host_scores=scores)
    clips = (wrong, replace(other, difference=difference))
    return judged(fake_workloads.gestures(), clips)


def vibration(scores: Sequence[tuple[str, int]]) -> Result:
    """Seconds of what is said, each with its score; above 1,000 it is decided an anomaly."""
    clips = tuple(
        clip(
            number,
            clip=f"fan/{label}@{number}.0s",
            label=label,
            decided="anomaly" if score > 1_000 else "normal",
            scores=(score,),
            host_scores=(score,),
        )
        for number, (label, score) in enumerate(scores)
    )
    return judged(fake_workloads.vibration(), clips)


def judged(of: workload.Workload, clips: tuple[ClipOutcome, ...]) -> Result:
    """The result of such a workload."""
    about = {"workload": of.name, "labels": of.labels, "task": of.task.name, "event": of.event}
    return judge.judge(of, measurement(clips, variant="default", **about))


def keep_movement(folder: Path, name: str, values: NDArray[np.int16], features: NDArray[np.int8] | None = None) -> None:
    """A movement of a table's name, "wing.0", as int16 [frames, 3] in steps of 1/2048 g at 25 Hz."""
    clips = folder / "clips"
    clips.mkdir(parents=True, exist_ok=True)
    signal = fake_workloads.gestures().input.signal(values)
    (clips / f"{name}.csv").write_text("".join(comma_separated.written([signal])))
    if features is not None:
        np.save(clips / f"{name.rpartition('.')[2]}.npy", features)


def keep_evidence(folder: Path, indices: Iterable[int]) -> None:
    """A tone that swells, and features that rise with the channel."""
    (folder / "clips").mkdir(parents=True)
    time = np.arange(RATE_HZ) / RATE_HZ
    samples = (np.sin(2 * np.pi * 440 * time) * time * 8_000).astype(np.int16)
    features = np.tile(np.linspace(-128, 127, CHANNELS).astype(np.int8), (STEPS, 1))
    for index in indices:
        soundfile.write(folder / "clips" / f"{index}.flac", samples, RATE_HZ, subtype="PCM_16")
        np.save(folder / "clips" / f"{index}.npy", features)
