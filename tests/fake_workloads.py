"""Workloads of an accelerometer that are no folders, for tests of what comes after measuring."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from lab import tasks, workload
from lab.composing.event import Event
from lab.decisions import anomaly, average
from lab.features import movement, spectrum, window
from lab.measuring import Measurement, PartOutcome
from lab.outcomes.stream import Inferred, Pace, StreamOutcome
from lab.signals.input import Input
from lab.tasks import Rules
from lab.workload import Streaming, Workload
from tests.fake_measuring import measurement

ACCELERATION = {"sensor": "accelerometer", "axes": ("x", "y", "z"), "unit": "g", "bits": 14}


def gestures() -> Workload:
    """Movements of 2 s at 25 Hz, before which 0.2 s are held."""
    return workload.load("keyword-spotting").model_copy(
        update={
            "name": "gestures",
            "task": tasks.named("detection"),
            "event": "gesture",
            "labels": ("negative", "wing", "ring"),
            "background": ("negative",),
            "input": Input(**ACCELERATION, range=4, rate_hz=25, window_s=2.0, lead_s=0.2),
            "features": movement.Settings(
                on=14_400,
                off=8_000,
                hang=8,
                back=12,
                trim=5,
                shortest=20,
                longest=40,
                points=48,
                shift=5,
                scale=1 / 128,
                zero_point=0,
            ),
            "decision": average.Settings(stride_ms=40, average_ms=0, threshold=0.6, refractory_ms=480),
            "limits": {},
            "streaming": Streaming(),
        }
    )


def activities() -> Workload:
    """Windows of 4 s at 20 Hz, with the axes once more without their mean."""
    return gestures().model_copy(
        update={
            "name": "activities",
            "task": tasks.named("classification"),
            "event": "activity",
            "labels": ("walking", "sitting"),
            "background": (),
            "input": Input(**ACCELERATION, range=4, rate_hz=20, window_s=4.0, hop_s=2.0),
            "features": window.Settings(window=80, shift=6, detail_shift=3, scale=1 / 32, zero_point=0),
        }
    )


def vibration() -> Workload:
    """Seconds of a machine at 200 Hz, an anomaly above a score of 1,000."""
    return gestures().model_copy(
        update={
            "name": "vibration",
            "task": tasks.named("anomaly"),
            "event": "fault",
            "labels": ("normal", "anomaly"),
            "background": ("normal",),
            "input": Input(**ACCELERATION, range=2, rate_hz=200, window_s=1.0, hop_s=1.0),
            "features": spectrum.Settings(window=200, points=64, hop=17, bands=32, scale=0.125, zero_point=0),
            "decision": anomaly.Settings(stride_ms=1_000, directions=8, threshold=1_000),
        }
    )


def streamed(of: Workload) -> Measurement:
    """Forty seconds in two parts: in each two things of 8 s, the second of which is taken for the first.

    Of what is normal and of faults an alarm is raised after three seconds of each.
    """
    rate = of.input.rate_hz
    names = list(of.labels[-2:])
    parts = tuple(_part(of, number, 30.0 * number, (30.0, 10.0)[number], names) for number in range(2))
    judged = of.task.judge(parts, Rules(1.5, of.background, of.input.window_s))
    time = np.arange(40 * rate) / rate
    values = np.stack([np.sin(time), np.cos(time) / 2, np.ones_like(time)], axis=1)
    stream = StreamOutcome(
        seed=1,
        pace=Pace(51, 64.0, 1.25, "m4-trm-1"),
        parts=parts,
        events=judged.events,
        detections=judged.detections,
        signals=lambda: iter([of.input.signal(np.rint(values * of.input.steps_per_unit / 2).astype(np.int16))]),
        windows=judged.windows,
    )
    about = {"workload": of.name, "labels": of.labels, "task": of.task.name, "event": of.event}
    return measurement((), variant="cmsis-nn-stream", stream=stream, metrics={}, **about)


_DETECTED: Mapping[str, Callable[[list[Event], list[str]], tuple[tuple[float, str, int], ...]]] = {
    "detection": lambda events, names: tuple((one.end_s + 0.5, names[0], 200) for one in events),
    "classification": lambda _events, _names: (),
    "anomaly": lambda events, names: tuple((one.start_s + 3, names[1], 1_200) for one in events),
}


def _part(of: Workload, number: int, start_s: float, seconds: float, names: list[str]) -> PartOutcome:
    starts = range(1, round(seconds) - 8, 10)
    events = [
        Event(names[place % len(names)], f"{names[place % len(names)]}/{place}", start_s + at, start_s + at + 8)
        for place, at in enumerate(starts)
    ]
    whole_s = max(1, round(of.input.window_s / 2))
    inferred = [
        Inferred(start_s + at, *((names[0], (500,)) if of.decision.kind == "anomaly" else (names[0], (90, -90))))
        for at in range(2 * whole_s, round(seconds), whole_s)
    ]
    return PartOutcome(
        number=number + 1,
        start_s=start_s,
        seconds=seconds,
        stimulus="5" * 64,
        events=tuple(events),
        detected=_DETECTED[of.task.name](events, names),
        inferences=20,
        instructions=250_000_000,
        cpu_load=0.5,
        stack_used=2_300,
        lost_samples=0,
        late_inferences=0,
        inferred=tuple(inferred) if of.task.name != "detection" else (),
    )
