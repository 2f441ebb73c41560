from __future__ import annotations

import errno
import hashlib
import io
import multiprocessing
import os
import resource
import shutil
import tarfile
from pathlib import Path

import pytest

from lab import archive as unpacking
from lab import disk, download
from lab.cli import main
from lab.download import Asset
from lab.errors import DownloadError, StorageError, UsageError
from lab.recordings import datasets
from lab.recordings.datasets import Dataset
from tests.loopback import Server, serving


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(download.time, "sleep", lambda _seconds: None)


def archive(*members: tuple[str, bytes] | tarfile.TarInfo) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as writer:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                writer.addfile(member)
                continue
            entry = tarfile.TarInfo(member[0])
            entry.size = len(member[1])
            writer.addfile(entry, io.BytesIO(member[1]))
    return packed.getvalue()


CONTENT = archive(("./yes/0c540988_nohash_0.wav", os.urandom(300_000)), ("./LICENSE", b"CC BY 4.0"))


def dataset(url: str, content: bytes = CONTENT) -> Dataset:
    asset = Asset(url, hashlib.sha256(content).hexdigest(), len(content))
    return Dataset("speech-commands", "A small set", "CC BY 4.0", asset, unpacked_size=1_000_000)


def fetch(server: Server, folder: Path, content: bytes = CONTENT) -> list[tuple[int, int]]:
    progress: list[tuple[int, int]] = []
    datasets.fetch(dataset(server.url, content), folder, lambda *now: progress.append(now), pytest.fail)
    return progress


def downloaded() -> list[Path]:
    return [path for path in (datasets.places.cache() / "downloads").iterdir() if path.suffix == ".gz"]


def test_a_set_is_brought_unpacked_and_nothing_else_is_left(tmp_path):
    with serving(Server(CONTENT)) as server:
        progress = fetch(server, tmp_path / "set")
    assert (tmp_path / "set/LICENSE").read_bytes() == b"CC BY 4.0"
    assert (tmp_path / "set/yes/0c540988_nohash_0.wav").stat().st_size == 300_000
    assert progress[-1] == (len(CONTENT), len(CONTENT))
    assert downloaded() == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "set"]


def test_a_broken_connection_is_taken_up_where_it_ended(tmp_path):
    with serving(Server(CONTENT, breaks=[100_000, 50_000])) as server:
        fetch(server, tmp_path / "set")
    assert server.asked == ["", "bytes=100000-", "bytes=150000-"]
    assert (tmp_path / "set/LICENSE").exists()


def test_a_server_without_ranges_is_asked_again_from_the_start(tmp_path):
    with serving(Server(CONTENT, breaks=[100_000], ranges=False)) as server:
        fetch(server, tmp_path / "set")
    assert server.asked == ["", "bytes=100000-"]
    assert (tmp_path / "set/LICENSE").exists()


def test_what_an_interrupted_fetch_left_is_completed_by_the_next(tmp_path):
    with serving(Server(CONTENT, breaks=[100_000])) as server:
        stop_at = iter([KeyboardInterrupt])

        def interrupt(here: int, _size: int) -> None:
            if here >= 65_536 and (stop := next(stop_at, None)):
                raise stop

        with pytest.raises(KeyboardInterrupt):
            datasets.fetch(dataset(server.url), tmp_path / "set", interrupt, pytest.fail)
        assert not (tmp_path / "set").exists()
        server.breaks.clear()
        fetch(server, tmp_path / "set")
    assert server.asked[1].startswith("bytes=")
    assert (tmp_path / "set/LICENSE").exists()


def test_leftovers_of_another_file_are_thrown_away(tmp_path):
    with serving(Server(CONTENT)) as server:
        part = datasets.places.cache() / "downloads" / f"speech-commands-{hashlib.sha256(CONTENT).hexdigest()[:12]}"
        part.parent.mkdir()
        part.with_suffix(".tar.gz").write_bytes(b"something else")
        fetch(server, tmp_path / "set")
    assert server.asked == ["bytes=14-", ""]


@pytest.mark.produces("checksum")
def test_a_wrong_hash_is_refused_and_the_file_is_not_kept(tmp_path):
    with serving(Server(bytes(len(CONTENT)))) as server, pytest.raises(DownloadError, match=r"SHA-256 is [0-9a-f]{64}"):
        fetch(server, tmp_path / "set")
    assert downloaded() == []
    assert not (tmp_path / "set").exists()


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path):
    with serving(Server(CONTENT + bytes(10_000_000))) as server, pytest.raises(DownloadError, match="larger than"):
        fetch(server, tmp_path / "set")
    assert downloaded() == []


def test_a_file_that_ends_too_early_is_an_error_after_several_attempts(tmp_path):
    with serving(Server(CONTENT[:-1000])) as server, pytest.raises(DownloadError, match="could not be fetched"):
        fetch(server, tmp_path / "set")
    assert len(server.asked) >= 3


@pytest.mark.parametrize(("status", "attempts"), [(404, 1), (403, 1), (503, 3), (429, 3)])
def test_only_answers_that_may_pass_are_asked_for_again(tmp_path, status, attempts):
    with serving(Server(CONTENT, status=status)) as server, pytest.raises(DownloadError, match=str(status)) as failed:
        fetch(server, tmp_path / "set")
    assert len(server.asked) == attempts
    assert failed.value.remedy


@pytest.mark.produces("download-failed")
def test_nobody_listening_is_said_in_the_words_of_the_system(tmp_path):
    with serving(Server(CONTENT)) as server:
        pass
    with pytest.raises(DownloadError, match="Connection refused"):
        fetch(server, tmp_path / "set")


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


@pytest.mark.parametrize(
    "member",
    [
        ("../escaped", b"!"),
        ("yes/../../escaped", b"!"),
        ("/escaped", b"!"),
        link("yes/link", "/etc/passwd"),
        link("yes/link", "../../escaped", tarfile.LNKTYPE),
        link("yes/device", "", tarfile.CHRTYPE),
    ],
)
@pytest.mark.produces("archive-unsafe")
def test_an_archive_that_reaches_outside_is_refused_whole(tmp_path, member):
    content = archive(("yes/a.wav", b"sound"), member)
    with serving(Server(content)) as server, pytest.raises(DownloadError, match="nothing was unpacked"):
        fetch(server, tmp_path / "set", content)
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


@pytest.mark.parametrize("content", [b"no archive at all", CONTENT[: len(CONTENT) // 2]])
@pytest.mark.produces("archive-broken")
def test_what_is_no_whole_archive_leaves_nothing(tmp_path, content):
    with serving(Server(content)) as server, pytest.raises(DownloadError, match=r"no whole \.tar\.gz archive"):
        fetch(server, tmp_path / "set", content)
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


def test_a_disk_that_is_full_is_noticed_before_anything_is_asked_for(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _path: usage._replace(free=100_000))
    with serving(Server(CONTENT)) as server, pytest.raises(StorageError, match="0 MB are free"):
        fetch(server, tmp_path / "set")
    assert server.asked == []


def test_a_disk_that_fills_up_while_unpacking_leaves_no_half_set_and_keeps_the_download(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(unpacking.shutil, "copyfileobj", full)
    with serving(Server(CONTENT)) as server, pytest.raises(StorageError, match="No space left on device"):
        fetch(server, tmp_path / "set")
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    assert len(downloaded()) == 1


@pytest.mark.produces("disk-full")
def test_a_disk_that_fills_up_while_downloading_is_a_storage_error_and_what_came_is_kept(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))  # to a process it looks like a disk of that size
    try:
        with serving(Server(CONTENT)) as server, pytest.raises(StorageError, match="No space left on device"):
            fetch(server, tmp_path / "set")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [file.stat().st_size for file in downloaded()] == [100_000]


@pytest.mark.produces("folder-in-use")
def test_a_folder_that_holds_something_else_is_not_touched(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set/mine.wav").touch()
    with serving(Server(CONTENT)) as server, pytest.raises(UsageError, match="holds something else"):
        fetch(server, tmp_path / "set")
    assert server.asked == []
    assert [path.name for path in (tmp_path / "set").iterdir()] == ["mine.wav"]


def _fetch_in_a_process(wanted: Dataset, folder: Path, waited: multiprocessing.Event) -> None:
    datasets.fetch(wanted, folder, lambda *_: None, waited.set)


def test_two_at_once_download_once(tmp_path):
    processes = multiprocessing.get_context("spawn")
    waited = processes.Event()
    second: list[multiprocessing.Process] = []

    def start_another(_here: int, _size: int) -> None:
        if not second:
            arguments = (dataset(server.url), tmp_path / "set", waited)
            second.append(processes.Process(target=_fetch_in_a_process, args=arguments))
            second[0].start()
            assert waited.wait(30)

    with serving(Server(CONTENT)) as server:
        datasets.fetch(dataset(server.url), tmp_path / "set", start_another, pytest.fail)
        second[0].join(30)
    assert second[0].exitcode == 0
    assert server.asked == [""]


def test_the_command_prints_the_folder_alone_and_the_second_time_asks_nobody(tmp_path, monkeypatch, capsys):
    with serving(Server(CONTENT)) as server:
        monkeypatch.setattr(datasets, "_DATASETS", (dataset(server.url),))
        assert main(["fetch", "speech-commands", "--to", str(tmp_path / "set")]) == 0
        first = capsys.readouterr()
        assert main(["fetch", "speech-commands", "--to", str(tmp_path / "set")]) == 0
        second = capsys.readouterr()
    assert first.out == second.out == f"{tmp_path / 'set'}\n"
    assert "CC BY 4.0" in first.err
    assert "is here already" in second.err
    assert server.asked == [""]


def test_an_unknown_set_gets_a_suggestion(capsys):
    assert main(["fetch", "speech-comands"]) == 2
    assert "Did you mean 'speech-commands'?" in capsys.readouterr().err


def test_the_official_test_set_is_pinned_as_tensorflow_datasets_pins_it():
    archive_of_set = datasets.find("speech-commands").archive
    assert archive_of_set.size == 112_563_277
    assert archive_of_set.sha256.startswith("cc2a00c1147c2254")
