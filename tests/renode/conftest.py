from __future__ import annotations

import pytest

from lab.engines.renode import installation


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without any Renode: its home, what is first on PATH (bin) and its cache are below tmp_path."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("RENODE_PATH", raising=False)
    return tmp_path


@pytest.fixture
def real_renode():
    """The Renode of this machine."""
    found = installation.look()
    if found is None:
        pytest.skip("this machine has no Renode: `lab setup renode`, or RENODE_PATH")
    return found
