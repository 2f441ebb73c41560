"""The CAN controller of the STM32."""

from __future__ import annotations

from collections.abc import Iterator

from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_MAILBOXES, _FIFOS, _BANKS = 3, 2, 28
_MESSAGES = 3  # in a FIFO
_TRANSMIT, _RECEIVE, _, _STATUS_CHANGE = range(4)
_INRQ, _SLEEP, _LOCKED, _RESET = 1 << 0, 1 << 1, 1 << 3, 1 << 15
_INAK, _SLAK, _ERRI, _WKUI, _SLAKI = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4
_REQUESTS_COMPLETED, _TXOK, _OUTCOME, _MAILBOX_EMPTY = 0x01_0101, 1 << 1, 0xF, 0x1C00_0000
_FULL, _OVERRUN, _RELEASE = 1 << 3, 1 << 4, 1 << 5
_TMEIE, _LECIE, _WKUIE, _SLKIE, _ERRIE = 1 << 0, 1 << 11, 1 << 16, 1 << 17, 1 << 15
_FIFO_ENABLES = 3  # bits 1 to 3 of IER for FIFO 0, 4 to 6 for FIFO 1
_LAST_ERROR, _BIT_DOMINANT = 7 << 4, 5 << 4
_LOOPBACK, _SILENT = 1 << 30, 1 << 31
_TXRQ = 1 << 0
_SECOND_STARTS = 8  # at that bit of FMR
_ANY_BIT = 0xFFFF_FFFE
_HALF = 0xFFFF
_RELEVANT_OF_HALF = 0xFFE0_0006 | 7 << 18  # of an identifier, for a filter of 16 bits: STDID, EXID[17:15], IDE and RTR


class STMCAN(Peripheral):
    """bxCAN. RM0385 rev 8, chapter 40.9, with nobody else on the bus. Outputs 0 to 3: TX, RX0, RX1, SCE.

    Sending takes no time. As in Renode where no bus is attached, what is sent is sent, with a "bit dominant" error in
    LEC, where silicon without an acknowledgement would try again for ever; in loop-back mode it is received through
    the filters. Modes change at once; BTR is 0 outside initialisation. No time stamps, no errors, no time-triggered
    mode. Unlike in Renode, filters of 16 bits and a message that several filters fit are as on silicon.
    """

    size = 0x400

    MCR = register(0x000, reset=0x1_0002, write="_control")
    MSR = register(0x004, reset=0xC02, write="_clear_status")
    TSR = register(0x008, reset=_MAILBOX_EMPTY, write="_clear_sent")
    RFR = register_bank(0x00C, count=_FIFOS, read="_fifo", write="_release")
    IER = register(0x014, write="_enable")
    ESR = register(0x018, write="_set_error")
    BTR = register(0x01C, reset=0x0123_0000, read="_timing", write="_set_timing")
    TIR = register_bank(0x180, count=_MAILBOXES, stride=0x10, write="_request")
    TDTR = register_bank(0x184, count=_MAILBOXES, stride=0x10)
    TDLR = register_bank(0x188, count=_MAILBOXES, stride=0x10)
    TDHR = register_bank(0x18C, count=_MAILBOXES, stride=0x10)
    RIR = register_bank(0x1B0, count=_FIFOS, stride=0x10, read="_identifier", read_only=True)
    RDTR = register_bank(0x1B4, count=_FIFOS, stride=0x10, read="_length", read_only=True)
    RDLR = register_bank(0x1B8, count=_FIFOS, stride=0x10, read="_low", read_only=True)
    RDHR = register_bank(0x1BC, count=_FIFOS, stride=0x10, read="_high", read_only=True)
    FMR = register(0x200, reset=0x2A1C_0E01)
    FM1R = register(0x204, bits=_BANKS)
    FS1R = register(0x20C, bits=_BANKS)
    FFA1R = register(0x214, bits=_BANKS)
    FA1R = register(0x21C, bits=_BANKS)
    FR1 = register_bank(0x240, count=_BANKS, stride=8)
    FR2 = register_bank(0x244, count=_BANKS, stride=8)

    def __init__(self, board: Board, *, master: STMCAN | None = None) -> None:
        super().__init__(board)
        self.master = master
        self.interrupts = [self.line(str(number)) for number in range(4)]
        self._fixed |= {"master", "interrupts"}

    def reset(self) -> None:
        """Back to the state after power-on: asleep."""
        super().reset()
        self.messages: list[list[tuple[int, int, int, int]]] = [[] for _ in range(_FIFOS)]
        self.overrun = [False] * _FIFOS

    def _control(self, value: int) -> None:
        if value & _RESET:
            self.reset()
            return
        self.MCR = value
        self.MSR &= ~(_INAK | _SLAK)
        if value & (_INRQ | _SLEEP) == _INRQ:
            self.MSR |= _INAK
        elif value & (_INRQ | _SLEEP) == _SLEEP:
            self.MSR |= _SLAK | _SLAKI
        self._update_interrupts()

    def _clear_status(self, value: int) -> None:
        self.MSR &= ~(value & (_ERRI | _WKUI | _SLAKI))
        self._update_interrupts()

    def _clear_sent(self, value: int) -> None:
        for mailbox in range(_MAILBOXES):
            if value >> 8 * mailbox & 1:
                self.TSR &= ~(_OUTCOME << 8 * mailbox)
        self._update_interrupts()

    def _enable(self, value: int) -> None:
        self.IER = value
        self._update_interrupts()

    def _set_error(self, value: int) -> None:
        self.ESR = self.ESR & ~_LAST_ERROR | value & _LAST_ERROR
        self._update_interrupts()

    def _timing(self) -> int:
        return self.BTR if self.MSR & _INAK else 0

    def _set_timing(self, value: int) -> None:
        if self.MSR & _INAK:
            self.BTR = value

    # Sending

    def _request(self, mailbox: int, value: int) -> None:
        self.TIR[mailbox] = value & ~_TXRQ
        if not value & _TXRQ:
            return
        if not self.BTR & _SILENT:
            self.ESR = self.ESR & ~_LAST_ERROR | _BIT_DOMINANT
        if self.BTR & _LOOPBACK:
            self._receive(self.TIR[mailbox], self.TDTR[mailbox] & 0xF, self.TDLR[mailbox], self.TDHR[mailbox])
        self.TSR |= (1 | _TXOK) << 8 * mailbox
        self._update_interrupts()

    # Receiving

    def _receive(self, identifier: int, length: int, low: int, high: int) -> None:
        matching = [found for found in self._filters() if not (identifier ^ found[3]) & found[4] & _ANY_BIT]
        if not matching:
            return
        _, fifo, number, _, _ = min(matching)
        messages, message = self.messages[fifo], (identifier, number << 8 | length, low, high)
        if len(messages) < _MESSAGES:
            messages.append(message)
            return
        self.overrun[fifo] = True
        if not self.MCR & _LOCKED:
            messages[-1] = message

    def _filters(self) -> Iterator[tuple[tuple[bool, bool, int], int, int, int, int]]:
        """The active ones: precedence, FIFO, number in it, identifier and the bits of that which count."""
        owner = self.master or self
        first_of_second = owner.FMR >> _SECOND_STARTS & 0x3F
        numbers = [0] * _FIFOS
        for bank in range(_BANKS):
            fifo, wide, listed = (setting >> bank & 1 for setting in (owner.FFA1R, owner.FS1R, owner.FM1R))
            for identifier, mask in _of_bank(owner.FR1[bank], owner.FR2[bank], wide=bool(wide), listed=bool(listed)):
                number = numbers[fifo]
                numbers[fifo] += 1
                if owner.FA1R >> bank & 1 and (bank < first_of_second) is (self.master is None):
                    yield (not wide, not listed, bank), fifo, number, identifier, mask

    def _fifo(self, fifo: int) -> int:
        waiting = len(self.messages[fifo])
        return waiting | (_FULL if waiting == _MESSAGES else 0) | (_OVERRUN if self.overrun[fifo] else 0)

    def _release(self, fifo: int, value: int) -> None:
        if value & _RELEASE and self.messages[fifo]:
            self.messages[fifo].pop(0)
        if value & _OVERRUN:
            self.overrun[fifo] = False
        self._update_interrupts()

    def _first(self, fifo: int, part: int) -> int:
        return self.messages[fifo][0][part] if self.messages[fifo] else 0

    def _identifier(self, fifo: int) -> int:
        return self._first(fifo, 0)

    def _length(self, fifo: int) -> int:
        return self._first(fifo, 1)

    def _low(self, fifo: int) -> int:
        return self._first(fifo, 2)

    def _high(self, fifo: int) -> int:
        return self._first(fifo, 3)

    # For its own slave, and for firmware

    def read(self, offset: int, size: int) -> int:
        """A register; a slave has its master's filters."""
        if self.master is not None and offset >= 0x200:
            return self.master.read(offset, size)
        return super().read(offset, size)

    def write(self, offset: int, size: int, value: int) -> None:
        """A register; a slave's filters are not written."""
        if self.master is None or offset < 0x200:
            super().write(offset, size, value)

    def _update_interrupts(self) -> None:
        enabled = self.IER
        self.interrupts[_TRANSMIT].set(bool(enabled & _TMEIE and self.TSR & _REQUESTS_COMPLETED))
        for fifo in range(_FIFOS):
            state = self._fifo(fifo)
            raised = bool(state & 3) << 1 | bool(state & _FULL) << 2 | bool(state & _OVERRUN) << 3
            self.interrupts[_RECEIVE + fifo].set(bool(enabled >> _FIFO_ENABLES * fifo & raised))
        error = self.ESR & _LAST_ERROR not in (0, _LAST_ERROR)
        self.interrupts[_STATUS_CHANGE].set(
            bool(
                (enabled & _LECIE and error)
                or (enabled & _ERRIE and self.MSR & _ERRI)
                or (enabled & _WKUIE and self.MSR & _WKUI)
                or (enabled & _SLKIE and self.MSR & _SLAKI)
            )
        )


def _of_bank(first: int, second: int, *, wide: bool, listed: bool) -> Iterator[tuple[int, int]]:
    """Identifiers and the bits of them that count, as in RIR."""
    if wide:
        yield from ((first, _ANY_BIT), (second, _ANY_BIT)) if listed else ((first, second),)
        return
    for word in (first, second):
        low, high = _widened(word & _HALF), _widened(word >> 16)
        yield from ((low, _RELEVANT_OF_HALF), (high, _RELEVANT_OF_HALF)) if listed else ((low, high),)


def _widened(half: int) -> int:
    """STDID, RTR, IDE and the upper bits of EXID of a filter of 16 bits, where RIR has them."""
    return half >> 5 << 21 | (half & 7) << 18 | (half >> 3 & 1) << 2 | (half >> 4 & 1) << 1
