"""firmware/toolchains/install.sh, on machines made of nothing but a PATH."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from lab import places

PLAIN = ("bash", "env", "dirname", "grep", "sort", "head", "tail", "cat", "id", "awk", "printf")


@pytest.fixture
def machine(tmp_path):
    """A PATH with the usual small programs alone; calling it runs the script there."""

    class Machine:
        folder = tmp_path

        def has(self, name: str, script: str) -> None:
            (tmp_path / name).unlink(missing_ok=True)
            (tmp_path / name).write_text(f"#!/bin/bash\n{script}\n")
            (tmp_path / name).chmod(0o755)

        def install(self, *stages: str) -> subprocess.CompletedProcess[str]:
            script = places.project() / "firmware" / "toolchains" / "install.sh"
            return subprocess.run(
                [str(tmp_path / "bash"), str(script), *stages],
                env={"PATH": str(tmp_path)},
                capture_output=True,
                text=True,
                check=False,
            )

    for name in PLAIN:
        found = shutil.which(name)
        assert found is not None
        (tmp_path / name).symlink_to(found)
    return Machine()


def with_every_tool(machine) -> None:
    for name in ("cc", "c++", "ninja", "cmake", "cargo"):
        machine.has(name, f"echo '{name} 99.1.0'")
    machine.has("arm-none-eabi-gcc", 'case $1 in --version) echo "gcc 12.2.1";; *) echo /bin/bash;; esac')
    machine.has("riscv64-unknown-elf-gcc", "echo 'gcc 12.2.0'")


def test_a_machine_that_has_all_is_left_alone(machine):
    with_every_tool(machine)
    done = machine.install("run")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_apt_the_commands_to_type_are_printed(machine):
    done = machine.install("run")
    assert done.returncode == 3
    assert "Missing: gcc g++ cmake ninja-build gcc-arm-none-eabi" in done.stdout
    assert "dnf install" in done.stderr
    assert "brew install" in done.stderr


def test_only_what_is_missing_is_installed(machine):
    with_every_tool(machine)
    (machine.folder / "ninja").unlink()
    machine.has("apt-get", f'echo "$@" >> {machine.folder / "asked"}')
    machine.has("id", "echo 0")
    assert machine.install("run").returncode == 0
    asked = Path(machine.folder / "asked").read_text().splitlines()
    assert asked == ["update -qq", "install -qq -y --no-install-recommends ninja-build"]


@pytest.mark.parametrize(("offered", "taken"), [("0.66.0+ds1-1", "cargo-web"), ("1.75.0+dfsg0", "cargo")])
def test_of_two_cargos_the_first_that_is_recent_enough_is_taken(machine, offered, taken):
    with_every_tool(machine)
    machine.has("cargo", "echo 'cargo 0.66.0'")
    machine.has("apt-cache", f'[ "$2" = cargo ] && echo "  Candidate: {offered}" || echo "  Candidate: 1.96.0"')
    machine.has("apt-get", f'echo "$@" >> {machine.folder / "asked"}')
    machine.has("id", "echo 0")
    assert machine.install("run").returncode == 0
    assert Path(machine.folder / "asked").read_text().split()[-1] == taken


def test_who_may_not_install_is_told_what_to_ask_for(machine):
    with_every_tool(machine)
    (machine.folder / "cmake").unlink()
    machine.has("apt-get", "exit 1")
    machine.has("id", "echo 1000")
    done = machine.install("run")
    assert done.returncode == 3
    assert "As root, type: apt-get install cmake" in done.stderr


def test_a_failing_apt_is_an_infrastructure_error(machine):
    machine.has("apt-get", "echo 'E: no network' >&2; exit 100")
    machine.has("id", "echo 0")
    done = machine.install("run")
    assert done.returncode == 3
    assert "E: no network" in done.stderr
