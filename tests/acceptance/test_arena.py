"""The arena that the lab finds, on real firmware: it starts with that many bytes, and not with 16 fewer."""

from __future__ import annotations

import json

import pytest

from lab import building
from lab.cli import main
from lab.errors import ArenaTooSmall
from lab.measuring import Request, arena
from lab.measuring.playback import clip_board
from lab.model import Model

from .bench import WORKLOAD, Checkout


def planned(checkout: Checkout) -> str:
    return next(line for line in checkout.text(WORKLOAD).splitlines() if line.startswith("arena_bytes"))


def test_the_smallest_arena_starts_the_firmware_and_a_smaller_one_does_not(keyword_spotting, nano33ble, tiny):
    request, model = Request(keyword_spotting, nano33ble, "builtin", model=tiny), Model.read(tiny)
    found = arena.need(arena.trial(request, model))
    assert 0 < found.used <= found.smallest < 16_384
    image = building.build(keyword_spotting, nano33ble, model, arena_bytes=found.smallest).firmware
    with clip_board(request, image) as board:
        assert (board.boot.arena_size, board.boot.arena_used) == (found.smallest, board.boot.arena_used)
    with pytest.raises(ArenaTooSmall):
        clip_board(request, image, found.smallest - 16)


def test_lab_arena_says_what_is_used_planned_and_spare(checkout: Checkout, tiny, capsys):
    with checkout.edited(WORKLOAD, (planned(checkout), "arena_bytes = 8_192")):
        assert main(["arena", "keyword-spotting", "--model", str(tiny)]) == 0
    said = dict(line.split()[:2] for line in capsys.readouterr().out.splitlines() if len(line.split()) > 2)
    numbers = {name: int(said[name].replace(",", "")) for name in ("used", "smallest", "planned", "spare")}
    assert numbers["planned"] == 8_192
    assert numbers["spare"] == 8_192 - numbers["smallest"]


def test_an_arena_that_is_planned_too_small_fails(checkout: Checkout, tiny, capsys):
    with checkout.edited(WORKLOAD, (planned(checkout), "arena_bytes = 1_024")):
        assert main(["arena", "keyword-spotting", "--model", str(tiny), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["spare"] < 0


def test_an_arena_of_auto_takes_what_is_needed_and_no_more(checkout: Checkout, lab_run, tiny):
    with checkout.edited(WORKLOAD, (planned(checkout), 'arena = "auto"')):
        ran = lab_run("--model", tiny)
    size = ran.run["memory"]["arena_size"]
    used = ran.run["metrics"]["arena_used_bytes"]["value"]
    assert used <= size < used + 1_024
