"""Renode's keywords on the built-in engine: the Robot library behind `lab test`."""

# ruff: noqa: N803 - arguments bear Renode's names
from __future__ import annotations

import atexit
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from robot.api import Failure, logger
from robot.api.deco import library
from robot.utils import DotDict

from lab.errors import LabError
from lab.monitor import Monitor
from lab.robot_renode.pattern import Pattern
from lab.robot_renode.terminal_tester import Found, TerminalTester, TestFailed

_ONLY_TESTER = 0

Method = TypeVar("Method", bound=Callable[..., Any])


def _renode(method: Method) -> Method:
    """Make a method a keyword that `Requires` can do again; what it raises is a failure in Renode's words."""

    @wraps(method)
    def run(self: RenodeKeywords, *arguments: Any, **named: Any) -> Any:
        try:
            result = method(self, *arguments, **named)
            self._done.append(partial(run, self, *arguments, **named))
            return result
        except TestFailed as failure:
            raise Failure(str(failure)) from None
        except LabError as error:
            raise _failure(error.message, error) from None

    return cast(Method, run)


@library(scope="GLOBAL", auto_keywords=True)
class RenodeKeywords:
    """The keywords of ``renode-test`` for one board with one UART, on the built-in engine of the lab.

    Names, arguments, defaults and results are Renode's. A suite that keeps to these keywords, and to the commands
    that the monitor of the lab has, runs unchanged with ``renode-test`` and with ``lab test``:

    | *** Test Cases ***
    | Boots
    |     Execute Command    $elf=@${CURDIR}/firmware.elf
    |     Execute Command    $audio=@${CURDIR}/yes.s16le
    |     Execute Script     ${CURDIR}/nano33ble.resc
    |     Create Terminal Tester    sysbus.uart0    timeout=2    defaultPauseEmulation=True
    |     Wait For Line On Uart    "event":"boot"

    Timeouts are in virtual seconds. Time passes only while a keyword waits, or a command runs for some time: from
    one keyword to the next it stands still, as it does in Renode with ``defaultPauseEmulation=True``.
    """

    def __init__(self) -> None:
        self._monitor = Monitor()
        self._default_timeout = 8.0
        self._tester: TerminalTester | None = None
        self._pause = False
        self._next_only = False
        self._done: list[Callable[[], Any]] = []
        self._states: dict[str, tuple[Callable[[], Any], ...]] = {}

    # The emulation

    def reset_emulation(self) -> None:
        """Removes the board, and every variable and macro of the monitor."""
        self._done.clear()
        self._monitor.emulation.clear()
        self._monitor = Monitor()
        self._tester = None

    def provides(self, state: str, type: Literal["Serialization", "Reexecution"] = "Serialization") -> None:  # noqa: A002, ARG002
        """Names what the keywords since `Reset Emulation` have led to, so that another test can begin there.

        Whatever the ``type``, the built-in engine comes there by the same keywords again: a run repeats exactly.
        """
        self._states[state] = tuple(self._done)

    def requires(self, state: str) -> None:
        """Begins where the test that ``Provides`` the state had come to. Tests run in the order of the suite."""
        if state not in self._states:
            raise Failure(f"Required state {state} not found.")
        self.reset_emulation()
        for done in self._states[state]:
            done()

    @_renode
    def start_emulation(self) -> None:
        """Starts the emulation; time passes while a later keyword waits."""
        self._monitor.emulation.started = True

    @_renode
    def execute_command(self, command: str, machine: str | None = None) -> str:
        """Runs a command of the monitor, and returns what it prints.

        Examples:
        | Execute Command    sysbus.pdm SetInputFile @${clip}
        | ${instructions}=    Execute Command    sysbus.cpu ExecutedInstructions
        """
        self._check_machine(machine)
        with _said_of(f"command '{command}'"):
            return self._monitor.execute(command)

    @_renode
    def execute_script(self, path: str) -> str:
        """Runs a monitor script, and returns what it prints."""
        with _said_of("script"):
            return self._monitor.execute_script(Path(path))

    @_renode
    def allocate_temporary_file(self) -> str:
        """Makes an empty file that lives as long as the run, and returns its path."""
        handle, path = tempfile.mkstemp(prefix="lab-suite-")
        os.close(handle)
        atexit.register(Path(path).unlink, missing_ok=True)
        return path

    # The UART

    @_renode
    def set_default_uart_timeout(self, timeout: float) -> None:
        """Sets the timeout of testers that are created without one."""
        self._default_timeout = timeout

    @_renode
    def create_terminal_tester(
        self,
        uart: str,
        timeout: float | None = None,
        machine: str | None = None,
        defaultPauseEmulation: bool | None = None,
        defaultMatchNextLine: bool | None = None,
    ) -> int:
        """Listens to a UART from now on; returns the tester's number.

        With ``defaultPauseEmulation`` a wait that is over stops the emulation there, so that ``emulation RunFor`` can
        follow; with ``defaultMatchNextLine`` a wait looks at the next line only.
        """
        self._check_machine(machine)
        board = self._monitor.emulation.board
        if uart not in board.devices:
            available = ", ".join(board.devices)
            raise Failure(f"Peripheral not found: '{uart}'. Available peripherals: [{available}]")
        if uart not in board.uarts:
            raise Failure(f"Peripheral of wrong type: '{uart}'. UARTs of this board: {', '.join(board.uarts)}.")
        if uart != board.uart and self._tester is not None:
            raise Failure(f"The built-in engine listens to one UART; the tester before listens to {board.uart}.")
        if uart != board.uart:
            board.listen_to(uart)
        self._pause, self._next_only = bool(defaultPauseEmulation), bool(defaultMatchNextLine)
        if self._tester is None:
            seconds = self._default_timeout if timeout is None else timeout
            self._tester = TerminalTester(self._monitor.emulation, seconds)
        return _ONLY_TESTER

    @_renode
    def wait_for_line_on_uart(
        self,
        content: str,
        timeout: float | None = None,
        testerId: int | None = None,
        treatAsRegex: bool = False,
        pauseEmulation: bool | None = None,
        matchNextLine: bool | None = None,
    ) -> DotDict:
        """Waits for a line that contains ``content``; fails after ``timeout`` virtual seconds.

        Returns an object with the line (``.Line``), the virtual time in milliseconds at which it ended
        (``.Timestamp``), and what the groups of a regular expression hold (``.Groups``). Lines that came before count,
        except those that an earlier wait has passed.
        """
        return _result(
            self._tester_of(testerId).wait_for(
                _pattern(content, treatAsRegex),
                timeout,
                pause=self._pause if pauseEmulation is None else pauseEmulation,
                next_only=self._next_only if matchNextLine is None else matchNextLine,
            )
        )

    @_renode
    def wait_for_next_line_on_uart(
        self, timeout: float | None = None, testerId: int | None = None, pauseEmulation: bool | None = None
    ) -> DotDict:
        """Waits for the next line, whatever it is. Returns what `Wait For Line On Uart` does."""
        pause = self._pause if pauseEmulation is None else pauseEmulation
        return _result(self._tester_of(testerId).next_line(timeout, pause=pause))

    @_renode
    def should_not_be_on_uart(
        self, content: str, timeout: float | None = None, testerId: int | None = None, treatAsRegex: bool = False
    ) -> None:
        """Fails if a line contains ``content``, until ``timeout`` virtual seconds have passed."""
        self._tester_of(testerId).refuse(_pattern(content, treatAsRegex), timeout)

    @_renode
    def test_if_uart_is_idle(
        self, timeout: float, testerId: int | None = None, pauseEmulation: bool | None = None
    ) -> None:
        """Fails if a line comes before ``timeout`` virtual seconds have passed."""
        pause = self._pause if pauseEmulation is None else pauseEmulation
        self._tester_of(testerId).stay_idle(timeout, pause=pause)

    @_renode
    def register_failing_uart_string(
        self, pattern: str, treatAsRegex: bool = False, testerId: int | None = None
    ) -> None:
        """Makes every later wait fail as soon as a line contains ``pattern``."""
        self._tester_of(testerId).fail_on(_pattern(pattern, treatAsRegex))

    @_renode
    def unregister_failing_uart_string(
        self, pattern: str, treatAsRegex: bool = False, testerId: int | None = None
    ) -> None:
        """Takes `Register Failing Uart String` back."""
        try:
            self._tester_of(testerId).do_not_fail_on(_pattern(pattern, treatAsRegex))
        except ValueError:
            raise Failure("Unable to unregister failing string, entry not found") from None

    @_renode
    def get_terminal_tester_report(self, testerId: int | None = None) -> str:
        """Returns the lines that came and the waits, with their virtual times in milliseconds."""
        return self._tester_of(testerId).report

    @_renode
    def clear_terminal_tester_report(self, testerId: int | None = None) -> None:
        """Forgets the lines that came, and the report."""
        self._tester_of(testerId).clear()

    def _tester_of(self, number: int | None) -> TerminalTester:
        if self._tester is None:
            raise Failure("There are no testers available. Call `Create Terminal Tester` first.")
        if number not in (None, _ONLY_TESTER):
            raise Failure(f"Tester for given ID={number} was not found. Did you forget to create the tester?")
        return self._tester

    def _check_machine(self, name: str | None) -> None:
        if name and name != self._monitor.emulation.board.name:
            board = self._monitor.emulation.board.name
            raise Failure(f"Machine with name {name} not found. Available machines: [{board}]")


@contextmanager
def _said_of(what: str) -> Iterator[None]:
    try:
        yield
    except LabError as error:
        raise _failure(f"Could not execute {what}: {error.message}", error) from None


def _failure(message: str, error: LabError) -> Failure:
    if error.details:
        logger.info(error.details)
    return Failure("\n".join(filter(None, (message, error.remedy))))


def _pattern(text: str, is_regex: bool) -> Pattern:
    if is_regex:
        try:
            re.compile(text)
        except re.error as error:
            raise Failure(f"{text!r} is no regular expression of Python: {error}.") from None
    return Pattern(text, is_regex)


def _result(found: Found) -> DotDict:
    return DotDict(Line=found.line, Timestamp=found.time_ms, Groups=list(found.groups))
