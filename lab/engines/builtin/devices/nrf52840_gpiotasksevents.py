"""Pins as tasks and events."""

from __future__ import annotations

from functools import partial

from lab.engines.builtin.devices.nordic import NordicPeripheral, event, event_bank
from lab.engines.builtin.devices.nrf52840_gpio import NRF52840_GPIO
from lab.engines.builtin.peripheral import Board, register_bank

_CHANNELS = 8
_EVENT, _TASK = 1, 3
_RISES, _FALLS, _TOGGLES = 1, 2, 3


class NRF52840_GPIOTasksEvents(NordicPeripheral):
    """GPIOTE. nRF52840 product specification 1.7, chapter 6.10."""

    TASKS_OUT = register_bank(0x000, count=_CHANNELS, write="act")
    TASKS_SET = register_bank(0x030, count=_CHANNELS, write="raise_pin")
    TASKS_CLR = register_bank(0x060, count=_CHANNELS, write="lower_pin")
    EVENTS_IN = event_bank(0x100, count=_CHANNELS)
    EVENTS_PORT = event(0x17C)
    CONFIG = register_bank(0x510, count=_CHANNELS, write="configure")

    def __init__(self, board: Board, *, port0: NRF52840_GPIO, port1: NRF52840_GPIO) -> None:
        super().__init__(board)
        self.ports = (port0, port1)
        self._fixed |= {"ports"}
        for number, port in enumerate(self.ports):
            port.watchers.append(partial(self.on_level, number))
            port.detectors.append(self.on_detect)

    def reset(self) -> None:
        """Back to the state after power-on: no channel has a pin."""
        super().reset()
        self.watched: dict[int, int] = {}
        """CONFIG of the channels for events: pins change often, and most of them are nobody's."""

    def configure(self, channel: int, value: int) -> None:
        """CONFIG[n]; a channel for tasks takes its pin over, at OUTINIT."""
        self.CONFIG[channel] = value
        self.watched.pop(channel, None)
        if value & 3 == _EVENT:
            self.watched[channel] = value
        if value & 3 == _TASK:
            port, pin = self._pin(channel)
            port.drive(pin, bool(value >> 20 & 1))
            port.make_outputs(1 << pin)

    def act(self, channel: int, value: int) -> None:
        """TASKS_OUT[n]: as POLARITY says."""
        if value & 1:
            port, pin = self._pin(channel)
            polarity = self.CONFIG[channel] >> 16 & 3
            level = polarity == _RISES or (polarity == _TOGGLES and not port.OUT >> pin & 1)
            if polarity:
                self._drive(channel, level)

    def raise_pin(self, channel: int, value: int) -> None:
        """TASKS_SET[n]."""
        if value & 1:
            self._drive(channel, True)

    def lower_pin(self, channel: int, value: int) -> None:
        """TASKS_CLR[n]."""
        if value & 1:
            self._drive(channel, False)

    def on_level(self, port: int, pin: int, level: int) -> None:
        """A pin of a port changed."""
        for channel, config in self.watched.items():
            if config >> 8 & 0x3F == port << 5 | pin and config >> 16 & (_RISES if level else _FALLS):
                self.EVENTS_IN[channel] = 1
                self.update_interrupt()

    def on_detect(self) -> None:
        """A pin of a port is at the level that it senses."""
        self.EVENTS_PORT = 1
        self.update_interrupt()

    def _drive(self, channel: int, level: bool) -> None:
        if self.CONFIG[channel] & 3 == _TASK:
            port, pin = self._pin(channel)
            port.drive(pin, level)

    def _pin(self, channel: int) -> tuple[NRF52840_GPIO, int]:
        selected = self.CONFIG[channel] >> 8 & 0x3F
        return self.ports[selected >> 5], selected & 31
