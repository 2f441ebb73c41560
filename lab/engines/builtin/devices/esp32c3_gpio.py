"""Pins of the ESP32-C3."""

from __future__ import annotations

from lab.engines.builtin.devices.esp32c3_io_mux import ESP32C3_IO_MUX
from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_PINS, _SIGNALS, _OUTPUTS = 22, 128, 26
_SPI_FAST_FLASH_BOOT = 8
_KIND, _ENABLE = 7, 13
_NONE, _RISING, _FALLING, _ANY, _LOW, _HIGH = range(6)


class ESP32C3_GPIO(Peripheral):
    """GPIO. ESP32-C3 technical reference manual 1.1, chapter 5.

    A pin is at the level that it is driven to, by its output or from outside, and otherwise as IO_MUX pulls it, low if
    it does not. Input n is the level of GPIO n from outside. Signals of peripherals and of the sigma-delta modulators
    lead nowhere. The strapping pins say that the chip boots from flash.
    """

    BT_SELECT = register(0x00)
    OUT = register(0x04, write="_set_out")
    OUT_W1TS = register(0x08, write="_raise")
    OUT_W1TC = register(0x0C, write="_lower")
    SDIO_SELECT = register(0x1C)
    ENABLE = register(0x20, write="_set_enable")
    ENABLE_W1TS = register(0x24, write="_enable")
    ENABLE_W1TC = register(0x28, write="_disable")
    STRAP = register(0x38, reset=_SPI_FAST_FLASH_BOOT, read_only=True)
    IN = register(0x3C, read="_levels", read_only=True, steady=True)
    STATUS = register(0x44, write="_set_status")
    STATUS_W1TS = register(0x48, write="_raise_status")
    STATUS_W1TC = register(0x4C, write="_clear_status")
    PCPU_INT = register(0x5C, read="_interrupting", read_only=True, steady=True)
    PCPU_NMI_INT = register(0x60, read_only=True)
    CPUSDIO_INT = register(0x64, read_only=True)
    PIN = register_bank(0x74, count=_OUTPUTS, write="_configure")
    STATUS_NEXT = register(0x14C, read="_levels_that_interrupt", read_only=True, steady=True)
    FUNC_IN_SEL_CFG = register_bank(0x154, count=_SIGNALS)
    FUNC_OUT_SEL_CFG = register_bank(0x554, count=_OUTPUTS, reset=0x80)
    CLOCK_GATE = register(0x62C, reset=1)
    DATE = register(0x6FC, reset=0x0200_6130)
    SIGMADELTA = register_bank(0xF00, count=12)

    def __init__(self, board: Board, *, io_mux: ESP32C3_IO_MUX) -> None:
        super().__init__(board)
        self._fixed |= {"io_mux"}
        self.io_mux = io_mux
        io_mux.changed = self._look

    def reset(self) -> None:
        """Back to the state after power-on, driven from nowhere."""
        super().reset()
        self.driven: dict[int, bool] = {}
        self.seen = self._levels()

    def on_input(self, number: int, level: bool) -> None:
        """GPIO `number` is driven from outside."""
        self.driven[number] = level
        self._look()

    def _levels(self) -> int:
        levels = 0
        for number in range(_PINS):
            if self.ENABLE >> number & 1:
                level = bool(self.OUT >> number & 1)
            else:
                level = self.driven.get(number, self.io_mux.pulled_up(number))
            levels |= level << number
        return levels

    def _look(self) -> None:
        before, self.seen = self.seen, self._levels()
        changed = before ^ self.seen
        for number in range(_PINS):
            kind = self.PIN[number] >> _KIND & 7
            level = self.seen >> number & 1
            if changed >> number & 1 and kind in (_ANY, _RISING if level else _FALLING):
                self.STATUS |= 1 << number
        self._update_interrupt()

    def _levels_that_interrupt(self) -> int:
        found = 0
        for number in range(_PINS):
            kind = self.PIN[number] >> _KIND & 7
            if kind in (_LOW, _HIGH) and bool(self.seen >> number & 1) is (kind == _HIGH):
                found |= 1 << number
        return found

    def _update_interrupt(self) -> None:
        self.STATUS |= self._levels_that_interrupt()
        self.irq.set(bool(self._interrupting()))

    def _interrupting(self) -> int:
        enabled = sum(1 << number for number in range(_PINS) if self.PIN[number] >> _ENABLE & 1)
        return self.STATUS & enabled

    def _configure(self, number: int, value: int) -> None:
        self.PIN[number] = value
        self._update_interrupt()

    def _set_out(self, value: int) -> None:
        self.OUT = value
        self._look()

    def _raise(self, value: int) -> None:
        self._set_out(self.OUT | value)

    def _lower(self, value: int) -> None:
        self._set_out(self.OUT & ~value)

    def _set_enable(self, value: int) -> None:
        self.ENABLE = value
        self._look()

    def _enable(self, value: int) -> None:
        self._set_enable(self.ENABLE | value)

    def _disable(self, value: int) -> None:
        self._set_enable(self.ENABLE & ~value)

    def _set_status(self, value: int) -> None:
        self.STATUS = value
        self._update_interrupt()

    def _raise_status(self, value: int) -> None:
        self._set_status(self.STATUS | value)

    def _clear_status(self, value: int) -> None:
        self._set_status(self.STATUS & ~value)
