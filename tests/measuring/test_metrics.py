"""What the numbers of a run are made of."""

import pytest

from lab import target, workload
from lab.measuring import metrics
from lab.metrics import PlayedRecordings
from lab.metrics.inference import CYCLES
from lab.outcomes.memory import Footprint
from lab.outcomes.recording import Difference
from tests.measuring.outcomes import outcome

MEMORY = Footprint(100_000, 50_000, 1 << 20, 256 << 10, 32_768, 8_192, ())


def of(*clips):
    return of_workload(workload.load("keyword-spotting"), *clips)


def of_workload(words, *clips):
    board = target.load("nano33ble")
    by_clip = [metrics.of_clip(clip, words, board) for clip in clips]
    found = metrics.of(words, PlayedRecordings(clips, MEMORY, 20_000, metrics.conditions(words, board)), by_clip)
    return {name: metric.value for name, metric in found.items()}


def test_accuracy_and_bit_exactness_are_shares_of_the_recordings():
    differs = Difference("features", "step 3, channel 4", 7, 8)
    found = of(outcome(), outcome(decided="no"), outcome(difference=differs), outcome())
    assert (found["accuracy"], found["bit_exact"]) == (0.75, 0.75)


def test_counts_are_those_of_the_slowest_recording():
    found = of(outcome(instructions=10, cycles=64_000), outcome(instructions=30, cycles=128_000, stack_used=9999))
    assert (found["instructions_per_inference"], found["cycles_per_inference"]) == (30, 128_000)
    assert found["latency_ms"] == 2.0  # 128,000 cycles at 64 MHz
    assert found["stack_used_bytes"] == 9999


def test_cycles_of_an_engine_that_cannot_count_them_are_none_and_so_is_the_latency():
    found = of(outcome(), outcome(cycles=None, awake_cycles=None, cpu_load=None))
    for name in ("cycles_per_inference", "latency_ms", "cpu_load", "realtime_headroom"):
        assert found[name] is None


def test_headroom_is_how_often_a_stride_has_the_cycles_that_the_busiest_recording_takes():
    found = of(outcome(cycles=10_000_000, awake_cycles=16_000_000), outcome(cycles=9_000_000, awake_cycles=10_000_000))
    stride_s = workload.load("keyword-spotting").decision.stride_ms / 1000
    assert found["realtime_headroom"] == 64e6 * stride_s / (10e6 + 6e6 * stride_s)


def test_with_a_shorter_stride_an_inference_comes_more_often_and_the_features_do_not():
    words = workload.load("keyword-spotting")
    often = words.model_copy(update={"decision": words.decision.model_copy(update={"stride_ms": 500})})
    clip = outcome(cycles=10_000_000, awake_cycles=16_000_000)
    found = of_workload(often, clip)
    assert found["realtime_headroom"] == 32 / 13  # of 32 million cycles: 10 million, and half of 6 million


def test_a_deadline_is_missed_by_a_late_inference_and_by_each_step_of_lost_samples():
    found = of(outcome(late_inferences=2), outcome(lost_samples=321))  # a step is 320 samples
    assert found["missed_deadlines"] == 4


@pytest.mark.parametrize("name", ["accuracy", "bit_exact", "instructions_per_inference", "missed_deadlines"])
def test_nothing_heard_has_no_value(name):
    assert of()[name] is None


def test_what_is_in_proportion_to_cycles_has_what_it_may_be_on_a_board_beside_it():
    words, board = workload.load("keyword-spotting"), target.load("nano33ble")
    clip = outcome(cycles=10_000_000, awake_cycles=16_000_000, cpu_load=0.6)
    conditions = metrics.conditions(words, board)
    by_clip = [metrics.of_clip(clip, words, board)]
    found = metrics.of(words, PlayedRecordings([clip], MEMORY, 20_000, conditions), by_clip, ratios=(0.8, 2.0))
    assert found["cycles_per_inference"].interval == (8_000_000, 20_000_000)
    assert found["latency_ms"].interval == (125, 312.5)
    assert found["cpu_load"].interval == (0.48, 1.0)  # a core is never busier than always
    headroom = found["realtime_headroom"]
    assert headroom.interval == pytest.approx((headroom.value / 2.0, headroom.value / 0.8))
    assert found["instructions_per_inference"].interval is None


def test_the_ends_of_a_count_are_whole_and_rounded_outwards():
    assert CYCLES.quantity(17_316_499, (0.94, 1.21)).interval == (16_277_509, 20_952_964)
