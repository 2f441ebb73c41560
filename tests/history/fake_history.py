"""Results for a history, without emulation: a passing run with changes of the test's choice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lab.metrics import Quantity
from lab.verdict.result import Bounds, Check, Recordings, Result, Run

COMMITS = tuple(letter * 40 for letter in "abcdef")
UNITS = {"accuracy": "", "instructions_per_inference": "instructions", "flash_bytes": "bytes", "ram_bytes": "bytes"}
VALUES = {"accuracy": 0.938, "instructions_per_inference": 29_025_682, "flash_bytes": 151_144, "ram_bytes": 174_100}
LIMITS = {
    "accuracy": Bounds(at_least=0.92),
    "instructions_per_inference": Bounds(at_most=29_800_000),
    "flash_bytes": Bounds(at_most=155_000),
}
BUILD = {"toolchain_hash": "71f653830ee44a9b", "cost_model": "m4-trm-1", "model": "keyword_spotting.tflite crc 0"}


def run(
    values: Mapping[str, float] = VALUES, build: Mapping[str, str] = BUILD, stimuli: str = "0" * 64, **changes: object
) -> Run:
    checks = [
        Check(name=name, limit=limit, value=values[name], passed=limit.hold(values[name]), where="workload.toml:1")
        for name, limit in LIMITS.items()
        if name in values
    ]
    plain = Run(
        workload="keyword-spotting",
        target="nano33ble",
        variant="default",
        engine="builtin",
        hardware_faithful=True,
        verdict="passed" if all(check.passed for check in checks) else "failed",
        error=None,
        recordings=Recordings(count=242, skipped=0, source="synthetic speech", stimuli=stimuli),
        skipped_recordings=(),
        notes=(),
        metrics={name: Quantity(value, UNITS.get(name, ""), "exact") for name, value in values.items()},
        checks=tuple(checks),
        memory=None,
        build=dict(build),
        confusion=None,
        clips=(),
        host_seconds=1.5,
    )
    return plain.model_copy(update=changes)


def result(*runs: Run, git: str = COMMITS[0], fingerprint: str | None = "ab" * 32) -> Result:
    provenance = {"lab": "0.1.0", **({"git": git} if git else {})}
    return Result(verdict=runs[0].verdict, fingerprint=fingerprint, provenance=provenance, runs=runs)


def folder(base: Path, name: str) -> Path:
    made = base / "runs" / name
    made.mkdir(parents=True)
    return made
