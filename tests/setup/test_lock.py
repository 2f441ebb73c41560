"""requirements/ is what pyproject.toml asks for, to the version, with the hash of every file."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
LOCKED = ROOT / "requirements"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = {"base": PROJECT["project"]["dependencies"], **PROJECT["project"]["optional-dependencies"]}
CPYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")


def entries(name: str) -> list[tuple[Requirement, list[str]]]:
    """The pinned packages of a file, each with its hashes."""
    text = (LOCKED / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [
        (Requirement(line.partition(" --hash=")[0]), re.findall(r"--hash=sha256:([0-9a-f]{64})(?:\s|$)", line))
        for line in lines
    ]


def surroundings(cpython: str) -> dict[str, str]:
    return {
        "python_version": cpython,
        "python_full_version": f"{cpython}.1",
        "implementation_name": "cpython",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
        "os_name": "posix",
        "platform_python_implementation": "CPython",
        "extra": "",
    }


def pinned(cpython: str, *names: str) -> dict[str, str]:
    """The version of each package that pip installs of those files."""
    found: dict[str, str] = {}
    for name in names:
        for requirement, _ in entries(name):
            if requirement.marker is None or requirement.marker.evaluate(surroundings(cpython)):
                (version,) = requirement.specifier
                key = canonicalize_name(requirement.name)
                assert found.setdefault(key, version.version) == version.version, f"{key} in two versions"
    return found


def test_every_extra_has_its_file_and_no_other():
    assert {file.stem for file in LOCKED.iterdir()} == {*EXTRAS, "build"}


@pytest.mark.parametrize("name", [*EXTRAS, "build"])
def test_a_package_is_pinned_to_files_of_known_content_wherever_they_come_from(name):
    for requirement, hashes in entries(name):
        assert [one.operator for one in requirement.specifier] == ["=="], requirement
        assert hashes, requirement
        assert requirement.url is None
    text = (LOCKED / f"{name}.txt").read_text(encoding="utf-8")
    assert not re.search(r"https?:|--index|--find-links|--trusted|file:|\.\w+/", text)


@pytest.mark.parametrize("cpython", CPYTHONS)
@pytest.mark.parametrize("name", EXTRAS)
def test_each_requirement_is_there_in_a_version_that_fits(name, cpython):
    found = pinned(cpython, "base", "build", name)
    for line in EXTRAS[name]:
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate(surroundings(cpython)):
            version = found.get(canonicalize_name(wanted.name))
            assert version, f"{wanted} is not locked: make lock"
            assert wanted.specifier.contains(version, prereleases=True), f"{wanted} is locked to {version}: make lock"


@pytest.mark.parametrize("cpython", CPYTHONS)
def test_all_of_them_go_together(cpython):
    assert pinned(cpython, *EXTRAS, "build")


def test_what_packages_need_of_each_other_is_locked_too():
    """As their metadata says, of those that are installed here in the version that is locked."""
    this = "{}.{}".format(*sys.version_info)
    found = pinned(this, *EXTRAS, "build")
    missing = []
    for name, version in found.items():
        try:
            installed = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        for line in installed.requires or [] if installed.version == version else []:
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate(surroundings(this)):
                kept = found.get(canonicalize_name(needed.name))
                if kept is None or not needed.specifier.contains(kept, prereleases=True):
                    missing.append(f"{name} needs {needed}: {kept}")
    assert missing == []


def test_the_versions_of_python_are_those_of_the_project():
    listed = [line.rpartition(" ")[2] for line in PROJECT["project"]["classifiers"] if re.search(r":: 3\.\d+$", line)]
    assert tuple(listed) == CPYTHONS
