"""What a device, a file name or a label says is data, wherever it is shown."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.table import Table
from rich.text import Text

from lab import output
from lab.cli import main
from lab.reporting import run_folder
from lab.reporting.console import to_stdout
from lab.reporting.shown import shown
from tests.cli.conftest import here, lab_run  # noqa: F401  (fixtures)
from tests.fake_measuring import HOSTILE
from tests.reporting import results

LAB = Path(output.__file__).parent
# The two modules that print, and the plug-in that runs inside Renode.
PRINTING = {"output.py", "reporting/console.py"}
RENODES_OWN = {"engines/renode/monitor_commands.py"}
COMMANDS = {"error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "stop-commands", "set-output", "x"}


@pytest.fixture
def on_github(monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")


def hidden(text: str) -> set[str]:
    """Characters that a terminal obeys or does not show; line ends and tabs are for the text to have."""
    kinds = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return {one for one in text if one not in "\n\t" and unicodedata.category(one) in kinds}


def commands(said: str) -> list[str]:
    """The lines that GitHub's runner acts on, by its rules (actions/runner, src/Runner.Common/ActionCommand.cs)."""
    found = []
    for line in re.split(r"\r\n|\r|\n", said):
        new = re.match(r"::([^: ]+)[^:]*(?::[^:]+)*::", line.lstrip())
        old = re.search(r"##\[([^\] ]+)[^\]]*\]", line)
        if (new and new[1] in COMMANDS) or (old and old[1] in COMMANDS):
            found.append(line)
    return found


@pytest.mark.parametrize("point", [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0x202E, 0x2066, 0xFEFF, 0xDC80])
def test_a_character_that_is_obeyed_is_written_out(point):
    assert output.one_line(f"a{chr(point)}b") == f"a{chr(point).encode('unicode_escape').decode()}b"
    kept = chr(point) in "\n\t"
    assert (output.visible(f"a{chr(point)}b") == f"a{chr(point)}b") is kept


@pytest.mark.parametrize("text", ["größe/日本語 👩‍💻.flac", "می‌خواهم", "a\\n[b]:c", ""])
def test_what_people_write_stays(text):
    assert output.one_line(text) == text
    assert output.visible(text) == text


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("::error::x", r"\x3a:error::x"),
        (" \t ::stop-commands::x", " \t \\x3a:stop-commands::x"),
        ("boot\n  ::error::x", "boot\n  \\x3a:error::x"),
        ("a ##[error]x ##[group]", r"a #\x23[error]x #\x23[group]"),
        ("###[error]x", r"##\x23[error]x"),
        ("lab::Model is std::string", "lab::Model is std::string"),
    ],
)
def test_no_line_is_a_command_of_github(on_github, line, printed):
    assert output.inert(line) == printed
    assert commands(output.inert(line)) == []


def test_elsewhere_than_on_github_lines_stay_as_they_are(monkeypatch):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert output.inert("::error::x ##[error]") == "::error::x ##[error]"


def test_the_test_would_see_a_command():
    assert len(commands(" ::error file=a:b::x\n##[error]y\nz ##[x a=b]\n::nothing::")) == 3


def test_json_is_read_as_what_it_was(on_github, capsys):
    values = {"clip": HOSTILE + "\U000e0041"}
    output.say_json(json.dumps(values, ensure_ascii=False, indent=2))
    said = capsys.readouterr().out
    assert not hidden(said)
    assert commands(said) == []
    assert json.loads(said) == values


def test_a_name_is_no_markup_and_a_cell_is_as_wide_as_what_it_shows(capsys):
    table = Table("net[int8].tflite")
    table.add_row("[red]:bomb: 100\x1b[2J")
    table.add_row(Text("plain"))
    to_stdout().print(table)
    said = capsys.readouterr().out
    assert "net[int8].tflite" in said
    assert r"[red]:bomb: 100\x1b[2J" in said
    assert len({len(line) for line in said.splitlines()}) == 1


def test_a_result_without_anything_hidden_is_itself():
    plain = results.passing()
    assert shown(plain) is plain


@pytest.mark.parametrize("github", [False, True])
def test_a_hostile_device_reaches_no_terminal_and_no_log(here, lab_run, github, capsys, monkeypatch):  # noqa: F811
    if github:
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here / "summary"))
    code, result = lab_run("hostile", "--no-history")
    assert code == 1
    assert result.runs[0].clips[0].decided == HOSTILE, "result.json keeps what was said"
    captured = capsys.readouterr()
    said = captured.out + captured.err
    assert "owned" in said
    assert not hidden(said)
    annotations = commands(said)
    ours = [line for line in annotations if re.match(r"::(error|warning) title=keyword-spotting on nano33ble", line)]
    if github:
        assert annotations == ours
        assert len(ours) == 2, "the fault, and the recording that was not played"
    for name in (run_folder.REPORT, run_folder.JUNIT, run_folder.SUMMARY, run_folder.CLIPS, "device.log"):
        file = here / "out" / name
        if file.exists():  # a made-up measurement leaves no log of a device
            assert not hidden(file.read_text(encoding="utf-8")), name
    if github:
        assert not hidden((here / "summary").read_text(encoding="utf-8"))
    rows = list(csv.reader(io.StringIO((here / "out" / run_folder.CLIPS).read_text(encoding="utf-8"))))
    assert [len(row) for row in rows] == [len(rows[0])] * 4, "a head, two that were played, one that was not"
    assert not [cell for row in rows for cell in row if cell.startswith("=")]
    ElementTree.parse(here / "out" / run_folder.JUNIT)  # noqa: S314  (our own)


def test_a_device_log_has_none_either(tmp_path):
    from tests import fake_measuring

    run_folder.write_evidence(fake_measuring.hostile(None), tmp_path)
    log = (tmp_path / "device.log").read_text(encoding="utf-8")
    assert r"\x1b]0;owned" in log
    assert not hidden(log)


def test_a_hostile_history_and_report_say_nothing_hidden(here, lab_run, capsys):  # noqa: F811
    lab_run("hostile")
    lab_run("hostile", out="again")
    capsys.readouterr()
    for command in (["history"], ["history", "--json"], ["compare", "out", "again"], ["report", "out"]):
        main(command)
        captured = capsys.readouterr()
        assert not hidden(captured.out + captured.err), command


def test_nothing_is_printed_but_through_one_place():
    found = []
    for file in sorted(LAB.rglob("*.py")):
        name = file.relative_to(LAB).as_posix()
        if name not in PRINTING | RENODES_OWN:
            found += [f"{name}:{line}" for line in printing(ast.parse(file.read_text(encoding="utf-8")))]
    assert found == []


def printing(tree: ast.AST) -> list[int]:
    """Lines that print by other means: print, typer.echo, a console of rich's own, a standard stream's write."""
    nodes = list(ast.walk(tree))
    of_rich = {
        f"{node.module}.{name.name}" for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names
    }
    found = []
    for node in nodes:
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called == "Console" and "rich.console.Console" not in of_rich:
                continue  # that of Renode
            if called in ("print", "typer.echo", "typer.secho", "rich.print", "Console") or re.fullmatch(
                r"sys\.(__)?std(out|err)(__)?\.(buffer\.)?write(lines)?", called
            ):
                found.append(node.lineno)
    return found


def test_it_would_be_seen():
    assert printing(
        ast.parse("print(1)\nsys.stdout.write('')\ntyper.echo(2)\nConsole()\nfrom rich.console import Console")
    ) == [1, 2, 3, 4]
