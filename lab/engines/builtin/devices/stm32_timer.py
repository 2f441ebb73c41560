"""General-purpose timer of the STM32."""

from __future__ import annotations

from functools import partial

from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank
from lab.errors import ConfigurationError, DeviceFault

_SECOND_NS = 10**9
_CHANNELS = 4
_RESET = 255
_CEN, _UDIS, _URS, _OPM, _DIR, _CMS, _ARPE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 3 << 5, 1 << 7
_UIE = _UIF = _UG = 1
_SMS = 7
_COMPARED = 0x1E
"""CC1IF to CC4IF."""


class STM32_Timer(Peripheral):
    """TIM. RM0385 rev 8, chapter 23.4, as far as firmware takes time with it: counting up, update and compare events.

    As in Renode: the counter's period is ARR ticks (silicon takes ARR + 1), PSC acts at once, an update event while UIE
    is 0 sets UIF too, UG sets it only while UIE is 1; a compare event is raised only while CCxIE is set.

    IRQ is raised by all of its events, UpdateInterrupt and CaptureCompareInterrupt by a part each; TriggerInterrupt,
    CommutationInterrupt and BreakInterrupt are never driven.

    What Renode has and this has not is a DeviceFault: counting down, centre-aligned, slave modes, capture. Compare
    outputs, 0 to 3, are never driven; the same inputs change nothing, and input 255 is a reset.
    """

    size = 0x400

    CR1 = register(0x00, write="_write_control")
    CR2 = register(0x04)
    SMCR = register(0x08, write="_write_slave_mode")
    DIER = register(0x0C, write="_write_enables")
    SR = register(0x10, write="_clear_flags")
    EGR = register(0x14, write="_generate")
    CCMR = register_bank(0x18, count=2, write="_write_channel_modes")
    CCER = register(0x20, bits=16)
    CNT = register(0x24, read="_count", write="_set_count")
    PSC = register(0x28, bits=16, write="_divide")
    ARR = register(0x2C, write="_set_reload")
    RCR = register(0x30, bits=8)
    CCR = register_bank(0x34, count=_CHANNELS, write="_set_compare")
    BDTR = register(0x44)

    def __init__(self, board: Board, *, frequency: int, initial_limit: int) -> None:
        super().__init__(board)
        if not 0 < initial_limit <= 0xFFFF_FFFF:
            raise ConfigurationError(
                f"{self.name}: initialLimit is {initial_limit:#x}.",
                remedy="It is the counter's last value: 0xFFFF for a 16-bit timer, 0xFFFFFFFF for TIM2 and TIM5.",
                code="platform-description",
            )
        self.frequency = frequency
        self.initial_limit = initial_limit
        self.width_mask = (1 << initial_limit.bit_length()) - 1
        self.updated, self.matched = self.line("UpdateInterrupt"), self.line("CaptureCompareInterrupt")
        outputs = [str(channel) for channel in range(_CHANNELS)]
        for never in ("BreakInterrupt", "TriggerInterrupt", "CommutationInterrupt", *outputs):
            self.line(never)
        self.update = self.alarm(self._on_update)
        self.matches = [self.alarm(partial(self._on_match, channel)) for channel in range(_CHANNELS)]

    def reset(self) -> None:
        """Back to the state after power-on: stopped at 0."""
        super().reset()
        self.ARR = self.limit = self.initial_limit
        self.counted = 0
        self.since_ns: int | None = None
        self.repetitions_left = 0
        for channel in range(_CHANNELS):
            self.CCR[channel] = self.initial_limit

    def on_input(self, number: int, level: bool) -> None:
        """A channel's pin changes, or RCC resets the timer."""
        if number == _RESET and level:
            self.reset()
        elif number >= _CHANNELS and number != _RESET:
            super().on_input(number, level)

    # The counter

    def _count(self) -> int:
        if self.since_ns is None:
            return self.counted
        return self.counted + (self.now_ns - self.since_ns) * self.frequency // ((self.PSC + 1) * _SECOND_NS)

    def _go_on(self, counted: int) -> None:
        """Hold `counted` now, and count further if the timer is enabled."""
        self.counted = counted
        self.since_ns = self.now_ns if self.CR1 & _CEN and self.ARR else None
        self._set_alarms()

    def _reached_ns(self, value: int) -> int:
        """When the running counter gets to `value`, which is not below it."""
        since = self.since_ns or 0
        return since - -max(0, value - self.counted) * (self.PSC + 1) * _SECOND_NS // self.frequency

    def _set_alarms(self) -> None:
        if self.since_ns is None:
            for alarm in self.alarms:
                alarm.stop()
            return
        self.update.start(self._reached_ns(self.limit))
        count = self._count()
        for channel, alarm in enumerate(self.matches):
            if self.DIER >> 1 + channel & 1 and count < self.CCR[channel]:
                alarm.start(self._reached_ns(self.CCR[channel]))
            else:
                alarm.stop()

    def _on_update(self, due_ns: int) -> None:
        self.counted, self.since_ns = 0, due_ns
        if not self.CR1 & _UDIS:
            self.limit = self.ARR
            self.SR |= _UIF
            if self.CR1 & _OPM:
                self.CR1 &= ~_CEN
                self.since_ns = None
            if self.DIER & _UIE and not self.repetitions_left:
                self.repetitions_left = 1 + self.RCR
                self._update_interrupt()
            self.repetitions_left = max(0, self.repetitions_left - 1)
        self._set_alarms()

    def _on_match(self, channel: int, _due_ns: int) -> None:
        self.SR |= 2 << channel
        self._update_interrupt()

    # Registers

    def _write_control(self, value: int) -> None:
        if value & (_DIR | _CMS):
            raise self._not_modelled("counting down and centre-aligned modes (CR1.DIR, CR1.CMS)")
        counted = self._count()
        self.CR1 = value
        self._go_on(counted)
        self._update_interrupt()

    def _write_slave_mode(self, value: int) -> None:
        if value & _SMS:
            raise self._not_modelled("slave modes (SMCR.SMS)")
        self.SMCR = value

    def _write_enables(self, value: int) -> None:
        self.DIER = value
        self._set_alarms()
        self._update_interrupt()

    def _clear_flags(self, value: int) -> None:
        self.SR &= value
        self._update_interrupt()

    def _generate(self, value: int) -> None:
        if not value & _UG or self.CR1 & _UDIS:
            return
        self.repetitions_left = self.RCR
        if not self.CR1 & _URS and self.DIER & _UIE:
            self.SR |= _UIF
        self._go_on(0)
        self._update_interrupt()

    def _write_channel_modes(self, index: int, value: int) -> None:
        if value & 0x0303:
            raise self._not_modelled("input capture (CCMR.CCxS)")
        self.CCMR[index] = value

    def _set_count(self, value: int) -> None:
        self._go_on(value & self.width_mask)

    def _divide(self, value: int) -> None:
        counted = self._count()
        self.PSC = value
        self._go_on(counted)

    def _set_reload(self, value: int) -> None:
        counted = self._count()
        self.ARR = value & self.width_mask
        if not self.CR1 & _ARPE:
            self.limit = self.ARR
        self._go_on(counted)

    def _set_compare(self, channel: int, value: int) -> None:
        self.CCR[channel] = value & self.width_mask
        self._set_alarms()

    def _update_interrupt(self) -> None:
        raised = self.SR & self.DIER
        self.irq.set(bool(raised & (_UIF | _COMPARED)))
        self.updated.set(bool(raised & _UIF))
        self.matched.set(bool(raised & _COMPARED))

    def _not_modelled(self, what: str) -> DeviceFault:
        return DeviceFault(
            f"{self.name}: the built-in engine's timer has no {what}.",
            remedy="Count up and compare, or run with --engine renode.",
            code="device-misused",
        )
