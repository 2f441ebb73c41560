from __future__ import annotations

import json
import subprocess
import sys

import pytest

from lab import __version__
from lab.cli import _main, commands, main
from lab.errors import BuildError


def test_help_lists_every_command_with_its_first_line(capsys):
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert {"run", "list"} <= commands().keys()
    assert all(f"\n  {name}  " in shown for name in commands())
    assert "Show workloads, targets and engines, and what is ready." in shown


def test_without_a_command_the_help_is_shown_and_the_exit_code_says_usage(capsys):
    assert main([]) == 2
    assert "Commands:" in capsys.readouterr().out


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from lab.cli import main; main(['--help']); "
        "print([name for name in ('numpy', 'pydantic', 'robot', 'unicorn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_command_has_its_own_help(capsys):
    for name in commands():
        assert main([name, "--help"]) == 0, name
        assert f"Usage: lab {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum"], "There is no command named 'rum'. Did you mean 'run'?"),
        (["run", "keyword-spoting"], "There is no workload named 'keyword-spoting'. Did you mean 'keyword-spotting'?"),
        (
            ["run", "keyword-spotting", "--target", "nano33bl"],
            "There is no target named 'nano33bl'. Did you mean 'nano33ble'?",
        ),
        (["run", "keyword-spotting", "--engine", "buildin"], "Did you mean 'builtin'?"),
        (
            ["run", "keyword-spotting", "--engine", "renode", "--renode", "/nowhere"],
            "--renode is /nowhere, which cannot be read",
        ),
        (["run", "keyword-spotting", "--jobs", "0"], "Invalid value for '--jobs'"),
        (["run", "keyword-spotting", "--jsn"], "--json"),
        (["run"], "Missing argument"),
    ],
)
def test_a_mistake_is_named_with_a_remedy_and_exit_code_2(capsys, arguments, said):
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert "remedy: " in shown.err
    assert shown.out == ""


def test_an_error_is_said_with_message_details_and_remedy(capsys, monkeypatch):
    def not_compiling(_arguments):
        raise BuildError("main.cc does not compile.", details="main.cc:3:\n  expected [;]", remedy="Correct it.")

    monkeypatch.setattr(_main, "_run", not_compiling)
    assert main(["list"]) == 2
    assert capsys.readouterr().err == (
        "error[build]: main.cc does not compile.\n  main.cc:3:\n    expected [;]\nremedy: Correct it.\n"
    )


@pytest.mark.produces("internal")
def test_what_nobody_foresaw_is_short_on_screen_and_whole_in_a_file(capsys, monkeypatch, tmp_path):
    def crash(_arguments):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setenv("LAB_CACHE", str(tmp_path))
    monkeypatch.setattr(_main, "_run", crash)
    assert main(["list"]) == 3
    said = capsys.readouterr().err
    (file,) = tmp_path.glob("crash-*.txt")
    assert "The lab itself failed (ZeroDivisionError: division by zero)." in said
    assert str(file) in said.replace("\n", "")
    assert "Traceback" not in said
    assert "Traceback" in file.read_text(encoding="utf-8")


def test_ctrl_c_ends_a_command_with_130(capsys, monkeypatch):
    def interrupt(_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(_main, "_run", interrupt)
    assert main(["list"]) == 130
    assert capsys.readouterr().err == "Interrupted.\n"


def test_list_shows_the_same_as_a_table_and_as_json(capsys):
    assert main(["list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found.keys() == {"project", "workloads", "targets", "engines"}
    assert main(["list"]) == 0
    shown = capsys.readouterr().out
    assert found.pop("project") in shown
    for entries in found.values():
        assert all(entry["name"] in shown for entry in entries)


def test_list_names_what_a_workload_lacks(capsys, monkeypatch, tmp_path):
    from tests import fake_project

    monkeypatch.setenv("LAB_PROJECT", str(fake_project.make(tmp_path / "project")))
    assert main(["list", "--json"]) == 0
    (words,) = json.loads(capsys.readouterr().out)["workloads"]
    assert not words["ready"]
    assert words["note"] == "missing: keyword_spotting.tflite, recordings"


def test_a_reader_that_goes_away_is_no_error():
    program = f"{sys.executable} -m lab list | true"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""


def test_python_m_lab_is_lab():
    done = subprocess.run([sys.executable, "-m", "lab", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"lab {__version__}\n"
