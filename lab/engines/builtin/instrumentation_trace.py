"""The instrumentation trace macrocell (ITM): what firmware writes to its ports leaves the chip on the SWO pin."""

from __future__ import annotations

from collections.abc import Callable

from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

NAME = "ITM"
"""Of stimulus port 0; port n is `ITM n`."""

ADDRESS = 0xE000_0000
_PORTS = 32
_READY = 1
_ENABLED = 1 | 1 << 16
"""ITMENA, and a trace bus id, as a debugger sets them."""


class InstrumentationTrace(Peripheral):
    """ITM with a debugger that listens to every port: Arm DDI 0403E, C1.7.

    It is on from reset, as debuggers switch it on, whatever DEMCR and TCR say; bytes take no time.
    """

    STIM = register_bank(0x000, count=_PORTS, read="_is_ready", steady=True)
    TER = register(0xE00, reset=0xFFFF_FFFF)
    TPR = register(0xE40)
    TCR = register(0xE80, reset=_ENABLED)
    LAR = register(0xFB0)
    LSR = register(0xFB4, read_only=True)

    def __init__(self, board: Board, send: Callable[[str, bytes], None]) -> None:
        super().__init__(board)
        self._send = send
        self._fixed.add("_send")

    def write(self, offset: int, size: int, value: int) -> None:
        """As many bytes as were written go out of a port that is enabled."""
        port = offset // 4
        if port >= _PORTS:
            super().write(offset, size, value)
        elif self.TER >> port & 1:
            self._send(f"{NAME} {port}" if port else NAME, value.to_bytes(size, "little"))

    def _is_ready(self, _port: int) -> int:
        return _READY
