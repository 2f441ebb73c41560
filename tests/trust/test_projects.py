"""A project that another user can write is not used unless it is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lab import places, trust
from lab.cli import main
from lab.errors import UsageError
from tests import fake_project

SOMEBODY = 54_321
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A project, with the current folder deep in it."""
    made = fake_project.make(tmp_path / "project")
    for name in ("LAB_PROJECT", trust.ALLOWED, "SUDO_UID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(made / "models" / "keyword-spotting")
    return made


def give_away(project: Path, *parts: str) -> None:
    for part in parts or ("", *places.FOLDERS):
        os.chown(project / part, SOMEBODY, SOMEBODY)


def test_ones_own_is_used(project):
    assert places.project() == project


@as_root
@pytest.mark.parametrize("part", ["", *places.FOLDERS])
def test_a_project_of_which_another_user_owns_a_part_is_refused(project, part, capsys):
    give_away(project, part)
    assert main(["list"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f"error[not-trusted]: The project {project} is not used: user {SOMEBODY} owns {project / part}" in said.err
    assert f"export {trust.ALLOWED}={project}" in said.err


@as_root
def test_its_suite_does_not_run(project, tmp_path, capsys):
    give_away(project)
    suite = project / "robot_tests" / "keyword_spotting.robot"
    suite.write_text(f"*** Test Cases ***\nOwned\n    Evaluate    open({str(tmp_path / 'ran')!r}, 'w')\n", "utf-8")
    assert main(["run", "keyword-spotting"]) == 2
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("part", ["", *places.FOLDERS])
def test_a_project_that_all_may_write_is_refused(project, part, capsys):
    (project / part).chmod(0o777)
    assert main(["list"]) == 2
    said = capsys.readouterr().err
    assert f"every user may write to {project / part}" in said
    assert f"chmod o-w {project / part}" in said


@pytest.mark.parametrize("mode", [0o755, 0o775, 0o700, 0o750])
def test_what_a_group_may_write_is_used(project, mode):
    project.chmod(mode)
    assert places.project() == project


def test_folders_that_somebody_else_puts_into_a_shared_folder_are_refused(tmp_path, monkeypatch):
    """The shared folder's owner may even be oneself."""
    shared = tmp_path / "shared"
    fake_project.make(shared)
    shared.chmod(0o1777)
    (shared / "mine").mkdir()
    monkeypatch.chdir(shared / "mine")
    monkeypatch.delenv("LAB_PROJECT", raising=False)
    with pytest.raises(UsageError, match="every user may write"):
        places.project()


@as_root
def test_the_one_that_is_found_is_refused_and_not_skipped(project, tmp_path, monkeypatch):
    """Another one above it would be a surprise."""
    inner = fake_project.make(project / "inner")
    give_away(inner)
    monkeypatch.chdir(inner)
    with pytest.raises(UsageError, match="inner is not used"):
        places.project()


@as_root
def test_to_name_it_is_to_trust_it(project, monkeypatch):
    give_away(project)
    monkeypatch.setenv("LAB_PROJECT", str(project))
    assert places.project() == project


@as_root
@pytest.mark.parametrize("others", ["", "/somewhere:", "/somewhere::/else:"])
def test_it_can_be_allowed_for_good(project, others, monkeypatch):
    give_away(project)
    monkeypatch.setenv(trust.ALLOWED, f"{others}{project}/")
    assert places.project() == project


@as_root
def test_what_is_allowed_allows_no_other_one(project, monkeypatch):
    give_away(project)
    monkeypatch.setenv(trust.ALLOWED, f"{project.parent}:{project / 'models'}")
    with pytest.raises(UsageError):
        places.project()


@as_root
def test_root_may_use_that_of_the_user_who_called_sudo(project, monkeypatch):
    give_away(project)
    monkeypatch.setenv("SUDO_UID", str(SOMEBODY))
    assert places.project() == project
    monkeypatch.setenv("SUDO_UID", str(SOMEBODY + 1))
    with pytest.raises(UsageError):
        places.project()


def test_an_ordinary_user_uses_what_root_owns_and_says_nothing_with_sudo(project, monkeypatch):
    user = SOMEBODY + 1
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setenv("SUDO_UID", str(project.stat().st_uid))
    if os.getuid() == 0:
        assert places.project() == project, "a checkout below /opt, that root has installed"
        give_away(project)
        monkeypatch.setenv("SUDO_UID", str(SOMEBODY))
    with pytest.raises(UsageError):
        places.project()


def test_what_came_with_the_lab_is_used_whoever_owns_it(monkeypatch):
    """It is as trusted as the lab that runs, which is there too."""
    monkeypatch.setattr(os, "geteuid", lambda: SOMEBODY)
    monkeypatch.delenv("LAB_PROJECT", raising=False)
    monkeypatch.chdir(places.shipped() / "docs")
    assert places.project() == places.shipped()
