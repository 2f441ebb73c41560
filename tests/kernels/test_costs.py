"""What the page on kernels says that each board needs for one inference, with TFLM's own kernels and with its own."""

from __future__ import annotations

import pytest

from lab import measuring, target, workload
from lab.building.kernels import REFERENCE
from lab.measuring import Request
from lab.metrics import Quantity
from lab.verdict import baseline
from tests.docs.documents import ROOT, table

WORDS = workload.load("keyword-spotting")
RECORDING = "stop/d0986705_nohash_2.flac"
PAGE = {
    (row[0].strip("`"), row[1].strip("`")): row[2:] for row in table(ROOT / "docs" / "kernels.md", "What they cost")
}


def millions(metrics: dict[str, Quantity]) -> list[str]:
    return [
        f"{metrics[name].value / 1e6:.1f} million" for name in ("instructions_per_inference", "cycles_per_inference")
    ]


def test_the_page_has_two_rows_for_each_board():
    assert list(PAGE) == [
        (name, kind) for name in WORDS.targets for kind in (REFERENCE, target.load(name).core.kernels)
    ]


@pytest.mark.parametrize("board", WORDS.targets)
def test_tflms_own_kernels_are_as_exact_and_cost_what_the_page_says(board):
    request = Request(WORDS, target.load(board), engine="builtin", kernels=REFERENCE, clips=(RECORDING,), jobs=1)
    found = measuring.measure(request).metrics
    assert found["bit_exact"].value == 1
    assert PAGE[board, REFERENCE] == [*millions(found), ""]


@pytest.mark.parametrize(("board", "least"), [("nano33ble", 4.0), ("esp32c3", 2.0), ("stm32f746g", 4.0)])
def test_kernels_made_for_the_core_cost_what_the_page_says_and_a_fraction_of_the_others(board, least):
    suited = target.load(board).core.kernels
    golden = baseline.read(baseline.file_of(ROOT / "baselines", WORDS.name, board, suited))
    theirs, ours = (float(PAGE[board, kind][0].split()[0]) for kind in (REFERENCE, suited))
    assert PAGE[board, suited] == [*millions(golden.metrics), f"{theirs / ours:.1f} times"]
    assert theirs / ours >= least
