"""How often a firmware can poll a register in a second, with the core's kept answers and without them.

`python -m benchmarks.polling`; docs/decisions/0030-a-polled-register-without-its-model.md says what is kept.
"""

from __future__ import annotations

import argparse
import struct
import time
from pathlib import Path
from unittest.mock import patch

from lab import target
from lab.engines.builtin import BuiltinEngine
from lab.engines.builtin.peripheral import Peripheral
from lab.image import Image, Segment

_ENDTX = 0x4000_2120
"""EVENTS_ENDTX of the nRF52840's UARTE0, which nothing sets here."""
_CODE = bytes.fromhex("42f22010 c4f20000 0168 fde7")  # movw r0, #0x2120; movt r0, #0x4000; ldr r1, [r0]; b .-2
_IN_A_ROUND = 2  # instructions


def main() -> None:
    """Print the reads a second of each, in turn, and their ratio."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.polling", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="times that each is measured (default 3)")
    options = parser.parse_args()
    image = Image(Path("polling.bin"), [Segment(0, struct.pack("<2I", 0x2004_0000, 9) + _CODE)])
    kept, asked = [], []
    for _ in range(options.rounds):
        kept.append(_reads_a_second(image, seconds=0.2))
        with patch.object(Peripheral, "steady", lambda _device, _offset: False):
            asked.append(_reads_a_second(image, seconds=0.01))
    print(f"answers kept   {max(kept):>12,.0f} reads a second")
    print(f"always asked   {max(asked):>12,.0f} reads a second")
    print(f"ratio          {max(kept) / max(asked):>12.1f}")


def _reads_a_second(image: Image, seconds: float) -> float:
    with BuiltinEngine().machine(target.load("nano33ble")) as machine:
        machine.load(image)
        machine.run(limit=0.001)
        before, began = machine.counters().instructions, time.thread_time()
        machine.run(limit=seconds)
        return (machine.counters().instructions - before) / _IN_A_ROUND / (time.thread_time() - began)


if __name__ == "__main__":
    main()
