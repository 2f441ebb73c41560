"""A record of another image: what a change of the code leaves as it was is compared, the rest is named."""

from __future__ import annotations

import json

import pytest

from lab.conformance import by_name
from lab.conformance.case import OtherImage
from lab.conformance.observation import Event, Observation, Region

HANDLERS = ("fault_handler", "timer_handler", "microphone_handler")
MS = 1_000_000
BOOT = {"event": "boot", "protocol": 1, "target": "board", "model_crc": "aa", "arena_used": 1_000}
DECISION = {
    "event": "inference",
    "n": 0,
    "time_ms": 130,
    "label": "yes",
    "scores": [90, -120],
    "samples_crc": "5a",
    "features_crc": "fe",
    "cycles": 9_000,
}
STATISTICS = {"event": "statistics", "time_ms": 130, "buffers": 5, "lost_samples": 0, "stack_used": 900}


def ran(slower: int = 0, *, drop=(), add=(), late=None, boot=BOOT, decision=DECISION, more=()) -> Observation:
    """Five buffers of 20 ms, a step of features after each, a timer of 50 ms, a decision; `slower` by so many ns each.

    `drop` leaves events out, `add` puts some in, `late` moves one: (event, ns).
    """
    began = 7 * MS + 13 * slower
    events = []
    for number in range(5):
        heard = began + number * 20 * MS
        events += [("microphone_handler", heard), ("lab_mark:3", heard + 600 + slower)]
        events += [("lab_mark:4", heard + 1_300_000 + 20 * slower)]
    decided = events[-1][1] + 30 * MS + 200 * slower
    events += [("lab_mark:1", events[-1][1] + 300), ("lab_mark:2", decided)]
    events += [
        ("timer_handler", began + 3 * MS + number * 50 * MS) for number in range(4) if number * 50 * MS < decided
    ]
    ordered = sorted(events, key=lambda event: event[1])
    kept = [event for number, event in enumerate(ordered) if number not in drop] + list(add)
    if late:
        number, by = late
        kept[number] = (kept[number][0], kept[number][1] + by)
    kept.sort(key=lambda event: event[1])
    lines = (boot, decision, STATISTICS, *more)
    return Observation(
        events=tuple(Event(what, time // 16, time) for what, time in kept),
        uart=("Total buffer usage: 1000 bytes", *map(json.dumps, lines)),
        instructions=decided // 16,
        time_ns=200 * MS,
        memory=(Region(address=0x2000_0000, data=bytes([slower % 256])),),
    )


def compare(here, there, *, handlers=HANDLERS, same_features=True):
    return by_name.compare(here, there, HANDLERS, OtherImage(handlers, same_features))


def number_of(what: str, nth: int) -> int:
    """Where the nth event of that name is, from 0."""
    return [number for number, event in enumerate(ran().events) if event.what == what][nth]


def test_code_that_became_slower_and_moved_differs_in_nothing():
    slower = {**DECISION, "time_ms": 134, "cycles": 9_400}
    found = compare(ran(40, boot={**BOOT, "arena_used": 1_016}, decision=slower), ran())
    assert found.difference is None
    assert found.left_out == (
        "instruction counts",
        "times since reset",
        "memory",
        "boot.model_crc",
        "boot.arena_used",
        "inference.time_ms",
        "inference.cycles",
        "statistics.time_ms",
        "statistics.stack_used",
    )


def test_it_has_indeed_nothing_else_in_common():
    here, there = ran(40), ran()
    assert not {event.time_ns for event in here.events} & {event.time_ns for event in there.events}
    assert here.memory != there.memory


@pytest.mark.parametrize(
    ("here", "where", "said"),
    [
        (ran(40, decision={**DECISION, "samples_crc": "5b"}), "samples_crc of line 2 of the device, inference", '"5b"'),
        (ran(40, decision={**DECISION, "features_crc": "0"}), "features_crc of line 2 of the device, inference", '"0"'),
        (
            ran(40, decision={**DECISION, "scores": [91, -120]}),
            "scores of line 2 of the device, inference",
            "[91, -120]",
        ),
        (ran(40, decision=BOOT), "line 2 of the device", "boot"),
        (ran(40, more=(DECISION,)), "line 4 of the device", "inference"),
        (ran(40, drop=[number_of("lab_mark:4", 1)]), "mark 4", "lab_mark:3"),
        (
            ran(late=(number_of("timer_handler", 1), 100_000)),
            "entry 2 of timer_handler",
            "50,100,000 ns after the first",
        ),
        (ran(drop=[number_of("timer_handler", 1)]), "entry 2 of timer_handler", "100,000,000 ns after the first"),
        (ran(drop=[number_of("microphone_handler", 4)]), "entry 5 of microphone_handler", "nothing more"),
        (ran(add=[("microphone_handler", 60 * MS)]), "entry 4 of microphone_handler", "53,000,000 ns after the first"),
        (ran(add=[("fault_handler", 60 * MS)]), "entry 1 of fault_handler", "0 ns after the first"),
        (ran().model_copy(update={"fault": "no memory"}), "the end of the run", "fault: no memory"),
    ],
)
def test_what_no_change_of_the_code_explains_differs(here, where, said):
    found = compare(here, ran()).difference
    assert found is not None
    assert (found.where, found.here) == (where, said)


def test_a_line_that_never_comes_differs():
    there = ran()
    here = there.model_copy(update={"uart": there.uart[:2]})
    assert (compare(here, there).difference.here, compare(here, there).difference.there) == (
        "nothing more",
        "inference",
    )


def test_an_interrupt_may_wait_for_another_handler():
    assert compare(ran(late=(number_of("timer_handler", 1), 9_000)), ran()).difference is None


def test_a_timer_that_goes_on_while_slower_code_decides_is_no_difference():
    here, there = ran(400_000), ran()
    counts = [sum(event.what == "timer_handler" for event in one.events) for one in (here, there)]
    assert counts[0] > counts[1]
    assert compare(here, there).difference is None
    assert compare(there, here).difference is None


def test_of_another_model_decisions_are_not_compared_but_what_was_heard_is():
    other = {**BOOT, "model_crc": "bb"}
    decided = {**DECISION, "label": "no", "scores": [1, 2]}
    found = compare(ran(boot=other, decision=decided), ran())
    assert found.difference is None
    assert {"inference.label", "inference.scores"} <= set(found.left_out)
    assert compare(ran(boot=other, decision={**decided, "features_crc": "0"}), ran()).difference is not None


def test_of_other_features_only_the_samples_are_compared():
    decided = {**DECISION, "label": "no", "scores": [1, 2], "features_crc": "0"}
    found = compare(ran(decision=decided), ran(), same_features=False)
    assert found.difference is None
    assert {"inference.label", "inference.scores", "inference.features_crc"} <= set(found.left_out)
    assert compare(ran(decision={**decided, "samples_crc": "0"}), ran(), same_features=False).difference is not None


def test_what_only_one_image_has_is_named():
    here = ran(add=[("lab_mark:9", 90 * MS)], decision={**DECISION, "margin": 3}, more=({"event": "sleep"},))
    found = compare(here, ran(), handlers=("fault_handler", "microphone_handler", "old_handler"))
    assert found.difference is None
    assert set(found.left_out) >= {"inference.margin", "sleep", "lab_mark:9", "timer_handler", "old_handler"}
