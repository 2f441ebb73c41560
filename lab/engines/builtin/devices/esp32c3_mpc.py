"""The performance counter of the ESP32-C3's core."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral


class ESP32C3_MPC(Peripheral):
    """mpcer, mpcmr and mpccr. ESP32-C3 technical reference manual 1.1, chapter 1.4.

    They are registers of the core, in which this engine has them itself (`core/riscv_csr.c`); Renode is brought them
    by the model of this name. Cycles and instructions are counted, which are the same; other events never come, and the
    counter never stops at its highest value.
    """

    def __init__(self, board: Board, *, cpu: object) -> None:  # noqa: ARG002
        super().__init__(board)
