"""Firmware that the lab did not build and that does not speak its protocol: the example, built by its own Makefile."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import bincopy
import pytest

from lab import building, images, target
from lab.building import tflm
from lab.bundling import bundle
from lab.cli import main
from lab.elf import Firmware, Segment
from lab.engines import selection
from lab.errors import ConfigurationError, LabError
from lab.measuring import Request
from lab.measuring.foreign import adapter
from lab.measuring.foreign.board import ForeignBoard
from lab.measuring.foreign.calls import returns_of
from lab.measuring.foreign.subject import subject
from lab.measuring.request import Brought
from lab.model import Model
from lab.workload import Workload
from tests.acceptance.bench import REAL, Ran

EXAMPLE = REAL / "examples" / "foreign-firmware"
HEARD = EXAMPLE / "heard.toml"
OF_THE_LAB = r"""
[output]
ready = '"event":"boot"'
result = '"event":"inference".*"label":"(?P<label>\w+)","scores":\[(?P<scores>[^\]]*)\]'
result_within_s = 2.0

[measure]
begin = "lab::Network::invoke()"
"""


@pytest.fixture(scope="module")
def listener(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's ELF: about 40 files, in some seconds; where there is a ccache, once for all who ask for it."""
    folder, programs = tmp_path_factory.mktemp("listener"), tmp_path_factory.mktemp("programs")
    if ccache := shutil.which("ccache"):
        for name in ("arm-none-eabi-gcc", "arm-none-eabi-g++"):
            (programs / name).symlink_to(ccache)
    words = ["make", "-j2", f"TFLM={tflm.source().root}", f"BUILD={folder}"]
    found = {**os.environ, "PATH": os.pathsep.join([str(programs), os.environ["PATH"]])}
    done = subprocess.run(words, cwd=EXAMPLE, env=found, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "listener.elf"


@pytest.fixture(scope="module")
def three_words(tmp_path_factory: pytest.TempPathFactory, words: Path) -> Path:
    """Two words, and one that it says nothing of."""
    folder = tmp_path_factory.mktemp("three")
    for label in ("yes", "stop", "_unknown_"):
        (folder / label).symlink_to(words / label)
    return folder


def empty_program(core: str, folder: Path) -> Path:
    source, elf = folder / "empty.c", folder / "empty.elf"
    source.write_text("void Reset_Handler(void) { for (;;) {} }\n")
    words = ["arm-none-eabi-gcc", f"-mcpu={core}", "-mfloat-abi=soft", "-nostdlib", "-Wl,-eReset_Handler"]
    subprocess.run([*words, "-o", elf, source], check=True)
    return elf


def slip(tmp_path: Path, *replacement: str) -> Path:
    text = HEARD.read_text(encoding="utf-8")
    assert text.count(replacement[0]) == 1
    file = tmp_path / "heard.toml"
    file.write_text(text.replace(*replacement), encoding="utf-8")
    return file


def test_it_is_adopted(listener: Path, three_words: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    given = ["--workload", "keyword-spotting", "--recordings", str(three_words), "--out", "found.toml"]
    assert main(["adopt", str(listener), *given]) == 0
    found = (tmp_path / "found.toml").read_text(encoding="utf-8")
    assert "ready = '^Listening'" in found
    assert r"result = '^Heard (?P<label>\w+) \([-+]?[\d.]+\) @[-+]?[\d.]+ms'" in found
    assert '"unknown"' in found.partition("silent = ")[2]


def test_its_words_are_read_and_what_it_cannot_tell_is_not_checked(
    lab_run: Callable[..., Ran], listener: Path, three_words: Path, tmp_path: Path
):
    ran = lab_run("--firmware", listener, "--adapter", HEARD, recordings=three_words)
    assert ran.code == 0, ran.shown
    assert [(clip["label"], clip["decided"]) for clip in ran.clips] == [
        (label, label) for label in ("unknown", "stop", "yes")
    ]
    values = {name: metric["value"] for name, metric in ran.run["metrics"].items()}
    untold = [name for name, value in values.items() if value is None]
    assert untold == ["bit_exact", "realtime_headroom", "arena_used_bytes", "missed_deadlines"]
    assert values["instructions_per_inference"] > 100_000_000
    assert values["latency_ms"] == pytest.approx(values["cycles_per_inference"] / 64_000)
    assert 1_000 < values["stack_used_bytes"] < 8_192
    assert f"No value for {', '.join(untold)}" in ran.shown
    checks = {check["name"]: check["where"] for check in ran.run["checks"]}
    assert not checks.keys() & set(untold)
    assert "heard.toml:" in checks["latency_ms"]
    assert "workload.toml:" in checks["accuracy"]
    assert ran.run["options"][-4:] == ["--firmware", str(listener), "--adapter", str(HEARD)]
    assert_bundled(ran, tmp_path, "stop")


def assert_bundled(ran: Ran, tmp_path: Path, label: str) -> None:
    """A recording of it is passed on with its adapter, and does the same again."""
    (clip,) = (clip["clip"] for clip in ran.clips if clip["label"] == label)
    file = tmp_path / "heard.bundle"
    assert main(["bundle", str(ran.folder), "--recording", clip, "--out", str(file)]) == 0
    assert bundle.read(file).adapter == HEARD.read_text(encoding="utf-8")
    assert main(["reproduce", str(file), "--engine", "builtin"]) == 0


@pytest.mark.parametrize(("ending", "format_of_objcopy"), [("hex", "ihex"), ("srec", "srec"), ("bin", "binary")])
def test_what_is_made_of_its_elf_for_a_programmer_hears_the_same(
    lab_run: Callable[..., Ran], listener: Path, two_words: Path, tmp_path: Path, ending: str, format_of_objcopy: str
):
    file, said = tmp_path / f"listener.{ending}", tmp_path / "said.toml"
    subprocess.run(["arm-none-eabi-objcopy", "-O", format_of_objcopy, listener, file], check=True)
    without_symbols = HEARD.read_text(encoding="utf-8").partition("[measure]")[0]
    said.write_text("[image]\naddress = 0x0\n" * (ending == "bin") + without_symbols, encoding="utf-8")
    ran = lab_run("--firmware", file, "--adapter", said, recordings=two_words)
    values = {name: metric["value"] for name, metric in ran.run["metrics"].items()}
    assert (values["accuracy"], values["ram_bytes"]) == (1, None)
    assert values["flash_bytes"] == sum(len(segment.data) for segment in images.read(listener).segments)
    assert main(["bundle", str(ran.folder), "--out", str(tmp_path / "it.bundle")]) == 0
    assert bundle.read(tmp_path / "it.bundle").firmware == file.read_bytes()
    assert main(["reproduce", str(tmp_path / "it.bundle"), "--engine", "builtin"]) == 0


def test_one_that_never_says_anything_fails_though_silence_is_an_answer(
    lab_run: Callable[..., Ran], listener: Path, tmp_path: Path, two_words: Path
):
    mute = tmp_path / "mute.hex"
    image = images.read(listener)
    vectors = bytearray(image.segments[0].data)
    endless = struct.unpack_from("<I", vectors, 4)[0] & ~1
    vectors[endless : endless + 2] = b"\xfe\xe7"  # b .
    records = bincopy.BinFile()
    records.add_binary(bytes(vectors), image.segments[0].address)
    mute.write_text(records.as_ihex(), encoding="ascii")
    said = slip(tmp_path, "ready = '^Listening'\n", "ready_after_s = 0.1\n")
    said.write_text(said.read_text(encoding="utf-8").partition("[measure]")[0], encoding="utf-8")
    ran = lab_run("--firmware", mute, "--adapter", said, recordings=two_words)
    assert (ran.code, ran.error["code"]) == (1, "device-silent")
    assert "printed nothing at all, whatever was played" in ran.error["message"]


def test_one_that_never_prints_fails_with_the_place_where_it_stood(
    lab_run: Callable[..., Ran], listener: Path, tmp_path: Path, two_words: Path
):
    never = slip(tmp_path, "silent = ", "ready_within_s = ")
    never.write_text(never.read_text().replace('["silence", "unknown"]', "1.0").replace("'^Heard", "'^Herd"))
    ran = lab_run("--firmware", listener, "--adapter", never, recordings=two_words)
    assert ran.code == 1
    assert ran.error["code"] == "device-silent"
    for part in ("board_take_samples", "board.c:", "Listening", "Heard"):
        assert part in ran.error["details"]


def test_a_slip_in_the_adapter_is_a_usage_error(capsys: pytest.CaptureFixture[str], listener: Path, tmp_path: Path):
    wrong = slip(tmp_path, "result_within_s", "result_in_s")
    assert main(["run", "keyword-spotting", "--firmware", str(listener), "--adapter", str(wrong)]) == 2
    assert "heard.toml:5: output.result_in_s: there is no such key" in capsys.readouterr().err


def test_a_function_returns_behind_each_call_of_it(listener: Path):
    image = Firmware(listener)
    invoke = image.symbol("_ZN6tflite16MicroInterpreter6InvokeEv")
    (behind,) = returns_of(image, invoke.address)
    assert image.function_at(behind).startswith("main+")


@pytest.mark.produces("elf-core")
def test_an_elf_for_another_core_is_refused(listener: Path, keyword_spotting: Workload):
    heard = adapter.load(HEARD, keyword_spotting)
    request = Request(keyword_spotting, target.load("esp32c3"))
    with pytest.raises(ConfigurationError, match=r"is for Arm cores; esp32c3 has RV32IMC, which is RISC-V"):
        subject(request, Brought(listener, heard), lambda _stage: None)


@pytest.mark.parametrize(
    ("core", "architecture"),
    [("cortex-m33", "Armv8-M Mainline"), ("cortex-m55", r"Armv8\.1-M Mainline"), ("cortex-a7", "Armv7-A")],
)
def test_an_elf_for_another_arm_core_is_refused(
    core: str, architecture: str, tmp_path: Path, keyword_spotting: Workload
):
    heard = adapter.load(HEARD, keyword_spotting)
    request = Request(keyword_spotting, target.load("nano33ble"))
    with pytest.raises(ConfigurationError, match=f"is for {architecture} cores; nano33ble has Cortex-M4F") as raised:
        subject(request, Brought(empty_program(core, tmp_path), heard), lambda _stage: None)
    assert "-mcpu=cortex-m4" in raised.value.remedy


@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m7"])
def test_an_elf_that_the_boards_core_can_execute_is_not(core: str, tmp_path: Path, keyword_spotting: Workload):
    heard = adapter.load(HEARD, keyword_spotting)
    request = Request(keyword_spotting, target.load("nano33ble"))
    with pytest.raises(LabError) as raised:  # it has nothing of what the adapter names
        subject(request, Brought(empty_program(core, tmp_path), heard), lambda _stage: None)
    assert raised.value.code != "elf-core"


@pytest.mark.produces("elf-memory")
def test_an_elf_for_other_memories_is_refused(listener: Path, keyword_spotting: Workload):
    heard = adapter.load(HEARD, keyword_spotting)
    image = Firmware(listener)
    image.segments = (Segment(0x0800_0000, bytes(64)),)
    with pytest.raises(
        ConfigurationError, match=r"listener.elf is not for nano33ble: There is no memory at 0x08000000"
    ):
        ForeignBoard(selection.select("builtin"), target.load("nano33ble"), keyword_spotting, image, heard)


def test_the_labs_own_firmware_is_read_by_patterns_too_and_its_scores_equal_the_hosts(
    lab_run: Callable[..., Ran], keyword_spotting: Workload, model: Model, two_words: Path, tmp_path: Path
):
    """Untouched parameters: it streams, as on a real board, and its first window is the recording."""
    own = tmp_path / "own.toml"
    own.write_text(OF_THE_LAB, encoding="utf-8")
    elf = building.build(keyword_spotting, target.load("nano33ble"), model).elf
    ran = lab_run("--firmware", elf, "--adapter", own, recordings=two_words)
    values = {name: metric["value"] for name, metric in ran.run["metrics"].items()}
    assert (values["accuracy"], values["bit_exact"]) == (1, 1)
    # The microphone's interrupts come in between: some thousand instructions.
    by_marks = lab_run(recordings=two_words).run["metrics"]["instructions_per_inference"]["value"]
    assert by_marks < values["instructions_per_inference"] < by_marks + 10_000
