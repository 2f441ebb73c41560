"""A stand-in for measuring, so that what comes after it is tested in seconds and with any outcome.

`python tests/fake_measuring.py OUTCOME lab|robot ARGUMENT...` runs a program with it in place.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import lab.measuring
from lab import target, workload
from lab.composing.event import Event
from lab.errors import BuildError, ConfigurationError, DeviceFault, EngineError
from lab.measuring import ClipOutcome, Measurement, PartOutcome, Request, SkippedClip
from lab.measuring.metrics import of_part, of_stream
from lab.metrics import Quantity
from lab.outcomes.memory import Footprint, Section, Symbol
from lab.outcomes.recording import Difference
from lab.outcomes.stream import Pace, StreamOutcome
from lab.signals.signal import Signal
from lab.tasks._matching import match

LABELS = ("silence", "unknown", "yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go")
MEMORY = Footprint(
    flash_bytes=181_000,
    ram_bytes=90_000,
    flash_size=1 << 20,
    ram_size=256 << 10,
    arena_size=32_768,
    stack_size=8_192,
    sections=(
        Section(".text", 180_100, flash=True, ram=False),
        Section(".data", 900, flash=True, ram=True),
        Section(".bss", 89_100, flash=False, ram=True),
    ),
    symbols=(
        Symbol("tflite::ConvPrepare(TfLiteContext*)", 640, ".text", "libtflm.a"),
        Symbol("main", 420, ".text", "keyword-spotting"),
        Symbol("lab_arena", 32_768, ".bss", "keyword-spotting"),
    ),
)


def clip(number: int = 0, **changes: object) -> ClipOutcome:
    label = LABELS[number % len(LABELS)]
    plain = ClipOutcome(
        clip=f"{label}/{number}.flac",
        path=Path(f"/nowhere/{label}/{number}.flac"),
        label=label,
        stimulus=f"{number:016x}" * 4,
        decided=label,
        scores=tuple(127 if name == label else -128 for name in LABELS),
        host_scores=tuple(127 if name == label else -128 for name in LABELS),
        samples_crc=f"{number:08x}",
        features_crc=f"{number + 1:08x}",
        instructions=9_000_000,
        cycles=12_000_000,
        time_ns=1_200_000_000,
        awake_cycles=14_000_000,
        cpu_load=0.2,
        stack_used=1_800,
        lost_samples=0,
        late_inferences=0,
        difference=None,
        log=('{"event":"boot"}', f'{{"event":"inference","label":"{label}"}}'),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def own_values(one: ClipOutcome) -> dict[str, float | None]:
    """What a recording has of each metric that is made over recordings."""
    values: dict[str, float | None] = {
        "accuracy": int(one.correct),
        "instructions_per_inference": one.instructions,
        "cycles_per_inference": one.cycles,
        "latency_ms": None if one.cycles is None else one.cycles / 64e3,
        "cpu_load": one.cpu_load,
        "realtime_headroom": None if one.awake_cycles is None else 64e6 / one.awake_cycles,
        "stack_used_bytes": one.stack_used,
        "missed_deadlines": one.late_inferences,
    }
    return {**values, "bit_exact": int(one.difference is None)} if one.host_scores else values


def measurement(clips: tuple[ClipOutcome, ...] | None = None, **changes: object) -> Measurement:
    heard = tuple(clip(number) for number in range(24)) if clips is None else clips
    correct = [one.correct for one in heard]
    equal = [one.difference is None for one in heard]
    plain = Measurement(
        workload="keyword-spotting",
        target="nano33ble",
        variant="reference",
        engine="builtin",
        hardware_faithful=True,
        source="synthetic speech",
        clips=heard,
        skipped=(),
        notes=("3 recordings resampled from 44,100 Hz",),
        memory=MEMORY,
        metrics={
            "accuracy": Quantity(sum(correct) / len(correct) if correct else None, "", "exact"),
            "bit_exact": Quantity(sum(equal) / len(equal) if equal else None, "", "exact"),
            "instructions_per_inference": Quantity(9_000_000, "instructions", "exact"),
            "cycles_per_inference": Quantity(12_000_000, "cycles", "modelled"),
            "latency_ms": Quantity(187.5, "ms", "modelled"),
            "cpu_load": Quantity(0.2, "", "modelled"),
            "realtime_headroom": Quantity(4.571428, "", "modelled"),
            "flash_bytes": Quantity(181_000, "bytes", "exact"),
            "ram_bytes": Quantity(90_000, "bytes", "exact"),
            "arena_used_bytes": Quantity(28_000, "bytes", "exact"),
            "stack_used_bytes": Quantity(1_800, "bytes", "measured"),
            "missed_deadlines": Quantity(0, "", "exact"),
        },
        fingerprint="ab" * 32,
        labels=LABELS,
        provenance={"lab": "0.1.0"},
        build={
            "toolchain_hash": "71f653830ee44a9b",
            "cost_model": "m4-trm-1",
            "model": "keyword_spotting.tflite crc 0",
        },
        host_seconds=1.5,
        by_clip=tuple(map(own_values, heard)),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def stream_measurement(**changes: object) -> Measurement:
    """Ten seconds: a word that was heard, one that was missed, an unknown one that was taken for a word."""
    words = (
        Event("yes", "yes/0.flac", 2.0, 2.5, 12.0),
        Event("unknown", "_unknown_/1.flac", 4.0, 4.5, None),
        Event("go", "go/2.flac", 6.0, 6.25, None),
    )
    detected = ((3.0, "yes", 250), (4.75, "off", 180))
    part = PartOutcome(
        number=1,
        start_s=0.0,
        seconds=10.0,
        stimulus="5" * 64,
        events=words,
        detected=detected,
        inferences=20,
        instructions=250_000_000,
        cpu_load=0.5,
        stack_used=1_100,
        lost_samples=0,
        late_inferences=0,
        log=('{"event":"inference"}',),
    )
    heard, detections = match(words, detected, late_s=1.5, background=("silence", "unknown"))
    pace = Pace(51, 64.0, 1.25, "m4-trm-1")
    silence = Signal.of_sound(np.zeros(160_000, np.int16), 16_000)
    stream = StreamOutcome(1, pace, (part,), heard, detections, lambda: iter([silence]))
    words_of, board = workload.load("keyword-spotting"), target.load("nano33ble")
    metrics = of_stream(stream, words_of, board)
    by_part = (of_part(part, words_of, board),)
    plain = measurement((), variant="cmsis-nn-stream", notes=(), stream=stream, metrics=metrics, by_clip=by_part)
    return replace(plain, **changes)  # type: ignore[arg-type]


def passing(request: Request) -> Measurement:
    if request.mode == "stream":
        return stream_measurement(target=request.target.name)
    return measurement(target=request.target.name)


def with_evidence(request: Request) -> Measurement:
    """Has an ELF and a map of more than 2 MB each."""
    folder = Path(tempfile.mkdtemp())
    elf, linked = (folder / f"keyword-spotting.{kind}" for kind in ("elf", "map"))
    for file in (elf, linked):
        file.symlink_to(np._core._multiarray_umath.__file__)
    return measurement(target=request.target.name, firmware=elf, map=linked)


def larger(request: Request) -> Measurement:
    """Flash has grown by 2 %."""
    grown = replace(MEMORY, flash_bytes=184_620)
    metrics = {**passing(request).metrics, "flash_bytes": Quantity(184_620, "bytes", "exact")}
    return measurement(target=request.target.name, memory=grown, metrics=metrics)


def of_another_compiler(request: Request) -> Measurement:
    """The same as `larger`, by a toolchain that no baseline was made with."""
    grown = larger(request)
    return replace(grown, build={**grown.build, "toolchain_hash": "0" * 16})


def differing(request: Request) -> Measurement:
    """Passes everywhere, but Renode hears one recording otherwise."""
    if request.engine != "renode":
        return passing(request)
    heard = tuple(clip(number) for number in range(1, 24))
    return measurement((clip(0, decided="off"), *heard), target=request.target.name, fingerprint="cd" * 32)


def failing(_request: Request) -> Measurement:
    wrong = tuple(clip(number, decided="off") for number in range(4))
    off_by_one = clip(4, difference=Difference("features", "step 17, channel 3", 43, 42))
    skipped = (SkippedClip("yes/broken.flac", "is cut short"),)
    return measurement((*wrong, off_by_one), skipped=skipped)


def failing_on_the_twin(request: Request) -> Measurement:
    """Passes everywhere but on the board of that name."""
    if request.target.name != "twin":
        return passing(request)
    return replace(failing(request), target="twin")


def faulting(_request: Request) -> Measurement:
    fault = DeviceFault("The firmware jumped to 0x0.", remedy="See main.cc:12.", details="last blocks: main")
    return measurement((clip(0),), error=fault)


def broken_engine(_request: Request) -> Measurement:
    return measurement((clip(0),), error=EngineError("The emulator broke."))


HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J\x9b31m\r\n  ::stop-commands::x\n\t::error::owned\n##[error]owned\u202e\u2028[bold]:bomb:"
)
"""What a device, a file name or a label can say to make a terminal or GitHub's runner do something."""


def hostile(_request: Request) -> Measurement:
    """A device and file names that try everything, and a firmware that faults with such a last output."""
    fault = DeviceFault(f"HardFault, {HOSTILE}", remedy=HOSTILE, details=f"device log:\n{HOSTILE}")
    clips = (
        clip(2, clip=f"yes/{HOSTILE}.flac", decided=HOSTILE, log=(HOSTILE,)),
        clip(3, label="=1+1", clip="=1+1/\r.flac"),
    )
    return measurement(clips, error=fault, skipped=(SkippedClip(f"no/{HOSTILE}.flac", HOSTILE),), notes=(HOSTILE,))


def refusing(_request: Request) -> Measurement:
    """Finds that it was asked for wrongly."""
    raise ConfigurationError("workload.toml:3: input.sensor: there is none.", remedy="Correct it.")


def not_compiling(_request: Request) -> Measurement:
    raise BuildError("main.cc:3: expected ';'.", details="main.cc:3:1: error: expected ';'", remedy="Correct it.")


def not_compiling_on_the_twin(request: Request) -> Measurement:
    return passing(request) if request.target.name != "twin" else not_compiling(request)


def crashing(_request: Request) -> Measurement:
    raise ZeroDivisionError("division by zero")


def interrupted_while_building(_request: Request) -> Measurement:
    raise KeyboardInterrupt


def slow(_request: Request) -> Measurement:
    """Hears one recording, says so to whom waits for it, and hangs until it is interrupted."""
    try:
        sys.__stderr__.write("listening\n")
        sys.__stderr__.flush()
        time.sleep(60)
    except KeyboardInterrupt:
        return measurement((clip(0),), interrupted=True)
    return measurement()


OUTCOMES: dict[str, Callable[[Request], Measurement]] = {
    function.__name__: function
    for function in (
        passing,
        with_evidence,
        larger,
        of_another_compiler,
        differing,
        failing,
        failing_on_the_twin,
        faulting,
        hostile,
        broken_engine,
        refusing,
        not_compiling,
        not_compiling_on_the_twin,
        crashing,
        interrupted_while_building,
        slow,
    )
}


def measure_with(outcome: str) -> Callable[..., Measurement]:
    """A `lab.measuring.measure` with that outcome, or a `measure_stream`."""

    def measure(
        request: Request,
        on_heard: Callable[[int, int, Any], None],
        on_stage: Callable[[str], None],
    ) -> Measurement:
        on_stage("building")
        done = replace(OUTCOMES[outcome](request), workload=request.workload.name, options=request.options)
        if request.clips:
            chosen = tuple(one for one in done.clips if one.clip in request.clips)
            done = replace(done, clips=chosen, by_clip=tuple(map(own_values, chosen)), partial=True)
        heard = done.stream.parts if done.stream else (*done.clips, *done.skipped)
        for number, one in enumerate(heard, start=1):
            on_heard(number, len(heard), one)
        return done

    return measure


if __name__ == "__main__":
    del sys.path[0]  # this folder, whose own `robot` would stand before Robot Framework
    wanted, program, *arguments = sys.argv[1:]
    lab.measuring.measure = lab.measuring.measure_stream = measure_with(wanted)
    lab.measuring.build_ahead = lambda *_: None
    if program == "lab":
        from lab.cli import main

        sys.exit(main(arguments))
    from robot import run_cli

    sys.exit(run_cli(arguments))


FILE = Path(__file__)
