from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from lab import __version__
from lab.cli import _main, actions, commands, main
from lab.cli._help import GROUPS
from lab.errors import BuildError, UsageError


def test_help_lists_every_command_with_its_first_line(capsys):
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert {"run", "list"} <= commands().keys()
    assert all(f"\n  {name} " in shown for name in commands())
    assert "Show workloads, targets and engines, and which are ready." in shown


def test_help_shows_each_command_in_a_group_and_its_whole_line(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert re.findall(r"(?m)^(\w.*):$", shown) == ["Options", *GROUPS]
    for file in commands().values():
        line = (ast.get_docstring(ast.parse(file.read_bytes())) or "").partition("\n")[0]
        assert line in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= 60


@pytest.mark.parametrize("name", commands())
def test_the_examples_of_a_command_are_shown_and_are_what_it_takes(capsys, name):
    assert main([name, "--help"]) == 0
    examples = capsys.readouterr().out.partition("Examples:\n")[2].splitlines()
    assert examples
    command = typer.main.get_command(_main._application(name)).commands[name]
    for example in examples:
        program, named, *arguments = shlex.split(example)
        assert (program, named) == ("lab", name)
        action = command.commands[arguments.pop(0)] if hasattr(command, "commands") else command
        action.make_context(name, arguments)


@pytest.mark.parametrize(
    ("name", "action"),
    [(name, action) for name, file in commands().items() if file.stem == "__init__" for action in actions(file.parent)],
)
def test_each_action_has_its_help_and_examples_that_it_takes(capsys, name, action):
    assert main([name, "--help"]) == 0
    assert f"\n  {action} " in capsys.readouterr().out
    assert main([name, action, "--help"]) == 0
    shown = capsys.readouterr().out
    assert not re.search(r"<\w+|list\[", shown)
    command = typer.main.get_command(_main._application(name)).commands[name].commands[action]
    for example in shown.partition("Examples:\n")[2].splitlines():
        program, *named, _ = example.split(maxsplit=3)
        assert (program, named) == ("lab", [name, action])
        command.make_context(action, shlex.split(example)[3:])


def test_the_help_of_a_command_names_values_and_defaults_in_words(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["run", "--help"]) == 0
    shown = capsys.readouterr().out
    assert not re.search(r"<\w+|list\[", shown)
    assert "[default: the one that ships]" in shown
    assert shown.index("Firmware:") < shown.index("Verdict:") < shown.index("Options:")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("lab ba", ["baseline"]),
        ("lab run key", ["keyword-spotting"]),
        ("lab run keyword-spotting --tar", ["--target"]),
        ("lab run keyword-spotting --target na", ["nano33ble"]),
    ],
)
def test_a_shell_completes_commands_options_workloads_and_targets(typed, offered):
    environment = {
        **os.environ,
        "_LAB_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(typed.count(" ")),
    }
    done = subprocess.run(
        [sys.executable, "-m", "lab"], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, offered, "")


def test_without_a_command_the_help_is_shown_and_the_exit_code_says_usage(capsys):
    assert main([]) == 2
    assert "Test firmware:" in capsys.readouterr().out


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
        (["run", "keyword-spotting", "--part", "tset"], "Invalid value for '--part': 'tset' is not one of"),
        (["run", "keyword-spotting", "--recordings", ""], "The value of --recordings is empty"),
        (["run", "keyword-spotting", "--recordings="], "The value of --recordings is empty"),
        (["train", "keyword-spotting", "--recordings", ".", "--seed", str(2**40)], "Invalid value for '--seed'"),
        (["run"], "Which workload?"),
        (["bench", "model.tflite", "--tolerance", "inf"], "Invalid value for '--tolerance'"),
        (["replay", "a.wav", "--workload", "keyword-spotting", "--gdb-port", "3333"], "no meaning without --debug-at"),
        (["record", "--from-log", "a.log", "--out", "a.npz", "--trigger"], "With --from-log, --trigger has no meaning"),
        (["record", "--serial", "port", "--out", "a.npz", "--dump", "2"], "With --serial, --dump has no meaning"),
        (["record", "--serial", "port", "--out", "a.npz", "--baud", "3000000000"], "Invalid value for '--baud'"),
    ],
)
def test_a_mistake_is_named_with_a_remedy_and_exit_code_2(capsys, arguments, said):
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert "remedy: " in shown.err
    assert shown.out == ""


def each_command():
    """The name and the typer command of each, those with actions by action."""
    for name in commands():
        command = typer.main.get_command(_main._application(name)).commands[name]
        if hasattr(command, "commands"):
            yield from ((f"{name} {action}", one) for action, one in command.commands.items())
        else:
            yield name, command


def given(command, wanted, value):
    """A context of the command with that value of a parameter and what is needed besides; None if it is no such."""
    words = []
    for parameter in command.params:
        if parameter is wanted or parameter.required:
            option = [parameter.opts[-1]] if parameter.param_type_name == "option" else []
            words += [*option, value if parameter is wanted else "some"]
    try:
        return command.make_context(command.name, words)
    except typer.BadParameter.__mro__[2]:
        return None


@pytest.mark.parametrize("value", ["-", "nan", "inf", "-inf"])
def test_no_command_takes_a_dash_for_a_file_or_a_number_that_is_not_finite(value, tmp_path, monkeypatch):
    """Whether it is read or written: before anything is, and for every option and argument alike."""
    monkeypatch.chdir(tmp_path)
    refused = []
    for name, command in each_command():
        for parameter in command.params:
            context = given(command, parameter, value)
            found = context.params[parameter.name] if context else None
            (found,) = found if isinstance(found, list | tuple) and found else (found,)
            if isinstance(found, Path if value == "-" else float):
                with pytest.raises(UsageError) as raised:
                    command.invoke(context)
                assert (raised.value.exit_code, f" is {value}, " in raised.value.message) == (2, True)
                refused.append(f"{name} {parameter.opts[-1]}")
    known = ("boot --draft", "bench --elf", "trace plot out") if value == "-" else ("trace cut --from",)
    assert set(known) <= set(refused)
    assert not list(tmp_path.iterdir())


def test_an_option_that_looks_a_little_like_an_unknown_one_is_not_offered(capsys):
    assert main(["compress", "a.keras", "--recordings", ".", "--sparsity", "0.5"]) == 2
    assert "error[usage]: There is no option --sparsity.\n" in capsys.readouterr().err
    assert main(["compare", "keyword-spotting", "--variant"]) == 2
    assert "There is no option --variant. Did you mean '--variants'?\n" in capsys.readouterr().err


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


def test_a_reader_that_goes_away_is_no_error():
    program = f"{sys.executable} -m lab list | true"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""


def test_python_m_lab_is_lab():
    done = subprocess.run([sys.executable, "-m", "lab", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"lab {__version__}\n"
