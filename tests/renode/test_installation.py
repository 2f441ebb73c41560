from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from lab.engines.renode import installation, release, renode_run, version
from lab.errors import ToolMissing, UsageError
from tests.renode import stand_in

pytestmark = pytest.mark.usefixtures("machine")


def renode_run_has(*folders: Path, default: Path) -> None:
    file = renode_run.configuration_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    entry = {"version": "1.17.0", "variant": "dotnet-portable"}
    file.write_text(
        json.dumps(
            {
                "version": "2.0",
                "installations": {str(folder): entry for folder in folders},
                "default": {"dotnet-portable": str(default)},
                "latest_date": "2026-11-20",
                "latest_version": "1.17.0+20261120gitdc52b24c1",
            }
        )
    )


def test_the_places_are_looked_at_in_their_order(machine, monkeypatch):
    found = []
    stand_in.make(release.home(), "1.17.0")
    found.append(installation.find())
    stand_in.make(machine / "bin", "1.17.0")
    found.append(installation.find())
    stand_in.make(machine / "a", "1.17.0")
    stand_in.make(machine / "b", "1.17.0")
    renode_run_has(machine / "a", machine / "b", default=machine / "b")
    found.append(installation.find())
    monkeypatch.setenv("RENODE_PATH", str(stand_in.make(machine / "variable", "1.17.0")))
    found.append(installation.find())
    found.append(installation.find(stand_in.make(machine / "option", "1.17.0")))
    assert [(one.origin, one.path) for one in found] == [
        ("the lab's own folder", release.home() / "renode"),
        ("PATH", machine / "bin/renode"),
        ("renode-run", machine / "b/renode"),
        ("RENODE_PATH", machine / "variable/renode"),
        ("--renode", machine / "option/renode"),
    ]
    assert found[-1].command == (str(machine / "option/renode"),)
    assert {(one.version, one.warning) for one in found} == {("1.17.0", "")}


def test_the_folder_of_a_renode_may_be_named_in_its_place(machine):
    assert installation.find(stand_in.make(machine / "portable", "1.17.0").parent).path.name == "renode"


@pytest.mark.produces("renode-missing")
def test_without_any_the_remedy_installs_one():
    assert installation.look() is None
    with pytest.raises(ToolMissing) as missing:
        installation.find()
    assert "lab setup renode" in missing.value.remedy


def test_one_that_is_too_old_or_broken_is_passed_over_for_one_that_is_not(machine):
    broken = stand_in.make(machine / "broken", "1.17.0")
    broken.write_text("#!/bin/sh\necho A fatal error >&2; exit 134\n")
    renode_run_has(broken.parent, default=broken.parent)
    stand_in.make(machine / "bin", "1.14.0")
    with pytest.raises(ToolMissing) as missing:
        installation.find()
    assert f"{machine}/bin/renode is version 1.14.0; 1.16.1 or newer is needed." in missing.value.message
    assert f"{broken} answers --version with no version of Renode, and status 134." in missing.value.message
    stand_in.make(release.home(), "1.17.0")
    assert installation.find().origin == "the lab's own folder"


@pytest.mark.parametrize("content", ["{", "[]", '{"default": 1}', '{"default": {"dotnet-portable": "/nowhere"}}'])
def test_what_renode_run_did_not_write_lists_nothing(content):
    renode_run.configuration_file().parent.mkdir(parents=True)
    renode_run.configuration_file().write_text(content)
    assert installation.look() is None


@pytest.mark.produces("renode-unusable")
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (Path.exists, "cannot be read: No such file or directory"),
        (Path.touch, "cannot be started: Permission denied"),
        (lambda path: stand_in.make(path.parent, "1.16.0"), "is version 1.16.0; 1.16.1 or newer is needed"),
        (lambda path: path.symlink_to("/bin/true"), "answers --version with no version of Renode"),
    ],
)
def test_one_that_is_named_is_refused_with_the_reason_and_none_is_taken_in_its_place(machine, monkeypatch, make, said):
    stand_in.make(machine / "bin", "1.17.0")
    make(machine / "renode")
    with pytest.raises(UsageError, match=said):
        installation.find(machine / "renode")
    monkeypatch.setenv("RENODE_PATH", str(machine / "renode"))
    with pytest.raises(UsageError, match=f"RENODE_PATH is {machine}/renode, which {said}"):
        installation.look()


@pytest.mark.parametrize(
    ("number", "warning"),
    [
        ("1.16.1", "Renode 1.16.1 may start over and over instead of booting an nRF52840 (renode#954)"),
        ("1.18.0", "Renode 1.18.0 is newer than the 1.17.0 that this lab was made with"),
    ],
)
def test_another_version_is_taken_with_a_warning(machine, number, warning):
    found = installation.find(stand_in.make(machine, number))
    assert found.version == number
    assert found.warning.startswith(warning)


def test_the_four_parts_of_older_versions_are_understood(machine):
    assert installation.find(stand_in.make(machine, "1.16.1.20942")).version == "1.16.1"


def test_one_that_has_nothing_to_say_to_the_option_is_asked_in_its_monitor(machine):
    answer = '#!/bin/sh\n[ "$6" = "version; quit" ] && echo "Renode, version 1.17.0 (1.17.0+20261001git06854d4d1)"'
    found = installation.find(stand_in.program(machine / "renode", answer))
    assert (found.version, found.build) == ("1.17.0", "1.17.0+20261001git06854d4d1")


def test_the_build_is_kept_beside_the_version(machine):
    program = stand_in.make(machine, "1.17.0")
    assert [installation.find(program).build for _ in range(2)] == ["1.17.0+20261001gitdc52b24c1"] * 2


def test_a_version_is_asked_for_once_until_the_program_changes(machine):
    program = stand_in.make(machine, "1.17.0")
    program.write_text(program.read_text() + f"echo asked >> {machine}/log\n")
    assert [installation.find(program).version for _ in range(3)] == ["1.17.0"] * 3
    assert (machine / "log").read_text() == "asked\n"
    stand_in.make(machine, "1.16.1")
    assert installation.find(program).version == "1.16.1"


def test_a_renode_that_never_answers_is_given_up_and_ended(machine, monkeypatch):
    monkeypatch.setattr(version, "_LIMIT_S", 2.0)  # enough to start a shell on a busy machine
    program = stand_in.program(machine / "renode", f"#!/bin/sh\nsleep 60 &\necho $! > {machine}/child\nwait\n")
    with pytest.raises(UsageError, match="did not say its version within 2 s"):
        installation.find(program)
    state = Path(f"/proc/{(machine / 'child').read_text().strip()}/stat")
    give_up = time.monotonic() + 10  # it has been told to end; a busy machine has yet to let it
    while state.exists() and state.read_text().split()[2] != "Z":
        assert time.monotonic() < give_up


def test_a_slim_machine_needs_no_icu(machine):
    program = stand_in.make(machine, "1.17.0")
    program.write_text('#!/bin/sh\necho "Renode v1.$DOTNET_SYSTEM_GLOBALIZATION_INVARIANT""7.0"\n')
    assert installation.find(program).version == "1.17.0"
