"""`lab setup renode`, with a server on the loopback interface and archives as small as they can be."""

from __future__ import annotations

import errno
import multiprocessing
import os
import platform
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import time

import pytest

from lab import archive, disk, download
from lab.cli import main
from lab.engines.renode import portable, release, setting_up
from lab.errors import DownloadError, StorageError, UsageError
from tests.loopback import Server, serving
from tests.renode import stand_in
from tests.renode.stand_in import escaping

CONTENT = stand_in.portable()


@pytest.fixture
def pinned(machine, monkeypatch):
    """Pins another archive in the place of the real one, and serves it."""
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(download.time, "sleep", lambda _seconds: None)
    (machine / "sums").write_text(f"{stand_in.sha256(CONTENT)}  renode-1.17.0.linux-portable.tar.gz\n")
    monkeypatch.setattr(portable, "_SUMS", machine / "sums")

    def pin(server: Server) -> None:
        name = "renode-1.17.0.linux-portable.tar.gz"
        (machine / "sums").write_text(f"{stand_in.sha256(server.content)}  {name}\n")
        monkeypatch.setattr(portable, "_BASE", server.url.rpartition("/")[0])

    return pin


def set_up(by_hand=None, progress=None):
    said = []
    used = setting_up.set_up(by_hand, progress or (lambda *_: None), said.append)
    return used, said


def left(machine) -> set[str]:
    """What is in the cache, apart from locks and the versions that were asked for."""
    files = (path for path in (machine / "cache").rglob("*") if path.is_file())
    return {str(path.relative_to(machine / "cache")) for path in files if path.suffix not in (".lock", ".json")}


INSTALLED = {f"renode/1.17.0/{name}" for name in ("renode", "libgcc_s.so", "libgcc_s.so.1", "licenses/renode-license")}
DOWNLOAD = "downloads/renode-1.17.0.linux-portable.tar.gz"


def test_the_release_is_brought_unpacked_and_found(machine, pinned):
    shown = []
    with serving(Server(CONTENT)) as server:
        pinned(server)
        used, said = set_up(progress=lambda *now: shown.append(now))
    assert (used.version, used.path, used.origin) == ("1.17.0", release.home() / "renode", "the lab's own folder")
    assert left(machine) == INSTALLED
    assert (release.home() / "libgcc_s.so").readlink().name == "libgcc_s.so.1"
    assert shown[-1] == (len(CONTENT), len(CONTENT))
    assert said == ["Unpacking renode-1.17.0.linux-portable.tar.gz"]


def test_a_second_time_nothing_is_asked_for(machine, pinned):
    with serving(Server(CONTENT)) as server:
        pinned(server)
        assert set_up()[0] == set_up()[0]
    assert server.asked == [""]


def test_an_interrupted_download_goes_on_where_it_ended(machine, pinned):
    def interrupt(here: int, _size: int | None) -> None:
        if here > 100_000:
            raise KeyboardInterrupt

    with serving(Server(CONTENT)) as server:
        pinned(server)
        with pytest.raises(KeyboardInterrupt):
            set_up(progress=interrupt)
        assert left(machine) == {DOWNLOAD}
        set_up()
    assert server.asked[1].startswith("bytes=1")
    assert left(machine) == INSTALLED


def test_a_broken_connection_is_taken_up_where_it_ended(machine, pinned):
    with serving(Server(CONTENT, breaks=[50_000, 100_000])) as server:
        pinned(server)
        set_up()
    assert server.asked == ["", "bytes=50000-", "bytes=150000-"]


def test_without_a_network_the_file_to_bring_and_the_line_to_type_are_named(machine, pinned):
    with serving(Server(CONTENT)) as server:
        pinned(server)
    with pytest.raises(DownloadError, match="Connection refused") as failed:
        set_up()
    assert portable.archive().url in failed.value.remedy
    assert "lab setup renode --archive renode-1.17.0.linux-portable.tar.gz" in failed.value.remedy


@pytest.mark.usefixtures("pinned")
def test_an_archive_that_was_brought_by_hand_stays_where_it_is(machine):
    (machine / "brought").write_bytes(CONTENT)
    used, _ = set_up(machine / "brought")
    assert used.version == "1.17.0"
    assert (machine / "brought").exists()


@pytest.mark.usefixtures("pinned")
@pytest.mark.produces("renode-archive")
def test_another_file_that_is_brought_by_hand_is_refused(machine):
    (machine / "brought").write_bytes(CONTENT[:-1])
    with pytest.raises(UsageError, match="SHA-256 is"):
        set_up(machine / "brought")
    assert left(machine) == set()


@pytest.mark.usefixtures("pinned")
def test_a_slip_in_the_name_of_the_file_is_said(machine):
    with pytest.raises(UsageError, match="brought cannot be read: No such file"):
        set_up(machine / "brought")


@pytest.mark.usefixtures("pinned")
def test_an_archive_without_an_end_is_refused(machine):
    (machine / "brought").symlink_to("/dev/zero")
    with pytest.raises(UsageError, match="brought cannot be read: it is no regular file"):
        set_up(machine / "brought")


def test_an_archive_with_another_hash_is_refused_and_not_kept(machine, pinned):
    with serving(Server(CONTENT)) as server:
        pinned(server)
        server.content = bytes(len(CONTENT))
        with pytest.raises(DownloadError, match="SHA-256 is"):
            set_up()
    assert left(machine) == set()


@pytest.mark.parametrize("content", [b"no archive", CONTENT[: len(CONTENT) // 2]])
def test_a_damaged_archive_leaves_nothing_unpacked(machine, pinned, content):
    with serving(Server(content)) as server:
        pinned(server)
        with pytest.raises(DownloadError, match=r"no whole \.tar\.gz archive"):
            set_up()
    assert left(machine) <= {DOWNLOAD}


def around(machine):
    """Everything on that machine but what is in its cache, and what is beside it: not the folders of other tests."""
    inside = {path for path in machine.rglob("*") if machine / "cache" not in path.parents}
    return inside | {*machine.parent.iterdir()}


@pytest.mark.parametrize(
    "members",
    [
        [escaping("../escaped")],
        [escaping("renode/../../../../escaped")],
        [escaping("/tmp/escaped")],  # noqa: S108
        [escaping("beside")],
        [escaping("renode/link", link="/etc/passwd", kind=tarfile.SYMTYPE)],
        [escaping("renode/link", link="../../escaped", kind=tarfile.SYMTYPE)],
        [escaping("renode/link", link="../../escaped", kind=tarfile.LNKTYPE)],
        [escaping("renode/licenses/link", link="..", kind=tarfile.SYMTYPE), escaping("renode/licenses/link/renode")],
        [escaping("renode/link", link=".", kind=tarfile.SYMTYPE), escaping("renode/link", link="..", kind=b"2")],
        [escaping("renode/a/b/t", link="../..", kind=b"2"), escaping("renode/out", link="a/b/t/../..", kind=b"2")],
        [escaping("renode/device", kind=tarfile.CHRTYPE, link="x")],
        [escaping("renode/pipe", kind=tarfile.FIFOTYPE, link="x")],
    ],
)
def test_an_archive_that_reaches_outside_is_refused_whole(machine, pinned, members):
    before = around(machine)
    with serving(Server(stand_in.portable(more=members))) as server:
        pinned(server)
        with pytest.raises(DownloadError, match="nothing was unpacked"):
            set_up()
    assert left(machine) == {DOWNLOAD}
    assert around(machine) - before <= {machine / "cache"}


@pytest.mark.parametrize(
    "links",
    [
        [("out", "../../../outside"), ("out/link", "renode")],
        [("a/out", "../b/../../../outside"), ("b", "."), ("a/out/link", "renode")],
    ],
)
def test_no_link_is_made_through_a_link(machine, pinned, links):
    (machine / "outside").mkdir()
    members = [escaping(f"renode/{name}", link=to, kind=tarfile.SYMTYPE) for name, to in links]
    with serving(Server(stand_in.portable(more=members))) as server:
        pinned(server)
        with pytest.raises(DownloadError, match="nothing was unpacked"):
            set_up()
    assert list((machine / "outside").iterdir()) == []
    assert left(machine) == {DOWNLOAD}


def test_a_disk_that_is_full_is_noticed_before_anything_is_asked_for(machine, pinned, monkeypatch):
    usage = shutil.disk_usage(machine)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _path: usage._replace(free=10_000))
    with serving(Server(CONTENT)) as server:
        pinned(server)
        with pytest.raises(StorageError, match="0 MB are free"):
            set_up()
    assert server.asked == []


def test_a_disk_that_fills_up_while_unpacking_keeps_the_download_and_nothing_else(machine, pinned, monkeypatch):
    copy = shutil.copyfileobj

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with serving(Server(CONTENT)) as server:
        pinned(server)
        monkeypatch.setattr(archive.shutil, "copyfileobj", full)
        with pytest.raises(StorageError, match="No space left on device"):
            set_up()
        assert left(machine) == {DOWNLOAD}
        monkeypatch.setattr(archive.shutil, "copyfileobj", copy)
        set_up()
    assert server.asked == [""], "what was downloaded is used"


def test_a_disk_that_fills_up_while_downloading_keeps_what_came(machine, pinned):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))  # to a process it looks like a disk of that size
    try:
        with serving(Server(CONTENT)) as server:
            pinned(server)
            with pytest.raises(StorageError, match="No space left on device"):
                set_up()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert portable.file().stat().st_size == 100_000


def test_ctrl_c_while_unpacking_leaves_nothing_half_unpacked(machine, pinned, monkeypatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(archive.shutil, "copyfileobj", interrupted)
    with serving(Server(CONTENT)) as server:
        pinned(server)
        with pytest.raises(KeyboardInterrupt):
            set_up()
    assert left(machine) == {DOWNLOAD}


def test_what_is_broken_in_the_labs_own_folder_is_replaced(machine, pinned):
    stand_in.program(stand_in.make(release.home(), "1.17.0"), "#!/bin/sh\nexit 1\n")
    (release.home() / "old").touch()
    with serving(Server(CONTENT)) as server:
        pinned(server)
        set_up()
    assert left(machine) == INSTALLED


def test_what_a_killed_setup_has_left_is_removed_by_the_next(machine, pinned):
    stand_in.make(release.home().with_name(".1.17.0-a1b2c3"), "1.17.0")
    with serving(Server(CONTENT)) as server:
        pinned(server)
        set_up()
    assert left(machine) == INSTALLED


def _set_up_in_a_process(base, sums, waited) -> None:
    portable._BASE, portable._SUMS = base, sums
    setting_up.set_up(None, lambda *_: None, lambda said: waited.set() if "waiting" in said else None)


def test_two_at_once_download_once(machine, pinned):
    processes = multiprocessing.get_context("spawn")
    waited = processes.Event()
    second = []

    def start_another(_here: int, _size: int | None) -> None:
        if not second:
            second.append(processes.Process(target=_set_up_in_a_process, args=(portable._BASE, portable._SUMS, waited)))
            second[0].start()
            assert waited.wait(30)

    with serving(Server(CONTENT)) as server:
        pinned(server)
        set_up(progress=start_another)
        second[0].join(30)
    assert second[0].exitcode == 0
    assert server.asked == [""]


RENODE_RUN = """#!/bin/sh
echo "$@" >> {machine}/asked
folder={machine}/of-renode-run
mkdir -p "$folder" ~/.config/renode
tar -xzf "$2" --strip-components=1 -C "$folder"
echo '{{"version": "2.0", "default": {{"dotnet-portable": "'$folder'"}}}}' > ~/.config/renode/renode-run.json
echo "Installed Renode(1.17.0) to $folder"
"""

REFUSING_RENODE_RUN = """#!/bin/sh
echo "Usage: renode-run [OPTIONS] COMMAND [ARGS]..."
echo "╭─ Error ───────────────────────╮"
echo "│ No such command 'install'.    │"
echo "╰───────────────────────────────╯"
exit 2
"""


def test_the_users_renode_run_installs_it_where_there_is_one(machine, pinned):
    stand_in.program(machine / "bin/renode-run", RENODE_RUN.format(machine=machine))
    with serving(Server(CONTENT)) as server:
        pinned(server)
        used, said = set_up()
    assert (used.path, used.origin) == (machine / "of-renode-run/renode", "renode-run")
    assert left(machine) == set()
    asked = (machine / "asked").read_text().split()
    assert asked == [
        *("install", str(portable.file())),
        *("--renode-variant", "dotnet-portable", "--version-override", "1.17.0"),
    ]
    assert said[-1] == f"renode-run: Installed Renode(1.17.0) to {machine}/of-renode-run"


def test_a_renode_run_that_cannot_is_said_and_the_lab_does_it(machine, pinned):
    stand_in.program(machine / "bin/renode-run", REFUSING_RENODE_RUN)
    with serving(Server(CONTENT)) as server:
        pinned(server)
        used, said = set_up()
    assert used.origin == "the lab's own folder"
    assert said[-1] == f"{machine}/bin/renode-run does not install it: No such command 'install'."


@pytest.mark.produces("renode-platform")
@pytest.mark.parametrize("system", [("Darwin", "arm64"), ("Linux", "riscv64")])
def test_where_there_is_no_portable_the_user_is_told_what_to_do(machine, monkeypatch, system):
    monkeypatch.setattr(platform, "system", lambda: system[0])
    monkeypatch.setattr(platform, "machine", lambda: system[1])
    with pytest.raises(UsageError, match=f"{system[0]} on {system[1]}") as refused:
        set_up()
    assert "RENODE_PATH" in refused.value.remedy


@pytest.mark.parametrize("cpu", ["x86_64", "aarch64"])
def test_the_release_is_pinned_for_each_kind_of_machine(machine, monkeypatch, cpu):
    monkeypatch.setattr(platform, "machine", lambda: cpu)
    asset = portable.archive()
    assert release.NUMBER in asset.name
    assert ("arm64" in asset.name) == (cpu == "aarch64")
    assert len(asset.sha256) == 64


def test_the_command_says_what_the_lab_will_use(machine, pinned, capsys):
    with serving(Server(CONTENT)) as server:
        pinned(server)
        assert main(["setup", "renode"]) == 0
    assert capsys.readouterr().out == f"Ready: Renode 1.17.0 is {release.home()}/renode (the lab's own folder).\n"


def test_the_command_says_so_if_another_one_comes_first(machine, pinned, capsys):
    stand_in.make(machine / "bin", "1.16.1")
    with serving(Server(CONTENT)) as server:
        pinned(server)
        assert main(["setup", "renode"]) == 0
    said = capsys.readouterr()
    assert "Renode 1.16.1 is" in said.out
    assert f"export RENODE_PATH={release.home()}/renode" in said.err


def test_an_archive_for_anything_else_is_refused(capsys):
    assert main(["setup", "--archive", "x"]) == 2
    assert "lab setup renode --archive FILE" in capsys.readouterr().err
    assert main(["setup", "qemu"]) == 2


def test_ctrl_c_in_the_middle_of_the_command_can_be_gone_on_with(machine, pinned):
    with serving(Server(CONTENT, pause_s=0.05)) as server:
        pinned(server)
        program = (
            f"from lab.engines.renode import portable; from lab.cli import main; import pathlib, sys;"
            f"portable._BASE = {portable._BASE!r}; portable._SUMS = pathlib.Path({str(portable._SUMS)!r});"
            "sys.exit(main(['setup', 'renode']))"
        )
        with subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) as process:
            deadline = time.monotonic() + 30
            while not (portable.file().exists() and portable.file().stat().st_size > 0):
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=30)[1]
        assert process.returncode == 130, said
        assert "Interrupted." in said
        assert "Traceback" not in said
        server.pause_s = 0
        assert set_up()[0].version == "1.17.0"
    assert server.asked[1].startswith("bytes=")
