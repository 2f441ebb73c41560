from __future__ import annotations

from dataclasses import replace

import pytest

from lab import target, workload
from lab.measuring import metrics
from lab.outcomes.memory import Symbol
from lab.outcomes.recording import Difference
from lab.verdict import policy
from lab.verdict.comparison import compare
from lab.verdict.result import ClipChange
from tests.comparing.runs import golden, measured
from tests.fake_measuring import clip, stream_measurement

OTHER_COMPILER = {"toolchain_hash": "0123456789abcdef"}


def compared(before, now):
    return compare(golden(before), golden(now), policy.load(), against="earlier")


def standings(comparison):
    return {change.metric: change.standing for change in comparison.changes}


def change(comparison, metric):
    return next(one for one in comparison.changes if one.metric == metric)


def test_equal_measurements_are_the_same_in_everything():
    comparison = compared(measured(), measured())
    assert comparison.standing == "same"
    assert set(standings(comparison).values()) == {"same"}
    assert (comparison.why, comparison.clips, comparison.identities, comparison.sizes) == ("", (), (), ())


def test_one_worse_metric_makes_the_whole_worse_and_is_named():
    comparison = compared(measured(), measured({"flash_bytes": 190_000, "arena_used_bytes": 20_000}))
    assert comparison.standing == "worse"
    assert comparison.why == "flash_bytes; better: arena_used_bytes"


def test_one_better_metric_makes_the_whole_better():
    assert compared(measured(), measured({"flash_bytes": 100_000})).standing == "better"


def test_another_compiler_leaves_only_what_does_not_depend_on_it_to_compare():
    comparison = compared(measured(), measured({"accuracy": 0.9}, build=OTHER_COMPILER))
    comparable = {name for name, standing in standings(comparison).items() if standing != "not comparable"}
    assert comparable == {"accuracy", "bit_exact", "missed_deadlines"}
    why = change(comparison, "instructions_per_inference").why
    assert why == "another toolchain: 71f65383 before, 01234567 now"
    assert f"({why})" in comparison.why
    assert comparison.standing == "worse"


def test_an_added_recording_leaves_what_both_have_compared_and_is_listed():
    """The clips of before, one of them decided wrongly now, and a new one: right, slow and deep in its own stack."""
    added = clip(24, instructions=99_000_000, stack_used=4_000)
    now = measured(clips=(clip(0), clip(1, decided="off"), *map(clip, range(2, 24)), added))
    comparison = compared(measured(), now)
    assert comparison.standing == "worse"
    assert comparison.why == "accuracy; over 24 common recordings, 1 new"
    assert comparison.common == 24
    assert set(standings(comparison).values()) == {"worse", "same"}
    accuracy = change(comparison, "accuracy")
    assert (accuracy.before, accuracy.now, accuracy.recordings) == (1.0, 23 / 24, 24)
    assert change(comparison, "instructions_per_inference").now == 9_000_000
    assert (change(comparison, "flash_bytes").recordings, change(comparison, "flash_bytes").standing) == (None, "same")
    assert [(one.clip, one.before, one.now) for one in comparison.clips] == [
        ("silence/24.flac", None, "silence"),
        ("unknown/1.flac", "unknown", "off"),
    ]


@pytest.mark.parametrize(
    ("worse", "metric", "now"),
    [
        ({"instructions": 9_200_000}, "instructions_per_inference", 9_200_000),
        ({"cycles": 12_200_000}, "cycles_per_inference", 12_200_000),
        ({"cycles": 12_200_000}, "latency_ms", 190.625),
        ({"cpu_load": 0.21}, "cpu_load", 0.21),
        ({"awake_cycles": 16_000_000}, "realtime_headroom", 4.0),
        ({"stack_used": 2_000}, "stack_used_bytes", 2_000),
        ({"late_inferences": 1}, "missed_deadlines", 23),
        ({"difference": Difference("features", "step 17, channel 3", 43, 42)}, "bit_exact", 0.0),
        ({"decided": "off"}, "accuracy", 2 / 23),
    ],
)
def test_each_cost_and_count_of_the_common_recordings_is_held_to_its_earlier_value(worse, metric, now):
    """One recording is new, one is gone, and the others have become worse in one respect."""
    comparison = compared(measured(), measured(clips=tuple(clip(number, **worse) for number in range(1, 25))))
    assert (change(comparison, metric).standing, change(comparison, metric).now) == ("worse", now)
    assert comparison.why.endswith("over 23 common recordings, 1 new, 1 no longer played")


def test_a_recording_of_the_same_name_with_other_samples_is_another_recording():
    now = measured(clips=(clip(0, stimulus="f" * 64, decided="off"), *map(clip, range(1, 24))))
    comparison = compared(measured(), now)
    assert comparison.standing == "same"
    assert comparison.why == "over 23 common recordings, 1 with other samples"
    (changed,) = comparison.clips
    assert (changed.clip, changed.other_samples) == ("silence/0.flac", True)


def test_renamed_recordings_are_compared_and_only_what_is_decided_otherwise_is_listed():
    """All have other names, as after a conversion of their files; one of them is decided wrongly now."""
    renamed = [replace(clip(number), clip=f"{clip(number).label}/new-{number}.wav") for number in range(24)]
    comparison = compared(measured(), measured(clips=(renamed[0], replace(renamed[1], decided="off"), *renamed[2:])))
    assert comparison.why == "accuracy; over 24 common recordings, 24 renamed"
    (listed,) = comparison.clips
    assert (listed.clip, listed.before, listed.now) == ("unknown/new-1.wav", "unknown", "off")


def test_a_recording_of_the_same_samples_under_another_label_is_another_recording():
    moved = replace(clip(1), label="yes", clip="yes/1.flac")
    comparison = compared(measured(), measured(clips=(clip(0), moved, *map(clip, range(2, 24)))))
    assert comparison.why.endswith("over 23 common recordings, 1 new, 1 no longer played")


def test_the_same_recordings_in_another_order_are_compared():
    comparison = compared(measured(), measured(clips=tuple(clip(number) for number in reversed(range(24)))))
    assert set(standings(comparison).values()) == {"same"}


def test_a_run_of_some_recordings_is_held_to_those_and_the_others_are_not_missed():
    comparison = compared(measured(), measured(clips=(clip(1, decided="off"),), partial=True))
    assert (comparison.standing, comparison.why) == ("worse", "accuracy; over 1 common recording")
    assert [one.clip for one in comparison.clips] == ["unknown/1.flac"]


def test_of_other_recordings_costs_are_compared_where_they_hardly_depend_on_what_is_heard():
    others = tuple(clip(number, instructions=9_500_000 + number) for number in range(30, 40))
    comparison = compared(
        measured(), measured({"instructions_per_inference": 9_500_039, "accuracy": 0.5}, clips=others)
    )
    assert comparison.standing == "worse"
    slower = change(comparison, "instructions_per_inference")
    assert (slower.standing, slower.why) == ("worse", "tolerated: at most 9,090,000; hardly depends on the recordings")
    assert change(comparison, "cpu_load").standing == "same"
    assert change(comparison, "accuracy").why.startswith("other recordings: ")
    assert change(comparison, "missed_deadlines").standing == "not comparable"  # a sum over those that were played
    assert comparison.clips == ()


def test_a_cost_that_does_depend_on_what_is_heard_is_not_compared_over_other_recordings():
    before = measured(clips=(clip(1), clip(2, instructions=12_000_000)))
    others = measured({"instructions_per_inference": 13_000_000}, clips=(clip(30, instructions=13_000_000),))
    assert change(compared(before, others), "instructions_per_inference").standing == "not comparable"


def test_a_baseline_of_an_older_lab_is_compared_with_the_same_recordings():
    old = golden(measured()).model_copy(update={"stimuli": (), "by_clip": {}})
    same = compare(old, golden(measured({"accuracy": 0.5})), policy.load(), against="earlier")
    assert standings(same)["accuracy"] == "worse"
    other = golden(measured({"accuracy": 0.5, "cycles_per_inference": 13_000_000}, clips=(clip(0), clip(30))))
    comparison = compare(old, other, policy.load(), against="earlier")
    assert standings(comparison)["accuracy"] == "not comparable"
    assert standings(comparison)["cycles_per_inference"] == "worse"  # steady as far as is known
    assert comparison.standing == "worse"


def test_with_nothing_in_common_nothing_is_compared_and_all_reasons_are_said():
    comparison = compared(measured(), measured(build=OTHER_COMPILER, clips=(clip(30),)))
    assert comparison.standing == "not comparable"
    assert "another toolchain" in comparison.why
    assert "other recordings" in comparison.why


def test_another_stream_is_held_to_load_and_stack():
    (part,) = stream_measurement().stream.parts
    other = replace(part, stimulus="6" * 64, cpu_load=0.6)
    stream = replace(stream_measurement().stream, parts=(other,))
    words, board = workload.load("keyword-spotting"), target.load("nano33ble")
    now = stream_measurement(
        stream=stream, metrics=metrics.of_stream(stream, words, board), by_clip=(metrics.of_part(other, words, board),)
    )
    found = standings(compared(stream_measurement(), now))
    assert (found["cpu_load"], found["stack_used_bytes"], found["miss_rate"]) == ("worse", "same", "not comparable")


def test_cycles_of_another_cost_model_are_not_compared_and_instructions_are():
    comparison = compared(measured(), measured({"cycles_per_inference": 99_000_000}, build={"cost_model": "m4-trm-2"}))
    assert standings(comparison)["cycles_per_inference"] == "not comparable"
    assert change(comparison, "latency_ms").why == "another cost model: m4-trm-1 before, m4-trm-2 now"
    assert standings(comparison)["instructions_per_inference"] == "same"


def test_another_model_is_compared_and_said():
    comparison = compared(measured(), measured({"accuracy": 0.9}, build={"model": "smaller.tflite crc 1"}))
    assert standings(comparison)["accuracy"] == "worse"
    assert comparison.why.endswith("another model: keyword_spotting.tflite crc 0 before, smaller.tflite crc 1 now")
    assert [one.name for one in comparison.identities] == ["model"]


def test_a_value_that_an_engine_cannot_count_is_no_regression_and_one_that_vanished_is():
    comparison = compared(measured(), measured({"cycles_per_inference": None, "flash_bytes": None}))
    assert standings(comparison)["cycles_per_inference"] == "not comparable"
    assert standings(comparison)["flash_bytes"] == "worse"
    assert change(comparison, "flash_bytes").why == "no value now"


def test_a_metric_without_an_earlier_value_is_not_compared():
    assert standings(compared(measured({"flash_bytes": None}), measured()))["flash_bytes"] == "not comparable"


def test_recordings_that_are_decided_otherwise_or_played_once_are_listed():
    before = measured(clips=(clip(2), clip(3), clip(4)))
    now = measured(clips=(clip(2, decided="no"), clip(3), clip(5)))
    assert compared(before, now).clips == (
        ClipChange(clip="down/5.flac", label="down", before=None, now="down"),
        ClipChange(clip="up/4.flac", label="up", before="up", now=None),
        ClipChange(clip="yes/2.flac", label="yes", before="yes", now="no"),
    )


def test_two_sets_of_recordings_without_a_common_one_are_not_listed():
    assert compared(measured(clips=(clip(2),)), measured(clips=(clip(3),))).clips == ()


def test_what_grew_is_named_down_to_the_symbol():
    before = (Symbol("grows", 100, ".text", "a.a"), Symbol("goes", 50, ".text", "a.a"), Symbol("stays", 9, ".bss", ""))
    now = (Symbol("grows", 300, ".text", "a.a"), Symbol("comes", 8, ".text", "b.a"), Symbol("stays", 9, ".bss", ""))
    sizes = compared(measured(symbols=before), measured(symbols=now)).sizes
    assert [(one.kind, one.name, one.library, one.before, one.now) for one in sizes] == [
        ("library", "a.a", "", 150, 300),
        ("library", "b.a", "", None, 8),
        ("symbol", "grows", "a.a", 100, 300),
        ("symbol", "goes", "a.a", 50, None),
        ("symbol", "comes", "b.a", None, 8),
    ]


def test_a_measurement_without_symbols_does_not_make_all_of_them_new():
    assert compared(measured(symbols=()), measured()).sizes == ()
