"""Boards whose cycles wait for their memories."""

from __future__ import annotations

import pytest

from lab import building, target, workload
from lab.engines.builtin import BuiltinEngine
from lab.engines.builtin.machine import BuiltinMachine
from lab.measuring.parameters import Parameters
from lab.measuring.playback import Board
from lab.model import Model

WORDS = workload.load("keyword-spotting")
BOARDS = [name for name in target.names() if target.load(name).memory_model]


@pytest.mark.parametrize("name", BOARDS)
def test_the_firmware_switches_on_every_cache_that_its_board_has(name):
    """Published timings are of boards in that state."""
    board = target.load(name)
    image = building.build(WORDS, board, Model.read(WORDS.model_path)).firmware
    model = BuiltinEngine().memory_model(board)
    switches = [cache.switch for cache in model.caches.values() if cache.switch]
    with Board(BuiltinEngine(), board, WORDS, image, Parameters("clip", WORDS.input.frames)) as booted:
        machine = booted.machine
        assert isinstance(machine, BuiltinMachine)
        found = [machine.access(lambda at=one.at: machine.bus.read_register(at, 4)) & one.bits for one in switches]
    assert switches, "a cache that nothing switches is on without firmware"
    assert found == [one.bits for one in switches]
