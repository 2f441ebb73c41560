"""The compiled half of the engine is made once, whole, and complains in words."""

import ctypes
import os
import shutil
import subprocess
import sys

import pytest

from lab.engines.builtin import shim
from lab.errors import DeviceFault, EngineError, ToolMissing

from . import test_faults, test_faults_riscv

_MAKE = "from lab.engines.builtin import shim; shim.library()"


def made(cache):
    return sorted(file.suffix for file in (cache / "engine").iterdir())


def test_two_processes_at_once_make_one_library_and_leave_no_draft(tmp_path):
    environment = {**os.environ, "LAB_CACHE": str(tmp_path)}
    both = [subprocess.Popen([sys.executable, "-c", _MAKE], env=environment) for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert made(tmp_path) == [".so"]


def test_it_is_made_anew_only_for_another_source(tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_CACHE", str(tmp_path))
    first = shim._build()
    stamp = first.stat().st_mtime_ns
    assert shim._build() == first
    assert first.stat().st_mtime_ns == stamp
    changed = tmp_path / "core"
    shutil.copytree(shim.SOURCES, changed)
    (changed / "core.h").write_text((changed / "core.h").read_text() + "\n// changed\n")
    monkeypatch.setattr(shim, "SOURCES", changed)
    assert shim._build() != first


def test_a_missing_compiler_is_named_with_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match="cc is not installed; it compiles the built-in engine's shim") as raised:
        shim._build()
    assert "cc" in raised.value.remedy


@pytest.mark.produces("engine-build")
def test_what_the_compiler_says_is_passed_on(tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_CACHE", str(tmp_path))
    broken = tmp_path / "core"
    broken.mkdir()
    (broken / "broken.c").write_text("int broken(void) { return nothing; }\n")
    monkeypatch.setattr(shim, "SOURCES", broken)
    with pytest.raises(EngineError) as raised:
        shim._build()
    assert "nothing" in raised.value.details
    assert made(tmp_path) == []


@pytest.mark.parametrize("running", [test_faults.running, test_faults_riscv.running])
def test_unicorn_translates_loads_and_stores_without_a_question_after_each(running, tmp_path):
    """Under another version of Unicorn the engine may be as right as ever, and slower: core/accesses.c says why."""
    unasked = ctypes.c_uint64.in_dll(shim.library(), "unasked_accesses")
    before = unasked.value
    with running("undefined", tmp_path) as machine, pytest.raises(DeviceFault):
        machine.run(limit=0.1)
    assert unasked.value > before
