"""Numbers and runs in words, alike in the terminal and in every file that a run leaves."""

from __future__ import annotations

import shlex

from lab.metrics import spelled
from lab.outcomes.stream import Fate
from lab.verdict.regression import NO_BASELINE
from lab.verdict.result import Bounds, Comparison, Run, StreamDetection, StreamWord


def number(value: float | None, metric: str = "") -> str:
    """A count, or the value of the metric of that name: `29,025,682`, `89.256 %`."""
    return "not counted" if value is None else spelled(value, metric)


def rounded(value: float, metric: str) -> str:
    """A value that is not exact, of three digits: `571,000`, `9.12`, `0.187 %`."""
    return spelled(float(f"{value:.3g}"), metric)


def bounds(limit: Bounds, metric: str) -> str:
    """The limit of a metric in signs: `≤ 155,000`."""
    signs = (("≥", limit.at_least), ("≤", limit.at_most))
    return " ".join(f"{sign} {spelled(bound, metric)}" for sign, bound in signs if bound is not None)


def signed(change: float, unit: str) -> str:
    """-2.04 as `-2.0 %`; a change that two digits do not show has one that does: `+0.004 pp`."""
    size = abs(change)
    text = f"{size:,.0f}" if size >= 100 else f"{size:.1f}" if not 0 < size < 1 else f"{size:.2f}"
    if change and not float(text.replace(",", "")):
        text = f"{size:.1g}"
    return f"{'+' if change > 0 else '-' if change < 0 else '±'}{text} {unit}"


def plural(count: int, noun: str) -> str:
    """`1 recording`, `2 recordings`."""
    return f"{count:,} {noun if count == 1 else several(noun)}"


def several(noun: str) -> str:
    """More than one of them: `words`, `activities`, `stretches`."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


def heard(run: Run) -> str:
    """What was played: `242 recordings`, `5 minutes with 73 words and 29 others`."""
    if run.stream is None:
        return plural(run.recordings.count, "recording")
    others = sum(one.fate in ("ignored", "taken") for one in run.stream.words)
    events = plural(len(run.stream.words) - others, run.event)
    told = f" and {plural(others, 'other')}" if others and not has_alarms(run) else ""
    return f"{_duration(run.stream.seconds)} with {events}{told}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:g} seconds"
    return f"{seconds / 60:g} {'minute' if seconds == 60 else 'minutes'}"


def at(seconds: float) -> str:
    """A place in a stream, minutes and seconds: `2:07.25`."""
    return f"{int(seconds // 60)}:{seconds % 60:05.2f}"


def misses(run: Run) -> list[str]:
    """Each event of a stream that was not detected: `0:26.89 off, noise 12 dB below`."""
    if run.stream is None:
        return []
    return [_missed(one, run) for one in run.stream.words if one.fate in ("missed", "mistaken")]


def false_accepts(run: Run) -> list[str]:
    """Each detection of a stream that is of no event that was then: `1:02.48 go, of no (no/1.flac)`."""
    if run.stream is None:
        return []
    return [_false(one, run) for one in run.stream.detections if one.standing != "right"]


def missed_events(run: Run) -> str:
    """A heading for `misses`: `missed words`, `activities not recognised`."""
    events = several(run.event)
    return f"{events} not recognised" if run.task == "classification" else f"missed {events}"


def falsely_detected(run: Run) -> str:
    """A heading for `false_accepts`."""
    return "false alarms" if has_alarms(run) else "false accepts"


def fate(of: Fate, run: Run) -> str:
    """What became of an event of a stream: only sound is heard, and a fault is found."""
    if has_alarms(run):
        return {"heard": "found", "ignored": "no alarm", "taken": "false alarm"}.get(of, of)
    return "recognised" if of == "heard" and not run.is_sound else of


def detected(one: StreamDetection, run: Run) -> str:
    """What a device reported in a stream: `detected go: right, 512 ms after its end, score 200`."""
    if not has_alarms(run):
        delay = "" if one.delay_ms is None else f", {one.delay_ms:.0f} ms after its end"
        return f"detected {one.label}: {one.standing}{delay}, score {one.score}"
    if one.standing != "right":
        return f"false alarm, score {one.score:,}"
    if one.delay_ms is None:
        return f"one more alarm, score {one.score:,}"
    return f"alarm {one.delay_ms / 1000:.2f} s after the {run.event} began, score {one.score:,}"


def has_alarms(run: Run) -> bool:
    """Whether what the device reports in a stream are alarms."""
    return run.task == "anomaly"


def _missed(event: StreamWord, run: Run) -> str:
    noise = ", without noise" if event.snr_db is None else f", noise {event.snr_db:.0f} dB below"
    noise *= run.is_sound
    taken = f", taken for {event.taken_for}" if event.taken_for else ""
    return f"{at(event.start_s)} {event.label}{noise}{taken} ({event.clip})"


def _false(one: StreamDetection, run: Run) -> str:
    event = None if one.word is None or run.stream is None else run.stream.words[one.word]
    if event is None:
        why = f"where no {run.event} was"
    elif one.standing == "again":
        why = f"once more, after {at(event.start_s)}"
    else:
        why = f"of {event.label} ({event.clip})"
    return f"{at(one.time_s)} {one.label}, {why}"


def name(run: Run) -> str:
    """`keyword-spotting on nano33ble`."""
    return f"{run.workload} on {run.target}"


def verdict(run: Run) -> str:
    """What came of a run, in one line: `FAILED: 2 of 13 checks`."""
    if run.verdict == "interrupted":
        return f"INTERRUPTED after {heard(run)}; no limit was checked"
    if run.error:
        return f"{run.verdict.upper()}: {run.error.message.splitlines()[0].rstrip('.')}"
    broken, all_of_them = len(run.failed_checks), plural(len(run.checks), "check")
    return f"FAILED: {broken} of {all_of_them}" if broken else f"PASSED: {all_of_them}"


def standing(comparison: Comparison) -> str:
    """What came of a comparison: `worse: flash_bytes; better: accuracy`."""
    if comparison.why in ("", NO_BASELINE):
        return comparison.why or comparison.standing
    return f"{comparison.standing}{'; ' if comparison.standing == 'same' else ': '}{comparison.why}"


def command(run: Run, clip: str = "") -> str:
    """The line to type that does a run again, or one of its recordings."""
    options = list(run.options)
    if clip:
        while "--clip" in options:
            at = options.index("--clip")
            del options[at : at + 2]
        options += ["--clip", clip]
    return shlex.join(["lab", "run", run.workload, "--target", run.target, *options])


def bundle(clip: str) -> str:
    """The line to type in the run's folder that packs one of its recordings for somebody else."""
    return shlex.join(["lab", "bundle", ".", "--recording", clip])
