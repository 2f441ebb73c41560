"""The pulse width modulators."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic import NordicPeripheral, event, event_bank
from lab.engines.builtin.peripheral import Board, register, register_bank

_SEQUENCES = 2
_STRIDE = 32
_STOP_AFTER = (1 << 0, 1 << 1)  # SEQEND[n] to STOP
_CLOCK = 16_000_000
_SECOND_NS = 10**9


class NRF52840_PWM(NordicPeripheral):
    """PWM. nRF52840 product specification 1.7, chapter 6.17. Not in Renode.

    Its pins stay as they are. A sequence ends after the periods that its length and REFRESH give; LOOP and the other
    shortcuts are registers only.
    """

    TASKS_STOP = register(0x004, write="stop")
    TASKS_SEQSTART = register_bank(0x008, count=_SEQUENCES, write="start")
    TASKS_NEXTSTEP = register(0x010)
    EVENTS_STOPPED = event(0x104)
    EVENTS_SEQSTARTED = event_bank(0x108, count=_SEQUENCES)
    EVENTS_SEQEND = event_bank(0x110, count=_SEQUENCES)
    EVENTS_PWMPERIODEND = event(0x118)
    EVENTS_LOOPSDONE = event(0x11C)
    SHORTS = register(0x200)
    ENABLE = register(0x500, bits=1)
    MODE = register(0x504, bits=1)
    COUNTERTOP = register(0x508, reset=0x3FF, bits=15)
    PRESCALER = register(0x50C, bits=3)
    DECODER = register(0x510)
    LOOP = register(0x514, bits=16)
    SEQ_PTR = register_bank(0x520, count=_SEQUENCES, stride=_STRIDE)
    SEQ_CNT = register_bank(0x524, count=_SEQUENCES, stride=_STRIDE, bits=15)
    SEQ_REFRESH = register_bank(0x528, count=_SEQUENCES, stride=_STRIDE, reset=1, bits=24)
    SEQ_ENDDELAY = register_bank(0x52C, count=_SEQUENCES, stride=_STRIDE, bits=24)
    PSEL_OUT = register_bank(0x560, count=4, reset=0xFFFF_FFFF)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.end = self.alarm(self.on_end)

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.playing = 0

    def start(self, sequence: int, value: int) -> None:
        """TASKS_SEQSTART[n]."""
        if not value & 1 or not self.ENABLE:
            return
        self.check_dma(f"SEQ[{sequence}].PTR", self.SEQ_PTR[sequence], 2 * self.SEQ_CNT[sequence])
        self.playing = sequence
        self.EVENTS_SEQSTARTED[sequence] = 1
        periods = self.SEQ_CNT[sequence] * (self.SEQ_REFRESH[sequence] + 1) + self.SEQ_ENDDELAY[sequence]
        ticks = max(1, periods * self.COUNTERTOP << self.PRESCALER)
        self.end.start(self.now_ns - -ticks * _SECOND_NS // _CLOCK)

    def stop(self, value: int) -> None:
        """TASKS_STOP."""
        if value & 1:
            self.end.stop()
            self.EVENTS_STOPPED = 1

    def on_end(self, _due_ns: int) -> None:
        """The sequence has been played."""
        self.EVENTS_SEQEND[self.playing] = self.EVENTS_PWMPERIODEND = 1
        if self.SHORTS & _STOP_AFTER[self.playing]:
            self.stop(1)
        self.update_interrupt()
