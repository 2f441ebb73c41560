"""What the peripherals of the nRF52840 have in common: events, interrupt enables, EasyDMA.

nRF52840 product specification 1.7, chapters Peripheral interface (6.1) and EasyDMA.
"""

from __future__ import annotations

from lab.engines.builtin.peripheral import Peripheral, register
from lab.errors import DeviceFault

_EVENTS = 0x100
_RAM = range(0x2000_0000, 0x2004_0000)


class NordicPeripheral(Peripheral):
    """A device whose event at offset 0x100 + 4n raises its interrupt while bit n of INTEN is set."""

    INTEN = register(0x300)
    INTENSET = register(0x304, read="_enabled", write="_enable", steady=True)
    INTENCLR = register(0x308, read="_enabled", write="_disable", steady=True)

    def write(self, offset: int, size: int, value: int) -> None:
        """A register write; any of them may change events or enables."""
        super().write(offset, size, value)
        self.update_interrupt()

    def update_interrupt(self) -> None:
        """Drive the interrupt line from events and enables; call it after raising an event outside a write."""
        enabled = self.interrupt_mask()
        self.irq.set(
            any(
                enabled >> number & 1 and self.values.get(_EVENTS + 4 * number)
                for number in range(enabled.bit_length())
            )
        )

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

    def _enabled(self) -> int:
        return self.INTEN

    def _enable(self, value: int) -> None:
        self.INTEN |= value

    def _disable(self, value: int) -> None:
        self.INTEN &= ~value
