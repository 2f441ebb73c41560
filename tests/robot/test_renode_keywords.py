"""Renode's keywords mean on the built-in engine what they mean in Renode."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from robot.api import ExecutionResult, Failure
from robot.libdocpkg import LibraryDocumentation

from lab.cli import main
from lab.robot_renode.keywords import RenodeKeywords
from lab.robot_renode.modifier import RESOURCE
from lab.robot_renode.only_in_renode import OnlyInRenode

from .conftest import NANO33BLE

KEYWORDS = Path(__file__).with_name("renode_keywords.robot")
CORE = Path(__file__).with_name("renode_core.robot")

BUFFER_MS = 10
"""The program prints a line each so many milliseconds, of its first sample."""


@pytest.fixture
def renode(setup) -> Iterator[RenodeKeywords]:
    """A board without time passed, and a tester that pauses."""
    keywords = RenodeKeywords()
    for command in setup.commands:
        keywords.execute_command(command)
    keywords.create_terminal_tester("sysbus.uart0", timeout=1, defaultPauseEmulation=True)
    yield keywords
    keywords.reset_emulation()


def instructions(renode: RenodeKeywords) -> int:
    return int(renode.execute_command("sysbus.cpu ExecutedInstructions"), 16)


def milliseconds(renode: RenodeKeywords) -> float:
    return renode._monitor.emulation.board.time_ms


def failure(keyword, *arguments, **named) -> str:
    with pytest.raises(Failure) as failed:
        keyword(*arguments, **named)
    return str(failed.value)


def test_a_wait_returns_line_time_and_groups(renode):
    found = renode.wait_for_line_on_uart(r"(\w+) (\d+)60", treatAsRegex=True)
    assert found.Line == "heard 0160"
    assert found.Groups == ["heard", "01"]
    assert found.Timestamp == pytest.approx(2 * BUFFER_MS, abs=0.1)
    assert renode.wait_for_line_on_uart("0320").Groups == []


def test_suites_for_older_renodes_find_the_result_by_small_names(renode):
    found = renode.wait_for_line_on_uart(r"(\w+) 0160", treatAsRegex=True)
    assert (found.line, found.groups, found.timestamp) == (found.Line, found.Groups, found.Timestamp)


def test_testers_go_with_their_board(renode, setup):
    renode.execute_command("Clear")
    for command in setup.commands:
        renode.execute_command(command)
    assert "no testers available" in failure(renode.wait_for_line_on_uart, "one")
    renode.create_terminal_tester("sysbus.uart0")
    assert renode.wait_for_line_on_uart("one").Timestamp < BUFFER_MS


def test_time_stops_at_the_line_that_was_waited_for(renode):
    found = renode.wait_for_line_on_uart("0320")
    assert milliseconds(renode) == pytest.approx(found.Timestamp, abs=0.001)
    renode.execute_command('emulation RunFor "0.001"')


def test_a_wait_passes_every_line_up_to_the_one_it_finds(renode):
    renode.wait_for_line_on_uart("two")
    assert "Terminal tester failed!" in failure(renode.wait_for_line_on_uart, "setting", timeout=0)
    assert renode.wait_for_next_line_on_uart().Line == "heard 0000"


def test_lines_that_came_before_are_found_without_time_passing(renode):
    renode.execute_command('emulation RunFor "0.025"')
    before = milliseconds(renode)
    assert renode.wait_for_line_on_uart("heard 0160").Timestamp == pytest.approx(2 * BUFFER_MS, abs=0.1)
    assert milliseconds(renode) == before


def test_a_timeout_is_virtual_time_to_the_grid_of_the_core(renode):
    report = failure(renode.wait_for_line_on_uart, "nothing", timeout=0.1234)
    assert milliseconds(renode) == pytest.approx(123.4, abs=0.000_125)
    assert "] heard 0160\n" in report
    assert report.endswith("Line containing >>nothing<< event: failure)")


def test_the_tester_s_timeout_holds_where_a_wait_names_none(renode):
    failure(renode.wait_for_line_on_uart, "nothing")
    assert milliseconds(renode) == pytest.approx(1000, abs=0.001)


def test_the_default_timeout_holds_where_the_tester_names_none(setup):
    keywords = RenodeKeywords()
    for command in setup.commands:
        keywords.execute_command(command)
    keywords.set_default_uart_timeout(0.05)
    keywords.create_terminal_tester("sysbus.uart0")
    failure(keywords.wait_for_line_on_uart, "nothing")
    assert milliseconds(keywords) == pytest.approx(50, abs=0.001)
    keywords.reset_emulation()


def test_the_next_line_must_match_where_that_is_asked_for(renode):
    assert renode.wait_for_line_on_uart("setting", matchNextLine=True).Line == "setting 0008"
    failure(renode.wait_for_line_on_uart, "two", timeout=0.01, matchNextLine=True)
    renode.wait_for_line_on_uart("two")


def test_a_failing_string_ends_the_wait_at_its_line(renode):
    renode.register_failing_uart_string("0320")
    assert failure(renode.wait_for_line_on_uart, "nothing").endswith("has been found on UART:\nheard 0320")
    assert milliseconds(renode) == pytest.approx(3 * BUFFER_MS, abs=0.1)


def test_a_failing_string_that_came_before_fails_the_next_wait(renode):
    renode.execute_command('emulation RunFor "0.02"')
    renode.register_failing_uart_string(r"^\w+ 0{4}$", treatAsRegex=True)
    assert "heard 0000" in failure(renode.wait_for_next_line_on_uart)


def test_a_failing_string_can_be_taken_back(renode):
    renode.register_failing_uart_string("two")
    renode.unregister_failing_uart_string("two")
    renode.wait_for_line_on_uart("two")
    assert failure(renode.unregister_failing_uart_string, "two").startswith("Unable to unregister failing string")


def test_what_should_not_be_there_fails_at_its_line_and_passes_after_its_time(renode):
    renode.should_not_be_on_uart("nothing", timeout=0.05)
    assert milliseconds(renode) == pytest.approx(50, abs=0.001)
    renode.clear_terminal_tester_report()
    assert failure(renode.should_not_be_on_uart, "heard 08", timeout=1).endswith("heard 0800")
    assert milliseconds(renode) == pytest.approx(6 * BUFFER_MS, abs=0.1)


def test_a_uart_is_idle_between_two_lines_and_no_longer(renode):
    renode.wait_for_line_on_uart("heard")
    renode.test_if_uart_is_idle(0.0098)
    assert "Terminal is idle event: failure" in failure(renode.test_if_uart_is_idle, 0.001)


def test_the_emulation_goes_on_behind_a_wait_unless_it_is_to_pause(renode):
    renode.wait_for_line_on_uart("two", pauseEmulation=False)
    assert "RunFor is not available" in failure(renode.execute_command, 'emulation RunFor "0.1"')
    renode.wait_for_line_on_uart("heard", pauseEmulation=True)
    renode.execute_command('emulation RunFor "0.1"')


def test_an_emulation_that_was_started_waits_for_the_next_keyword(renode):
    renode.start_emulation()
    assert instructions(renode) == 0
    renode.wait_for_line_on_uart("setting")


def test_a_state_that_one_test_provides_is_where_another_begins(renode):
    renode.wait_for_line_on_uart("0160")
    at_state = instructions(renode)
    renode.provides("heard two buffers")
    renode.wait_for_line_on_uart("0480")
    for _ in range(2):
        renode.requires("heard two buffers")
        assert instructions(renode) == at_state
        assert renode.wait_for_next_line_on_uart().Line == "heard 0320"
    assert failure(renode.requires, "nothing") == "Required state nothing not found."


def test_a_reset_of_the_emulation_leaves_nothing(renode):
    renode.reset_emulation()
    assert failure(renode.wait_for_line_on_uart, "x").startswith("There are no testers available.")
    assert "There is no machine yet." in failure(renode.execute_command, 'emulation RunFor "0.1"')


def test_a_tester_is_made_of_the_board_s_uart_and_once(renode):
    assert renode.create_terminal_tester("sysbus.uart0") == 0
    assert "Available peripherals: [sysbus, sysbus.clock," in failure(renode.create_terminal_tester, "uart0")
    assert "wrong type: 'sysbus.pdm'" in failure(renode.create_terminal_tester, "sysbus.pdm")
    assert failure(renode.wait_for_line_on_uart, "two", testerId=3).startswith("Tester for given ID=3 was not found.")
    assert "[nano33ble]" in failure(renode.create_terminal_tester, "sysbus.uart0", machine="other")
    renode.execute_command("pause", machine="nano33ble")


def test_a_pattern_that_is_none_is_told(renode):
    assert failure(renode.wait_for_line_on_uart, "(", treatAsRegex=True).startswith("'(' is no regular expression")


def test_what_a_command_and_a_script_are_refused_for_is_told_with_the_remedy(renode, tmp_path):
    said = failure(renode.execute_command, "sysbus.cpu Foo")
    assert said.startswith("Could not execute command 'sysbus.cpu Foo': sysbus.cpu has no Foo")
    assert "It has: AssembleBlock, " in said
    (tmp_path / "x.resc").write_text("\nmach destroy\n")
    said = failure(renode.execute_script, str(tmp_path / "x.resc"))
    assert said.startswith(f"Could not execute script: {tmp_path / 'x.resc'}:2: mach create is not used like that.")


def test_a_fault_of_the_firmware_fails_the_keyword_that_waits(renode, tmp_path, setup):
    handler = int(renode.execute_command('sysbus GetSymbolAddress "PDM_Handler"'), 16)
    renode.execute_command(f"sysbus WriteDoubleWord {handler & ~3} 0xDEDEDEDE")
    renode.execute_command(f"sysbus WriteDoubleWord {(handler & ~3) + 4} 0xDEDEDEDE")
    assert "undefined instruction" in failure(renode.wait_for_line_on_uart, "0160")


def test_a_temporary_file_is_there_and_empty():
    keywords = RenodeKeywords()
    first, second = (Path(keywords.allocate_temporary_file()) for _ in range(2))
    assert first.read_bytes() == second.read_bytes() == b""
    assert first != second


def test_a_keyword_that_only_renode_has_says_so(renode):
    library = OnlyInRenode()
    assert "Wait For Log Entry" in library.get_keyword_names()
    assert "is a keyword of Renode that the built-in engine does not have" in failure(
        getattr(library, "Wait For Log Entry"), "pattern", timeout=5
    )


def test_every_keyword_is_documented():
    keywords = LibraryDocumentation("lab.robot_renode.keywords").keywords
    assert all(keyword.doc for keyword in keywords)
    assert not {keyword.name for keyword in keywords} & set(OnlyInRenode().get_keyword_names())
    assert all(keyword.doc for keyword in LibraryDocumentation(str(RESOURCE)).keywords)


def variables(setup) -> list[str]:
    values = {"ELF": setup.elf, "CLIP": setup.clip, "SCRIPT": NANO33BLE}
    return [word for name, value in values.items() for word in ("--variable", f"{name}:{value}")]


def test_the_suite_of_keywords_passes_on_the_built_in_engine(setup, lab_test):
    outcomes = lab_test(KEYWORDS, *variables(setup))
    assert {name: outcome for name, outcome in outcomes.items() if outcome[0] != "PASS"} == {}


def test_the_suite_of_keywords_passes_on_a_real_renode(setup, renode_test):
    outcomes = renode_test(KEYWORDS, *variables(setup))
    assert {name: outcome for name, outcome in outcomes.items() if outcome[0] != "PASS"} == {}
    assert outcomes


def test_the_suite_without_firmware_passes_on_the_built_in_engine(lab_test):
    outcomes = lab_test(CORE)
    assert {name: outcome for name, outcome in outcomes.items() if outcome[0] != "PASS"} == {}
    assert outcomes


def test_the_suite_without_firmware_passes_on_a_real_renode(renode_test):
    outcomes = renode_test(CORE)
    assert {name: outcome for name, outcome in outcomes.items() if outcome[0] != "PASS"} == {}
    assert outcomes


def test_the_suite_of_keywords_uses_each_keyword():
    written = KEYWORDS.read_text() + CORE.read_text()
    keywords = [keyword.name for keyword in LibraryDocumentation("lab.robot_renode.keywords").keywords]
    assert [keyword for keyword in keywords if keyword not in written] == []


WAIT_AND_SAY = "    Log To Console    it waits\n    Wait For Line On Uart    nothing\n"


class TestSuites:
    """`lab test` runs what renode-test runs."""

    @pytest.fixture
    def run(self, tmp_path, setup):
        """Runs a suite; its exit code and the (status, message) of each test."""

        def run(text: str, *options: str) -> tuple[int, dict[str, tuple[str, str]]]:
            suite = tmp_path / "suite.robot"
            suite.write_text(textwrap.dedent(text).replace("BOARD", "\n    ".join(self.board(setup))))
            code = main(["test", str(suite), "--out", str(tmp_path / "out"), *options])
            tests = ExecutionResult(str(tmp_path / "out" / "output.xml")).suite.tests
            return code, {test.name: (test.status, test.message) for test in tests}

        return run

    @staticmethod
    def board(setup) -> list[str]:
        return [f"Execute Command    {command}" for command in setup.commands]

    def test_a_suite_that_says_nothing_of_setting_up_runs(self, run):
        code, tests = run(
            """
            *** Test Cases ***
            Hears
                BOARD
                Create Terminal Tester    sysbus.uart0    defaultPauseEmulation=True
                ${found}=    Wait For Line On Uart    heard (\\\\d+)    treatAsRegex=true    timeout=1
                Should Be Equal    ${found.Groups}[0]    0000
                Should Be Equal    ${found.Line}    heard 0000
            Begins Without A Board
                Run Keyword And Expect Error    *There is no machine yet.*    Execute Command    emulation RunFor "1"
            """
        )
        assert tests == {"Hears": ("PASS", ""), "Begins Without A Board": ("PASS", "")}
        assert code == 0

    def test_a_suite_of_the_older_kind_runs(self, run):
        code, tests = run(
            """
            *** Settings ***
            Suite Setup       Setup
            Suite Teardown    Teardown
            Test Setup        Reset Emulation
            Test Teardown     Test Teardown
            Resource          ${RENODEKEYWORDS}

            *** Test Cases ***
            Hears
                BOARD
                Execute Command    showAnalyzer ${UART}
                Create Terminal Tester    ${UART}
                Start Emulation
                Wait For Line On Uart    heard
            """,
            "--variable",
            "UART:sysbus.uart0",
        )
        assert (code, tests) == (0, {"Hears": ("PASS", "")})

    def test_a_failing_test_is_exit_code_1_and_the_only_one_chosen(self, run):
        code, tests = run(
            """
            *** Test Cases ***
            Waits In Vain
                BOARD
                Create Terminal Tester    sysbus.uart0    timeout=0.1
                Wait For Line On Uart    nothing
            Is Not Run
                Fail
            """,
            "--test",
            "Waits In Vain",
        )
        assert code == 1
        assert tests.keys() == {"Waits In Vain"}
        status, message = tests["Waits In Vain"]
        assert status == "FAIL"
        assert message.startswith("Terminal tester failed!\n\nFull report:\n[virt: ")

    def test_stubs_are_told_once_and_only_where_they_are_asked_for(self, run, capfd):
        suite = """
            *** Test Cases ***
            Has A Radio
                Execute Command    mach create
                Execute Command    machine LoadPlatformDescriptionFromString "${PARTS}"
                ${said}=    Execute Command    machine LoadPlatformDescriptionFromString "${RADIO}"
                Should Be Empty    ${said}
                Execute Command    sysbus WriteDoubleWord 0x40000010 5
                ${kept}=    Execute Command    radio ReadDoubleWord 0x10
                Should Be Equal As Integers    ${kept}    5
            """
        core = "cpu: CPU.CortexM @ sysbus { cpuType: \\'cortex-m4\\'; nvic: nvic }".replace("\\'", '\\"')
        nvic = "nvic: IRQControllers.NVIC @ sysbus 0xE000E000 { -> cpu@0 }"
        board = ["--variable", f"PARTS:{core}\n{nvic}"]
        radio = ["--variable", "RADIO:radio: Wireless.Marconi @ sysbus 0x40000000"]
        code, tests = run(suite, *board, *radio)
        assert code == 1
        assert "unknown device type 'Marconi'" in tests["Has A Radio"][1]
        code, tests = run(suite, *board, *radio, "--stub")
        assert (code, tests) == (0, {"Has A Radio": ("PASS", "")})
        assert capfd.readouterr().err.count("sysbus.radio (Wireless.Marconi): no model") == 1
        assert run(suite, *board, *radio, "--variable", "STUBS:no")[0] == 1
        without_setup = suite.replace("Has A Radio\n", "Has A Radio\n                [Setup]    No Operation\n")
        own = f"""
            *** Settings ***
            Suite Setup    No Operation
            {without_setup}"""
        assert run(own, *board, *radio, "--stub") == (0, {"Has A Radio": ("PASS", "")})

    def test_what_only_renode_has_fails_the_test_by_name(self, run):
        code, tests = run(
            """
            *** Test Cases ***
            Looks At The Log
                Create Log Tester    1
            """
        )
        assert code == 1
        assert tests["Looks At The Log"][1].startswith("`Create Log Tester` is a keyword of Renode that")

    def test_a_suite_that_is_not_there_is_exit_code_2(self, tmp_path, capfd):
        assert main(["test", str(tmp_path / "nothing.robot"), "--out", str(tmp_path)]) == 2
        assert "nothing.robot" in capfd.readouterr().err

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_ends_a_wait_without_end_as_interrupted(self, tmp_path, setup, number):
        waiting = "*** Test Cases ***\nWaits\n    BOARD\n    Create Terminal Tester    sysbus.uart0    timeout=1e6\n"
        suite = tmp_path / "suite.robot"
        suite.write_text(waiting.replace("BOARD", "\n    ".join(self.board(setup))) + WAIT_AND_SAY)
        program = [sys.executable, "-m", "lab", "test", str(suite), "--out", str(tmp_path)]
        with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
            assert any("it waits" in line for line in run.stdout)
            run.send_signal(number)
            said = run.communicate(timeout=60)[0]
        assert (run.returncode, said.rstrip().endswith("Interrupted.")) == (130, True)
