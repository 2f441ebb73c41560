"""What git is asked runs nothing that a repository names, and its answer is git's own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lab import git, places
from lab.measuring import provenance

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Repository:
    """A repository with a committed file, and a program that says that it was run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ran = folder.parent / "ran"
        folder.mkdir()
        self.git("init", "--quiet")
        (folder / "file").write_text("text\n", encoding="utf-8")
        self.git("add", "file")
        self.git("commit", "--quiet", "--message", "one")
        self.program = folder.parent / "program"
        self.program.write_text(f'#!/bin/sh\necho "$0 $*" >> {self.ran}\ncat 2>/dev/null\n', encoding="utf-8")
        self.program.chmod(0o755)

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def touch(self) -> None:
        """The same content at another time, so that git has to look into the file."""
        os.utime(self.folder / "file", (1, 1))


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Repository:
    made = Repository(tmp_path / "repository")
    monkeypatch.setattr(places, "project", lambda: made.folder)
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return made


def test_the_commit_is_told_and_whether_files_differ(repository):
    assert git.state() == repository.head
    repository.touch()
    assert git.state() == repository.head, "the content is the same"
    (repository.folder / "new").write_text("not tracked\n", encoding="utf-8")
    assert git.state() == repository.head
    (repository.folder / "file").write_text("changed\n", encoding="utf-8")
    assert git.state() == f"{repository.head}-dirty"
    repository.git("add", "file")
    assert git.state() == f"{repository.head}-dirty"
    repository.git("commit", "--quiet", "--message", "two")
    assert git.state() == repository.head


def test_a_project_deeper_in_the_repository_is_of_its_commit(repository, monkeypatch):
    deeper = repository.folder / "firmware" / "lab"
    deeper.mkdir(parents=True)
    monkeypatch.setattr(places, "project", lambda: deeper)
    assert git.state() == repository.head


def test_a_worktree_is_compared_with_its_own_commit(repository, tmp_path, monkeypatch):
    repository.git("worktree", "add", "--quiet", "-b", "other", str(tmp_path / "other"))
    monkeypatch.setattr(places, "project", lambda: tmp_path / "other")
    assert git.state() == repository.head
    (tmp_path / "other" / "file").write_text("changed\n", encoding="utf-8")
    assert git.state() == f"{repository.head}-dirty"


def test_file_modes_that_the_repository_does_not_keep_are_no_change(repository):
    (repository.folder / "file").chmod(0o755)
    assert git.state() == f"{repository.head}-dirty"
    repository.git("config", "core.fileMode", "false")
    assert git.state() == repository.head


def test_without_a_repository_or_a_commit_there_is_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "project", lambda: tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert git.state() == ""
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    assert git.state() == ""


def test_a_hook_of_another_repository_that_calls_the_lab_does_not_mislead_it(repository, tmp_path, monkeypatch):
    other = Repository(tmp_path / "elsewhere" if (tmp_path / "elsewhere").mkdir() else tmp_path / "elsewhere" / "other")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.folder / ".git" / "index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.folder))
    state = git.state()
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name)
    assert state == repository.head


def plant_a_monitor(planted: Repository) -> None:
    planted.git("config", "core.fsmonitor", str(planted.program))


def plant_hooks(planted: Repository) -> None:
    hooks = planted.folder.parent / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman"):
        shutil.copy(planted.program, hooks / name)
    planted.git("config", "core.hooksPath", str(hooks))


def plant_a_filter(planted: Repository) -> None:
    (planted.folder / ".git" / "info").mkdir(exist_ok=True)
    (planted.folder / ".git" / "info" / "attributes").write_text("* filter=evil diff=evil\n", encoding="utf-8")
    (planted.folder / ".gitattributes").write_text("* filter=evil diff=evil\n", encoding="utf-8")
    planted.git("config", "filter.evil.clean", str(planted.program))
    planted.git("config", "filter.evil.process", str(planted.program))
    planted.git("config", "diff.evil.command", str(planted.program))
    planted.git("config", "diff.evil.textconv", str(planted.program))


def plant_an_external_diff_and_a_pager(planted: Repository) -> None:
    for name in ("diff.external", "core.pager", "pager.diff", "pager.rev-parse", "core.editor", "core.askPass"):
        planted.git("config", name, str(planted.program))


def plant_an_include(planted: Repository) -> None:
    included = planted.folder.parent / "included"
    included.write_text(f"[core]\n\tfsmonitor = {planted.program}\n[diff]\n\texternal = {planted.program}\n", "utf-8")
    planted.git("config", "include.path", str(included))


def plant_a_partial_clone(planted: Repository) -> None:
    """The tree of the commit is missing, and is to be fetched from a remote by a program."""
    tree = planted.git("rev-parse", "HEAD^{tree}")
    (planted.folder / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    planted.git("config", "core.repositoryFormatVersion", "1")
    planted.git("config", "extensions.partialClone", "origin")
    planted.git("config", "remote.origin.promisor", "true")
    planted.git("config", "remote.origin.url", f"ext::{planted.program}")
    planted.git("config", "protocol.allow", "always")
    planted.git("config", "core.sshCommand", str(planted.program))


PLANTED = [
    plant_a_monitor,
    plant_hooks,
    plant_a_filter,
    plant_an_external_diff_and_a_pager,
    plant_an_include,
    plant_a_partial_clone,
]


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_nothing_that_a_repository_names_is_run(repository, plant):
    plant(repository)
    head = repository.head
    repository.touch()
    repository.ran.unlink(missing_ok=True)
    assert git.state().startswith(head)
    git.ask(["rev-parse", "--verify", "--quiet", "--end-of-options", f"{head}^{{commit}}"])
    git.ask(["rev-list", "--no-walk", "--ignore-missing", "--timestamp", "--stdin"], head)
    assert not repository.ran.exists(), repository.ran.read_text(encoding="utf-8")


@pytest.mark.parametrize("plant", [plant_a_monitor, plant_a_filter, plant_an_include], ids=lambda plant: plant.__name__)
def test_plain_git_would_have_run_it(repository, plant):
    plant(repository)
    repository.touch()
    subprocess.run(["git", "describe", "--always", "--dirty"], cwd=repository.folder, capture_output=True, check=False)
    assert repository.ran.exists()


@pytest.fixture
def no_git(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


def test_without_git_the_commit_is_what_ci_says(no_git, repository_folder, monkeypatch):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(repository_folder))
    monkeypatch.setenv("GITHUB_SHA", COMMIT)
    monkeypatch.setenv("GITHUB_REF", "refs/pull/12/merge")
    found = provenance.collect()
    assert (found["git"], found["ref"]) == (COMMIT, "refs/pull/12/merge")


@pytest.fixture
def repository_folder(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    monkeypatch.setattr(places, "project", lambda: folder)
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return folder


def test_so_it_is_on_gitlab(no_git, repository_folder, monkeypatch):
    monkeypatch.setenv("CI_PROJECT_DIR", str(repository_folder))
    monkeypatch.setenv("CI_COMMIT_SHA", COMMIT)
    monkeypatch.setenv("CI_COMMIT_REF_NAME", "main")
    monkeypatch.delenv("CI_MERGE_REQUEST_REF_PATH", raising=False)
    found = provenance.collect()
    assert (found["git"], found["ref"]) == (COMMIT, "main")


def test_a_project_elsewhere_is_not_of_the_commit_of_ci(no_git, repository_folder, tmp_path, monkeypatch):
    (tmp_path / "workspace").mkdir()
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("GITHUB_SHA", COMMIT)
    assert "git" not in provenance.collect()


def test_git_knows_better_than_ci(repository, monkeypatch):
    (repository.folder / "file").write_text("changed\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(repository.folder))
    monkeypatch.setenv("GITHUB_SHA", COMMIT)
    assert provenance.collect()["git"] == f"{repository.head}-dirty"
