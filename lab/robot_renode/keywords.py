"""Renode's keywords on the built-in engine: the Robot library behind `lab test`."""

# ruff: noqa: N803 - arguments bear Renode's names
from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from robot.api import Failure, logger
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError
from robot.utils import DotDict, is_truthy

from lab.errors import LabError
from lab.monitor import Monitor, web
from lab.monitor.core import Core
from lab.robot_renode.led_tester import LedTester
from lab.robot_renode.pattern import Pattern
from lab.robot_renode.terminal_tester import Found, TerminalTester, TestFailed

RENODE_FOLDER = "RENODE_FOLDER"
"""The variable that names a folder with Renode's platforms and scripts."""

STUBS = "STUBS"
"""The variable that is true, `yes` for instance, where devices without a model are to be stubs."""

_STUB = "stub: "
_RETURN = "\r"
_END_OF_LINE = "TreatLineFeedAsEndLine"

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
    """The keywords of ``renode-test`` for one board, on the built-in engine of the lab.

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
        self._monitor = self._new_monitor()
        self._default_timeout = 8.0
        self._testers: list[TerminalTester] = []
        self._default_tester: int | None = None
        self._led_testers: list[LedTester] = []
        self._led_timeout = 0.0
        self._pause = False
        self._next_only = False
        self._echo = True
        self._stubs_told: set[str] = set()
        self._done: list[Callable[[], Any]] = []
        self._states: dict[str, tuple[Callable[[], Any], ...]] = {}

    # The emulation

    def reset_emulation(self) -> None:
        """Removes the board, and every variable and macro of the monitor."""
        self._done.clear()
        self._monitor.emulation.clear()
        self._monitor = self._new_monitor()

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
            return self._told(self._monitor.execute(command))

    @_renode
    def execute_script(self, path: str) -> str:
        """Runs a monitor script, and returns what it prints."""
        with _said_of("script"):
            return self._told(self._monitor.execute_script(Path(path)))

    @_renode
    def allocate_temporary_file(self) -> str:
        """Makes an empty file that lives as long as the run, and returns its path."""
        handle, path = tempfile.mkstemp(prefix="lab-suite-")
        os.close(handle)
        atexit.register(Path(path).unlink, missing_ok=True)
        return path

    @_renode
    def allocate_temporary_directory(self, dirName: str) -> str:
        """Makes an empty folder of that name that lives as long as the run, and returns its path."""
        above = tempfile.mkdtemp(prefix="lab-suite-")
        atexit.register(shutil.rmtree, above, ignore_errors=True)
        folder = Path(above) / Path(dirName).name
        folder.mkdir(exist_ok=True)
        return str(folder)

    @_renode
    def download_file(self, uri: str) -> str:
        """Downloads a file whose name ends with its size and SHA-1, unless it is in the cache; returns its path."""
        return str(web.bring(uri))

    def _told(self, printed: str) -> str:
        """What a command printed; what it says of stubs is told once, and is nothing that Renode prints."""
        lines = printed.splitlines(keepends=True)
        stubs = [line for line in lines if line.startswith(_STUB)]
        if new := [line.removeprefix(_STUB).strip() for line in stubs if line not in self._stubs_told]:
            logger.warn("There are stubs that read 0 and keep what is written:\n" + "\n".join(new))
            self._stubs_told.update(stubs)
        return "".join(line for line in lines if line not in stubs)

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
        endLineOption: str | None = None,
        defaultPauseEmulation: bool | None = None,
        defaultWaitForEcho: bool | None = None,
        defaultMatchNextLine: bool | None = None,
        binaryMode: bool = False,
    ) -> int:
        """Listens to a UART from now on; returns the tester's number.

        With ``defaultPauseEmulation`` a wait that is over stops the emulation there, so that ``emulation RunFor`` can
        follow; with ``defaultMatchNextLine`` a wait looks at the next line only. ``endLineOption`` and ``binaryMode``
        are as if left out, or the keyword fails.
        """
        self._check_machine(machine)
        if endLineOption not in (None, _END_OF_LINE) or binaryMode:
            raise Failure(f"The built-in engine's testers take lines of text, which end with {_END_OF_LINE}.")
        board = self._monitor.emulation.board
        if uart not in board.devices:
            available = ", ".join(board.devices)
            raise Failure(f"Peripheral not found: '{uart}'. Available peripherals: [{available}]")
        if uart not in board.uarts:
            raise Failure(f"Peripheral of wrong type: '{uart}'. UARTs of this board: {', '.join(board.uarts)}.")
        self._pause, self._next_only = bool(defaultPauseEmulation), bool(defaultMatchNextLine)
        self._echo = defaultWaitForEcho is not False
        listening = [tester.uart for tester in self._testers]
        if uart in listening:
            return listening.index(uart)
        seconds = self._default_timeout if timeout is None else timeout
        self._testers.append(TerminalTester(self._monitor.emulation, uart, seconds))
        return len(self._testers) - 1

    @_renode
    def set_default_tester(self, testerId: int | None) -> None:
        """Names the tester that is meant where a keyword names none; none is meant without a number."""
        self._default_tester = testerId

    @_renode
    def wait_for_line_on_uart(
        self,
        content: str,
        timeout: float | None = None,
        testerId: int | None = None,
        treatAsRegex: bool = False,
        includeUnfinishedLine: bool = False,
        pauseEmulation: bool | None = None,
        matchNextLine: bool | None = None,
    ) -> DotDict:
        """Waits for a line that contains ``content``; fails after ``timeout`` virtual seconds.

        With ``includeUnfinishedLine`` what has no end yet counts, too. Returns an object with the line (``.Line``), the
        virtual time in milliseconds at which it ended (``.Timestamp``), and what the groups of a regular expression
        hold (``.Groups``). Lines that came before count, except those that an earlier wait has passed.
        """
        return _result(
            self._tester_of(testerId).wait_for(
                _pattern(content, treatAsRegex),
                timeout,
                pause=self._pause if pauseEmulation is None else pauseEmulation,
                next_only=self._next_only if matchNextLine is None else matchNextLine,
                unfinished=includeUnfinishedLine,
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
        self,
        content: str,
        timeout: float | None = None,
        testerId: int | None = None,
        treatAsRegex: bool = False,
        includeUnfinishedLine: bool = False,
    ) -> None:
        """Fails if a line contains ``content``, until ``timeout`` virtual seconds have passed."""
        tester = self._tester_of(testerId)
        tester.refuse(_pattern(content, treatAsRegex), timeout, unfinished=includeUnfinishedLine)

    @_renode
    def wait_for_prompt_on_uart(
        self,
        prompt: str,
        testerId: int | None = None,
        timeout: float | None = None,
        treatAsRegex: bool = False,
        pauseEmulation: bool | None = None,
    ) -> DotDict:
        """Waits for ``prompt`` in a line, or behind the last one's end, as `Wait For Line On Uart` does."""
        return _result(
            self._tester_of(testerId).wait_for(
                _pattern(prompt, treatAsRegex),
                timeout,
                pause=self._pause if pauseEmulation is None else pauseEmulation,
                next_only=self._next_only,
                unfinished=True,
            )
        )

    @_renode
    def write_line_to_uart(
        self,
        content: str = "",
        testerId: int | None = None,
        waitForEcho: bool | None = None,
        pauseEmulation: bool | None = None,
    ) -> DotDict:
        """Types ``content`` and a carriage return, and waits until it comes back, unless told not to."""
        tester = self._tester_of(testerId)
        tester.write(content + _RETURN)
        if self._echo if waitForEcho is None else waitForEcho:
            pause = self._pause if pauseEmulation is None else pauseEmulation
            tester.wait_for(Pattern(content), None, pause=pause, unfinished=True)
        return _result(Found("", 0))

    @_renode
    def write_to_uart(self, content: str, testerId: int | None = None) -> DotDict:
        """Types ``content``."""
        self._tester_of(testerId).write(content)
        return _result(Found("", 0))

    @_renode
    def write_char_on_uart(self, c: str, testerId: int | None = None) -> DotDict:
        """Types one character."""
        self._tester_of(testerId).write(c)
        return _result(Found("", 0))

    @_renode
    def send_key_to_uart(self, c: int, testerId: int | None = None) -> DotDict:
        """Types the character of that number."""
        self._tester_of(testerId).write(chr(c))
        return _result(Found("", 0))

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

    # Lights

    @_renode
    def set_default_led_timeout(self, timeout: float) -> None:
        """Sets the timeout of testers that are created without one."""
        self._led_timeout = timeout

    @_renode
    def create_led_tester(self, led: str, defaultTimeout: float | None = None, machine: str | None = None) -> int:
        """Watches a light from now on; returns the tester's number."""
        self._check_machine(machine)
        lights = self._monitor.emulation.board.lights
        if led not in lights:
            raise Failure(f"Peripheral not found or of wrong type: '{led}'. Lights: [{', '.join(lights)}]")
        watched = [tester.light.path for tester in self._led_testers]
        if led in watched:
            return watched.index(led)
        timeout = self._led_timeout if defaultTimeout is None else defaultTimeout
        self._led_testers.append(LedTester(self._monitor.emulation, lights[led], timeout))
        return len(self._led_testers) - 1

    @_renode
    def assert_led_state(
        self, state: bool, timeout: float | None = None, testerId: int | None = None, pauseEmulation: bool = False
    ) -> None:
        """Fails if a light is not on, or off, within that many virtual seconds; at once without a timeout."""
        with _said_of_light():
            self._led_tester_of(testerId).is_on(state, timeout, pause=pauseEmulation)

    @_renode
    def assert_and_hold_led_state(
        self,
        initialState: bool,
        timeoutAssert: float,
        timeoutHold: float,
        testerId: int | None = None,
        pauseEmulation: bool = False,
    ) -> None:
        """Fails if a light does not come to a state in time, or does not stay there for so long."""
        with _said_of_light():
            tester = self._led_tester_of(testerId)
            tester.holds(initialState, timeoutAssert, timeoutHold, pause=pauseEmulation)

    def _led_tester_of(self, number: int | None) -> LedTester:
        if not self._led_testers:
            raise Failure("There are no testers available. Call `Create Led Tester` first.")
        if number is None and len(self._led_testers) > 1:
            raise Failure("There is more than one tester available - please specify ID of the desired tester.")
        if not 0 <= (number or 0) < len(self._led_testers):
            raise Failure(f"Tester for given ID={number} was not found. Did you forget to create the tester?")
        return self._led_testers[number or 0]

    # The core

    @keyword("PC Should Be Equal")  # type: ignore[untyped-decorator]  # Robot Framework carries no types
    @_renode
    def pc_should_be_equal(self, value: int, machine: str | None = None, cpuName: str | None = None) -> None:
        """Fails if the program counter is elsewhere."""
        self._check_core(machine, cpuName)
        actual = self._monitor.emulation.board.machine.register("pc")
        if actual != value:
            raise Failure(f"PC value assertion failed, actual: {actual:#x}, expected: {value:#x}")

    @_renode
    def register_should_be_equal(
        self,
        register: str,
        value: int,
        machine: str | None = None,
        cpuName: str | None = None,
        message: str | None = None,
    ) -> None:
        """Fails if a register, by its name or number, has another value."""
        core = self._check_core(machine, cpuName)
        actual = int(core.get_register(register), 0)
        if actual != value:
            what = f"Register {register} value assertion failed, actual: {actual:#x}, expected: {value:#x}"
            raise Failure(f"{message}\n{what}" if message else what)

    def _check_core(self, machine: str | None, name: str | None) -> Core:
        self._check_machine(machine)
        core = self._monitor.emulation.board.core
        if name and name not in (core.path, core.path.rpartition(".")[2]):
            raise Failure(f"CPU with name {name} not found. Available CPUs: [{core.path}]")
        return core

    def _new_monitor(self) -> Monitor:
        """One as the suite's variables say; the testers of its board go with the board, as at the command Clear."""
        folder = _setting(RENODE_FOLDER)
        monitor = Monitor(Path(folder) if folder else None, stub=is_truthy(_setting(STUBS)))
        monitor.emulation.on_clear = self._forget_testers
        return monitor

    def _forget_testers(self) -> None:
        self._testers.clear()
        self._led_testers.clear()
        self._default_tester = None

    def _tester_of(self, number: int | None) -> TerminalTester:
        if not self._testers:
            raise Failure("There are no testers available. Call `Create Terminal Tester` first.")
        wanted = self._default_tester if number is None else number
        if wanted is None and len(self._testers) > 1:
            raise Failure("There is more than one tester available - please specify ID of the desired tester.")
        if not 0 <= (wanted or 0) < len(self._testers):
            raise Failure(f"Tester for given ID={wanted} was not found. Did you forget to create the tester?")
        return self._testers[wanted or 0]

    def _check_machine(self, name: str | None) -> None:
        if name and name != self._monitor.emulation.board.name:
            board = self._monitor.emulation.board.name
            raise Failure(f"Machine with name {name} not found. Available machines: [{board}]")


def _setting(name: str) -> str | None:
    """The variable with which a suite was started."""
    try:
        return cast("str | None", BuiltIn().get_variable_value(f"${{{name}}}"))
    except RobotNotRunningError:  # as while libdoc looks at this library
        return None


@contextmanager
def _said_of_light() -> Iterator[None]:
    try:
        yield
    except AssertionError as amiss:
        raise Failure(str(amiss)) from None


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
    said = {"line": found.line, "timestamp": found.time_ms, "groups": list(found.groups)}
    return DotDict({**{name.capitalize(): value for name, value in said.items()}, **said})  # small as in older Renodes
