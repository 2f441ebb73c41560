"""The monitor does what Renode's does with the same scripts, and says file and line of what it cannot do."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import numpy as np
import pytest

from benchmarks import renode_platforms, renode_suites
from lab import target
from lab.building import tools
from lab.conformance import record
from lab.engines.renode import installation
from lab.errors import ConfigurationError, DownloadError, RecordingError, UsageError
from lab.monitor import Monitor, assembling
from tests.conformance import records
from tests.engine.qemu import compiled
from tests.loopback import Server, serving

from .conftest import NANO33BLE

REPL = NANO33BLE.with_suffix(".repl")


def heard(monitor: Monitor, seconds: str) -> list[str]:
    """The lines that the board sends while that much virtual time passes."""
    lines: list[str] = []
    monitor.emulation.listen(lambda line, _time_ms: lines.append(line))
    monitor.execute(f'emulation RunFor "{seconds}"')
    return lines


def number(printed: str) -> int:
    return int(printed, 16)


def refusal(monitor: Monitor, command: str) -> str:
    with pytest.raises(ConfigurationError) as refused:
        monitor.execute(command)
    assert refused.value.remedy
    return refused.value.message


def sha1(content: bytes) -> str:
    return hashlib.new("sha1", content, usedforsecurity=False).hexdigest()


def write(file: Path, *lines: str) -> Path:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_the_script_of_the_board_sets_it_up_as_renode_does(board):
    assert heard(board, "0.03") == ["setting 0008", "one", "two", "heard 0000", "heard 0160"]


def test_a_reset_runs_the_macro_of_that_name_and_begins_with_the_first_sample(board):
    board.execute('emulation RunFor "0.05"')
    board.execute("machine Reset")
    assert number(board.execute("sysbus.cpu ExecutedInstructions")) == 0
    assert heard(board, "0.03")[-2:] == ["heard 0000", "heard 0160"]


def test_a_reset_leaves_memories_as_they_are(board):
    board.execute("sysbus WriteDoubleWord 0x20020000 42")
    board.execute("machine Reset")
    assert number(board.execute("sysbus ReadDoubleWord 0x20020000")) == 42


def test_virtual_time_goes_on_over_a_reset(board):
    times: list[float] = []
    board.execute('emulation RunFor "0.05"')
    board.execute("machine Reset")
    board.emulation.listen(lambda _line, time_ms: times.append(time_ms))
    board.execute('emulation RunFor "0.015"')
    assert 50 < times[0] < 50.1
    assert times[-1] == pytest.approx(60, abs=0.1)


def test_time_in_slices_executes_what_the_same_time_at_once_does(board):
    board.execute('emulation RunFor "0.055"')
    at_once = board.execute("sysbus.cpu ExecutedInstructions")
    board.execute("machine Reset")
    for _ in range(11):
        board.execute('emulation RunFor "0.005"')
    assert board.execute("sysbus.cpu ExecutedInstructions") == at_once


def test_lines_of_one_transfer_all_arrive_when_the_first_ends_the_wait(board):
    lines: list[str] = []
    board.emulation.listen(lambda line, _time_ms: lines.append(line))
    assert board.emulation.advance(1, until=lambda: lines[-1] == "one")
    assert lines == ["setting 0008", "one", "two"]


def test_memory_is_read_and_written_at_the_address_of_a_symbol(board):
    setting = number(board.execute('sysbus GetSymbolAddress "setting"'))
    assert board.execute(f"sysbus ReadDoubleWord {setting}") == "0x00000007\n\n"
    board.execute(f"sysbus WriteDoubleWord {setting + 4:#x} 1234")
    assert heard(board, "0.001")[0] == "setting 1234"


def test_a_memory_at_several_places_or_a_range_is_reached_by_its_name_and_one_at_none_is_not(monitor, tmp_path):
    file = write(
        tmp_path / "board.repl",
        'cpu: CPU.RiscV32 @ sysbus { cpuType: "rv32imc"; timeProvider: empty }',
        "ram: Memory.MappedMemory @ { sysbus <0x20000000, +0x1000>; sysbus 0x30000000 } { size: 0x1000 }",
        "loose: Memory.MappedMemory { size: 0x1000 }",
    )
    monitor.execute(f"mach create; machine LoadPlatformDescription @{file}")
    monitor.execute("ram WriteByte 4 7")
    assert monitor.execute("sysbus ReadByte 0x20000004") == "0x07\n\n"
    assert "ReadByte" in refusal(monitor, "loose ReadByte 4")


def test_numbers_are_printed_as_renode_returns_them(board):
    printed = board.execute("sysbus.cpu ExecutedInstructions")
    assert printed == "0x0000000000000000\n\n"


def test_a_variable_keeps_its_value_where_a_script_only_proposes_one(monitor, setup):
    monitor.execute('$name="mine"')
    for command in setup.commands:
        monitor.execute(command)
    assert monitor.emulation.board.name == "mine"


def test_a_clip_may_be_given_before_the_firmware_and_more_than_once(monitor, setup):
    monitor.execute(f"mach create; machine LoadPlatformDescription @{REPL}")
    monitor.execute(f'sysbus.pdm SetInputFile "{setup.clip}" Left 2; sysbus LoadELF "{setup.elf}"')
    beginnings = [index for index, line in enumerate(heard(monitor, "0.505")[3:]) if line == "heard 0000"]
    assert beginnings == [0, 25]


def test_comments_semicolons_quotes_and_escaped_spaces_are_read_as_in_renode(monitor, tmp_path, setup):
    folder = tmp_path / "a folder"
    folder.mkdir()
    (folder / "board.repl").write_text(REPL.read_text())
    script = write(
        folder / "board.resc",
        ":name: comments begin with a colon",
        "# or like this",
        "mach create; machine LoadPlatformDescription $ORIGIN/board.repl  # and here",
        f"set elf '{setup.elf}'",
        "sysbus LoadELF $elf",
    )
    monitor.execute("include @" + str(script).replace(" ", "\\ "))
    assert heard(monitor, "0.001")[0] == "setting 0008"


def test_the_origin_is_the_outer_script_s_again_behind_an_include(monitor, tmp_path):
    (tmp_path / "inner").mkdir()
    write(tmp_path / "inner" / "inner.resc", "$inner=$ORIGIN")
    outer = write(tmp_path / "outer.resc", "include $ORIGIN/inner/inner.resc", "include $ORIGIN/last.resc")
    write(tmp_path / "last.resc", "mach create")
    monitor.execute_script(outer)
    assert monitor.emulation.has_board


def test_start_and_pause_say_what_renode_says(board):
    assert board.execute("start") == "Starting emulation...\n"
    assert board.execute("start") == "Emulation is already started. Ignoring command\n"
    assert "RunFor is not available" in refusal(board, 'emulation RunFor "0.1"')
    assert board.execute("pause") == "Pausing emulation...\n"
    board.execute('emulation RunFor "0.1"')


def test_an_analyzer_is_shown_of_a_device_that_there_is(monitor):
    monitor.execute(f"mach create; machine LoadPlatformDescription @{REPL}")
    assert monitor.execute("showAnalyzer sysbus.uart0") == ""
    assert "showAnalyzer" in refusal(monitor, "showAnalyzer sysbus.uart7")


@pytest.mark.produces("monitor-command")
def test_what_cannot_be_done_is_told_with_file_and_line(monitor, tmp_path):
    file = write(tmp_path / "board.resc", "mach create", "", "emulation RunFur 3")
    with pytest.raises(ConfigurationError) as told:
        monitor.execute_script(file)
    assert told.value.message == f"{file}:3: emulation has no RunFur on the built-in engine. Did you mean 'RunFor'?"
    assert "RunFor" in told.value.remedy


def test_a_line_in_a_macro_and_in_an_included_script_has_its_own_place(monitor, tmp_path):
    inner = write(
        tmp_path / "inner.resc", "# a macro", "macro setup", '"""', "    mach create", "    mach destroy", '"""'
    )
    outer = write(tmp_path / "outer.resc", f"include @{inner}", "runMacro $setup")
    with pytest.raises(ConfigurationError, match=rf"^{outer}:2: {inner}:5: mach create is not used like that"):
        monitor.execute_script(outer)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("foo bar", "There is no command or device 'foo'."),
        ("sysbus.cpu Registers", "sysbus.cpu has no Registers on the built-in engine."),
        ("sysbus.timer0 Frequency", "sysbus.timer0 has no Frequency on the built-in engine."),
        ("sysbus.uart0", "sysbus.uart0 is not used like that."),
        ("sysbus ReadDoubleWord", "sysbus ReadDoubleWord takes address (number); given: none."),
        ('sysbus ReadDoubleWord "0"', "sysbus ReadDoubleWord takes address (number); given: 0."),
        ("sysbus ReadDoubleWord $nothing", "There is no variable $nothing."),
        ("emulation RunFor 0.1", "emulation RunFor takes seconds (time); given: 0.1."),
        ('emulation RunFor "soon"', "emulation RunFor takes seconds (time); given: soon."),
        ('emulation RunFor "-1"', "emulation RunFor takes seconds (time); given: -1."),
        ("sysbus.timer0 OnGPIO 1 true", "sysbus.timer0 (NRF52840_Timer) has no input 1."),
        ("sysbus ReadDoubleWord 0x100000000", "0x100000000 has no place in 32 bits."),
        ("sysbus WriteDoubleWord 0x20000000 -1", "-0x1 has no place in 32 bits."),
        ("emulation SetGlobalQuantum 0.0001", "emulation SetGlobalQuantum takes seconds (time); given: 0.0001."),
        ('emulation SetGlobalQuantum "0.001"', 'SetGlobalQuantum "0.001" is not what the built-in engine does.'),
        ("emulation SetGlobalSerialExecution false", "SetGlobalSerialExecution false is not what"),
        ("emulation SetGlobalAdvanceImmediately 1", "takes on (true or false); given: 1."),
        ('sysbus SetHookBeforePeripheralWrite sysbus.timer9 "x"', "There is no 'sysbus.timer9' on this board. Did you"),
        ('sysbus SetHookBeforePeripheralWrite sysbus.pdm "print(1)"', "runs no Python in its devices: print(1)"),
        ("sysbus.cpu VectorTableOffset -1", "-0x1 has no place in 32 bits."),
        ("sysbus.cpu PC 0x100000000", "0x100000000 has no place in 32 bits."),
        ('sysbus.cpu GetRegister "r13x"', "The core has no register 'r13x'."),
        ("sysbus.cpu Step -1", "-1 are no number of steps."),
        ("sysbus.cpu Step 10000000000", "10,000,000,000 are no number of steps."),
        ("sysbus.cpu PerformanceInMips 0", "A core of 0 MIPS never comes to an end."),
        ("sysbus.cpu PerformanceInMips 100001", "A core of 100001 MIPS never comes to an end."),
        ('sysbus.cpu AssembleBlock 0x20000000 ".skip 2000000"', "it has 2,0"),
        ("sysbus.cpu ExecutionMode Fast", "There is no execution mode 'Fast'."),
        ('sysbus.cpu AssembleBlock 0x20000000 "foo r1"', "This cannot be assembled: line 2: Error: bad instruction"),
        ("sysbus.cpu MTVEC 0", "sysbus.cpu has no MTVEC on the built-in engine."),
        ("sysbus.uart0 WriteQuadWord 0 0", "sysbus.uart0 has registers of 32 bits."),
        ("sysbus WriteByte 0x20000000 256", "0x100 has no place in 8 bits."),
        ("sysbus.pdm SetInputFile @a.s16le Right", "there is no channel Right"),
        (
            'sysbus.twi0.lsm9ds1 FeedSignal @a.s16le "fast" 1',
            "takes file (file), rate_hz (number, or text of one), steps",
        ),
        (
            "sysbus.twi0.lsm9ds1 FeedSignal @a.s16le true 1",
            "takes file (file), rate_hz (number, or text of one), steps",
        ),
        ("mach create", "There is a machine already, 'nano33ble'"),
        ("mach set 1", "There is no machine 1; the one that there is is 'nano33ble'."),
        ("mach clear", "mach create is not used like that."),
        ("using", "using is not used like that."),
        ("Clear all", "Clear is not used like that."),
        ("emulation Mode Fast", "There is no mode 'Fast' of an emulation."),
        ("logLevel", "logLevel is not used like that."),
        (f"machine LoadPlatformDescription @{REPL}", "was declared before, at "),
        ('machine LoadPlatformDescriptionFromString "x: Y.Z @ sysbus 0x50000000"', "unknown device type 'Z'."),
        ("include @model.cs", "model.cs is code for Renode itself, which the built-in engine does not run."),
        ("runMacro $restart", "There is no macro $restart. Did you mean 'reset'?"),
        ("runMacro reset", "runMacro is not used like that."),
        ("macro name", "macro is not used like that."),
        ("set name", "set is not used like that."),
        ("start @board.resc", "start is not used like that."),
        ("pause 1", "pause is not used like that."),
        ("include", "include is not used like that."),
        ("include @nothing.resc", "nothing.resc cannot be read: No such file or directory."),
        ("sysbus LoadELF @nothing.elf", "nothing.elf cannot be read: No such file or directory."),
        ('sysbus GetSymbolAddress "nothing"', "has no symbol 'nothing'."),
        ("$x=%3", "'%3' is not understood behind '$x='."),
    ],
)
def test_each_refusal_says_what_is_amiss(board, command, message):
    assert message in refusal(board, command)


def test_firmware_that_runs_is_not_loaded_over(board, setup):
    board.execute('emulation RunFor "0.001"')
    assert "into firmware that is running" in refusal(board, f'sysbus LoadELF "{setup.elf}"')


@pytest.mark.parametrize(
    ("commands", "message"),
    [
        ([], "There is no machine yet."),
        (["mach create"], "The machine has no platform yet."),
        (["mach create", f"machine LoadPlatformDescription @{REPL}"], "The machine has no firmware yet."),
    ],
)
def test_time_does_not_pass_before_there_is_firmware(monitor, commands, message):
    for command in commands:
        monitor.execute(command)
    assert refusal(monitor, 'emulation RunFor "0.1"') == message


def test_a_board_with_several_uarts_listens_to_the_first_or_to_the_one_that_is_named(monitor, tmp_path):
    second = "uart1: UART.NRF52840_UART @ sysbus 0x40038000 { easyDMA: true; -> nvic@40 }\n"
    (tmp_path / "two.repl").write_text(REPL.read_text() + second)
    monitor.execute("mach create")
    monitor.execute(f"machine LoadPlatformDescription @{tmp_path / 'two.repl'}")
    board = monitor.emulation.board
    assert (board.uart, board.uarts) == ("sysbus.uart0", ["sysbus.uart0", "sysbus.uart1"])
    chatty = compiled("misbehaviour.c", tmp_path, "-DMISBEHAVIOUR=sleep", "-DUART=0x40038000", "-DUART_IRQ=40")
    monitor.execute(f"sysbus LoadELF @{chatty}")
    lines: list[str] = []
    monitor.emulation.listen(lambda line, _time_ms: lines.append(line), "sysbus.uart1")
    assert heard(monitor, "0.001") == []
    assert lines == ["hello"]


class TestRenodesOwnFiles:
    """`@platforms/…` and `@scripts/…` are in the folder of a Renode."""

    @pytest.fixture
    def renode(self, tmp_path):
        """A folder as a Renode has it, with one board and one script."""
        for folder in ("platforms/cpus", "platforms/boards", "scripts/single-node"):
            (tmp_path / folder).mkdir(parents=True)
        write(tmp_path / "platforms/cpus/chip.repl", "ram: Memory.MappedMemory @ sysbus 0x20000000", "    size: 0x8000")
        write(
            tmp_path / "platforms/boards/board.repl",
            'using "platforms/cpus/chip.repl"',
            "nvic: IRQControllers.NVIC @ sysbus 0xE000E000 { -> cpu@0 }",
            'cpu: CPU.CortexM @ sysbus { cpuType: "cortex-m4"; nvic: nvic }',
        )
        write(
            tmp_path / "scripts/single-node/board.resc",
            "using sysbus",
            '$name?="board"',
            "mach create $name",
            "machine LoadPlatformDescription @platforms/boards/board.repl",
            "logLevel 3 nvic",
            'macro reset """',
            "    ram WriteDoubleWord 0 0x1234",
            '"""',
            "runMacro $reset",
        )
        return tmp_path

    def test_a_script_of_its_own_sets_a_board_of_its_own_up(self, renode):
        monitor = Monitor(renode)
        monitor.execute("i @scripts/single-node/board.resc")
        assert monitor.execute("ram ReadDoubleWord 0") == "0x00001234\n\n"
        assert monitor.emulation.board.name == "board"
        monitor.emulation.clear()

    def test_a_text_uses_its_files_and_adds_to_them(self, renode):
        monitor = Monitor(renode)
        text = 'using "platforms/boards/board.repl"\nmore: Memory.MappedMemory @ sysbus 0x30000000 { size: 0x1000 }'
        quoted = text.replace('"', '\\"')
        monitor.execute(f'mach create; machine LoadPlatformDescriptionFromString "{quoted}"')
        assert monitor.execute("more ReadByte 0xFFF") == "0x00\n\n"
        monitor.emulation.clear()

    def test_a_path_may_come_in_a_variable_that_has_its_sign(self, renode):
        monitor = Monitor(renode)
        monitor.execute("mach create; machine LoadPlatformDescription @@platforms/boards/board.repl")
        monitor.emulation.clear()

    def test_the_platforms_of_a_renode_are_counted(self, renode, capsys):
        write(
            renode / "platforms/boards/radio.repl",
            'using "platforms/boards/board.repl"',
            "radio: Wireless.Marconi @ sysbus 0x40000000",
        )
        renode_platforms.main(renode)
        counted = capsys.readouterr().out
        assert counted.startswith("2 platform files, 2 are read")
        assert "as they are: 1 can be emulated" in counted
        assert "    1  devices without a model" in counted
        assert "with stubs: 2 can be emulated" in counted

    def test_the_suites_of_a_renode_are_counted(self, renode, tmp_path, capsys):
        (renode / "tests" / "unit").mkdir(parents=True)
        write(
            renode / "tests" / "unit" / "board.robot",
            "*** Test Cases ***",
            "Has Memory",
            "    Execute Command    include @scripts/single-node/board.resc",
            "    ${word}=    Execute Command    ram ReadDoubleWord 0",
            "    Should Be Equal As Integers    ${word}    0x1234",
            "Has A Log",
            "    Create Log Tester    1",
            "Has A Radio",
            "    Execute Command    radio Play",
        )
        write(renode / "tests" / "other.robot", "*** Test Cases ***", "Has No Core", "    No Operation")
        renode_suites.main(renode, tmp_path / "out")
        counted = capsys.readouterr().out.splitlines()
        assert counted[0] == "1 suites, 3 tests, 1 pass; the others are stopped by"
        assert sorted(counted[1:]) == ["    1  the command radio", "    1  the keyword Create Log Tester"]

    def test_the_folder_is_the_one_that_the_environment_names(self, renode, monkeypatch):
        monkeypatch.setenv("RENODE_PATH", str(renode))
        monitor = Monitor()
        monitor.execute("include @scripts/single-node/board.resc")
        monitor.emulation.clear()

    def test_without_a_renode_it_is_told_how_to_name_one(self, monitor, monkeypatch):
        monkeypatch.setattr(installation, "files", lambda _named: None)
        assert "and no Renode was found that may have it" in refusal(monitor, "include @scripts/single-node/board.resc")

    def test_what_a_renode_does_not_have_is_told(self, renode):
        assert f"nor in {renode}" in refusal(Monitor(renode), "include @scripts/single-node/other.resc")

    def test_a_folder_without_its_files_is_refused(self, tmp_path):
        with pytest.raises(UsageError, match="where no platforms/ of Renode is"):
            Monitor(tmp_path).execute("include @scripts/x.resc")

    @pytest.mark.produces("file-on-the-web")
    @pytest.mark.parametrize(
        "name",
        [
            "a.elf",
            "a.elf-s_12-00ff",
            f"a.elf-s_{2**29}-{'0' * 40}",
            f"a.elf-s_{'9' * 5_000}-{'0' * 40}",
            f"-s_1-{'0' * 40}",
            f"..-s_1-{'0' * 40}",
        ],
        ids=["plain", "short", "large", "digits", "nameless", "above"],
    )
    def test_a_file_on_the_web_of_which_nothing_is_known_is_to_be_downloaded_first(self, board, name):
        said = refusal(board, f"sysbus LoadELF @https://example.org/{name}")
        assert said.startswith(f"https://example.org/{name} would have to be downloaded")

    def test_a_file_on_the_web_is_brought_once_and_checked(self, monitor, setup, tmp_path, monkeypatch):
        monkeypatch.setenv("LAB_CACHE", str(tmp_path))
        content = setup.elf.read_bytes()
        with serving(Server(content, breaks=[1000])) as server:
            address = f"{server.url}/a.elf-s_{len(content)}-{sha1(content)}"
            monitor.execute(f"mach create; machine LoadPlatformDescription @{REPL}; $elf=@{address}")
            monitor.execute("sysbus LoadELF $elf")
            monitor.execute("machine Reset; sysbus LoadELF $elf")
            assert server.asked == ["", "bytes=1000-"]
            assert heard(monitor, "0.001")[0] == "setting 0008"
            other = f"{server.url}/a.elf-s_{len(content)}-{'0' * 40}"
            with pytest.raises(DownloadError, match=f"its SHA-1 is {sha1(content)}, not 0000"):
                monitor.execute(f"machine Reset; sysbus LoadELF @{other}")


@pytest.mark.parametrize(
    ("commands", "message"),
    [
        (['macro again "runMacro $again"', "runMacro $again"], "call each other more than 32 deep"),
        (["include $ORIGIN/board.resc"], "call each other more than 32 deep"),
        (['macro reset "machine Reset"', "mach create", "machine Reset"], "call each other more than 32 deep"),
        (
            ["mach create", f'machine LoadPlatformDescriptionFromString "x: Y {{ a: {"[" * 5000} }}"'],
            "nested more than",
        ),
        (["mach create", f'machine LoadPlatformDescriptionFromString "using \\"{"y" * 9000}\\""'], "is in none of"),
    ],
)
def test_what_has_no_end_is_refused(monitor, tmp_path, commands, message):
    script = write(tmp_path / "board.resc", *commands)
    with pytest.raises(ConfigurationError, match=message):
        monitor.execute_script(script)


def test_instructions_that_take_for_ever_to_assemble_are_refused(board, monkeypatch):
    def endless(*_command: object, limit_s: float) -> None:
        raise subprocess.TimeoutExpired("as", limit_s)

    tools.require(tools.linker("arm-none-eabi-"))  # which asks the program for its version
    tools.require(tools.assembler("arm-none-eabi-"))
    monkeypatch.setattr(assembling.processes, "run", endless)
    assert "cannot be assembled within 20 seconds" in refusal(board, 'sysbus.cpu AssembleBlock 0x20000000 "nop"')


def test_texts_of_any_length_are_refused(monitor):
    monitor.execute("mach create")
    assert "is too long" in refusal(monitor, f'machine LoadPlatformDescriptionFromString "{"x" * 2**20}y"')
    assert "is too long" in refusal(monitor, "x" * 2**22 + "y")


def test_descriptions_that_use_each_other_without_end_are_refused(monitor, tmp_path):
    for number in range(40):
        write(tmp_path / f"{number}.repl", f'using "./{number + 1}.repl"')
    write(tmp_path / "fan.repl", *['using "./39.repl"'] * 300)
    write(tmp_path / "40.repl", "")
    monitor.execute("mach create")
    for first in ("0", "fan"):
        said = refusal(monitor, f"machine LoadPlatformDescription @{tmp_path / first}.repl")
        assert "a description uses at most 256 files, and one over at most 32 others" in said


def test_a_script_that_is_no_text_is_refused(monitor, tmp_path):
    (tmp_path / "board.resc").write_bytes(b"\xff\xfe\x00")
    assert "it is not UTF-8 text" in refusal(monitor, f"include @{tmp_path / 'board.resc'}")


def test_sound_without_end_is_refused(board, tmp_path):
    (tmp_path / "beep.s16le").write_bytes(bytes(2))
    said = refusal(board, f"sysbus.pdm SetInputFile @{tmp_path / 'beep.s16le'} Left 1000000000000")
    assert "1,000,000,000,000 times, would be more than" in said


def test_half_a_sample_is_refused(board, tmp_path):
    (tmp_path / "odd.s16le").write_bytes(b"\0\0\0\0\0\0\0")
    with pytest.raises(RecordingError, match="no whole number of frames of 6 bytes"):
        board.execute(f"sysbus.twi0.lsm9ds1 FeedSignal @{tmp_path / 'odd.s16le'} 25 2048")
    with pytest.raises(RecordingError, match="no whole number of 16-bit samples"):
        board.execute(f"sysbus.pdm SetInputFile @{tmp_path / 'odd.s16le'}")
    with pytest.raises(RecordingError, match="cannot be read"):
        board.execute(f"sysbus.pdm SetInputFile @{tmp_path / 'missing.s16le'}")


def test_a_camera_sees_a_file_whatever_is_in_it(board, tmp_path):
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8")
    board.execute(f"sysbus.spi2.camera ImageSource @{tmp_path / 'picture.jpg'}")
    board.execute("sysbus.spi2 WriteDoubleWord 0x500 1")
    answers = {}
    for sent in ((0x84, 2), (0x42, 0), (0x3C, 0), (0x3C, 0)):
        board.execute("sysbus.spi2.camera OnGPIO 0 false")
        for byte in sent:
            board.execute(f"sysbus.spi2 WriteDoubleWord 0x51C {byte}")
            answers[sent] = number(board.execute("sysbus.spi2 ReadDoubleWord 0x518"))
        board.execute("sysbus.spi2.camera OnGPIO 0 true")
    assert answers == {(0x84, 2): 0, (0x42, 0): 2, (0x3C, 0): 0xD8}
    with pytest.raises(RecordingError, match="cannot be read"):
        board.execute(f"sysbus.spi2.camera ImageSource @{tmp_path / 'missing.jpg'}")


ACCELEROMETERS = {
    "nano33ble": "sysbus.twi0.lsm9ds1",
    "esp32c3": "sysbus.i2c0.lis2dw12",
    "stm32f746g": "sysbus.i2c1.lis2dw12",
}
TALKING = {"nano33ble": "uart_lines", "esp32c3": "uart_text", "stm32f746g": "usart_text"}
"""A probe of each board that uses no sensor."""


@pytest.mark.parametrize("name", ACCELEROMETERS)
class TestScriptsOfTheBoards:
    """What a board's script gives its sensors."""

    @pytest.fixture
    def included(self, monitor, name, tmp_path):
        """Includes the script of the board after those commands."""
        elf = tmp_path / "probe.elf"
        elf.write_bytes(record.read(records.newest(name)).find(name, TALKING[name]).elf)

        def include(*commands: str) -> Monitor:
            for command in (f'$elf="{elf}"', *commands, f"include @{target.load(name).repl.with_suffix('.resc')}"):
                monitor.execute(command)
            return monitor

        return include

    @staticmethod
    def felt(monitor: Monitor, name: str) -> list[tuple[list[list[int]], int, int]]:
        """The signals that wait in the accelerometer: frames, rate in nanohertz, steps to 1 g."""
        part = monitor.emulation.board.machine._devices[ACCELEROMETERS[name].rpartition(".")[2]]
        return [(one.frames.tolist(), one.rate_nano_hz, one.steps_per_g) for one in part.felt.waiting]

    def test_the_accelerometer_feels_the_motion_at_its_rate_and_again_after_a_reset(self, included, name, tmp_path):
        np.array([[1, -2, 3], [400, 500, -600]], "<i2").tofile(tmp_path / "motion.s16le")
        monitor = included(f"$motion=@{tmp_path / 'motion.s16le'}", '$motion_hz="33.333333333"', "$motion_steps=2048")
        fed = ([[1, -2, 3], [400, 500, -600]], 33_333_333_333, 2048)
        assert self.felt(monitor, name) == [fed]
        monitor.execute("machine Reset")
        assert self.felt(monitor, name) == [fed]
        monitor.execute(f"{ACCELEROMETERS[name]} FeedSignal @{tmp_path / 'motion.s16le'} 25 1")
        assert self.felt(monitor, name)[1:] == [(fed[0], 25_000_000_000, 1)]

    def test_what_is_not_given_is_silence_and_nothing_felt(self, included, name):
        monitor = included()
        assert self.felt(monitor, name) == []
        assert heard(monitor, "0.001")

    def test_motion_without_its_rate_is_refused(self, included, name, tmp_path):
        (tmp_path / "motion.s16le").write_bytes(bytes(6))
        with pytest.raises(ConfigurationError, match=r"resc:\d+: .*needs frames a second and steps to 1 g above 0"):
            included(f"$motion=@{tmp_path / 'motion.s16le'}")


@pytest.mark.parametrize(
    ("name", "path", "heard"),
    [
        ("esp32c3", "sysbus.i2s0.mic", lambda device: device.heard.next(6)),
        ("stm32f746g", "sysbus.i2c3.wm8994", lambda device: device.heard.next(6)),
    ],
)
def test_the_labs_own_microphones_are_fed_as_in_renode(monitor, name, path, heard, tmp_path):
    np.arange(3, dtype="<i2").tofile(tmp_path / "three.s16le")
    monitor.execute(f"mach create; machine LoadPlatformDescription @{target.load(name).repl}")
    monitor.execute(f"{path} FeedSamples @{tmp_path / 'three.s16le'}; {path} FeedSamples @{tmp_path / 'three.s16le'}")
    device = monitor.emulation.board.machine._devices[path.rpartition(".")[2]]
    assert heard(device).tolist() == [0, 1, 2, 0, 1, 2]
