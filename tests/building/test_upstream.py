"""`lab setup tflm`, with servers on the loopback interface and archives as small as they can be."""

from __future__ import annotations

import hashlib
import io
import tarfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from lab import download
from lab.building import tflm, upstream
from lab.cli import main
from lab.errors import DownloadError, ToolMissing, UsageError
from tests.loopback import Server, serving

PATCH = """diff --git a/include/base.h b/include/base.h
--- a/include/base.h
+++ b/include/base.h
@@ -1,2 +1,3 @@
 #pragma once
+#define PATCHED 1
 #define BASE 1
"""
FILES = {
    "tflite-micro": {
        "LICENSE": "Apache",
        "data/unwanted.bin": "x" * 50_000,
        "tensorflow/lite/micro/micro_interpreter.h": "#pragma once\n",
        "third_party/base/base.patch": PATCH,
    },
    "base": {"include/base.h": "#pragma once\n#define BASE 1\n", "test/unwanted.cc": "int unwanted;\n"},
}
KEPT = {"tflite-micro": ("LICENSE", "tensorflow/lite/micro", "third_party/base/base.patch"), "base": ("include",)}


def packed(name: str, files: dict[str, str]) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as writer:
        for path, text in files.items():
            member = tarfile.TarInfo(f"{name}-1/{path}")
            member.size = len(text)
            writer.addfile(member, io.BytesIO(text.encode()))
    return archive.getvalue()


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LAB_TFLM", raising=False)
    monkeypatch.setattr(download.time, "sleep", lambda _seconds: None)
    return tmp_path / "cache"


@pytest.fixture
def servers(cache, monkeypatch):
    """Pins two small archives in the place of the real ones, and serves them; by the part's name."""
    with ExitStack() as running:
        served = {}
        parts = []
        for name, files in FILES.items():
            content = packed(name, files)
            served[name] = running.enter_context(serving(Server(content)))
            address = f"{served[name].url.rpartition('/')[0]}/{name}-1.tar.gz"
            asset = download.Asset(address, hashlib.sha256(content).hexdigest(), len(content))
            parts.append(
                upstream._Part(name, asset, KEPT[name], "third_party/base/base.patch" if name == "base" else "")
            )
        monkeypatch.setattr(upstream, "_PARTS", tuple(parts))
        yield served


def set_up(by_hand=(), progress=lambda *_: None) -> Path:
    return upstream.set_up(by_hand, progress, lambda _text: None)


def by_hand(folder: Path) -> list[Path]:
    files = []
    for number, (name, content) in enumerate(FILES.items()):
        files.append(folder / f"{number}.bin")
        files[-1].write_bytes(packed(name, content))
    return files


def in_tree(tree: Path) -> set[str]:
    return {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()}


WHOLE = {"LICENSE", "tensorflow/lite/micro/micro_interpreter.h", "third_party/base/include/base.h"}


def test_archives_become_a_tree_of_what_is_needed_and_go(servers, cache):
    seen = []
    assert upstream.installed() is None
    tree = set_up(progress=lambda here, whole: seen.append((here, whole)))
    assert upstream.installed() == tree
    assert in_tree(tree) == WHOLE
    size = sum(len(server.content) for server in servers.values())
    assert seen[-1] == (size, size)
    assert seen == sorted(seen)
    assert not list((cache / "downloads").glob("*.gz"))


def test_what_is_included_has_upstreams_patches(servers):
    assert "PATCHED" in (set_up() / "third_party/base/include/base.h").read_text()


def test_what_is_there_is_not_fetched_again(servers):
    tree = set_up()
    assert set_up() == tree
    assert [len(server.asked) for server in servers.values()] == [1, 1]


def test_a_cut_download_goes_on_the_next_time_and_leaves_no_tree(servers):
    first, second = servers.values()
    second.status = 404
    with pytest.raises(DownloadError, match="404") as raised:
        set_up()
    assert "lab setup tflm --archive" in raised.value.remedy
    assert upstream.installed() is None
    second.status = None
    assert in_tree(set_up()) >= WHOLE
    assert len(first.asked) == 1


def test_archives_brought_by_hand_need_no_network_and_no_names(servers, tmp_path):
    files = by_hand(tmp_path)
    tree = set_up(files)
    assert (tree / "third_party/base/include/base.h").is_file()
    assert [server.asked for server in servers.values()] == [[], []]
    assert all(file.exists() for file in files)


def test_what_was_not_brought_by_hand_is_fetched(servers, tmp_path):
    set_up(by_hand(tmp_path)[:1])
    assert [len(server.asked) for server in servers.values()] == [0, 1]


@pytest.mark.produces("tflm-archive")
def test_a_file_that_is_none_of_the_archives_is_refused(servers, tmp_path):
    (tmp_path / "other.tar.gz").write_bytes(b"other")
    with pytest.raises(UsageError, match=r"other\.tar\.gz is none of the archives") as raised:
        set_up([tmp_path / "other.tar.gz"])
    assert "base-1.tar.gz" in raised.value.remedy
    assert upstream.installed() is None


def test_a_file_that_is_not_there_is_refused(servers, tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        set_up([tmp_path / "nowhere.tar.gz"])


@pytest.mark.produces("tflm-archive-content")
def test_a_patch_that_does_not_apply_leaves_no_tree(servers, monkeypatch, tmp_path):
    other = packed("base", {"include/base.h": "nothing of it\n"})
    (tmp_path / "other").write_bytes(other)
    first, second = upstream._PARTS
    asset = replace(second.asset, sha256=hashlib.sha256(other).hexdigest(), size=len(other))
    monkeypatch.setattr(upstream, "_PARTS", (first, replace(second, asset=asset)))
    with pytest.raises(DownloadError, match="patch does not apply"):
        set_up([tmp_path / "other"])
    assert upstream.installed() is None


def test_a_pattern_that_names_nothing_is_told(servers, monkeypatch):
    first, second = upstream._PARTS
    monkeypatch.setattr(upstream, "_PARTS", (first, replace(second, kept=("nowhere",))))
    with pytest.raises(DownloadError, match="no nowhere in it"):
        set_up()


def test_auto_is_upstream_where_it_is_installed_and_the_crate_elsewhere(servers):
    assert tflm.root() is None
    tree = set_up()
    assert tflm.root() == tflm.root("upstream") == tree
    assert tflm.root("crate") is None


def test_the_environment_says_what_auto_is(servers, monkeypatch):
    set_up()
    monkeypatch.setenv("LAB_TFLM", "crate")
    assert tflm.root() is None
    assert tflm.root("upstream") == upstream.installed()


@pytest.mark.produces("tflm-missing")
def test_upstream_that_is_not_installed_is_refused_with_what_to_type(servers):
    with pytest.raises(ToolMissing) as raised:
        tflm.root("upstream")
    assert raised.value.remedy == "Type: lab setup tflm"


@pytest.mark.produces("tflm-name")
def test_another_name_is_refused(cache):
    with pytest.raises(UsageError, match="no TFLM 'new'"):
        tflm.root("new")


def test_two_choices_at_once_are_refused(cache, tmp_path):
    with pytest.raises(UsageError, match="two TFLMs"):
        tflm.root("crate", tmp_path)


def test_the_installed_tree_is_known_by_its_archives(servers, monkeypatch):
    crate = tflm.Source(Path("/crate"), "crate", Path("/crate"), is_crate=True)
    monkeypatch.setattr(tflm, "_pinned", lambda _on_stage: crate)
    source = tflm.source(set_up())
    assert source.version == upstream.VERSION
    assert source.frontend == crate.root
    assert not source.is_crate
    before = source.key
    (source.root / "LICENSE").write_text("changed")
    assert tflm.source(source.root).key == before


def test_an_archive_without_a_part_to_set_up_is_refused(cache, capsys):
    assert main(["setup", "--archive", "x.tar.gz"]) == 2
    assert "--archive is for Renode and for today's TFLM" in capsys.readouterr().err


def test_a_workload_says_which_its_limits_are_for(servers, monkeypatch, keyword_spotting):
    tree = set_up()
    assert tflm.root(usual=keyword_spotting.tflm) is None
    assert tflm.root("upstream", usual=keyword_spotting.tflm) == tree
    monkeypatch.setenv("LAB_TFLM", "upstream")
    assert tflm.root(usual=keyword_spotting.tflm) == tree
