"""Why a run ends that should have gone on: errors with the place where the core stood and the way there."""

from __future__ import annotations

from lab.engines.builtin import shim
from lab.engines.builtin.chip_resets import Reset
from lab.engines.builtin.diagnosis import Diagnosis
from lab.errors import REPORT, ChipReset, DeviceFault, EngineError, FirmwareError


def stopped(diagnosis: Diagnosis, reason: int) -> DeviceFault:
    """The core cannot go on: BROKEN, LOCKED_UP, NO_HANDLER or NO_STACK."""
    if reason == shim.BROKEN:
        return DeviceFault(
            f"The built-in engine cannot execute what stands {diagnosis.here()} "
            f"(Unicorn's error {diagnosis.unicorn_error}).",
            remedy=f"Look at the instruction there: no Cortex-M or RV32IMC may have it. If one has: {REPORT}",
            details=diagnosis.text(),
            code="not-executable",
        )
    return DeviceFault(
        diagnosis.failure(reason),
        remedy="Look at that place, and at the last basic blocks above, which led there.",
        details=diagnosis.text(),
        code={
            shim.LOCKED_UP: "lock-up",
            shim.NO_HANDLER: "no-fault-handler",
            shim.NO_STACK: "stack-outside-memory",
        }[reason],
    )


def of_device(diagnosis: Diagnosis, fault: DeviceFault) -> DeviceFault:
    """A device complained: it knows why, the core where."""
    return DeviceFault(
        f"{fault.message} It happened in the block at {diagnosis.block()}{diagnosis.after_fault()}.",
        remedy=fault.remedy,
        details=diagnosis.text(),
        code=fault.code,
    )


def of_reset(diagnosis: Diagnosis, reset: Reset) -> ChipReset:
    """The chip is about to be reset."""
    return reset.error(f"{diagnosis.block()}{diagnosis.after_fault()}", diagnosis.text())


def endless_output(diagnosis: Diagnosis, printed: int, passed_s: float) -> FirmwareError:
    """So many bytes were printed in so many virtual seconds."""
    return FirmwareError(
        f"{diagnosis.firmware} prints without end: {printed:,} bytes in {passed_s:.6f} virtual seconds; it stood "
        f"{diagnosis.here()}.",
        remedy="Look at the last lines and basic blocks above: a loop that prints, or a log that is far too long.",
        details=diagnosis.text(),
        code="endless-output",
    )


def endless_marks(diagnosis: Diagnosis, most: int, passed_s: float) -> FirmwareError:
    """A watched address was reached more than that often in so many virtual seconds."""
    return FirmwareError(
        f"{diagnosis.firmware} reached a watched address more than {most:,} times in {passed_s:.6f} virtual seconds; "
        f"it stood {diagnosis.here()}.",
        remedy="Measure a function that runs once an inference, not one that a loop calls.",
        details=diagnosis.text(),
        code="endless-marks",
    )


def busy(diagnosis: Diagnosis, limit_s: float, at_s: float) -> FirmwareError:
    """A run of so many virtual seconds took the host far longer, and had come so far."""
    polled = diagnosis.polled()
    return FirmwareError(
        f"{diagnosis.firmware} kept the emulator too busy in a run of {limit_s:g} virtual seconds: it stood at "
        f"{at_s:.6f} s, {diagnosis.here()}." + (f" {polled}." if polled else ""),
        remedy="Look for a register that is polled where an interrupt and WFI would do, "
        "or for an interrupt that is raised again at once.",
        details=diagnosis.text(),
        code="device-busy",
    )


def overdue(diagnosis: Diagnosis, limit_s: float, at_s: float) -> EngineError:
    """A run of so many virtual seconds did not get on at all."""
    return EngineError(
        f"The host watchdog ended a run of {limit_s:g} virtual seconds: it stood at {at_s:.6f} s, {diagnosis.here()}.",
        remedy=REPORT,
        details=diagnosis.text(),
        code="watchdog",
    )
