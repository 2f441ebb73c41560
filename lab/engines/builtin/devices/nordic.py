"""What the peripherals of the nRF52840 have in common: events, interrupt enables, EasyDMA.

nRF52840 product specification 1.7, chapters Peripheral interface (6.1) and EasyDMA.
"""

from __future__ import annotations

from collections.abc import Callable

from lab.engines.builtin.peripheral import Board, Peripheral, Register, RegisterBank, register
from lab.errors import DeviceFault

_EVENTS = 0x100
_RAM = range(0x2000_0000, 0x2004_0000)


class Event(Register):
    """An event register. What the device itself sets goes out to the PPI; what firmware writes does not."""

    def store(self, device: Peripheral, offset: int, value: int) -> None:
        """Let the event happen, or take it back."""
        super().store(device, offset, value)
        if value and isinstance(device, NordicPeripheral) and offset in device.routes:
            device.route(offset)


def event(offset: int) -> Event:
    """The register of one event."""
    return Event(offset, reset=0, bits=1, read="", write="", read_only=False, steady=False)


def event_bank(offset: int, *, count: int, stride: int = 4) -> RegisterBank:
    """The registers of `count` like events."""
    return RegisterBank(event(offset), count, stride)


class NordicPeripheral(Peripheral):
    """A device whose event at offset 0x100 + 4n raises its interrupt while bit n of INTEN is set.

    `routes` is the PPI's: what to call when the event at that offset happens.
    """

    INTEN = register(0x300)
    INTENSET = register(0x304, read="_enabled", write="_enable", steady=True)
    INTENCLR = register(0x308, read="_enabled", write="_disable", steady=True)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.routes: dict[int, Callable[[], None]] = {}
        self._fixed |= {"routes"}

    def write(self, offset: int, size: int, value: int) -> None:
        """A register write; any of them may change events or enables."""
        super().write(offset, size, value)
        self.update_interrupt()

    def update_interrupt(self) -> None:
        """Drive the interrupt line from events and enables; call it after raising an event outside a write."""
        enabled, values = self.interrupt_mask(), self.values
        while enabled:
            number = enabled.bit_length() - 1
            if values.get(_EVENTS + 4 * number):
                self.irq.set(True)
                return
            enabled ^= 1 << number
        self.irq.set(False)

    def route(self, offset: int) -> None:
        """An event that the PPI listens to has happened."""
        self.routes[offset]()

    def interrupt_mask(self) -> int:
        """The events that may interrupt, bit n for the event at 0x100 + 4n."""
        return self.INTEN

    def check_dma(self, register_name: str, pointer: int, size: int) -> None:
        """Raise DeviceFault unless `size` bytes at `pointer` are data RAM, the only memory that EasyDMA reaches."""
        if size and (pointer not in _RAM or pointer + size - 1 not in _RAM):
            raise DeviceFault(
                f"{self.name}: {register_name} = {pointer:#010x}, {size} bytes, is not in data RAM.",
                remedy="EasyDMA reaches nothing but RAM: copy constants there before handing them over.",
                code="dma-outside-ram",
            )

    def check_enabled(self, enable: int) -> None:
        """Raise DeviceFault where the device is started while ENABLE is 0."""
        if not enable:
            raise DeviceFault(
                f"{self.name} was started while ENABLE is 0.", remedy="Write 1 to ENABLE first.", code="device-misused"
            )

    def _enabled(self) -> int:
        return self.INTEN

    def _enable(self, value: int) -> None:
        self.INTEN |= value

    def _disable(self, value: int) -> None:
        self.INTEN &= ~value


class SerialPeripheral(NordicPeripheral):
    """UARTE, SPIM and TWIM: what they have at the same offsets, for one shares its addresses with another."""

    SHORTS = register(0x200)
    ENABLE = register(0x500, bits=4)
    RXD_PTR = register(0x534)
    RXD_MAXCNT = register(0x538, bits=16)
    RXD_AMOUNT = register(0x53C, bits=16, read_only=True)
    TXD_PTR = register(0x544)
    TXD_MAXCNT = register(0x548, bits=16)
    TXD_AMOUNT = register(0x54C, bits=16, read_only=True)
