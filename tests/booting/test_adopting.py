"""An adapter is written from what a firmware printed; tests/acceptance adopts a real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab import pattern, workload
from lab.booting.adopting import Answered, Seen, adapter
from lab.cli import main
from lab.errors import DeviceSilent
from lab.image import Image, Segment, Symbol
from lab.measuring.foreign.adapter import Adapter, load
from lab.measuring.request import Brought

IMAGE = Image(Path("listener.hex"), [])
ALL = ("silence", "unknown", "yes", "left", "stop", "go")


@pytest.fixture(scope="module")
def words():
    return workload.load("keyword-spotting")


def read(text: str, folder: Path, of: workload.Workload) -> Adapter:
    file = folder / "listener.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, of)


def test_the_line_that_is_right_most_often_is_the_result(words, tmp_path):
    answers = [
        Answered("yes", "no sound for 12 ms", 900_000_000, 0),
        Answered("yes", "Heard YES (217) @1000ms", 1_200_000_000, 0),
        Answered("stop", "Heard STOP (-3.5) @2000ms", 1_310_000_000, 1),
        Answered("go", "Heard NO (1) @2000ms", 1_000_000_000, 2),
    ]
    found = read(adapter(Seen(("v1.2", "It's up: 3 tensors"), tuple(answers), ALL), words, IMAGE), tmp_path, words)
    assert pattern.parts(found.output.result, "Heard LEFT (99) @77ms") == {"label": "LEFT"}
    assert not pattern.found(found.output.result, "no sound for 12 ms")
    assert pattern.found(found.output.ready, "It's up: 12 tensors")
    assert found.output.result_within_s == 1.9  # 1.31 s, a margin of half a second, up to a tenth
    assert found.meaning("STOP", words) == ("stop",)
    assert found.output.silent == words.background  # "left", of which no line came, is one that it does not know
    assert found.measure is None


def test_lines_that_report_nothing_are_passed_over_and_say_nothing_of_how_long_an_answer_takes(words, tmp_path):
    answers = [
        Answered("yes", "Heard silence", 500_000_000, 0),
        Answered("yes", "Heard yes", 1_000_000_000, 0),
        Answered("yes", "Heard yes", 2_500_000_000, 0),
        Answered("silence", "Heard silence", 3_900_000_000, 1),
    ]
    found = read(adapter(Seen((), tuple(answers), ALL), words, IMAGE), tmp_path, words)
    assert (found.output.result_within_s, found.output.silent) == (1.5, ("silence", "unknown"))


def test_a_workload_without_a_background_takes_what_was_played_in_vain_for_silence(words, tmp_path):
    states = words.model_copy(update={"background": ()})
    seen = Seen((), (Answered("yes", "now yes", 10),), ("yes", "go"))
    assert read(adapter(seen, states, IMAGE), tmp_path, states).output.silent == ("go",)


def test_an_inference_is_counted_where_the_interpreter_has_a_name(words, tmp_path):
    image = Image(Path("listener.elf"), [])
    image.symbols = (Symbol("_ZN6tflite16MicroInterpreter6InvokeEv", 0x100, 8, True),)
    text = adapter(Seen((), (Answered("yes", "yes", 10),), ALL), words, image)
    found = read(text, tmp_path, words)
    assert found.measure.begin == "tflite::MicroInterpreter::Invoke()"
    assert found.output.ready is None


def test_lines_and_marks_of_the_library_are_known(words, tmp_path):
    image = Image(Path("listener.elf"), [])
    names = ("_ZN6tflite16MicroInterpreter6InvokeEv", "device_lab_inference_begins", "device_lab_inference_ends")
    image.symbols = tuple(Symbol(name, 0x100 + 8 * at, 8, True) for at, name in enumerate(names))
    answers = (
        Answered("yes", "device_lab: result yes scores -128 0 127", 10),
        Answered("no", "device_lab: result no scores 127 0 -128", 10),
    )
    found = read(adapter(Seen(("device_lab: ready",), answers, ALL), words, image), tmp_path, words)
    assert (found.measure.begin, found.measure.end) == names[1:]
    assert pattern.found(found.output.fault, "device_lab: fault no memory")
    assert pattern.parts(found.output.result, answers[0].line) == {"label": "yes", "scores": " -128 0 127"}


@pytest.mark.produces("no-label-printed")
def test_what_was_printed_is_shown_where_no_line_has_a_label(words):
    with pytest.raises(DeviceSilent) as raised:
        adapter(Seen(("up",), (Answered("yes", "class 3", 10),), ALL), words, IMAGE)
    assert raised.value.details.splitlines() == ["It printed:", "  at boot: up", "  at yes: class 3"]


def test_what_came_of_recordings_is_shown_however_much_was_printed_at_boot(words):
    answers = tuple(Answered("yes", f"class {number}", 10) for number in range(40))
    with pytest.raises(DeviceSilent) as raised:
        adapter(Seen(tuple(map(str, range(100))), answers, ALL), words, IMAGE)
    lines = raised.value.details.splitlines()
    assert [line for line in lines if "more" in line] == ["  … and 95 more", "  … and 25 more"]
    assert "  at yes: class 0" in lines


def test_the_address_of_a_plain_memory_image_and_the_time_of_one_that_says_nothing_are_written(words, tmp_path):
    seen = Seen((), (Answered("yes", "heard yes", 10),), ALL)
    found = read(adapter(seen, words, IMAGE, 0x1_0000), tmp_path, words)
    assert (found.image.address, found.output.ready, found.output.ready_after_s) == (0x1_0000, None, 2.0)
    file = tmp_path / "plain"
    file.write_bytes(b"code")
    assert Brought(file, found).image().segments == (Segment(0x1_0000, b"code"),)


def test_an_adapter_that_exists_is_not_written_over(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text("mine")
    (tmp_path / "mine.hex").write_text(":0400000000000420D8\n:00000001FF\n")
    assert main(["adopt", "mine.hex", "--workload", "keyword-spotting"]) == 2
    assert "mine.toml is there already" in capsys.readouterr().err
    assert (tmp_path / "mine.toml").read_text() == "mine"


@pytest.mark.parametrize(
    "line", ["\0Heard yes", "\x1b[1mHeard yes\x1b[0m", 'it\'s "yes" \\\\ yes', "Heard yes\u2028", "Heard\tyes\t."]
)
def test_whatever_is_printed_the_adapter_can_be_read_and_finds_the_line(words, tmp_path, line):
    found = read(adapter(Seen((line,), (Answered("yes", line, 10),), ALL), words, IMAGE), tmp_path, words)
    assert pattern.parts(found.output.result, line) == {"label": "yes"}
    assert found.output.ready is None or pattern.found(found.output.ready, line)


def test_a_line_with_several_labels_is_read_where_it_tells_them_apart(words, tmp_path):
    answers = [Answered(label, f"{label}! (not go, not stop) {label}", 10) for label in ("yes", "left")]
    found = read(adapter(Seen((), tuple(answers), ALL), words, IMAGE), tmp_path, words)
    assert pattern.parts(found.output.result, "stop! (not go, not stop) stop") == {"label": "stop"}


def test_a_line_that_has_the_same_label_whatever_is_played_tells_nothing(words):
    answers = tuple(Answered(label, "yes=0.5 no=0.5", 10) for label in ("yes", "no", "up", "left", "stop", "go"))
    with pytest.raises(DeviceSilent, match="no line that tells the labels"):
        adapter(Seen((), answers, ALL), words, IMAGE)


def test_the_name_of_a_file_cannot_end_the_comment_that_it_is_in(words, tmp_path):
    image = Image(Path("a\n[limits]\udcff.elf"), [])
    text = adapter(Seen((), (Answered("yes", "yes", 10),), ALL), words, image)
    assert read(text, tmp_path, words).limits == {}
