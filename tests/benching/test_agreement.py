from __future__ import annotations

import numpy as np
import pytest

from lab.benching.agreement import TOLERANCE, agreement, together


def floats(*values):
    return (np.array(values, np.float32),)


def test_equal_integers_hold():
    found = agreement((np.array([1, 2], np.int8),), (np.array([1, 2], np.int8),))
    assert (found.holds, found.values, found.differing) == (True, 2, 0)


def test_one_integer_off_by_one_does_not_hold_and_is_named():
    found = agreement((np.array([[1], [3]], np.int8),), (np.array([[1], [2]], np.int8),))
    assert not found.holds
    assert (found.differing, found.first) == (1, "output 0, element 1: device 3, host 2")


def test_neighbouring_floats_are_one_unit_in_the_last_place_apart():
    after_one = float(np.nextafter(np.float32(1), np.float32(2)))
    found = agreement(floats(1.0, after_one), floats(1.0, 1.0))
    assert (found.holds, found.differing, found.largest_ulp) == (True, 1, 1)


def test_units_in_the_last_place_are_counted_across_zero():
    smallest = float(np.nextafter(np.float32(0), np.float32(1)))
    assert agreement(floats(-smallest), floats(smallest)).largest_ulp == 2


def test_a_float_that_is_no_number_on_one_side_does_not_hold():
    assert not agreement(floats(np.nan), floats(1.0)).holds
    assert agreement(floats(np.nan), floats(np.nan)).holds


@pytest.mark.parametrize(("off", "holds"), [(0.5 * TOLERANCE, True), (2 * TOLERANCE, False)])
def test_floats_may_differ_by_a_share_of_the_largest_value(off, holds):
    """Whatever the value itself is: near zero a few last bits are many units in the last place."""
    found = agreement(floats(4.0, 1e-6 + 4 * off), floats(4.0, 1e-6))
    assert found.holds is holds
    assert found.largest_error == pytest.approx(off, rel=0.01)
    assert found.largest_ulp > 1000


def test_the_tolerance_is_the_users():
    apart = floats(0.4056, 0.5), floats(0.4932, 0.5)
    assert not agreement(*apart).holds
    assert agreement(*apart, tolerance=0.2).holds
    assert not agreement(floats(float(np.nextafter(np.float32(1), np.float32(2)))), floats(1.0), tolerance=0).holds


def test_the_worst_of_several_outputs_is_named():
    near = float(np.nextafter(np.float32(1), np.float32(2)))
    found = agreement((*floats(near), *floats(1.0, 3.0)), (*floats(1.0), *floats(1.0, 2.0)))
    assert found.first == "output 1, element 1: device 3.0, host 2.0"


@pytest.mark.parametrize("device", [np.inf, -np.inf, np.nan])
def test_an_infinity_of_another_sign_or_on_one_side_holds_under_no_tolerance(device):
    for host in (1.0, np.inf if device != np.inf else -np.inf):
        found = agreement(floats(2.0, device), floats(2.0, host), tolerance=1e9)
        assert (found.holds, found.largest_error, found.largest_ulp) == (False, None, None)
        assert found.first == f"output 0, element 1: device {np.float32(device)}, host {np.float32(host)}"


def test_what_is_not_finite_on_both_sides_is_counted():
    found = agreement(floats(np.nan, np.inf, 1.0), floats(-np.nan, np.inf, 1.0))
    assert (found.holds, found.differing, found.not_finite) == (True, 0, 2)


def test_any_value_for_a_host_output_of_zeros_alone_is_a_difference():
    assert not agreement(floats(0.0, 1e-9), floats(0.0, 0.0)).holds
    assert agreement(floats(-0.0), floats(0.0)).holds


def test_an_integer_beside_floats_must_be_equal_all_the_same():
    ints = np.array([3], np.int32), np.array([4], np.int32)
    assert not agreement((*floats(1.0), ints[0]), (*floats(1.0), ints[1]), tolerance=1e9).holds


def test_several_inferences_are_one_with_the_first_that_does_not_hold():
    near = float(np.nextafter(np.float32(1), np.float32(2)))
    found = together([agreement(floats(value, 2.0), floats(1.0, 2.0)) for value in (1.0, near, 1.5, 1.75)])
    assert (found.holds, found.values, found.differing) == (False, 8, 3)
    assert found.first == "inference 2, output 0, element 0: device 1.5, host 1.0"
    assert found.largest_error == pytest.approx(0.375)


def test_of_several_inferences_that_hold_the_first_that_differs_is_named():
    near = float(np.nextafter(np.float32(1), np.float32(2)))
    found = together([agreement(floats(value), floats(1.0)) for value in (1.0, near)])
    assert (found.holds, found.largest_ulp) == (True, 1)
    assert found.first.startswith("inference 1, output 0, element 0: ")


def test_an_inference_that_is_no_number_keeps_all_from_holding():
    found = together([agreement(floats(np.nan), floats(1.0)), agreement(floats(1.0), floats(1.0))])
    assert (found.holds, found.largest_error) == (False, None)


def test_integers_of_several_inferences_are_counted():
    right, wrong = np.array([1, 2], np.int8), np.array([1, 3], np.int8)
    found = together([agreement((device,), (right,)) for device in (right, wrong, wrong)])
    assert (found.holds, found.differing, found.largest_error, found.is_float) == (False, 2, None, False)
