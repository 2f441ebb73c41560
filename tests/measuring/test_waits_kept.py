"""What a firmware waits is counted anew where it may be something else."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest

from lab import places, target
from lab.measuring import waiting


@pytest.fixture
def project(tmp_path, monkeypatch):
    shutil.copytree(places.project() / "renode_platforms", tmp_path / "renode_platforms")
    for name in ("firmware", "models", "robot_tests"):
        (tmp_path / name).symlink_to(places.project() / name)
    monkeypatch.setenv("LAB_PROJECT", str(tmp_path))
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))
    return tmp_path


@pytest.mark.parametrize("edited", ["nano33ble/chip.toml", "nano33ble/nano33ble.repl", "nano33ble/nrf52840.repl"])
def test_another_description_of_the_board_is_watched_again(project, edited):
    """By it the register that switches a cache is there or not; nrf52840.repl is a file that chip.toml names."""
    image = SimpleNamespace(path=project / "firmware.elf")
    image.path.write_bytes(b"an image")
    counted = []

    def waits():
        return waiting.kept(target.load("nano33ble"), image, lambda _model: counted.append(1) or {4: len(counted)})

    assert (waits(), waits()) == ({4: 1}, {4: 1})
    file = project / "renode_platforms" / edited
    comment = "#" if edited.endswith(".toml") else "//"
    file.write_text(f"{comment} edited\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert waits() == {4: 2}
