from __future__ import annotations

import pytest

from .fake_board import FakeBoard, Wire


@pytest.fixture
def board():
    return FakeBoard()


@pytest.fixture
def made(board):
    """Makes a device of a kind, reset, on `board` at an address, with an output of it wired to `.wire`."""

    def made(kind, at=0, *, output="IRQ", **arguments):
        device = kind(board, **arguments)
        device.wire = Wire(board)
        device.lines[output].connect(device.wire, 0)
        device.reset()
        board.devices[at] = device
        return device

    return made
