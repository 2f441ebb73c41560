"""Commands, variables, macros and scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lab import files
from lab.engines.builtin.repl import SYSTEM_BUS
from lab.errors import ConfigurationError, UsageError, did_you_mean
from lab.monitor import actions, script, tokens
from lab.monitor.emulation import Emulation
from lab.monitor.finding import Files
from lab.monitor.script import Line
from lab.monitor.tokens import Token, Value

_ORIGIN = "ORIGIN"
_RESET = "reset"
_DEEPEST = 32
_LONGEST = 4 * files.MEGABYTE  # characters of one command


class Monitor:
    """One emulation and the variables and macros around it.

    `renode` is the folder with Renode's own files; `stub` has stubs in the places of devices without a model.
    """

    def __init__(self, renode: Path | None = None, *, stub: bool = False) -> None:
        self._files = Files(renode)
        self.emulation = Emulation(self._files, stub)
        self._usings = [f"{SYSTEM_BUS}."]
        self._depth = 0
        self._variables: dict[str, Token] = {"CWD": _path(Path.cwd())}
        self._macros: dict[str, list[Line]] = {}
        self._commands: dict[str, Callable[[list[Token], Line], str]] = {
            "Clear": self._clear,
            "echo": self._echo,
            "i": self._include,
            "include": self._include,
            "logLevel": self._log_level,
            "mach": self._mach,
            "macro": self._macro,
            "p": self._pause,
            "pause": self._pause,
            "runMacro": self._run_macro,
            "s": self._start,
            "sa": self._show_analyzer,
            "set": self._set,
            "showAnalyzer": self._show_analyzer,
            "start": self._start,
            "using": self._using,
        }

    def execute(self, text: str) -> str:
        """Run a line of commands and return what it prints.

        Raises ConfigurationError for what cannot be followed, and what the machine raises while it runs.
        """
        return self._run(Line(text))

    def execute_script(self, path: Path) -> str:
        """Run a script with `$ORIGIN` as its folder. Raises as `execute` does, with file and line."""
        path = self._files.find(path)
        before = self._variables.get(_ORIGIN)
        self._variables[_ORIGIN] = _path(path.resolve().parent)
        try:
            return "".join(self._placed(line) for line in script.read(path))
        finally:
            if before is not None:
                self._variables[_ORIGIN] = before

    def device(self, name: str) -> str:
        """The full path of a device, whose beginning may be left out; the name itself where there is none."""
        devices = self.emulation.board.devices
        tried = [name, *(prefix + name for prefix in self._usings)]
        return next((path for path in tried if path in devices), name)

    def _placed(self, line: Line) -> str:
        if self._depth == _DEEPEST:
            raise ConfigurationError(
                f"{line}: scripts and macros call each other more than {_DEEPEST} deep.",
                remedy="Look for one that calls itself.",
                code="monitor-command",
            )
        self._depth += 1
        try:
            return self._run(line)
        except UsageError as error:
            raise ConfigurationError(
                f"{line}: {error.message}", remedy=error.remedy, details=error.details, code=error.code
            ) from error
        finally:
            self._depth -= 1

    def _run(self, line: Line) -> str:
        if len(line.text) > _LONGEST:
            raise ConfigurationError(
                f"A command of {len(line.text):,} characters is too long.",
                remedy="Put it into files.",
                code="monitor-command",
            )
        words = tokens.tokens(line.text, self._variable)
        return "".join(self._command(command, line) for command in tokens.commands(words) if command)

    def _command(self, words: list[Token], line: Line) -> str:
        first, *rest = words
        if first.kind == "variable" and len(rest) == 2 and rest[0].kind in ("equals", "if_unset"):
            return self._assign(first.text[1:], rest[1], only_if_unset=rest[0].kind == "if_unset")
        if first.text in self._commands:
            return self._commands[first.text](rest, line)
        objects = self._objects()
        if first.text not in objects:
            known = [*self._commands, *objects]
            raise ConfigurationError(
                f"There is no command or device {first.text!r}.{did_you_mean(first.text, known)}",
                remedy=f"The built-in engine has here: {', '.join(sorted(known))}.",
                code="monitor-command",
            )
        if not rest:
            raise _usage(
                first.text, " | ".join(sorted(actions.of(objects[first.text]))) or "nothing: it only has a name"
            )
        name, *arguments = rest
        return actions.call(first.text, objects[first.text], name.text, self._values(arguments), self._files.find)

    def _objects(self) -> dict[str, object]:
        """By full path, and without the beginnings that `using` names."""
        board = self.emulation.board.objects if self.emulation.has_board else {}
        short = {
            path.removeprefix(prefix): found
            for prefix in reversed(self._usings)
            for path, found in board.items()
            if path.startswith(prefix)
        }
        return {**short, "emulation": self.emulation, **board}

    def _values(self, words: list[Token]) -> list[Value]:
        return [(self._variable(word.text[1:]) if word.kind == "variable" else word).value for word in words]

    def _variable(self, name: str) -> Token:
        if name not in self._variables:
            raise ConfigurationError(
                f"There is no variable ${name}.{did_you_mean(name, self._variables)}",
                remedy=f"Set it first: ${name}=@file",
                code="monitor-command",
            )
        return self._variables[name]

    def _assign(self, name: str, value: Token, *, only_if_unset: bool = False) -> str:
        if not (only_if_unset and name in self._variables):
            self._variables[name] = self._variable(value.text[1:]) if value.kind == "variable" else value
        return ""

    # Commands

    def _include(self, words: list[Token], line: Line) -> str:
        values = self._values(words)
        if len(values) != 1 or not isinstance(values[0], str | Path):
            raise _usage("include", "@script.resc")
        file = Path(values[0])
        if file.suffix == ".repl":
            if not self.emulation.has_board:
                self._mach([Token("name", "create", 0)], line)
            return self._command(
                [Token("name", "machine", 0), Token("name", "LoadPlatformDescription", 0), words[0]], line
            )
        if file.suffix in (".cs", ".py"):
            raise ConfigurationError(
                f"{file} is code for Renode itself, which the built-in engine does not run.",
                remedy="Run this suite with renode-test.",
                code="monitor-command",
            )
        return self.execute_script(file)

    def _clear(self, words: list[Token], _line: Line) -> str:
        """Remove the board."""
        if words:
            raise _usage("Clear", "")
        self.emulation.clear()
        return ""

    def _echo(self, words: list[Token], _line: Line) -> str:
        return "".join(f"{value}\n" for value in self._values(words))

    def _using(self, words: list[Token], _line: Line) -> str:
        if len(words) != 1:
            raise _usage("using", "sysbus")
        prefix = words[0].text.removesuffix(".") + "."
        if prefix == "-.":
            self._usings.clear()
        elif prefix not in self._usings:
            self._usings.append(prefix)
        return ""

    def _log_level(self, words: list[Token], _line: Line) -> str:
        """Renode then writes more or less into its log, which is not kept here."""
        if not words:
            raise _usage("logLevel", "level")
        return ""

    def _set(self, words: list[Token], _line: Line) -> str:
        if len(words) != 2:
            raise _usage("set", 'name "value"')
        return self._assign(words[0].text.removeprefix("$"), words[1])

    def _macro(self, words: list[Token], line: Line) -> str:
        if len(words) != 2 or words[1].kind not in ("block", "string"):
            raise _usage("macro", 'name """commands"""')
        name, body = words[0].text.removeprefix("$"), words[1]
        inside = body.at + (3 if body.kind == "block" else 1)
        parts = str(body.value).split("\n")
        starts = [inside + sum(len(part) + 1 for part in parts[:index]) for index in range(len(parts))]
        self._macros[name] = [line.below(start, part) for start, part in zip(starts, parts, strict=True)]
        return ""

    def _run_macro(self, words: list[Token], _line: Line) -> str:
        if len(words) != 1 or words[0].kind != "variable":
            raise _usage("runMacro", "$name")
        name = words[0].text[1:]
        if name not in self._macros:
            raise ConfigurationError(
                f"There is no macro ${name}.{did_you_mean(name, self._macros)}",
                remedy='Define it first: macro name """commands"""',
                code="monitor-command",
            )
        return "".join(self._placed(line) for line in self._macros[name])

    def _mach(self, words: list[Token], _line: Line) -> str:
        values = self._values(words)
        if len(values) == 2 and values[0] == "set" and self.emulation.has_board:
            if values[1] not in (0, self.emulation.board.name):
                raise ConfigurationError(
                    f"There is no machine {values[1]!r}; the one that there is is {self.emulation.board.name!r}.",
                    remedy="The built-in engine emulates one at a time.",
                    code="monitor-command",
                )
            return ""
        if not values or values[0] not in ("create", "add") or len(values) > 2:
            raise _usage("mach create", '["name"]')
        board = self.emulation.create(str(values[1]) if len(values) == 2 else "machine-0")
        board.on_reset = self._after_reset
        return ""

    def _after_reset(self) -> None:
        for line in self._macros.get(_RESET, ()):
            self._placed(line)

    def _show_analyzer(self, words: list[Token], _line: Line) -> str:
        """Renode shows what the UART sends; here the suite's testers and the device log have it already."""
        if len(words) != 1 or words[0].text not in self._objects():
            raise _usage("showAnalyzer", "sysbus.uart0")
        return ""

    def _start(self, words: list[Token], _line: Line) -> str:
        if words:
            raise _usage("start", "")
        if self.emulation.started:
            return "Emulation is already started. Ignoring command\n"
        self.emulation.started = True
        return "Starting emulation...\n"

    def _pause(self, words: list[Token], _line: Line) -> str:
        if words:
            raise _usage("pause", "")
        self.emulation.started = False
        return "Pausing emulation...\n"


def _path(path: Path) -> Token:
    return Token("path", "@" + str(path).replace(" ", "\\ "), 0)


def _usage(command: str, arguments: str) -> ConfigurationError:
    return ConfigurationError(
        f"{command} is not used like that.", remedy=f"Type: {command} {arguments}", code="monitor-command"
    )
