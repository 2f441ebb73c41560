"""Errors provoked as a user would meet them: through the command line where that takes no emulation."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lab import building, executing, places, target, workload
from lab.building import cmake
from lab.cli import _main, main
from lab.configuration import read_toml
from lab.elf import Firmware
from lab.engines.builtin import shim
from lab.engines.builtin.cores.cortex_m import CORTEX_M
from lab.engines.builtin.devices.lsm9ds1_imu import LSM9DS1_IMU
from lab.errors import BuildError, ConfigurationError, LabError, UnknownName
from lab.measuring.host import Host
from lab.model import Model
from lab.recordings import sounds, synthesis
from lab.recordings.collection import Entry
from lab.reporting import run_folder
from lab.training import backend
from tests import fake_project
from tests.building import tiny_model
from tests.engine import boards, qemu
from tests.engine.fake_board import FakeBoard
from tests.errors import catalogue
from tests.signals import sound

WORKLOAD = Path("models/keyword-spotting/workload.toml")
SUITE = Path("robot_tests/keyword_spotting.robot")
REPL = Path("renode_platforms/nano33ble/nano33ble.repl")

Lab = Callable[..., str]


@pytest.fixture
def lab(capsys) -> Lab:
    """Runs a command that must fail, and returns what it says; the last error there has the code that is its own."""

    def run(*arguments: str | Path) -> str:
        exit_code = main([str(argument) for argument in arguments])
        said = capsys.readouterr().err
        (*_, code) = re.findall(r"^error\[([a-z-]+)\]: ", said, re.MULTILINE)
        assert exit_code == catalogue.rows()[code].exit_code
        assert "\nremedy: " in said
        assert "Traceback" not in said
        return said

    return run


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A project to be broken."""
    folder = fake_project.make(tmp_path / "project")
    monkeypatch.setenv("LAB_PROJECT", str(folder))
    return folder


@pytest.fixture
def tools(tmp_path, monkeypatch) -> Callable[[str, str], None]:
    """Puts a program of the test's own first on PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def install(name: str, script: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)

    return install


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def model(folder: Path, graph: tiny_model.Graph | bytes) -> Path:
    file = folder / "model.tflite"
    file.write_bytes(graph if isinstance(graph, bytes) else tiny_model.tflite_bytes(graph))
    return file


# What was typed


@pytest.mark.produces("usage")
def test_an_option_that_cannot_be_followed(lab):
    assert "`lab run --help` lists what it takes" in lab("run", "keyword-spotting", "--jobs", "0")


@pytest.mark.produces("name-too-long")
@pytest.mark.parametrize("command", [("report",), ("init",), ("fetch", "speech-commands", "--to")])
def test_a_name_that_no_file_can_have(lab, command):
    assert "xxx… is no name that a file can have" in lab(*command, "x" * 300)


@pytest.mark.produces("file-unreadable")
@pytest.mark.parametrize("suite", ["/dev/zero", "nothing.robot", "x" * 300])
def test_a_suite_that_cannot_be_read(lab, suite):
    assert f"{suite} cannot be read" in lab("test", suite)


@pytest.mark.produces("unknown-name")
def test_a_workload_that_nothing_carries(lab):
    assert "Did you mean 'keyword-spotting'?" in lab("run", "keyword-spoting")


@pytest.mark.produces("xtensa")
@pytest.mark.parametrize("name", ["esp32", "esp32s3", "ESP32-S2"])
def test_a_chip_that_no_engine_can_be(lab, name):
    assert "--target esp32c3" in lab("run", "keyword-spotting", "--target", name)


@pytest.mark.produces("folder-gone")
def test_a_folder_that_was_deleted(lab, tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    lab("list")


@pytest.mark.produces("run-in-progress")
def test_a_folder_that_another_run_is_writing_to(lab, tmp_path):
    with run_folder.claimed(tmp_path / "run"):
        lab("run", "keyword-spotting", "--out", tmp_path / "run")


@pytest.mark.produces("not-a-result")
def test_a_report_of_what_is_no_run(lab, tmp_path):
    lab("report", tmp_path)


@pytest.mark.produces("recordings-missing")
def test_a_folder_of_recordings_that_is_not_there(lab, tmp_path):
    (tmp_path / "words").mkdir()
    said = lab("run", "keyword-spotting", "--recordings", tmp_path / "word", "--out", tmp_path / "run")
    assert f"Did you mean {tmp_path / 'words'}?" in said


@pytest.mark.produces("recordings-unlabelled")
def test_a_folder_of_recordings_of_no_label(lab, tmp_path):
    (tmp_path / "words").mkdir()
    lab("run", "keyword-spotting", "--recordings", tmp_path / "words", "--out", tmp_path / "run")


@pytest.mark.produces("recording-broken")
def test_a_recording_that_is_cut_short(tmp_path):
    file = tmp_path / "yes.wav"
    shutil.copy(next((places.project() / "models").rglob("recordings/yes/*.flac")), tmp_path / "whole.flac")
    samples = sounds.load(tmp_path / "whole.flac", 16_000, 16_000).samples
    soundfile.write(file, samples, 16_000)
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(LabError):
        sounds.load(file, 16_000, 16_000)


@pytest.mark.produces("recording-shape")
def test_sound_played_into_an_accelerometer():
    with pytest.raises(LabError):
        LSM9DS1_IMU(FakeBoard()).feed(sound(np.zeros(16, np.int16)))


# Files of a project


@pytest.mark.produces("toml-syntax")
def test_a_slip_in_a_toml(lab, project):
    edit(project / WORKLOAD, "arena_bytes = ", "arena_bytes ")
    assert "(at line 7, column " in lab("build", "keyword-spotting")


@pytest.mark.produces("toml-content")
def test_a_key_that_is_misspelt_is_named_with_its_line(lab, project):
    edit(project / WORKLOAD, "rate_hz", "rate_hs")
    said = lab("build", "keyword-spotting")
    assert "workload.toml:13: input.rate_hs: there is no such key. Did you mean 'rate_hz'?" in said
    assert "workload.toml:11: input.rate_hz: it is missing." in said


@pytest.mark.parametrize(
    ("key", "misspelt", "table"),
    [("step_ms = 20", "step_mss = 20", "features"), ("average_ms", "avrage_ms", "decision")],
)
def test_a_key_of_a_kind_that_is_misspelt_is_named_with_the_key_of_that_kind(lab, project, key, misspelt, table):
    edit(project / WORKLOAD, key, misspelt)
    right, wrong = (text.partition(" ")[0] for text in (key, misspelt))
    line = (project / WORKLOAD).read_text().partition(misspelt)[0].count("\n") + 1
    said = lab("build", "keyword-spotting")
    assert f"workload.toml:{line}: {table}.{wrong}: there is no such key. Did you mean '{right}'?" in said


def test_a_limit_of_no_metric_is_named_with_its_line_before_anything_is_built(lab, project):
    edit(project / WORKLOAD, "accuracy = ", "acuracy = ")
    line = (project / WORKLOAD).read_text().partition("acuracy")[0].count("\n") + 1
    said = lab("run", "keyword-spotting")
    assert f"workload.toml:{line}: There is no metric named 'acuracy'. Did you mean 'accuracy'?" in said


@pytest.mark.produces("file-unreadable")
def test_a_file_that_cannot_be_read(lab, project):
    (project / WORKLOAD).unlink()
    (project / WORKLOAD).mkdir()
    lab("build", "keyword-spotting")


@pytest.mark.produces("no-project")
def test_a_folder_that_is_no_project(lab, tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_PROJECT", str(tmp_path))
    lab("run", "keyword-spotting")


@pytest.mark.produces("path-not-plain")
@pytest.mark.parametrize("name", ["a$b", 'a"b', "a;b", "a\\b", "a*b", "a[b", "a\nb"])
@pytest.mark.parametrize("where", ["project", "cache", "setting"])
def test_a_folder_that_cmake_cannot_name(tmp_path, name, where):
    plain, odd = tmp_path / "plain", tmp_path / name
    project, cache, setting = (odd if where == one else plain for one in ("project", "cache", "setting"))
    with pytest.raises(ConfigurationError):
        cmake.build(project, cache, {"LAB_GENERATED": setting})
    assert list(tmp_path.iterdir()) == [], "nothing was begun"


@pytest.mark.produces("build")
def test_compilers_write_beside_what_they_build(tmp_path, tools, monkeypatch):
    """So that a disk is full in one place only, which the error can name: not in TMPDIR too."""
    monkeypatch.setenv("TMPDIR", "/nowhere")
    tools("cmake", 'case $1 in --version) echo "cmake version 3.25.1";; *) echo "TMPDIR is $TMPDIR"; exit 1;; esac')
    tools("ninja", "echo 1.11.1")
    with pytest.raises(BuildError) as failed:
        cmake.build(tmp_path / "project", tmp_path / "build", {})
    assert f"TMPDIR is {tmp_path / 'build'}" in failed.value.details


@pytest.mark.produces("not-trusted")
def test_a_project_of_which_all_may_write_the_suites(lab, project, monkeypatch):
    monkeypatch.delenv("LAB_PROJECT")
    monkeypatch.chdir(project / "models")
    (project / "robot_tests").chmod(0o777)
    assert "every user may write to" in lab("list")


@pytest.mark.produces("not-your-project")
def test_changing_what_came_with_the_lab(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "_IN_THE_WHEEL", fake_project.make(tmp_path / "data"))
    with pytest.raises(LabError):
        places.changeable(tmp_path / "data" / "baselines")


@pytest.mark.produces("suite-invalid")
def test_a_suite_without_a_test(lab, project, tmp_path):
    (project / SUITE).write_text("*** Keywords ***\nListen\n    Log    nothing\n")
    lab("run", "keyword-spotting", "--out", tmp_path / "run")


@pytest.mark.produces("no-result")
def test_a_suite_that_does_not_listen(lab, project, tmp_path):
    (project / SUITE).write_text("*** Test Cases ***\nNothing\n    Log    nothing\n")
    lab("run", "keyword-spotting", "--out", tmp_path / "run")


@pytest.mark.produces("platform-description")
def test_a_line_of_a_platform_description_that_is_not_understood(project):
    edit(project / REPL, "easyDMA: true", "easyDMA = true")
    board = target.load("nano33ble")
    with pytest.raises(LabError, match=r"nano33ble\.repl:\d+: `= true` is not understood here\."):
        boards.nano33ble(board.repl)


@pytest.mark.produces("engine")
def test_a_core_that_unicorn_does_not_have(project, monkeypatch):
    monkeypatch.setitem(CORTEX_M, "cortex-m4f", replace(CORTEX_M["cortex-m4f"], model=10_000))
    with pytest.raises(LabError):
        boards.nano33ble(project / REPL)


@pytest.mark.produces("decision-settings")
@pytest.mark.parametrize(
    ("was", "instead", "said"),
    [
        ("stride_ms = 480", "stride_ms = 490", "decision.stride_ms is 490; features come every 20 ms."),
        ("average_ms = 960", "average_ms = 4_320", "decision.average_ms is 4320, 9 inferences; the firmware averages"),
    ],
)
def test_a_decision_that_the_firmware_cannot_keep(tmp_path, was, instead, said):
    file = Path(shutil.copy(workload.load("keyword-spotting").file, tmp_path))
    edit(file, was, instead)
    line = file.read_text().partition(instead)[0].count("\n") + 1
    words = read_toml(file, workload.Workload, name="keyword-spotting", folder=tmp_path)
    read = Model.read(model(tmp_path, tiny_model.classifier()))
    with pytest.raises(LabError, match=f"workload.toml:{line}: {re.escape(said)}"):
        building.build(words, target.load("nano33ble"), read)


@pytest.mark.produces("features-misfit")
def test_features_of_more_sound_than_a_recording_has(lab, project):
    edit(project / WORKLOAD, "steps = 49", "steps = 50")
    said = lab("build", "keyword-spotting")
    assert "workload.toml:16: the features do not fit the signal: they are made of 16,160 frames, and" in said


# Images


@pytest.mark.produces("not-firmware")
def test_a_file_that_is_no_image(tmp_path):
    (tmp_path / "firmware.elf").write_text("#!/bin/sh\n")
    with pytest.raises(LabError, match=r"firmware.elf is not an ELF file\."):
        Firmware(tmp_path / "firmware.elf")


def test_an_object_file_is_no_image(tmp_path):
    (tmp_path / "a.c").write_text("int a = 1;\n")
    subprocess.run(["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-c", "a.c"], cwd=tmp_path, check=True)
    with pytest.raises(LabError, match=r"a.o has no bytes to load: was it linked\?"):
        Firmware(tmp_path / "a.o")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("zephyr.hex", b":020000040000FA\n", r"zephyr.hex is not an ELF file\."),
        ("CURRENT.UF2", b"UF2\nWQ]\x9e" + bytes(504), r"CURRENT.UF2 is not an ELF file\."),
        ("firmware.s19", b"S00600004844521B\n", r"firmware.s19 is not an ELF file\."),
        ("sketch.ino.bin", bytes.fromhex("00000420d1010000"), r"sketch.ino.bin is not an ELF file\."),
    ],
)
def test_a_file_for_a_programmer_is_refused_with_what_to_name_instead(tmp_path, name, content, said):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(LabError, match=said) as raised:
        Firmware(file)
    assert raised.value.exit_code == 2
    assert "the ELF that the linker wrote" in raised.value.remedy


@pytest.mark.produces("symbol-missing")
def test_an_image_without_the_symbol_that_the_lab_reads(tmp_path):
    image = Firmware(qemu.compiled("misbehaviour.c", tmp_path, "-Og", "-DMISBEHAVIOUR=spin"))
    with pytest.raises(LabError):
        image.symbol("lab_parameters")


# Models


@pytest.mark.produces("model-broken")
def test_a_model_cut_short(lab, tmp_path):
    lab("build", "keyword-spotting", "--model", model(tmp_path, tiny_model.tflite_bytes(tiny_model.classifier())[:900]))


@pytest.mark.produces("model-too-large")
def test_a_file_that_no_microcontroller_holds(lab, tmp_path):
    file = model(tmp_path, b"")
    os.truncate(file, 65 * 2**20)
    lab("build", "keyword-spotting", "--model", file)


@pytest.mark.produces("model-unsupported")
def test_a_model_quantised_in_its_weights_only(lab, tmp_path):
    graph = tiny_model.classifier()
    for index in (0, *graph.operators[0].outputs):
        graph.tensors[index].type, graph.tensors[index].scale = tiny_model.FLOAT32, None
    lab("build", "keyword-spotting", "--model", model(tmp_path, graph))


@pytest.mark.produces("model-quantisation")
@pytest.mark.parametrize("command", ["arena", "profile", "build"])
def test_a_model_of_other_features(lab, tmp_path, command):
    graph = tiny_model.classifier()
    graph.tensors[0].zero_point = -128
    said = lab(command, "keyword-spotting", "--model", model(tmp_path, graph))
    assert "with scale 0.015625 and zero point -128; the features of keyword-spotting are int8" in said


@pytest.mark.produces("model-misfit")
def test_a_model_of_other_labels(lab, tmp_path):
    lab("build", "keyword-spotting", "--model", model(tmp_path, tiny_model.classifier(labels=11)))


@pytest.mark.produces("model-refused")
def test_a_model_that_the_hosts_interpreter_refuses(tmp_path):
    graph = tiny_model.classifier()
    graph.tensors[4].scale = 0.5  # softmax has one scale alone
    with pytest.raises(LabError):
        Host(workload.load("keyword-spotting"), Model.read(model(tmp_path, graph)))


# This machine


@pytest.mark.produces("tool-missing")
def test_a_machine_without_a_compiler(lab, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    lab("build", "keyword-spotting", "--model", model(tmp_path, tiny_model.classifier()))


@pytest.mark.produces("tool-too-old")
def test_a_compiler_that_is_too_old(lab, tmp_path, tools):
    tools("arm-none-eabi-gcc", "echo 'arm-none-eabi-gcc 9.2.1'")
    lab("build", "keyword-spotting", "--model", model(tmp_path, tiny_model.classifier()))


@pytest.mark.produces("tool-broken")
def test_a_compiler_that_does_not_start(lab, tmp_path, tools):
    tools("arm-none-eabi-gcc", "echo 'libmpfr.so.6: cannot open shared object file'; exit 127")
    said = lab("build", "keyword-spotting", "--model", model(tmp_path, tiny_model.classifier()))
    assert "  libmpfr.so.6: cannot open shared object file\n" in said


@pytest.mark.produces("library-missing")
def test_a_compiler_without_a_c_library(lab, tmp_path, tools):
    tools("arm-none-eabi-gcc", 'case "$*" in --version) echo "gcc 12.2.1";; *) echo libc.a;; esac')
    lab("build", "keyword-spotting", "--model", model(tmp_path, tiny_model.classifier()))


@pytest.mark.produces("package-missing")
@pytest.mark.parametrize("package", ["pydantic", "rich"])
def test_a_package_that_was_removed(lab, monkeypatch, package):
    def import_it(_arguments):
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)

    monkeypatch.setattr(_main, "_run", import_it)
    lab("list")


@pytest.mark.produces("package-missing")
def test_an_engine_without_unicorn(monkeypatch):
    monkeypatch.setattr(shim, "find_spec", lambda _name: None)
    with pytest.raises(LabError):
        shim._build()


@pytest.mark.produces("disk-full")
def test_a_disk_that_is_full_before_tflm_is_fetched(lab, tmp_path, monkeypatch, tools):
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))
    vendor = "echo 'Caused by: No space left on device (os error 28)'; exit 101"
    tools("cargo", f'case "$1" in --version) echo "cargo 1.95.0";; *) {vendor};; esac')
    assert "Free some space" in lab("build", "keyword-spotting", "--model", model(tmp_path, tiny_model.classifier()))


@pytest.mark.produces("interpreter-missing")
def test_a_machine_without_the_hosts_interpreter(lab, tmp_path, monkeypatch):
    (tmp_path / "tflite_micro.py").write_text("raise ImportError('no wheel for this machine')")
    monkeypatch.syspath_prepend(tmp_path)
    folder = next((places.project() / "models").rglob("recordings"))
    lab("train", "keyword-spotting", "--recordings", folder, "--out", tmp_path / "model.tflite")


@pytest.mark.produces("train-extra-missing")
def test_training_without_tensorflow(lab, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    folder = next((places.project() / "models").rglob("recordings"))
    lab("train", "keyword-spotting", "--recordings", folder, "--out", tmp_path / "model.tflite")


@pytest.mark.produces("nothing-to-train-on")
def test_recordings_of_speakers_who_are_kept_for_judging(lab, tmp_path, monkeypatch):
    monkeypatch.setattr(backend, "load", lambda _seed: (None, None))
    (tmp_path / "words" / "yes").mkdir(parents=True)
    shipped = next((places.project() / "models").rglob("recordings/yes/*.flac"))
    shutil.copy(shipped, tmp_path / "words" / "yes" / "a7545b9f_nohash_0.flac")  # the split keeps this speaker
    lab("train", "keyword-spotting", "--recordings", tmp_path / "words", "--out", tmp_path / "model.tflite")


@pytest.mark.produces("setup-incomplete")
def test_a_set_up_on_a_machine_without_a_package_manager(lab, tmp_path, monkeypatch):
    for name in ("bash", "env", "dirname", "grep", "sort", "head", "tail", "cat", "id", "awk", "printf"):
        found = shutil.which(name)
        assert found is not None
        (tmp_path / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(tmp_path))
    lab("setup")


@pytest.mark.produces("voice-failed")
def test_a_synthesiser_without_that_voice(tools):
    tools("flite", "echo 'no such voice' >&2; exit 1")
    with pytest.raises(LabError) as raised:
        synthesis.speak(synthesis.Voice("flite", "nobody"), "yes", synthesis.NATURAL, 16_000)
    assert "no such voice" in raised.value.details


@pytest.mark.produces("not-writable")
def test_a_model_that_cannot_be_written(lab, tmp_path):
    (tmp_path / "file").touch()
    folder = next((places.project() / "models").rglob("recordings"))
    lab("train", "keyword-spotting", "--recordings", folder, "--out", tmp_path / "file" / "model.tflite")


class _Deadly:
    """Ends the process that unpickles it, as running out of memory would."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (1,)


@pytest.mark.produces("worker-died")
def test_a_worker_that_is_killed():
    entries = [Entry(Path("yes.wav"), "yes/yes.wav", "yes")] * 2
    with pytest.raises(LabError), executing.processes(2) as executor:
        list(executor.hear(_Deadly(), entries))  # type: ignore[arg-type]


def test_of_many_known_names_the_nearest_are_shown():
    known = [f"tensor_arena_{number}" for number in range(5_000)] + ["lab_scores"]
    error = UnknownName("variable of a.elf", "lab_score", known)
    assert "Did you mean 'lab_scores'?" in error.message
    assert error.remedy.startswith("Known: lab_scores, ")
    assert error.remedy.endswith(", and 4,991 others.")
    assert len(error.remedy) < 500
