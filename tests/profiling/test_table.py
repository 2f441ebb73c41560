"""What `lab profile` prints."""

import re
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from lab.reporting import profile_rows, profile_table

from .profiles import board, part, profiled


def printed(*boards, width=80):
    console = Console(width=width, record=True, file=StringIO())
    profile_table.print_profile(profiled(*boards).profile, Path("runs/profile-words"), console)
    return console.export_text()


def line(text, *, begins):
    (found,) = [one for one in text.splitlines() if re.match(begins, one)]
    return found.split()


def test_kernels_have_columns_beside_each_other_and_their_ratio():
    text = printed(board(), board(kernels="cmsis-nn", slow=1))
    assert line(text, begins="0 ") == ["0", "CONV_2D", "5x5x8", "10,000", "1,000", "10.0", "2,000", "50.0%", "2.00"]
    assert line(text, begins=" +inference") == ["inference", "13,040", "4,040", "3.2", "8,080"]


def test_one_choice_of_kernels_has_no_ratio():
    text = printed(board())
    assert "ratio" not in text
    assert line(text, begins="0 ") == ["0", "CONV_2D", "5x5x8", "10,000", "20,000", "50.0%", "20.00"]


def test_each_board_has_tables_of_its_own():
    text = printed(board(), board("esp32c3"))
    assert re.findall(r"words on (\w+), which decides yes/one.flac as 'yes'", text) == ["nano33ble", "esp32c3"]


def test_an_interrupt_that_came_once_only_has_a_line_at_the_end():
    slow = board(interrupts=(part("SysTick", 5, "interrupt"),))
    rows = profile_rows.rows([slow.inference, board(kernels="cmsis-nn").inference])
    assert [row.name for row in rows] == ["CONV_2D", "SOFTMAX", "interpreter", "SysTick"]
    assert rows[-1].parts[1] is None
    assert rows[-1].ratio is None


@pytest.mark.parametrize("kernels", ["reference", "cmsis-nn"])
def test_nothing_is_cut_off_in_a_terminal_of_80_columns(kernels):
    big = board(kernels="reference", slow=12_345)
    name = "DEPTHWISE_CONV_2D"
    conv = big.operators[0].model_copy(update={"name": name, "index": 10, "macs": 4_000_000, "output": (1, 25, 20, 64)})
    changed = big.inference.model_copy(update={"parts": (conv, *big.inference.parts[1:])})
    boards = [big.model_copy(update={"inference": changed, "kernels": one}) for one in ("reference", kernels)]
    assert "…" not in printed(*boards)
