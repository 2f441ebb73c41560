from __future__ import annotations

import numpy as np

from lab.benching.agreement import agreement


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
