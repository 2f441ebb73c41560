"""A board whose firmware speaks the device protocol (docs/device-protocol.md): booted, and asked for its events."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from typing_extensions import Self

from lab.engines.machine import Counters, Engine, Machine, Stop
from lab.errors import ArenaTooSmall, DeviceFault, DeviceSilent, FirmwareError
from lab.image import Image
from lab.measuring import device_log
from lab.measuring.device_log import Boot, Fault, Kind, StartError
from lab.measuring.marks import INFERENCE_BEGINS, INFERENCE_ENDED
from lab.target import Target

BOOT_LIMIT_S = 2.0
"""Virtual seconds after which a board that boots is silent: it takes milliseconds."""

_LAST_LINES = 10


class Device:
    """A machine with its firmware, booted; `prepare` writes what the image needs before. Close it, or use `with`.

    `mips` is how fast the core is, None as the platform description says.

    Raises ArenaTooSmall (whose remedy is `larger_arena`), DeviceFault, DeviceSilent or FirmwareError if the firmware
    does not come up.
    """

    def __init__(
        self,
        engine: Engine,
        target: Target,
        firmware: Image,
        prepare: Callable[[Machine], None],
        larger_arena: str,
        mips: int | None = None,
    ) -> None:
        self._target = target
        self._firmware = firmware
        self._larger_arena = larger_arena
        self.machine: Machine = engine.machine(target, mips)
        try:
            self.machine.load(firmware)
            prepare(self.machine)
            self.machine.watch("lab_mark")
            self.boot = self.await_event(Boot, BOOT_LIMIT_S)
            self._check_protocol()
        except BaseException:
            self.machine.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.machine.close()

    def await_event(self, kind: type[Kind], limit: float) -> Kind:
        """Run until the device prints an event of that kind.

        Raises DeviceFault when the firmware reports a fault, ArenaTooSmall or FirmwareError when it cannot start or go
        on, DeviceSilent after `limit` virtual seconds.
        """
        awaited: list[Kind] = []

        def arrived(line: str) -> bool:
            event = device_log.parse(line)
            if isinstance(event, kind):
                awaited.append(event)
            return bool(awaited) or isinstance(event, Fault | StartError)

        stop = self.machine.run(until=arrived, limit=limit)
        if awaited:
            return awaited[0]
        self.check(stop)
        raise DeviceSilent(
            f"{self._firmware.path.name} on {self._target.name} printed no {kind.__name__.lower()} line "
            f"within {limit:g} virtual seconds.",
            remedy="Look at where it stood, in the last basic blocks above: a loop, or a wait for what never comes?",
            details=self.last_words(),
        )

    def run_for(self, seconds: float) -> None:
        """Let virtual time pass. Raises as `await_event` when the firmware reports a fault or an error."""
        ended = Fault | StartError
        self.check(self.machine.run(until=lambda line: isinstance(device_log.parse(line), ended), limit=seconds))

    def check(self, stop: Stop) -> None:
        """Raises as `await_event` if a run stopped because the firmware reported a fault or an error."""
        event = device_log.parse(stop.line) if stop.line is not None else None
        if isinstance(event, Fault):
            raise self._fault(event)
        if isinstance(event, StartError):
            raise self._start_error(event)

    def inference_counters(self) -> tuple[Counters, Counters]:
        """Readings when the last inference began and when it had ended. Raises FirmwareError if it was not marked."""
        found = {mark.argument: mark.counters for mark in self.machine.marks() if mark.symbol == "lab_mark"}
        try:
            return found[INFERENCE_BEGINS], found[INFERENCE_ENDED]
        except KeyError:
            raise self.marks_missing() from None

    def marks_missing(self) -> FirmwareError:
        """The error for an inference that was printed and not marked."""
        return FirmwareError(
            f"{self._firmware.path.name} printed an inference without calling lab_mark(1) and lab_mark(2).",
            remedy="docs/device-protocol.md says where the marks belong.",
            details=self.last_words(),
            code="marks-missing",
        )

    def _check_protocol(self) -> None:
        if self.boot.protocol != device_log.PROTOCOL:
            raise FirmwareError(
                f"{self._firmware.path.name} speaks protocol {self.boot.protocol}; "
                f"the lab knows {device_log.PROTOCOL}.",
                remedy="Build the firmware with this lab, or take the lab of its version.",
                details=self.last_words(),
                code="protocol-version",
            )

    def _fault(self, fault: Fault) -> DeviceFault:
        pc = int(fault.pc, 16)
        line = self._firmware.line_at(pc)
        return DeviceFault(
            f"{fault.kind} at pc 0x{pc:08x} in {self._firmware.function_at(pc)}"
            + (f" ({line})" if line else "")
            + f", lr {fault.lr}, cfsr {fault.cfsr}, hfsr {fault.hfsr}.",
            remedy="Look at that line, and at the last basic blocks above, which led there.",
            details=self.last_words(),
        )

    def _start_error(self, error: StartError) -> FirmwareError:
        message = f"{self._firmware.path.name} on {self._target.name} could not start ({error.what}): {error.message}"
        if error.what == "arena":
            return ArenaTooSmall(message, remedy=self._larger_arena, details=self.last_lines())
        if error.what == "sensor":
            return FirmwareError(
                f"{self._firmware.path.name} on {self._target.name} stopped, its sensor failed: {error.message}.",
                remedy=f"Look at the part in {self._target.repl}, and at the settings of the workload's input.",
                details=self.last_lines(),
                code="sensor-failed",
            )
        return FirmwareError(
            message,
            remedy="The words are the firmware's or TFLM's; its last lines are above.",
            details=self.last_lines(),
            code="start-failed",
        )

    def last_words(self) -> str:
        """The last lines of its log, and where it stands."""
        return f"{self.last_lines()}\n{self.machine.trace()}"

    def last_lines(self) -> str:
        """The last lines of its log: all there is to say of firmware that stopped by itself and told why."""
        return "last device lines:\n" + ("\n".join(self.machine.lines()[-_LAST_LINES:]) or "(nothing)")
