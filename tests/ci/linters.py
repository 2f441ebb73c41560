"""What people's editors and GitHub would say of a workflow: actionlint with ShellCheck, and the published schemas."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.ci.documents import ACTION, dump

_BIN = Path(sys.executable).parent


def actionlint(workflow: str, folder: Path) -> list[str]:
    """What is wrong with a workflow, as `LINE:COLUMN: MESSAGE`. `./` in it is the action of this repository."""
    program = _BIN / "actionlint"
    assert program.exists(), "make check and make test build it: scripts/actionlint.sh"
    file = folder / ".github" / "workflows" / "shown.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(workflow, encoding="utf-8")
    (folder / ".git").mkdir(exist_ok=True)  # which is how it knows the root of a repository
    shutil.copy(ACTION, folder)
    done = subprocess.run(
        [program, "-no-color", "-oneline", file], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return [line.partition("shown.yml:")[2] for line in done.stdout.splitlines()]


def against_schema(name: str, text: str, folder: Path) -> str:
    """What is wrong with YAML by one of the schemas that check-jsonschema carries; nothing if all is well."""
    file = folder / "shown.yml"
    file.write_text(text, encoding="utf-8")
    program = [_BIN / "check-jsonschema", "--builtin-schema", f"vendor.{name}", file]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode else ""


def as_workflow(action: dict[str, Any]) -> str:
    """A composite action's steps as the job of a reusable workflow, since actionlint reads no steps of actions."""
    steps = [{name: value for name, value in step.items() if name != "shell"} for step in action["runs"]["steps"]]
    kept = ("description", "required", "default")
    inputs = {
        name: {"type": "string", **{key: one[key] for key in kept if key in one}}
        for name, one in action["inputs"].items()
    }
    job = {"runs-on": "ubuntu-latest", "defaults": {"run": {"shell": "bash"}}, "steps": steps}
    return dump({"on": {"workflow_call": {"inputs": inputs}}, "jobs": {"action": job}})
