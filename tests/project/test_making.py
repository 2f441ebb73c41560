"""`lab init`: a folder of the user's own, whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
import yaml

from lab import origin, places
from lab.cli import main
from lab.project import making
from tests.ci.linters import actionlint, against_schema

ROOT = Path(__file__).parents[2]
OWN = Path(__file__).relative_to(ROOT).as_posix()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch) -> Path:
    """An empty current folder, and no project named by the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LAB_PROJECT", raising=False)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_has_every_file_that_ships_and_a_few_of_its_own():
    making.make(Path("my-lab"))
    shipped = {
        f"{name}/{path}": content
        for name in (*places.FOLDERS, "baselines")
        for path, content in files(ROOT / name).items()
        if "__pycache__" not in path
    }
    made = files(Path("my-lab"))
    assert {path: made[path] for path in shipped} == shipped
    assert made.keys() - shipped.keys() == {"README.md", ".gitignore", "requirements.txt", ".github/workflows/lab.yml"}
    assert os.access("my-lab/firmware/toolchains/install.sh", os.X_OK)


def test_it_is_the_project_in_force_from_then_on(monkeypatch, capsys):
    making.make(Path("my-lab"))
    monkeypatch.chdir("my-lab/models")
    assert places.project() == Path.cwd().parent
    assert main(["list"]) == 0
    assert f"Project  {Path.cwd().parent}\n" in capsys.readouterr().out


def test_what_to_type_next_is_said_and_begins_with_going_there(capsys):
    assert main(["init", "mine/lab"]) == 0
    said = capsys.readouterr().out
    assert said.partition("Next, type:\n")[2].split("\n")[:3] == [
        "  cd mine/lab",
        "  lab doctor",
        "  lab run keyword-spotting",
    ]
    named = [line.split()[0] for line in said.splitlines()[1:] if line.startswith("  ") and "  " in line.strip()]
    assert all((Path("mine/lab") / name).exists() for name in named)


def test_a_project_that_the_environment_names_is_pointed_out(monkeypatch, capsys):
    monkeypatch.setenv("LAB_PROJECT", str(ROOT))
    assert main(["init", "my-lab"]) == 0
    assert "unset LAB_PROJECT" in capsys.readouterr().out


def test_without_a_name_the_current_folder_is_filled_and_stays_the_same_folder(elsewhere, capsys):
    before = elsewhere.stat().st_ino
    assert main(["init"]) == 0
    assert elsewhere.stat().st_ino == before
    assert places.project() == elsewhere
    assert "  cd " not in capsys.readouterr().out


def test_a_repository_without_a_file_may_be_filled():
    subprocess.run(["git", "init", "--quiet", "my-lab"], check=True)
    making.make(Path("my-lab"))
    assert places.enclosing(Path("my-lab"))
    assert Path("my-lab/.git/HEAD").is_file()


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (["notes.txt"], "my-lab is not empty: it holds notes.txt. Nothing was touched."),
        (list("abcdefg"), "my-lab is not empty: it holds a, b, c, d, e and 2 more. Nothing was touched."),
    ],
)
def test_a_folder_with_something_in_it_is_left_as_it_is(there, said, capsys):
    Path("my-lab").mkdir()
    for name in there:
        (Path("my-lab") / name).write_text("precious", encoding="utf-8")
    assert main(["init", "my-lab"]) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert files(Path("my-lab")) == dict.fromkeys(there, b"precious")


@pytest.mark.produces("inside-a-project")
def test_inside_a_project_it_says_so(monkeypatch, capsys):
    making.make(Path("my-lab"))
    monkeypatch.chdir("my-lab/models")
    assert main(["init", "another"]) == 2
    assert "another is inside a project" in " ".join(capsys.readouterr().err.split())
    assert not Path("another").exists()


def test_a_project_is_not_made_a_second_time(capsys):
    making.make(Path("my-lab"))
    assert main(["init", "my-lab"]) == 2
    assert "my-lab is a project already" in " ".join(capsys.readouterr().err.split())


def test_a_file_in_its_place_is_left_alone(capsys):
    Path("my-lab").write_text("precious", encoding="utf-8")
    assert main(["init", "my-lab"]) == 2
    assert "my-lab is a file" in capsys.readouterr().err.replace("\n", "")
    assert Path("my-lab").read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("exists", [False, True])
def test_an_interruption_leaves_nothing(elsewhere, monkeypatch, exists):
    whole, copied = shutil.copyfile, []

    def interrupted(source, target):
        copied.append(source)
        if len(copied) > 50:
            raise KeyboardInterrupt
        return whole(source, target)

    if exists:
        Path("my-lab").mkdir()
    monkeypatch.setattr(making.shutil, "copyfile", interrupted)
    assert main(["init", "my-lab"]) == 130
    assert [path.name for path in elsewhere.rglob("*")] == (["my-lab"] if exists else [])


def test_an_interruption_at_the_very_end_leaves_an_existing_folder_empty(monkeypatch):
    whole, renamed = Path.rename, []

    def interrupted(path, target):
        renamed.append(path)
        if len(renamed) == 3:
            raise KeyboardInterrupt
        return whole(path, target)

    Path("my-lab").mkdir()
    monkeypatch.setattr(Path, "rename", interrupted)
    assert main(["init", "my-lab"]) == 130
    assert list(Path("my-lab").iterdir()) == []


@pytest.mark.parametrize("exists", [False, True])
def test_a_full_disk_is_said_and_leaves_nothing(elsewhere, exists):
    if exists:
        Path("my-lab").mkdir()
    # No file may become longer than 10,000 bytes: the model does not fit.
    program = ["prlimit", "--fsize=10000", sys.executable, "-B", "-m", "lab", "init", "my-lab"]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "my-lab cannot be written" in done.stderr.replace("\n", "")
    assert "remedy: Free some space" in done.stderr
    assert [path.name for path in elsewhere.rglob("*")] == (["my-lab"] if exists else [])


def test_what_is_installed_write_protected_is_the_users_to_change(elsewhere, monkeypatch):
    shipped = elsewhere / "installed"
    for name in places.FOLDERS:
        (shipped / name).mkdir(parents=True)
        file = shipped / name / "file"
        file.write_text("data", encoding="utf-8")
        file.chmod(0o444)
    monkeypatch.setattr(places, "shipped", lambda: shipped)
    making.make(Path("my-lab"))
    assert stat.S_IMODE(Path("my-lab/models/file").stat().st_mode) & stat.S_IWUSR


class Installed:
    """A distribution as pip leaves it: its version, and where it came from."""

    version = "0.1.0"

    def __init__(self, origin: dict | None) -> None:
        self.origin = origin

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return json.dumps(self.origin) if self.origin else None


COMMIT = "0123456789abcdef0123456789abcdef01234567"
HASH = "ab" * 32
ORIGINS = {
    "unknown": (None, "./tinyml_device_lab-0.1.0-py3-none-any.whl", False),
    "a file": ({"url": "file:///a/lab.whl", "archive_info": {}}, "tinyml-device-lab @ file:///a/lab.whl", False),
    "a folder": ({"url": "file:///a/lab", "dir_info": {}}, "tinyml-device-lab @ file:///a/lab", False),
    "a wheel": (
        {"url": "https://example.org/lab.whl", "archive_info": {"hashes": {"sha256": HASH}}},
        f"tinyml-device-lab @ https://example.org/lab.whl#sha256={HASH}",
        True,
    ),
    "a repository": (
        {"url": "https://example.org/lab.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
        f"tinyml-device-lab @ git+https://example.org/lab.git@{COMMIT}",
        True,
    ),
}


@pytest.fixture
def came_from(monkeypatch):
    def came(origin: dict | None) -> None:
        monkeypatch.setattr(metadata, "distribution", {"tinyml-device-lab": Installed(origin)}.__getitem__)
        monkeypatch.setattr(metadata, "version", {"tinyml-device-lab": "0.1.0"}.__getitem__)

    return came


@pytest.mark.parametrize("name", ORIGINS)
def test_colleagues_install_the_lab_that_made_the_project(name, came_from, capsys):
    noted, line, reachable = ORIGINS[name]
    came_from(noted)
    assert origin.of_this_lab() == origin.Requirement(line, reachable)
    assert main(["init", "my-lab"]) == 0
    assert Path("my-lab/requirements.txt").read_text(encoding="utf-8").splitlines()[-1] == line
    said = capsys.readouterr().out
    assert f"requirements.txt installs the lab by: {line}\n" in said
    assert ("CI cannot reach" in said) is not reachable


def test_the_address_can_be_named(came_from, capsys):
    came_from(None)
    address = f"git+https://example.org/lab.git@{COMMIT}"
    assert main(["init", "my-lab", "--lab-from", address]) == 0
    assert Path("my-lab/requirements.txt").read_text(encoding="utf-8").endswith(f"\ntinyml-device-lab @ {address}\n")
    assert "CI cannot reach" not in capsys.readouterr().out


def test_a_path_can_be_named(elsewhere):
    (elsewhere / "lab.whl").touch()
    assert origin.at("lab.whl") == origin.Requirement(f"tinyml-device-lab @ {elsewhere.as_uri()}/lab.whl", False)


@pytest.mark.parametrize(
    "address", ["tinyml-device-lab", "tinyml-device-lab==0.1.0", "https://a b", "git+https://a\nb"]
)
def test_a_name_is_no_address(address, capsys):
    """On a package index it is anybody's."""
    assert main(["init", "my-lab", "--lab-from", address]) == 2
    assert "error[usage]" in capsys.readouterr().err
    assert not Path("my-lab").exists()


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("unknown", "pip install './tinyml_device_lab-0.1.0-py3-none-any.whl[train]'"),
        ("a folder", "pip install 'tinyml-device-lab[train] @ file:///a/lab'"),
        ("a repository", f"pip install 'tinyml-device-lab[train] @ git+https://example.org/lab.git@{COMMIT}'"),
    ],
)
def test_an_extra_comes_from_where_the_lab_came_from(name, typed, came_from):
    came_from(ORIGINS[name][0])
    assert origin.with_extra("train").startswith(typed)


def test_a_checkout_gets_an_extra_in_its_place(came_from):
    came_from({"url": "file:///a/my%20lab", "dir_info": {"editable": True}})
    assert origin.with_extra("train") == "pip install --editable '/a/my lab[train]'"


def test_nowhere_is_the_lab_installed_by_its_name():
    """Whoever registers the name on an index would run code at all who follow."""
    by_name = re.compile(
        r"\b(?:install|inject|add|download|tool run|uvx)\b[^\n]*(?<![/\w.-])"
        r"tinyml[-_]device[-_]lab(?![\w/-])(?!(\[[\w,]*\])? ?@)"
    )
    pinned = re.compile(r"^ *tinyml[-_]device[-_]lab *([=<>~!]=|$|\[)", re.MULTILINE)
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = []
    for name in listed.stdout.splitlines():
        file = ROOT / name
        if file.suffix in {".md", ".py", ".txt", ".yml", ".toml", ".sh", ".in", ""} and file.is_file() and name != OWN:
            text = file.read_text(encoding="utf-8")
            found += [f"{name}: {match[0]}" for match in (*by_name.finditer(text), *pinned.finditer(text))]
    assert found == []


def test_the_gate_is_a_valid_workflow(tmp_path):
    making.make(Path("my-lab"))
    workflow = Path("my-lab/.github/workflows/lab.yml").read_text(encoding="utf-8")
    assert actionlint(workflow, tmp_path) == []
    assert against_schema("github-workflows", workflow, tmp_path) == ""


def test_the_gate_runs_a_workload_that_is_there_on_pull_requests():
    making.make(Path("my-lab"))
    workflow = yaml.safe_load(Path("my-lab/.github/workflows/lab.yml").read_text(encoding="utf-8"))
    assert "pull_request" in workflow[True]  # YAML 1.1 reads `on` as true
    steps = workflow["jobs"]["verdict"]["steps"]
    always, where_wanted = [step for step in steps if "lab run" in step.get("run", "")]
    assert Path("my-lab/models", always["run"].split()[2], "workload.toml").is_file()
    assert "if" not in always
    assert where_wanted["if"] == "vars.RENODE == 'true'"
