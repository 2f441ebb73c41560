from __future__ import annotations

import numpy as np
import pytest

from lab.benching.accuracy import accuracy, chosen


def test_the_largest_value_of_the_first_output_is_chosen_and_of_equal_ones_the_first():
    assert chosen((np.array([[-3, 7, 7]], np.int8), np.array([9, 0], np.int8))) == 1


@pytest.mark.parametrize(("minimum", "holds"), [(None, True), (0.75, True), (0.76, False)])
def test_a_share_of_the_labelled_has_to_be_right_on_the_device(minimum, holds):
    found = accuracy([0, 1, 2, 3], [0, 1, 2, 0], [0, 0, 0, 0], minimum)
    assert (found.device_right, found.host_right, found.device) == (3, 1, 0.75)
    assert found.holds is holds


def test_a_model_that_no_host_runs_has_the_devices_accuracy_alone():
    assert accuracy([1], [1], None, None).host_right is None
