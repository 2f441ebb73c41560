"""What GitHub's runner does with a composite action: its steps in order, in the environment that it gives them.

`run` steps are executed. A `uses` step leaves what the action it names would leave, of those that are known here.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.ci.documents import action
from tests.docs.documents import ROOT

Left = Mapping[str, str]
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_TOKEN = re.compile(r"'(?:[^']|'')*'|&&|\|\||!=|==|[!(),]|[\w.-]+|\s+")
_FUNCTIONS_OF_STATUS = ("always", "cancelled", "failure", "success")
_NOT_FOR_A_JOB = ("GITHUB_", "LAB_", "PYTEST_", "RENODE_")
_KNOWN = {
    "actions/cache/restore": {"path", "key"},
    "actions/cache/save": {"path", "key"},
    "actions/upload-artifact": {"name", "path"},
}


@dataclass
class Job:
    """A job's state: `used` is what the steps gave to other actions, by their names."""

    folder: Path
    workspace: Path
    restore: Callable[[Path], bool] = lambda _folder: False
    """Fills the cache's folder and says whether the key was found."""
    variables: Mapping[str, str] = field(default_factory=dict)
    used: dict[str, dict[str, str]] = field(default_factory=dict)
    used_by: dict[str, dict[str, str]] = field(default_factory=dict)
    """What `used` has, by the names of the steps."""
    outputs: dict[str, str] = field(default_factory=dict)
    said: str = ""
    summary: str = ""
    failed: bool = False

    def __post_init__(self) -> None:
        self.temp = self.folder / "temp"
        self.temp.mkdir(parents=True, exist_ok=True)

    def run(self, without: tuple[str, ...] = (), **inputs: str) -> Job:
        """Use the action of this repository with these inputs (`fail_on` for `fail-on`), without the steps named."""
        described = action()
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert given.keys() <= described["inputs"].keys()
        defaults = {name: one.get("default", "") for name, one in described["inputs"].items()}
        context: dict[str, Any] = {"inputs": {**defaults, **given}, "steps": {}, "strategy": {"job-index": "0"}}
        for step in described["runs"]["steps"]:
            if step["name"] not in without and self._due(step.get("if", "success()"), context):
                self._step(step, context)
        self.outputs = {name: _filled(one["value"], context) for name, one in described["outputs"].items()}
        return self

    def _due(self, condition: str, context: Mapping[str, Any]) -> bool:
        if not any(f"{name}()" in condition for name in _FUNCTIONS_OF_STATUS):
            condition = f"success() && ({condition})"
        return bool(_value(condition, context, failed=self.failed))

    def _step(self, step: Mapping[str, Any], context: dict[str, Any]) -> None:
        environment = {name: _filled(value, context) for name, value in step.get("env", {}).items()}
        if "uses" in step:
            name = step["uses"].partition("@")[0]
            outputs = self._use(name, step["with"], context)
            self.used_by[step["name"]] = self.used[name]
        else:
            assert step["shell"] == "bash"
            outputs = self._execute(step["run"], environment)
        context["steps"][step.get("id", step["name"])] = {"outputs": outputs}

    def _use(self, name: str, given: Mapping[str, str], context: Mapping[str, Any]) -> Left:
        assert given.keys() == _KNOWN[name]
        self.used[name] = {key: _filled(value, context) for key, value in given.items()}
        assert all(self.used[name].values())
        if name == "actions/cache/restore":
            return {"cache-hit": "true"} if self.restore(Path(self.used[name]["path"])) else {}
        assert Path(self.used[name]["path"]).is_dir()
        return {}

    def _execute(self, script: str, environment: Left) -> Left:
        assert "${{" not in script
        files = {name: self.folder / name for name in ("OUTPUT", "ENV", "PATH", "STEP_SUMMARY", "STATE")}
        for file in files.values():
            file.write_text("")
        (self.temp / "step.sh").write_text(script)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(self.temp / "step.sh")],
            cwd=self.workspace,
            env={**self._environment(), **{f"GITHUB_{name}": str(file) for name, file in files.items()}, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.said += done.stdout
        self.summary += files["STEP_SUMMARY"].read_text(encoding="utf-8")
        self.failed = self.failed or done.returncode != 0
        assert files["ENV"].read_text() + files["PATH"].read_text() == "", "later steps of the caller are left alone"
        lines = files["OUTPUT"].read_text(encoding="utf-8").splitlines()
        return {name: value for name, _, value in (line.partition("=") for line in lines)}

    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_FOR_A_JOB)}
        return {
            **own,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_JOB": "verdict",
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(self.temp),
            **self.variables,
        }


def _filled(text: str, context: Mapping[str, Any]) -> str:
    return _EXPRESSION.sub(lambda found: str(_value(found[1], context)), text)


def _value(expression: str, context: Mapping[str, Any], *, failed: bool = False) -> Any:
    """The value of an expression of GitHub's, as far as the action uses them."""
    functions = {
        "always": lambda: True,
        "cancelled": lambda: False,
        "success": lambda: not failed,
        "startsWith": lambda text, beginning: text.startswith(beginning),
        "contains": lambda among, one: one in among,
        "fromJSON": json.loads,
    }
    operators = {"&&": " and ", "||": " or ", "!": " not "}
    translated = ""
    position = 0
    while position < len(expression):
        found = _TOKEN.match(expression, position)
        assert found, f"not understood: {expression[position:]}"
        token = found[0]
        position = found.end()
        if re.match(r"[\w]", token) and token not in functions:
            translated += repr(_looked_up(token, context))
        else:
            translated += operators.get(token, token)
    return eval(translated.strip(), {"__builtins__": {}}, functions)  # noqa: S307 - our own file's


def _looked_up(path: str, context: Mapping[str, Any]) -> Any:
    value: Any = context
    for name in path.split("."):
        value = value.get(name, "")
        if value == "":
            break
    return value
