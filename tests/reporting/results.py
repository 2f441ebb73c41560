"""Results of every ending, for tests of what shows them."""

from __future__ import annotations

from dataclasses import replace

from lab import workload
from lab.errors import DeviceFault
from lab.measuring import SkippedClip
from lab.metrics import Quantity
from lab.outcomes.recording import Difference
from lab.verdict import judge
from lab.verdict.result import Bounds, Change, Check, ClipChange, Comparison, Result
from lab.workload import Limit
from tests.fake_measuring import clip, measurement

NASTY = "le|ft/we`ird*<b>_&amp;\x07%0A::error::\u202e.flac"
"""A file's name with all that any of the formats gives a meaning."""
BASELINE = "baselines/keyword-spotting/nano33ble-reference.json"

_LIMITS = {
    "accuracy": Limit(at_least=0.9),
    "bit_exact": Limit(at_least=1.0),
    "flash_bytes": Limit(at_most=182_000),
}


def words(**limits: Limit) -> workload.Workload:
    return workload.load("keyword-spotting").model_copy(update={"limits": {**_LIMITS, **limits}})


def passing(**changes: object) -> Result:
    """All is well, save for one recording that was taken for another label."""
    clips = (*(clip(number) for number in range(23)), clip(23, decided="off"))
    return judge.judge(words(), replace(measurement(clips), **changes))


def failing() -> Result:
    """Accuracy, bit-exactness and a skipped recording break their limits."""
    wrong = tuple(clip(number, decided="off") for number in range(4))
    nasty = clip(7, clip=NASTY, decided="up", difference=Difference("features", "step 17, channel 3", 43, 42))
    return judge.judge(words(), measurement((*wrong, nasty), skipped=(SkippedClip("yes/broken.flac", "is cut short"),)))


def tolerating() -> Result:
    """One recording differs from the host, which its limit lets pass."""
    clips = (*(clip(number) for number in range(23)), clip(23, difference=Difference("decision", "label", "go", "off")))
    return judge.judge(words(bit_exact=Limit(at_least=0.9)), measurement(clips))


def faulting() -> Result:
    fault = DeviceFault(
        "HardFault at pc 0x10 in main.", remedy="See the trace.", details="\x1b[31mlast\x1b[0m ```\nblock"
    )
    return judge.judge(words(), measurement((clip(0),), error=fault))


def interrupted() -> Result:
    return judge.judge(words(), measurement((clip(0),), interrupted=True))


def regressed(*, gated: bool = True) -> Result:
    """Flash keeps its limit and has grown by 2 % against its baseline, which tolerates 1 %."""
    result = judge.judge(words(), measurement())
    changes = (
        Change(metric="accuracy", before=0.875, now=1.0, standing="better", why="tolerated: at least 0.87"),
        Change(metric="flash_bytes", before=177_451, now=181_000, standing="worse", why="tolerated: at most 179,225"),
        Change(metric="ram_bytes", before=90_000, now=90_000, standing="same", why="tolerated: at most 90,900"),
    )
    comparison = Comparison(
        against=BASELINE,
        standing="worse",
        why="flash_bytes; better: accuracy",
        changes=changes,
        clips=(ClipChange(clip="yes/2.flac", label="yes", before="no", now="yes"),),
    )
    check = Check(
        name="flash_bytes",
        limit=Bounds(at_most=179_225),
        value=181_000,
        passed=False,
        where=f"{BASELINE}:27",
        origin="baseline",
        before=177_451,
    )
    (run,) = result.runs
    verdict = "failed" if gated else "passed"
    checks = (*run.checks, check) if gated else run.checks
    run = run.model_copy(update={"baseline": comparison, "checks": checks, "verdict": verdict})
    return result.model_copy(update={"runs": (run,), "verdict": verdict})


def with_a_failed_robot_test() -> Result:
    return judge.with_failed_tests(passing(), [("Is Loved By All", "robot_tests/keyword_spotting.robot:48")])


def not_counted() -> Result:
    good = measurement()
    return judge.judge(
        words(cycles_per_inference=Limit(at_most=5)),
        replace(good, metrics={**good.metrics, "cycles_per_inference": Quantity(None, "cycles", "modelled")}),
    )


def side_by_side() -> Result:
    return judge.together([failing(), passing(target="twin")])


EVERY = {
    function.__name__: function
    for function in (
        *(passing, failing, tolerating, faulting, interrupted, regressed),
        *(with_a_failed_robot_test, not_counted, side_by_side),
    )
}
