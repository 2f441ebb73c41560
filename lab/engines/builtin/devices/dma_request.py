"""How the devices of the STM32 ask DMA for bytes that wait in them."""

from __future__ import annotations

from collections.abc import Sized

from lab.engines.builtin.peripheral import Line


def ask(request: Line, waiting: Sized) -> None:
    """Pulse `request` as long as somebody takes of what waits: a stream that is off, or has enough, does not."""
    before = -1
    while 0 < len(waiting) != before:
        before = len(waiting)
        request.set(True)
        request.set(False)
