"""A firmware that speaks on another port than the board's log is adopted and judged, as one of Arduino's over USB."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from lab import executing, target, workload
from lab.booting import adopting
from lab.engines import selection
from lab.errors import ConfigurationError
from lab.images import read
from lab.measuring import Request
from lab.measuring.foreign import adapter as adapters
from lab.measuring.foreign import subject
from lab.measuring.foreign.board import ForeignBoard
from lab.measuring.request import Brought
from lab.recordings.recording import Recording

BOARD = target.load("stm32f746g")
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def words():
    return workload.load("keyword-spotting")


@pytest.fixture(scope="module", params=[(), ("-DGREETS",)], ids=["silent at first", "with a line by itself"])
def speaking(request, tmp_path_factory):
    elf = tmp_path_factory.mktemp("speaking") / "other_port.elf"
    command = ["arm-none-eabi-gcc", "-mcpu=cortex-m7", "-mthumb", "-Og", "-ffreestanding", "-nostdlib", *request.param]
    subprocess.run([*command, "-T", HERE / "shell.ld", HERE / "other_port.c", "-o", elf], check=True)
    return elf


def test_it_is_adopted_and_read_there(speaking, words, tmp_path):
    image = read(speaking)
    speech = np.zeros(words.input.frames, np.int16)
    with executing.processes(1) as executor:
        seen = adopting.listen(
            image.path, BOARD, words, [adopting.LabelledRecording(0, "yes", Recording(speech, ()))], executor
        )
    file = tmp_path / "heard.toml"
    file.write_text(adopting.adapter(seen, words, image), encoding="utf-8")
    found = adapters.load(file, words)
    assert found.output.port == "usart6"
    with ForeignBoard(selection.select("builtin"), BOARD, words, image, found) as board:
        assert board.listen(speech).label == "yes"
        assert [register.partition(",")[0] for register in board.missed] == ["CRYP"]
    notes = subject.subject(Request(words, BOARD), Brought(speaking, found), lambda _stage: None).notes
    assert any("registers that have no model, which keep what is written: CRYP, register 0x000" in one for one in notes)


def test_a_port_that_the_board_lacks_is_refused(speaking, words, tmp_path):
    file = tmp_path / "heard.toml"
    file.write_text("[output]\nport = 'usart9'\nresult = 'Heard (?P<label>\\w+)'\nresult_within_s = 1\n")
    with pytest.raises(ConfigurationError, match=r"there is no 'sysbus.usart9' on this board"):
        ForeignBoard(selection.select("builtin"), BOARD, words, read(speaking), adapters.load(file, words))
