"""The end of a run where silicon resets the chip."""

from __future__ import annotations

from lab.errors import DeviceFault

_SECOND_NS = 10**9


def by_firmware(register: str) -> DeviceFault:
    """The firmware asked for it, in that register."""
    return DeviceFault(
        f"The firmware reset itself ({register}).",
        remedy="The lab ends the run there: what led to the reset is the last thing in the log.",
        code="device-reset",
    )


def by_watchdog(name: str, now_ns: int, *, remedy: str, why: str = "") -> DeviceFault:
    """The watchdog of that name was not served, or served wrongly, of which `why` tells."""
    said = f"{name}: the watchdog resets the chip, {now_ns / _SECOND_NS:.6f} s after the start."
    return DeviceFault(said + (f" {why}." if why else ""), remedy=remedy, code="watchdog-reset")
