"""Clock control, and power management at the same addresses."""

from __future__ import annotations

from lab.engines.builtin.chip_resets import Cause, Reset
from lab.engines.builtin.devices.nordic import NordicPeripheral, event
from lab.engines.builtin.peripheral import register, register_bank

_RUNNING = 1 << 16
_CRYSTAL = 1
_RAM_BLOCKS = 9
_RAM_ON = 0xFFFF
_USB_SUPPLIED = 3  # VBUSDETECT and OUTPUTRDY
_BY_WATCHDOG, _BY_FIRMWARE = 1 << 1, 1 << 2  # DOG and SREQ of RESETREAS


class NRF_CLOCK(NordicPeripheral):
    """CLOCK and POWER. nRF52840 product specification 1.7, chapters 5.4 and 5.3.

    As in Renode a clock runs at once when started, where silicon takes 0.4 ms (HFXO) or 0.25 s (LFXO), and stopping
    one takes its event back. Clocks gate nothing: every device runs without. Calibration ends at once. The board is at
    a USB socket: its supply is there from the start. Regulators, the power-fail comparator and SYSTEMOFF are registers
    and do nothing. Renode's model has neither GPREGRET nor RESETREAS nor the RAM's power.
    """

    TASKS_HFCLKSTART = register(0x000, write="start_high")
    TASKS_HFCLKSTOP = register(0x004, write="stop_high")
    TASKS_LFCLKSTART = register(0x008, write="start_low")
    TASKS_LFCLKSTOP = register(0x00C, write="stop_low")
    TASKS_CAL = register(0x010, write="calibrate")
    TASKS_CTSTART = register(0x014, write="start_calibration_timer")
    TASKS_CTSTOP = register(0x018, write="stop_calibration_timer")
    EVENTS_HFCLKSTARTED = event(0x100)
    EVENTS_LFCLKSTARTED = event(0x104)
    EVENTS_POFWARN = event(0x108)
    EVENTS_DONE = event(0x10C)
    EVENTS_CTTO = event(0x110)
    EVENTS_SLEEPENTER = event(0x114)
    EVENTS_SLEEPEXIT = event(0x118)
    EVENTS_USBDETECTED = event(0x11C)
    EVENTS_USBREMOVED = event(0x120)
    EVENTS_USBPWRRDY = event(0x124)
    EVENTS_CTSTARTED = event(0x128)
    EVENTS_CTSTOPPED = event(0x12C)
    RESETREAS = register(0x400, write="clear_reasons")
    HFCLKRUN = register(0x408, read_only=True)
    HFCLKSTAT = register(0x40C, read_only=True)
    LFCLKRUN = register(0x414, read_only=True)
    LFCLKSTAT = register(0x418, read="low_status", read_only=True, steady=True)
    LFCLKSRCCOPY = register(0x41C, read_only=True)
    RAMSTATUS = register(0x428, reset=0xF, read_only=True)
    USBREGSTATUS = register(0x438, reset=_USB_SUPPLIED, read_only=True)
    POFCON = register(0x510)
    LFCLKSRC = register(0x518)
    GPREGRET = register(0x51C, bits=8)
    GPREGRET2 = register(0x520, bits=8)
    HFXODEBOUNCE = register(0x528, reset=0x10)
    CTIV = register(0x538, bits=7)
    TRACECONFIG = register(0x55C)
    DCDCEN = register(0x578, bits=1)
    DCDCEN0 = register(0x580, bits=1)
    LFRCMODE = register(0x5B4)
    MAINREGSTATUS = register(0x640, read_only=True)
    RAM_POWER = register_bank(0x900, count=_RAM_BLOCKS, stride=16, reset=_RAM_ON)
    RAM_POWERSET = register_bank(
        0x904, count=_RAM_BLOCKS, stride=16, read="ram_power", steady=True, write="switch_ram_on"
    )
    RAM_POWERCLR = register_bank(
        0x908, count=_RAM_BLOCKS, stride=16, read="ram_power", steady=True, write="switch_ram_off"
    )

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.EVENTS_USBDETECTED = self.EVENTS_USBPWRRDY = 1

    def reset_by(self, reset: Reset) -> None:
        """RESETREAS gathers the reasons; GPREGRET outlives what firmware asked for, and no watchdog."""
        reasons, kept = self.RESETREAS, (self.GPREGRET, self.GPREGRET2)
        self.reset()
        if reset.cause is Cause.SOFTWARE:
            self.RESETREAS = reasons | _BY_FIRMWARE
            self.GPREGRET, self.GPREGRET2 = kept
        else:
            self.RESETREAS = reasons | _BY_WATCHDOG

    def start_high(self, value: int) -> None:
        """TASKS_HFCLKSTART."""
        if value & 1:
            self.HFCLKRUN = 1
            self.HFCLKSTAT = _RUNNING | _CRYSTAL
            self.EVENTS_HFCLKSTARTED = 1

    def stop_high(self, value: int) -> None:
        """TASKS_HFCLKSTOP."""
        if value & 1:
            self.HFCLKRUN = self.HFCLKSTAT = 0
            self.EVENTS_HFCLKSTARTED = 0

    def start_low(self, value: int) -> None:
        """TASKS_LFCLKSTART."""
        if value & 1:
            self.LFCLKRUN = 1
            self.LFCLKSRCCOPY = self.LFCLKSRC & 3
            self.LFCLKSTAT = _RUNNING
            self.EVENTS_LFCLKSTARTED = 1

    def stop_low(self, value: int) -> None:
        """TASKS_LFCLKSTOP."""
        if value & 1:
            self.LFCLKRUN = self.LFCLKSTAT = 0
            self.EVENTS_LFCLKSTARTED = 0

    def low_status(self) -> int:
        """LFCLKSTAT: whether it runs, and the source that LFCLKSRC chose."""
        return self.LFCLKSTAT | self.LFCLKSRC & 3

    def calibrate(self, value: int) -> None:
        """TASKS_CAL."""
        if value & 1:
            self.EVENTS_DONE = 1

    def start_calibration_timer(self, value: int) -> None:
        """TASKS_CTSTART: it never ends, for nothing drifts here."""
        if value & 1:
            self.EVENTS_CTSTARTED = 1

    def stop_calibration_timer(self, value: int) -> None:
        """TASKS_CTSTOP."""
        if value & 1:
            self.EVENTS_CTSTOPPED = 1

    def clear_reasons(self, value: int) -> None:
        """RESETREAS: written bits go. There are none after power-on."""
        self.RESETREAS &= ~value

    def ram_power(self, block: int) -> int:
        """RAM[n].POWERSET and RAM[n].POWERCLR read as RAM[n].POWER."""
        return self.RAM_POWER[block]

    def switch_ram_on(self, block: int, value: int) -> None:
        """RAM[n].POWERSET."""
        self.RAM_POWER[block] |= value

    def switch_ram_off(self, block: int, value: int) -> None:
        """RAM[n].POWERCLR."""
        self.RAM_POWER[block] &= ~value
