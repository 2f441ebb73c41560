from __future__ import annotations

from lab.measuring.measurement import Symbol
from lab.verdict import policy
from lab.verdict.comparison import compare
from lab.verdict.result import ClipChange
from tests.comparing.runs import golden, measured
from tests.fake_measuring import clip

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


def test_other_recordings_leave_only_sizes_to_compare():
    comparison = compared(measured(), measured(clips=(clip(0), clip(1))))
    comparable = {name for name, standing in standings(comparison).items() if standing != "not comparable"}
    assert comparable == {"flash_bytes", "ram_bytes", "arena_used_bytes"}
    assert change(comparison, "accuracy").why.startswith("other recordings: ")


def test_with_nothing_in_common_nothing_is_compared_and_all_reasons_are_said():
    comparison = compared(measured(), measured(build=OTHER_COMPILER, clips=(clip(0),)))
    assert comparison.standing == "not comparable"
    assert "another toolchain" in comparison.why
    assert "other recordings" in comparison.why


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
