from __future__ import annotations

import pytest

from lab.variants import choosing
from lab.variants.outcome import Accuracy, Cost, Right, Variant


def _accuracy(right):
    return None if right is None else Accuracy(by_label=(Right(label="yes", recordings=1000, right=right),))


def _variant(name, size, device, host=900, instructions=10):
    cost = Cost(equals_host=True, arena=1, flash=1, ram=1, instructions=instructions, cycles=None, latency_ms=None)
    return Variant(
        name=name,
        bytes=size,
        compressed_bytes=size,
        host=_accuracy(host),
        device=_accuracy(device),
        cost=None if device is None else cost,
        refused="" if device is not None else "too large",
    )


def test_losses_count_from_the_floats_on_the_board():
    found = choosing.compared_with([_variant("int8", 10, 950), _variant("float32", 40, 930)])
    assert found == ("float32", pytest.approx(0.93))


def test_losses_count_from_the_floats_on_the_host_where_the_board_has_no_room_for_them():
    found = choosing.compared_with([_variant("int8", 10, 950), _variant("float32", 40, None, host=960)])
    assert found == ("float32", pytest.approx(0.96))


def test_without_floats_losses_count_from_the_best_that_runs():
    found = choosing.compared_with([_variant("a", 10, 940), _variant("b", 20, 950), _variant("c", 5, None, host=999)])
    assert found == ("b", pytest.approx(0.95))


def test_nothing_is_compared_where_nothing_runs():
    assert choosing.compared_with([_variant("a", 10, None)]) is None


@pytest.mark.parametrize(
    ("most_loss", "wanted"), [(0.0, "float32"), (0.9, "float32"), (1.0, "int8"), (4.9, "int8"), (5.0, "tiny")]
)
def test_the_fewest_bytes_within_the_loss_are_named(most_loss, wanted):
    variants = [_variant("float32", 40, 950), _variant("int8", 10, 940), _variant("tiny", 5, 900)]
    assert choosing.smallest(variants, 0.95, most_loss) == wanted


def test_what_does_not_run_on_the_board_is_not_named():
    variants = [_variant("float16", 5, None, host=950), _variant("int8", 10, 950)]
    assert choosing.smallest(variants, 0.95, 1.0) == "int8"
    assert choosing.smallest(variants[:1], 0.95, 1.0) is None


def test_of_equal_sizes_the_more_accurate_one_is_named():
    variants = [_variant("pruned", 10, 948, instructions=9), _variant("whole", 10, 950)]
    assert choosing.smallest(variants, 0.95, 1.0) == "whole"


def test_of_equal_sizes_and_accuracies_the_faster_one_is_named():
    variants = [_variant("slow", 10, 950, instructions=20), _variant("fast", 10, 950, instructions=10)]
    assert choosing.smallest(variants, 0.95, 1.0) == "fast"
