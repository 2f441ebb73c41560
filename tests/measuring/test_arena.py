"""The search for the smallest arena, on firmware that is made up."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lab import target
from lab.errors import ArenaTooSmall, DeviceFault, DeviceSilent
from lab.measuring import arena
from lab.measuring.arena import Need, Trial
from lab.model import Model
from tests.building import tiny_model

USED, SMALLEST, RESERVED = 1_600, 2_352, 65_536


@pytest.mark.parametrize("failure", [ArenaTooSmall, DeviceFault, DeviceSilent])
def test_a_firmware_that_fails_with_less_than_it_needs_is_given_more(monkeypatch, failure):
    """Some kernels fault where they get no temporary memory, or loop, and do not say so."""

    def boot(_firmware, arena_bytes):
        if (arena_bytes or RESERVED) < SMALLEST:
            raise failure("no temporary memory")
        return USED

    monkeypatch.setattr(arena, "roomiest", lambda _of: SimpleNamespace(firmware=None))
    assert arena.need(Trial(None, None, None, boot)) == Need(USED, SMALLEST)


def test_a_firmware_that_faults_with_all_the_memory_is_said_to(monkeypatch):
    def boot(_firmware, _arena_bytes):
        raise DeviceFault("usage fault")

    monkeypatch.setattr(arena, "roomiest", lambda _of: SimpleNamespace(firmware=None))
    with pytest.raises(DeviceFault):
        arena.need(Trial(None, None, None, boot))


def test_tensors_that_no_arena_on_the_board_has_room_for_are_named_before_anything_is_built(tmp_path):
    """Weights are in flash; input and output of a dense layer are in the arena at the same time."""
    (tmp_path / "wide.tflite").write_bytes(tiny_model.tflite_bytes(tiny_model.classifier((1, 300_000), labels=2)))
    said = (
        r"than the RAM of nano33ble has room for, 262,144 bytes: operator 0 FULLY_CONNECTED .* alone has 300,002 bytes"
    )
    trial = Trial(target.load("nano33ble"), Model.read(tmp_path / "wide.tflite"), lambda _: pytest.fail("built"), None)
    with pytest.raises(ArenaTooSmall, match=said):
        arena.need(trial)
