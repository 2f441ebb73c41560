"""What the microphones of all boards hear alike; a file for each board has what is its own."""

from __future__ import annotations

import numpy as np
import pytest

from .microphones import listening_on

BUFFER = 320
STOPPING = {"stm32f746g": 2}
"""Frames that come while a hearing is being stopped, and are nobody's."""


@pytest.fixture(params=["nano33ble", "esp32c3", "stm32f746g"])
def board(request):
    return request.param


@pytest.fixture
def listening(board):
    with listening_on(board) as made:
        yield made


def test_every_frame_of_a_recording_arrives_once_and_in_order(listening):
    said, heard = listening.hear(np.arange(1, 3000) - 1500, frames=2560)
    assert (said["frames"], said["lost"]) == (2560, 0)
    np.testing.assert_array_equal(heard, np.arange(1, 2561) - 1500)


def test_a_second_hearing_goes_on_behind_the_first(listening, board):
    listening.hear(np.arange(1, 3000), frames=BUFFER)
    said, heard = listening.go_on()
    assert (said["frames"], said["lost"]) == (BUFFER, 0)
    np.testing.assert_array_equal(np.diff(heard), 1)
    assert BUFFER < heard[0] <= BUFFER + 1 + STOPPING.get(board, 0)
