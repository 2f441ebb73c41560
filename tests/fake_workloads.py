"""Workloads of an accelerometer that are no folders, for tests of what comes after measuring."""

from __future__ import annotations

from lab import tasks, workload
from lab.decisions import anomaly, average
from lab.features import movement, spectrum, window
from lab.signals.input import Input
from lab.workload import Workload

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
        }
    )


def activities() -> Workload:
    """Windows of 4 s at 20 Hz, with the axes once more without their mean."""
    return gestures().model_copy(
        update={
            "name": "activities",
            "task": tasks.named("classification"),
            "event": "stretch",
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
            "event": "stretch",
            "labels": ("normal", "anomaly"),
            "background": ("normal",),
            "input": Input(**ACCELERATION, range=2, rate_hz=200, window_s=1.0, hop_s=1.0),
            "features": spectrum.Settings(window=200, points=64, hop=17, bands=32, scale=0.125, zero_point=0),
            "decision": anomaly.Settings(stride_ms=1_000, directions=8, threshold=1_000),
        }
    )
