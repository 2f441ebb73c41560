"""A board with somebody else's firmware: fed and read as the adapter says, and each way of going wrong."""

import struct
from pathlib import Path

import numpy as np
import pytest

from lab import target, workload
from lab.elf import Symbol
from lab.engines.machine import Counters, Mark
from lab.errors import ConfigurationError, DeviceFault, DeviceSilent, FirmwareError, UnknownName
from lab.measuring.foreign import adapter
from lab.measuring.foreign.board import ForeignBoard
from lab.measuring.foreign.listening import ForeignListener, ForeignSetup
from lab.measuring.request import Brought
from lab.outcomes.recording import Difference
from lab.recordings.collection import Entry
from tests import fake_workloads
from tests.measuring.fake_machine import BareFirmware, ScriptedEngine, ScriptedMachine

SPEECH = np.arange(16_000, dtype=np.int16)
SCORES = ", ".join(map(str, range(-20, -8)))
ADAPTER = """\
[output]
ready = '^Listening'
result = '^Heard (?P<label>\\w+)'
result_within_s = 2.0
fault = '^FATAL'
"""
MEASURED = '[measure]\nbegin = "infer"\nend = "tell"\n'
INFER, TELL = Symbol("infer", 0x300, 16, True), Symbol("tell", 0x340, 16, True)


def span(begin: int, end: int) -> list[Mark]:
    return [Mark("begin", 0, Counters(begin, 2 * begin, begin)), Mark("end", 0, Counters(end, 2 * end, end))]


@pytest.fixture
def board(tmp_path):
    def make(machine, text=ADAPTER, firmware=None, of=None):
        file = tmp_path / "heard.toml"
        file.write_text(text)
        chosen = of or workload.load("keyword-spotting")
        adapted = adapter.load(file, chosen)
        board = target.load("nano33ble")
        return ForeignBoard(ScriptedEngine(machine), board, chosen, firmware or BareFirmware(), adapted)

    return make


def test_a_recording_is_played_with_silence_behind_it_and_its_line_is_read(board):
    machine = ScriptedMachine(["Listening"], ["hm", "Heard yes (217) @1000ms"])
    said = board(machine).listen(SPEECH)
    assert (said.label, said.scores, said.instructions) == ("yes", (), None)
    assert said.lines == ("hm", "Heard yes (217) @1000ms")
    assert np.array_equal(machine.played[0], np.concatenate([SPEECH, np.zeros(32_000, np.int16)]))


def test_samples_go_to_an_array_in_memory_where_the_adapter_names_one(board):
    machine = ScriptedMachine(["Listening", "Heard yes"], [])
    machine.memory.extend(bytes(40_000))
    buffer = Symbol("samples", 0x2000, 32_000, False)
    listening = board(machine, ADAPTER + '[input]\nbuffer = "samples"\n', BareFirmware(buffer))
    assert listening.listen(SPEECH).label == "yes"
    assert machine.memory[0x2000 : 0x2000 + 32_000] == SPEECH.tobytes()
    assert machine.played == []


def test_the_longest_of_several_inferences_counts(board):
    marks = [*span(100, 300), *span(1_000, 6_000), *span(7_000, 7_500)]
    machine = ScriptedMachine(["Listening"], ["Heard yes"], marks)
    said = board(machine, ADAPTER + MEASURED, BareFirmware(INFER, TELL)).listen(SPEECH)
    assert (said.instructions, said.cycles) == (5_000, 10_000)
    assert machine.watched == [("begin", 0x300), ("end", 0x340)]


def test_the_stack_is_painted_by_the_lab(board):
    machine = ScriptedMachine(["Listening"], ["Heard yes"])
    bounds = (Symbol("low", 0x800, 0, False), Symbol("high", 0x900, 0, False))
    listening = board(machine, ADAPTER + '[stack]\nbottom = "low"\ntop = "high"\n', BareFirmware(*bounds))
    machine.memory[0x8C0] = 1
    assert listening.listen(SPEECH).stack_used == 0x40


def test_no_line_within_the_time_is_an_answer_only_where_the_adapter_says_so(board):
    silent = ScriptedMachine(["Listening"], ["hm"])
    assert board(silent, ADAPTER + 'silent = "silence"\n').listen(SPEECH).line is None
    with pytest.raises(DeviceSilent, match=r"bare.elf on nano33ble printed no result line within 2 virtual") as caught:
        board(ScriptedMachine(["Listening"], ["hm"])).listen(SPEECH)
    assert "heard.toml:3" in caught.value.remedy


def test_a_line_that_says_no_more_than_silence_is_passed_over(board):
    text = ADAPTER + 'silent = ["silence", "unknown"]\n'
    assert board(ScriptedMachine(["Listening"], ["Heard silence", "Heard yes"]), text).listen(SPEECH).label == "yes"
    quiet = board(ScriptedMachine(["Listening"], ["Heard silence", "Heard unknown"]), text).listen(SPEECH)
    assert (quiet.line, len(quiet.lines)) == (None, 2)
    assert board(ScriptedMachine(["Listening"], ["Heard silence", "Heard yes"])).listen(SPEECH).label == "silence"


def test_one_that_prints_nothing_by_itself_may_still_be_a_quiet_one(board):
    text = ADAPTER.replace("ready = '^Listening'\n", "ready_after_s = 1.5\n") + 'silent = "silence"\n'
    machine = ScriptedMachine([], [])
    listening = board(machine, text)
    assert machine.counters().time_ns == 1_500_000_000
    assert listening.listen(SPEECH).line is None


def test_a_firmware_that_never_gets_ready_is_silent(board):
    with pytest.raises(DeviceSilent, match="no ready line"):
        board(ScriptedMachine(["hello"], []))


@pytest.mark.produces("said-fault")
def test_its_fault_line_ends_the_run_in_its_words(board):
    with pytest.raises(DeviceFault, match="FATAL: out of memory"):
        board(ScriptedMachine(["Listening"], ["FATAL: out of memory"])).listen(SPEECH)


@pytest.mark.produces("fault-handler")
def test_an_endless_loop_in_a_fault_handler_is_no_silence(board):
    vectors = struct.pack("<7I", 0x20040000, 0x101, 0x201, 0x201, 0x201, 0x201, 0x201)
    machine = ScriptedMachine(["Listening"], ["hm"], [Mark("fault", 0, Counters(0, 0, 0))])
    listening = board(machine, ADAPTER + 'silent = "silence"\n', BareFirmware(vectors=vectors))
    assert machine.watched == [("fault", 0x200)]
    with pytest.raises(DeviceFault, match="came to its fault handler"):
        listening.listen(SPEECH)


@pytest.mark.parametrize(
    ("marks", "code"), [([Mark("fault", 0, Counters(0, 0, 0))], "fault-handler"), ([], "endless-marks")]
)
def test_a_fault_handler_of_one_instruction_is_named_before_the_marks_that_it_leaves(board, monkeypatch, marks, code):
    machine = ScriptedMachine(["Listening"], [], marks)
    listening = board(machine)

    def run(**_limits):
        raise FirmwareError("bare.elf reached a watched address too often", code="endless-marks")

    monkeypatch.setattr(machine, "run", run)
    with pytest.raises(FirmwareError) as raised:
        listening.listen(SPEECH)
    assert raised.value.code == code


def test_a_fault_handler_before_it_is_ready_is_told_as_one(board, monkeypatch):
    text = ADAPTER.replace("ready = '^Listening'\n", "ready_after_s = 1.5\n")
    machine = ScriptedMachine([], [], [Mark("fault", 0, Counters(1, 1, 1))])

    def run(**_limits):
        raise FirmwareError("bare.elf reached a watched address too often", code="endless-marks")

    monkeypatch.setattr(machine, "run", run)
    with pytest.raises(DeviceFault, match="came to its fault handler"):
        board(machine, text)


def test_a_symbol_that_the_elf_lacks_is_told_with_its_line(board):
    with pytest.raises(UnknownName, match=r"heard.toml:7: There is no symbol of bare.elf named 'infer'"):
        board(ScriptedMachine(["Listening"], []), ADAPTER + MEASURED)


@pytest.mark.produces("no-caller")
def test_a_function_that_nothing_calls_has_no_return(board):
    with pytest.raises(ConfigurationError, match=r"heard.toml:7: nothing in bare.elf calls infer"):
        board(ScriptedMachine(["Listening"], []), ADAPTER + '[measure]\nbegin = "infer"\n', BareFirmware(INFER))


@pytest.mark.produces("buffer-small")
def test_an_array_that_holds_no_recording_is_refused(board):
    small = BareFirmware(Symbol("samples", 0x800, 1_000, False))
    with pytest.raises(ConfigurationError, match=r"heard.toml:7: samples of bare.elf has 1,000 bytes"):
        board(ScriptedMachine(["Listening"], []), ADAPTER + '[input]\nbuffer = "samples"\n', small)


@pytest.mark.produces("stack-bounds")
def test_a_stack_that_stands_on_its_head_is_refused(board):
    text = ADAPTER + '[stack]\nbottom = "lab_parameters"\ntop = "crash"\n'
    with pytest.raises(ConfigurationError, match=r"heard.toml:8: crash is at 0x00000200, not above"):
        board(ScriptedMachine(["Listening"], []), text)


@pytest.fixture
def heard(tmp_path, board, monkeypatch):
    """What becomes of one shipped recording of `stop` when the firmware answers it with a line."""
    recordings = workload.load("keyword-spotting").folder / "recordings" / "stop"

    def hear(line, text, expected=()):
        machine = ScriptedMachine(["Listening"], [line])
        made = board(machine, text)
        monkeypatch.setattr(ForeignSetup, "board", lambda _: made)
        chosen = made._workload
        brought = Brought(Path("bare.elf"), made._adapter)
        setup = ForeignSetup(chosen, target.load("nano33ble"), "builtin", None, brought, None)
        listener = ForeignListener(setup)
        if expected:
            told = type("Expected", (), {"scores": expected, "features": None})
            listener._host = type("Host", (), {"expect": lambda *_: told})()
        return listener.hear(Entry(min(recordings.glob("*.flac")), "stop/1.flac", "stop"))

    return hear


def test_of_several_labels_the_recordings_own_is_meant(heard):
    assert heard("Heard it", ADAPTER + '[labels]\nit = ["yes", "stop"]\n').decided == "stop"
    assert heard("Heard it", ADAPTER + '[labels]\nit = ["yes", "no"]\n').decided == "yes"


WITH_SCORES = ADAPTER.replace("Heard (?P<label>\\w+)", "\\[(?P<scores>.*)\\]")


def test_scores_alone_decide_and_are_held_against_the_hosts(heard):
    same = heard(f"[{SCORES}]", WITH_SCORES, tuple(range(-20, -8)))
    assert (same.decided, same.difference) == ("go", None)
    other = heard(f"[{SCORES}]", WITH_SCORES, (*range(-20, -9), 5))
    assert other.difference == Difference("decision", "score 11 (go)", -9, 5, 11)


def test_of_a_recording_that_nothing_is_said_of_no_scores_are_compared(heard):
    outcome = heard("hm", WITH_SCORES + 'silent = "silence"\n', tuple(range(-20, -8)))
    assert (outcome.decided, outcome.difference, outcome.host_scores) == ("silence", None, ())


@pytest.mark.produces("label-unmapped")
def test_a_text_that_nothing_explains_ends_the_run(heard):
    with pytest.raises(ConfigurationError, match="nothing says which label 'foo' stands for"):
        heard("Heard foo", ADAPTER)


@pytest.mark.produces("scores-count")
def test_another_number_of_scores_than_labels_ends_the_run(heard):
    with pytest.raises(ConfigurationError, match=r"heard.toml:3: the group scores found 2 numbers.* has 12\."):
        heard("[1, 2]", WITH_SCORES)


@pytest.mark.parametrize(("score", "label"), [(1_000, "normal"), (1_001, "anomaly")])
def test_the_score_of_an_anomaly_decides_by_the_workloads_threshold(board, score, label):
    machine = ScriptedMachine(["Listening"], [f"[{score}]"], sensor="accelerometer")
    shaken = np.arange(600, dtype=np.int16).reshape(200, 3)
    made = board(machine, WITH_SCORES, of=fake_workloads.vibration())
    said = made.listen(shaken)
    assert made.meant(said.line, said.label, said.scores) == (label,)
    assert np.array_equal(machine.played[0], np.concatenate([shaken, np.tile(shaken[-1], (400, 1))]))


def test_a_pattern_that_could_be_tried_for_ever_is_not(board):
    line = "a" * 5_000 + "!"
    text = ADAPTER.replace("'^Heard (?P<label>\\w+)'", "'^(?P<label>(a+)+)$|Heard'")
    machine = ScriptedMachine(["Listening"], [line, "Heard"])
    assert board(machine, text).listen(SPEECH).line == "Heard"


@pytest.mark.produces("scores-count")
def test_scores_of_thousands_of_digits_are_no_scores(board):
    text = ADAPTER.replace("(?P<label>\\w+)", "(?P<scores>.+)")
    machine = ScriptedMachine(["Listening"], ["Heard 1, " + "9" * 5_000])
    with pytest.raises(ConfigurationError, match=r"the group scores found a number of 5,000 digits in '1, 999"):
        board(machine, text).listen(SPEECH)


@pytest.mark.produces("stack-bounds")
def test_a_stack_that_is_larger_than_the_boards_memory_is_refused(board):
    firmware = BareFirmware(Symbol("low", 0x100, 0, False), Symbol("high", 0xF000_0000, 0, False))
    with pytest.raises(ConfigurationError, match=r"high is at 0xf0000000, 4,026,531,584 bytes above low"):
        board(ScriptedMachine(["Listening"], []), ADAPTER + '[stack]\nbottom = "low"\ntop = "high"\n', firmware)
