"""The `.resc` beside each board's description, in a real Renode that is driven by hand."""

from __future__ import annotations

import re
import subprocess

import numpy as np
import pytest

from lab import target
from lab.elf import Firmware
from lab.engines.renode.version import ENVIRONMENT
from tests.conformance import records

pytestmark = pytest.mark.renode

PROBES = {"nano33ble": "pdm_order", "esp32c3": "i2s_gdma", "stm32f746g": "sai_dma"}
BUFFERS = {"nano33ble": "pdm_buffer", "esp32c3": "buffer", "stm32f746g": "buffers"}


@pytest.mark.parametrize("board", PROBES)
def test_a_script_runs_a_firmware_that_hears_its_audio_and_again_after_a_reset(board, tmp_path, real_renode):
    kept = records.newest_run(board, PROBES[board])
    image, audio = tmp_path / "probe.elf", tmp_path / "heard.s16le"
    image.write_bytes(kept.elf)
    kept.stimuli[0].signal.samples.astype("<i2").tofile(audio)
    (region,) = kept.observation.memory
    address = Firmware(image).symbol(BUFFERS[board]).address
    word = np.frombuffer(region.data, "<u4")[(address - region.address) // 4]
    script = target.load(board).repl.with_suffix(".resc")
    run = [f'emulation RunFor "{kept.seconds}"', "sysbus.cpu ExecutedInstructions", f"sysbus ReadDoubleWord {address}"]
    commands = [f"$elf=@{image}", f"$audio=@{audio}", f"include @{script}", *run, "machine Reset", *run, "quit"]
    done = subprocess.run(
        [
            *real_renode.command,
            *("--console", "--plain", "--disable-gui", "--hide-log", "--config", tmp_path / "config"),
            *(word for command in commands for word in ("-e", command)),
        ],
        env={"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PATH": "/usr/bin:/bin", **ENVIRONMENT},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=500,
        check=True,
    )
    answers = [int(number, 16) for number in re.findall(r"^\W*(0x[0-9A-F]+)\s*$", done.stdout, re.M)]
    assert answers == [kept.observation.instructions, word] * 2, done.stdout
