"""How many threads TensorFlow computes with: a number of its own where a training asks for it, as sums depend on it."""

from __future__ import annotations

import os
import sys
from unittest.mock import MagicMock

import pytest

from lab.training import backend

THREADS = "TF_NUM_INTRAOP_THREADS"


@pytest.fixture
def tensorflow(monkeypatch):
    """TensorFlow in a process that has not begun with it; it reads the environment when it is first used."""
    found = MagicMock()
    monkeypatch.setitem(sys.modules, "tensorflow", found)
    monkeypatch.setitem(sys.modules, "tf_keras", MagicMock())
    monkeypatch.setattr(os, "environ", {name: value for name, value in os.environ.items() if name != THREADS})
    return found


def test_a_training_gets_as_many_threads_as_it_asks_for(tensorflow):
    backend.load(seed=1, threads=3)
    assert os.environ[THREADS] == "3"


def test_a_number_of_the_users_stands(tensorflow):
    os.environ[THREADS] = "7"
    backend.load(seed=1, threads=1)
    assert os.environ[THREADS] == "7"


def test_without_a_number_it_is_tensorflows_to_choose(tensorflow):
    backend.load(seed=1)
    assert THREADS not in os.environ


def test_operators_are_deterministic_and_everything_that_draws_is_seeded(tensorflow):
    _, keras = backend.load(seed=5)
    keras.utils.set_random_seed.assert_called_once_with(5)
    tensorflow.config.experimental.enable_op_determinism.assert_called_once_with()
