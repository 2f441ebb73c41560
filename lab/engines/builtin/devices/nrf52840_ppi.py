"""Wires from events to tasks."""

from __future__ import annotations

from functools import partial
from typing import Any

from lab.engines.builtin.devices.nordic import NordicPeripheral
from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_GROUPS = 6
_FREE = 20
_CHANNELS = 32
_PCLK16M_NS = 63
_PREPROGRAMMED = (  # channels 20 to 31: event and task
    (0x4000_8140, 0x4000_1000),
    (0x4000_8140, 0x4000_1004),
    (0x4000_8144, 0x4000_1010),
    (0x4000_1128, 0x4000_F000),
    (0x4000_1100, 0x4000_F000),
    (0x4000_1104, 0x4000_F004),
    (0x4000_1104, 0x4000_8044),
    (0x4000_110C, 0x4000_8048),
    (0x4000_B140, 0x4000_1000),
    (0x4000_B140, 0x4000_1004),
    (0x4000_B140, 0x4000_800C),
    (0x4000_B140, 0x4000_8000),
)


class NRF52840_PPI(Peripheral):
    """PPI. nRF52840 product specification 1.7, chapter 6.16.

    As on silicon a task follows its event at once, when the core is next at the start of a block; in Renode it follows
    at the end of the quantum. An event of such a task is passed on a cycle of 16 MHz later, so that a ring of channels
    takes time. A group enables and disables its channels, as on silicon. Events and tasks of devices that the board
    does not have do nothing.
    """

    TASKS_CHG_EN = register_bank(0x000, count=_GROUPS, stride=8, write="enable_group")
    TASKS_CHG_DIS = register_bank(0x004, count=_GROUPS, stride=8, write="disable_group")
    CHEN = register(0x500)
    CHENSET = register(0x504, read="_enabled", steady=True, write="enable")
    CHENCLR = register(0x508, read="_enabled", steady=True, write="disable")
    EEP = register_bank(0x510, count=_FREE, stride=8)
    TEP = register_bank(0x514, count=_FREE, stride=8)
    CHG = register_bank(0x800, count=_GROUPS)
    FORK_TEP = register_bank(0x910, count=_CHANNELS)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.device_at = board.device_at
        self.listened: list[tuple[NordicPeripheral, int]] = []
        self.next = self.alarm(self.on_next)
        self._fixed |= {"device_at", "listened"}

    def reset(self) -> None:
        """Back to the state after power-on: nothing is wired."""
        super().reset()
        self.tasks: list[int] = []
        self.acting = False
        self._listen()

    def restore(self, state: dict[str, Any]) -> None:
        """Back to a copied state."""
        super().restore(state)
        self._listen()

    def write(self, offset: int, size: int, value: int) -> None:
        """A register write; any of them may change the wires."""
        super().write(offset, size, value)
        self._listen()

    def enable(self, value: int) -> None:
        """CHENSET."""
        self.CHEN |= value

    def disable(self, value: int) -> None:
        """CHENCLR."""
        self.CHEN &= ~value

    def enable_group(self, group: int, value: int) -> None:
        """TASKS_CHG[n].EN."""
        if value & 1:
            self.CHEN |= self.CHG[group]

    def disable_group(self, group: int, value: int) -> None:
        """TASKS_CHG[n].DIS."""
        if value & 1:
            self.CHEN &= ~self.CHG[group]

    def on_event(self, address: int) -> None:
        """An event has happened that a channel listens to."""
        for channel in self._channels():
            event, task = self._ends(channel)
            if event == address:
                self.tasks += [end for end in (task, self.FORK_TEP[channel]) if end]
        self.next.start(self.now_ns + (_PCLK16M_NS if self.acting else 0))

    def on_next(self, _due_ns: int) -> None:
        """Now the tasks of what has happened."""
        tasks, self.tasks = self.tasks, []
        self.acting = True
        for address in tasks:
            if found := self.device_at(address):
                device, base = found
                device.write(address - base, 4, 1)
        self.acting = False

    def _channels(self) -> list[int]:
        return [channel for channel in range(_CHANNELS) if self.CHEN >> channel & 1]

    def _ends(self, channel: int) -> tuple[int, int]:
        return (self.EEP[channel], self.TEP[channel]) if channel < _FREE else _PREPROGRAMMED[channel - _FREE]

    def _listen(self) -> None:
        for device, offset in self.listened:
            device.routes.pop(offset, None)
        self.listened.clear()
        for event in {self._ends(channel)[0] for channel in self._channels()} - {0}:
            found = self.device_at(event)
            if found and isinstance(found[0], NordicPeripheral):
                sender, offset = found[0], event - found[1]
                sender.routes[offset] = partial(self.on_event, event)
                self.listened.append((sender, offset))

    def _enabled(self) -> int:
        return self.CHEN
