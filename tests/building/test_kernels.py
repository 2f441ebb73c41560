from __future__ import annotations

import shutil
from importlib import util
from pathlib import Path

import pytest

from lab import building
from lab.building import kernels
from lab.errors import ConfigurationError, ToolMissing, UnknownName


@pytest.fixture
def riscv(nano33ble):
    core = nano33ble.core.model_copy(update={"name": "ESP32-C3", "kernels": "esp-nn"})
    toolchain = nano33ble.toolchain.model_copy(update={"prefix": "riscv64-unknown-elf-"})
    return nano33ble.model_copy(update={"name": "esp32c3", "core": core, "toolchain": toolchain})


@pytest.fixture
def package(tmp_path, monkeypatch) -> Path:
    """The package's files, to be changed."""
    real = Path(util.find_spec("bakenn").submodule_search_locations[0])
    copy = tmp_path / "bakenn"
    shutil.copytree(real / "backend", copy / "backend", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    spec = util.find_spec("bakenn")
    monkeypatch.setattr(spec, "submodule_search_locations", [str(copy)])
    monkeypatch.setattr(util, "find_spec", lambda _name: spec)
    return copy


def test_kernels_say_which_release_they_are(nano33ble):
    assert kernels.choose(nano33ble, "cmsis-nn").version == "CMSIS-NN 4.0.0 (bakenn 1.0.0)"
    assert kernels.choose(nano33ble, "esp-nn").version == "ESP-NN 1.2.6 (bakenn 1.0.0)"
    assert kernels.choose(nano33ble, "reference").version == "TFLM's own"


def test_what_the_package_lacks_is_left_to_tflm(nano33ble):
    chosen = kernels.choose(nano33ble, "cmsis-nn")
    assert chosen.serves("CONV_2D")
    assert not chosen.serves("SOFTMAX")
    assert not chosen.serves("RESHAPE")
    assert not kernels.choose(nano33ble, "reference").serves("CONV_2D")


def test_an_upstream_tree_serves_what_its_files_have(tmp_path, nano33ble):
    for file in ("Include/arm_nnfunctions.h", "Source/SoftmaxFunctions/arm_softmax_s8.c"):
        (tmp_path / "tree" / file).parent.mkdir(parents=True)
        (tmp_path / "tree" / file).write_text("")
    chosen = kernels.choose(nano33ble, "cmsis-nn", tmp_path / "tree")
    assert chosen.version == "CMSIS-NN tree tree"
    assert chosen.serves("SOFTMAX")
    assert not chosen.serves("CONV_2D")


def test_auto_is_what_suits_the_core(riscv):
    assert kernels.choose(riscv).name == "esp-nn"


@pytest.mark.produces("unknown-name")
def test_unknown_kernels_are_named_with_the_known_ones(nano33ble):
    with pytest.raises(UnknownName) as error:
        kernels.choose(nano33ble, "cmsis")
    assert "cmsis-nn" in error.value.remedy


@pytest.mark.produces("kernels-core")
def test_cmsis_nn_is_refused_for_a_core_that_is_not_arms(riscv):
    with pytest.raises(ConfigurationError, match="CMSIS-NN is for Arm cores; esp32c3 has ESP32-C3"):
        kernels.choose(riscv, "cmsis-nn")


@pytest.mark.produces("kernels-tree")
def test_a_tree_without_the_library_is_refused(tmp_path, nano33ble):
    with pytest.raises(ConfigurationError, match=r"holds no ESP-NN: there is no include/esp_nn\.h"):
        kernels.choose(nano33ble, "esp-nn", tmp_path)


@pytest.mark.produces("kernels-unused")
def test_a_tree_for_tflms_own_kernels_is_refused(tmp_path, nano33ble):
    with pytest.raises(ConfigurationError, match="is not looked at"):
        kernels.choose(nano33ble, "reference", tmp_path)


@pytest.mark.produces("kernels-changed")
def test_a_package_with_another_content_is_refused(package, nano33ble):
    kernels.choose(nano33ble, "esp-nn")
    file = package / "backend/esp_nn/vendor/esp_nn/src/pooling/esp_nn_max_pool_ansi.c"
    file.write_text(file.read_text() + "\n")
    with pytest.raises(ConfigurationError, match=r"is not what bakenn 1\.0\.0 carries") as error:
        kernels.choose(nano33ble, "esp-nn")
    assert "bakenn==1.0.0" in error.value.remedy


@pytest.mark.produces("kernels-missing")
def test_a_missing_package_is_named_with_what_brings_it(monkeypatch, nano33ble):
    monkeypatch.setattr(util, "find_spec", lambda _name: None)
    with pytest.raises(ToolMissing, match="bakenn"):
        kernels.choose(nano33ble, "cmsis-nn")


def test_only_kernels_that_the_model_uses_are_linked(keyword_spotting, nano33ble, classifier):
    built = building.build(keyword_spotting, nano33ble, classifier, kernels_name="cmsis-nn")
    listing = built.map.read_text().partition("Linker script and memory map")[0]
    assert "arm_fully_connected_s8.c" in listing
    assert "arm_convolve_s8.c" in listing  # of weights with a scale for each output
    assert "arm_max_pool_s8.c" not in listing
    assert built.provenance["kernels"] == "CMSIS-NN 4.0.0 (bakenn 1.0.0)"
