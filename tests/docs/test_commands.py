"""What readers are told to type works."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise

import pytest

from lab import cli

from .documents import ROOT, blocks, guides, inline_code

BLOCKS = [block for page in guides() for block in blocks(page)]
TYPED = [block for block in BLOCKS if block.commands]
RUN = {
    page: [block for block in TYPED if block.page == page and not block.reason and block.note != "walk-through"]
    for page in dict.fromkeys(block.page for block in TYPED if not block.reason and block.note != "walk-through")
}
"""By page, what is typed as it stands; what has a reason not to be run, or belongs to a walk-through, is not."""
SAID = sorted({code for page in guides() for code in inline_code(page) if re.match(r"(lab|make) [a-z]", code)})
OUTPUT = {block: after for block, after in pairwise(BLOCKS) if after.note == "output" and after.page == block.page}
"""What the last command of a block prints, as the page shows it."""
WRITTEN = {block.note.removeprefix("file: ") for block in BLOCKS if block.note.startswith("file: ")}
"""Files that a page has its reader write; tests/docs/test_walkthroughs.py does."""
KNOWN_NOTES = re.compile(r"not run: \S.*|walk-through|file: \S+|output")


def simple_commands(line: str) -> list[list[str]]:
    """The commands in a line, those in `$(…)` included, each as words."""
    inner = re.findall(r"\$\(([^)]*)\)", line)
    outer = re.sub(r"\$\([^)]*\)", "inner", line)
    return [words for text in (outer, *inner) for words in split_at_operators(text) if words]


def split_at_operators(text: str) -> Iterator[list[str]]:
    """`a 'b;c' && d` as [a, b;c] and [d]."""
    words: list[str] = []
    for word in shlex.shlex(text, posix=True, punctuation_chars="&|;"):
        if word.strip("&|;"):
            words.append(word)
        else:
            yield words
            words = []
    yield words


def options_of(words: list[str], capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Those of a command, or of its action where it has several."""
    has_actions = cli.commands()[words[0]].stem == "__init__"
    assert cli.main([*words[: 1 + has_actions], "--help"]) == 0
    return set(re.findall(r"(?<!\S)--[a-z-]+", capsys.readouterr().out))


def not_printed(shown: str, printed: str) -> str | None:
    """The first line of a sample that the output does not have where it should: right behind the line before, or
    anywhere further on where `...` is between them. A run's folder has another name each time, and a fingerprint is of
    the firmware's file too, of which each compiler makes another.
    """
    wanted, left = (re.sub(r"(runs/|fingerprint )\S+", r"\1", text).splitlines() for text in (shown, printed))
    anywhere = False
    for line in wanted:
        if line == "...":
            anywhere = True
            continue
        there = [one.rstrip() for one in (left if anywhere else left[:1])]
        if line.rstrip() not in there:
            return line
        left, anywhere = left[there.index(line.rstrip()) + 1 :], False
    return None


def problems(words: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    program, *arguments = words
    if program == "make":
        targets = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[0].split()
        return [f"no target {target}" for target in arguments if target not in targets]
    if program == "lab" and arguments and not arguments[0].startswith("-"):
        if arguments[0] not in cli.commands():
            return [f"no command {arguments[0]}"]
        known = options_of(arguments, capsys)
        return [f"no option {word}" for word in arguments if word.startswith("--") and word.split("=")[0] not in known]
    if program == "python" and arguments[0] == "-m":
        return [] if find_spec(arguments[1]) else [f"no module {arguments[1]}"]
    if program in ("python", "robot"):
        return [
            f"no file {word}"
            for word in arguments
            # What an earlier command of the page makes is below build/.
            if word.endswith((".py", ".robot"))
            and not word.startswith("build/")
            and word not in WRITTEN
            and not (ROOT / word).exists()
        ]
    return []


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.place)
def test_a_note_above_a_block_is_one_that_the_tests_know(block):
    assert not block.note or KNOWN_NOTES.fullmatch(block.note)


@pytest.mark.parametrize("block", TYPED, ids=lambda block: block.place)
def test_every_command_and_option_exists(block, capsys):
    found = {command: problems(words, capsys) for command in block.commands for words in simple_commands(command)}
    assert {command: said for command, said in found.items() if said} == {}


@pytest.mark.parametrize("code", SAID)
def test_a_command_in_the_text_exists(code, capsys):
    assert problems(code.split(), capsys) == []


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_commands_of_a_page_run_and_print_what_it_shows(page, shell):
    """In their order: later ones need what earlier ones made."""
    for block in RUN[page]:
        for command in block.commands:
            done = shell(command, ROOT)
            assert done.returncode == 0, f"{block.place}: {command}\n{done.stdout}{done.stderr}"
        if shown := OUTPUT.get(block):
            missing = not_printed(shown.text, done.stdout)
            assert missing is None, f"{shown.place}: not printed where the page has it: {missing}\n{done.stdout}"


def test_what_a_page_shows_of_an_output_stands_in_it_line_by_line():
    assert not_printed("a 1\n...\nc\nresults runs/x\n", "a 1\nb\nc\nresults runs/y\n") is None
    assert not_printed("...\nc\n", "a\nb\nc\n") is None
    assert not_printed("a 1\n...\nd\n", "a 1\nb\nc\n") == "d"
    assert not_printed("a 1\nc\n", "a 1\nb\nc\n") == "c"


def test_a_wrong_option_and_a_wrong_target_would_be_seen(capsys):
    assert problems(["lab", "run", "keyword-spotting", "--recording", "x"], capsys) == ["no option --recording"]
    assert problems(["lab", "rum"], capsys) == ["no command rum"]
    assert problems(["make", "walk"], capsys) == ["no target walk"]


@pytest.mark.parametrize(
    "block",
    [block for block in BLOCKS if block.language == "python" and not block.note.startswith("file: ")],
    ids=lambda block: block.place,
)
def test_a_piece_of_python_runs_where_there_are_recordings(block, tmp_path, shell):
    words = tmp_path / "my-recordings" / "yes"
    words.mkdir(parents=True)
    for speaker in range(40):
        (words / f"{speaker:08x}_nohash_0.wav").touch()
    (tmp_path / "piece.py").write_text(block.text)
    done = shell(f"LAB_PROJECT={shlex.quote(str(ROOT))} python piece.py", tmp_path)
    assert done.returncode == 0, done.stderr
    assert 0 < len(list((tmp_path / "held-out" / "yes").iterdir())) < 40
