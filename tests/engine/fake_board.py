"""What surrounds a device in unit tests: memory, a clock that tests move by hand, and what was printed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lab.engines.builtin.peripheral import Alarm, Peripheral
from lab.engines.builtin.shim import Core

RAM = 0x2000_0000


class FakeBus:
    """64 KiB of memory from `base` on."""

    def __init__(self, base=RAM):
        self.base = base
        self.memory = bytearray(0x1_0000)

    def read(self, address, size):
        return bytes(self.memory[address - self.base :][:size])

    def write(self, address, data):
        at = address - self.base
        self.memory[at : at + len(data)] = data


class FakeClock:
    """Time stands still until `advance`, which fires the alarms on its way at their exact due times."""

    def __init__(self):
        self.now_ns = 0
        self.alarms: list[Alarm] = []

    def changed(self):
        pass

    def started(self, _alarm):
        pass

    def register(self, alarm):
        self.alarms.append(alarm)

    def advance_to(self, time_ns):
        while due := [alarm for alarm in self.alarms if alarm.running and alarm.due_ns <= time_ns]:
            first = min(due, key=lambda alarm: alarm.due_ns)
            self.now_ns = first.due_ns
            first.fire()
        self.now_ns = time_ns


@dataclass
class FakeBoard:
    """Hand it to a device's constructor; `calling` is the same surroundings under another device's name.

    `devices` are found by the address that they begin at, a multiple of 4 KiB.
    """

    name: str = "sysbus.device"
    bus: FakeBus = field(default_factory=FakeBus)
    clock: FakeClock = field(default_factory=FakeClock)
    printed: bytearray = field(default_factory=bytearray)
    core: Core = field(default_factory=Core)
    as_silicon: bool = False
    devices: dict[int, Peripheral] = field(default_factory=dict)

    def device_at(self, address):
        base = address & ~0xFFF
        return (self.devices[base], base) if base in self.devices else None

    def output(self, data):
        self.printed += data

    def missing(self, _writes):
        """Nobody wants to know."""

    def reset_chip(self, reset):
        raise reset.error("a test", "")

    def calling(self, name):
        return replace(self, name=name)


class Wire(Peripheral):
    """Receives an interrupt line: when it rose, in ns, and its level."""

    def __init__(self, board):
        super().__init__(board)
        self.rose = []
        self.level = False

    def on_input(self, _number, level):
        self.level = level
        if level:
            self.rose.append(self.now_ns)


def poke(device, *writes):
    """Write 32-bit registers, each an offset and a value."""
    for offset, value in writes:
        device.write(offset, 4, value)


def peek(device, offset):
    """Read a 32-bit register."""
    return device.read(offset, 4)
