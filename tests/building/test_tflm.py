from __future__ import annotations

import shutil

import pytest

from lab import places
from lab.building import registered, tflm
from lab.errors import ConfigurationError, DownloadError


def test_the_pinned_sources_are_what_cargo_verified():
    source = tflm.source()
    assert source.version == "tfmicro 0.1.0"
    assert (source.root / "tensorflow/lite/micro/micro_interpreter.h").is_file()
    assert source == tflm.source()


def test_only_the_sources_and_examples_of_the_crate_are_kept():
    kept = {path.name for path in tflm.fetched().iterdir()}
    assert kept == {"LICENSE-APACHE", "examples", "submodules"}


def test_the_crates_operators_are_read_from_its_list():
    (found,) = registered.of(tflm.source())["LOGICAL_NOT"]
    assert (found.function, found.method, found.highest) == ("Register_LOGICAL_NOT", "AddLogicalNot", 1)
    assert not found.is_ours
    crates, ours = registered.of(tflm.source())["AVERAGE_POOL_2D"]  # int16 is the lab's, and the last to be taken
    assert (crates.is_ours, ours.is_ours, ours.function) == (False, True, "Register_AVERAGE_POOL_2D_INT16")
    assert "LOCAL_RESPONSE_NORMALIZATION" not in registered.of(tflm.source())


def test_what_the_lab_adds_to_the_crate_is_among_its_operators():
    (found,) = registered.of(tflm.source())["SHAPE"]
    assert (found.function, found.highest, found.is_ours) == ("Register_SHAPE", 1, True)
    assert ("INT8", "INT32") in found.types


def test_a_kernel_of_the_lab_takes_the_place_of_the_crates():
    (found,) = registered.of(tflm.source())["MEAN"]
    assert found.is_ours
    assert ("INT8", "INT8") in found.types


def test_the_operators_of_a_tree_of_today_are_read_from_its_resolver(tmp_path):
    header = tmp_path / "tensorflow/lite/micro/micro_mutable_op_resolver.h"
    header.parent.mkdir(parents=True)
    header.write_text(
        "TfLiteStatus AddConv2D(\n"
        "    const TFLMRegistration& registration = Register_CONV_2D()) {\n"
        "  return AddBuiltin(BuiltinOperator_CONV_2D, registration, ParseConv2D);\n"
        "}\n"
        "TfLiteStatus AddDelay() {\n"
        '  return AddCustom("SignalDelay", tflite::tflm_signal::Register_DELAY());\n'
        "}\n"
    )
    found = registered.of(tflm.Source(tmp_path, "tree", frontend=tmp_path))
    assert list(found) == ["CONV_2D"]
    (only,) = found["CONV_2D"]
    assert (only.method, only.highest, only.types) == ("AddConv2D", None, None)


@pytest.mark.produces("tflm-tree")
def test_a_folder_without_tflm_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="holds no TFLM") as error:
        tflm.source(tmp_path)
    assert "create_tflm_tree" in error.value.remedy


def test_a_tree_is_known_by_its_content(tmp_path):
    header = tmp_path / "tensorflow/lite/micro/micro_interpreter.h"
    header.parent.mkdir(parents=True)
    header.write_text("// one\n")
    one = tflm.source(tmp_path).key
    header.write_text("// two\n")
    assert tflm.source(tmp_path).key != one


@pytest.mark.produces("tflm-fetch")
def test_without_a_network_cargos_own_words_are_passed_on(tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CARGO_HOME", str(tmp_path / "cargo"))
    monkeypatch.setenv("CARGO_NET_OFFLINE", "true")
    with pytest.raises(DownloadError, match="cargo could not fetch") as error:
        tflm.source()
    assert "tfmicro" in error.value.details
    assert tflm.fetched() is None


def test_a_crate_with_another_checksum_than_the_committed_one_is_refused(tmp_path, monkeypatch):
    project = tmp_path / "project"
    for name in ("models", "renode_platforms", "robot_tests"):
        (project / name).mkdir(parents=True)
    shutil.copytree(places.project() / "firmware/third_party", project / "firmware/third_party")
    lock = project / "firmware/third_party/tfmicro/Cargo.lock"
    _, checksum = tflm._pin()
    lock.write_text(lock.read_text().replace(checksum, "0" * 64))
    monkeypatch.setenv("LAB_PROJECT", str(project))
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))
    with pytest.raises(DownloadError) as error:
        tflm.source()
    assert "checksum" in error.value.details


@pytest.mark.produces("lock-file")
def test_a_lock_file_that_pins_nothing_is_named(tmp_path, monkeypatch):
    for name in ("models", "renode_platforms", "robot_tests", "firmware/third_party/tfmicro"):
        (tmp_path / name).mkdir(parents=True)
    lock = tmp_path / "firmware/third_party/tfmicro/Cargo.lock"
    lock.write_text("version = 3\n")
    monkeypatch.setenv("LAB_PROJECT", str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"Cargo\.lock does not pin the crate"):
        tflm.source()
