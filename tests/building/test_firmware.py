from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import tflite

from lab import building, places
from lab.building import tflm
from lab.errors import BuildError, ModelError, ToolMissing
from lab.model import Model
from tests.building.tiny_model import Operator, classifier


def copy_of_the_project(folder: Path) -> Path:
    for name in ("firmware", "models", "renode_platforms", "robot_tests"):
        shutil.copytree(places.project() / name, folder / name, ignore=shutil.ignore_patterns("recordings"))
    return folder


@pytest.fixture(scope="module", autouse=True)
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project's folders, copied to where tests may change them."""
    folder = copy_of_the_project(tmp_path_factory.mktemp("checkout"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAB_PROJECT", str(folder))
        yield folder


@pytest.fixture
def main(checkout: Path) -> Iterator[Path]:
    """The application's main file, restored after the test."""
    file = checkout / "firmware" / "apps" / "sensing" / "main.cc"
    content = file.read_text()
    yield file
    file.write_text(content)


@pytest.fixture(scope="module")
def built(keyword_spotting, nano33ble, classifier):
    return building.build(keyword_spotting, nano33ble, classifier)


def test_an_image_carries_the_model_and_what_the_lab_looks_for(built, classifier):
    image = built.firmware
    assert image.segments[0].address == 0
    assert any(classifier.data in segment.data for segment in image.segments)
    for name in ("lab_parameters", "lab_mark", "lab_samples", "lab_features", "lab_scores"):
        assert image.symbol(name)
    assert built.map.read_text().startswith("Archive member included")


def test_an_image_says_what_it_was_made_with(built):
    assert built.provenance["tflm"] == "tfmicro 0.1.0"
    assert "arm-none-eabi-gcc" in built.provenance["toolchain"]
    assert "-mcpu=cortex-m4" in built.provenance["core_flags"]
    assert len(built.provenance["toolchain_hash"]) == 16


def test_nothing_is_compiled_twice(built, keyword_spotting, nano33ble, classifier):
    before = _written(places.cache() / "firmware", "*.obj")
    again = building.build(keyword_spotting, nano33ble, classifier)
    assert again.elf == built.elf
    assert _written(places.cache() / "firmware", "*.obj") == before
    assert len(before) > 20


def test_the_same_sources_in_another_folder_and_cache_give_the_same_bytes(
    built, tmp_path, monkeypatch, keyword_spotting, nano33ble, classifier
):
    monkeypatch.setenv("CCACHE_DISABLE", "1")  # it would give the objects of the other folder
    monkeypatch.setenv("LAB_PROJECT", str(copy_of_the_project(tmp_path / "somewhere" / "else")))
    cache = tmp_path / "another cache"
    cache.mkdir()
    for kind in ("library", "tflm"):  # compiling TFLM once more takes a minute
        (cache / kind).symlink_to(places.cache() / kind)
    monkeypatch.setenv("LAB_CACHE", str(cache))
    elsewhere = building.build(keyword_spotting, nano33ble, classifier)
    assert elsewhere.elf != built.elf
    assert elsewhere.elf.read_bytes() == built.elf.read_bytes()


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A cache without images, and a ccache of its own."""
    if not shutil.which("ccache"):
        pytest.skip("ccache is not installed")
    monkeypatch.setenv("CCACHE_DIR", str(tmp_path / "ccache"))

    def cache(name: str) -> None:
        (tmp_path / name).mkdir()
        for kind in ("library", "tflm"):
            (tmp_path / name / kind).symlink_to(places.cache() / kind)
        monkeypatch.setenv("LAB_CACHE", str(tmp_path / name))

    return cache


def test_with_ccache_a_copy_of_the_project_takes_its_objects_from_there_and_gives_the_same_bytes(
    built, elsewhere, tmp_path, monkeypatch, keyword_spotting, nano33ble, classifier
):
    elsewhere("first")
    assert building.build(keyword_spotting, nano33ble, classifier).elf.read_bytes() == built.elf.read_bytes()
    monkeypatch.setenv("LAB_PROJECT", str(copy_of_the_project(tmp_path / "somewhere" / "else")))
    elsewhere("second")
    assert building.build(keyword_spotting, nano33ble, classifier).elf.read_bytes() == built.elf.read_bytes()
    statistics = subprocess.run(["ccache", "--print-stats"], capture_output=True, text=True, check=True).stdout
    counted = dict(line.split("\t") for line in statistics.splitlines())
    assert int(counted["direct_cache_hit"]) == int(counted["cache_miss"]) > 20


def test_a_ccache_that_cannot_write_is_done_without(
    built, elsewhere, monkeypatch, keyword_spotting, nano33ble, classifier
):
    elsewhere("cache")
    monkeypatch.setenv("CCACHE_DIR", "/proc/nowhere")
    assert building.build(keyword_spotting, nano33ble, classifier).elf.read_bytes() == built.elf.read_bytes()


def test_no_folder_of_sources_or_of_the_cache_is_named_in_an_image(built, checkout):
    content = built.elf.read_bytes()
    kept = (places.cache() / "library").resolve().parent
    for folder in (checkout, places.cache(), kept, built.kernels.root.parent, tflm.source().root):
        assert str(folder.resolve()).encode() not in content


def test_an_edited_application_gives_another_image_and_leaves_the_first(
    built, main, keyword_spotting, nano33ble, classifier
):
    bytes_before = built.elf.read_bytes()
    main.write_text(main.read_text() + '\nextern "C" __attribute__((used)) int lab_test_addition() { return 42; }\n')
    second = building.build(keyword_spotting, nano33ble, classifier)
    assert second.elf != built.elf
    assert built.elf.read_bytes() == bytes_before


def test_settings_of_the_workload_reach_the_image(built, keyword_spotting, nano33ble, classifier):
    labels = ("stille", *keyword_spotting.labels[1:])
    other = building.build(keyword_spotting.model_copy(update={"labels": labels}), nano33ble, classifier)
    assert b"stille" in other.elf.read_bytes()
    assert b"stille" not in built.elf.read_bytes()


def test_another_setting_of_the_workload_does_not_compile_what_includes_tflm(
    built, keyword_spotting, nano33ble, classifier
):
    building.build(keyword_spotting, nano33ble, classifier)
    slow = {"network.cc.obj", "operators.cc.obj", "operator_trace.cc.obj"}
    before = _written(places.cache() / "firmware", "*.obj")
    labels = ("ruhe", *keyword_spotting.labels[1:])
    building.build(keyword_spotting.model_copy(update={"labels": labels}), nano33ble, classifier)
    after = _written(places.cache() / "firmware", "*.obj")
    assert after != before
    assert [file for file in before if file.name in slow and after[file] != before[file]] == []
    assert slow <= {file.name for file in before}


def test_two_builds_at_once_give_the_same_image(keyword_spotting, nano33ble, classifier):
    with ThreadPoolExecutor(2) as pool:
        builds = [pool.submit(building.build, keyword_spotting, nano33ble, classifier) for _ in range(2)]
    assert builds[0].result().elf == builds[1].result().elf


@pytest.mark.produces("build")
def test_a_compile_error_comes_in_the_compilers_own_words(main, keyword_spotting, nano33ble, classifier):
    main.write_text("int planted = undeclared_thing;\n" + main.read_text())
    with pytest.raises(BuildError) as error:
        building.build(keyword_spotting, nano33ble, classifier)
    assert "firmware/apps/sensing/main.cc:1:15" in error.value.message
    assert "'undeclared_thing' was not declared in this scope" in error.value.message
    assert f"{main}:1:15: error: " in error.value.details
    assert "int planted = undeclared_thing;" in error.value.details
    assert "-mcpu" not in error.value.details


def test_an_arena_beyond_the_boards_ram_is_the_linkers_complaint(keyword_spotting, nano33ble, classifier):
    with pytest.raises(BuildError, match="will not fit in region `RAM'") as error:
        building.build(keyword_spotting, nano33ble, classifier, arena_bytes=1_000_000)
    assert "overflowed by" in error.value.details


@pytest.mark.produces("operator-missing")
def test_an_operator_that_tflm_lacks_is_named(write, keyword_spotting, nano33ble):
    graph = classifier()
    graph.operators[1] = Operator(tflite.BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION, (3,), (4,))
    with pytest.raises(ModelError, match=r"lacks: LOCAL_RESPONSE_NORMALIZATION") as error:
        building.build(keyword_spotting, nano33ble, Model.read(write(graph)))
    assert "--tflm upstream" in error.value.remedy


def test_an_operator_version_that_tflm_lacks_is_named(write, keyword_spotting, nano33ble):
    graph = classifier()
    graph.operators[1].version = 9
    with pytest.raises(ModelError, match=r"SOFTMAX version 9 \(it has 3\)"):
        building.build(keyword_spotting, nano33ble, Model.read(write(graph)))


def test_a_missing_compiler_is_named_with_the_packages_that_bring_it(
    tmp_path, monkeypatch, keyword_spotting, nano33ble, classifier
):
    monkeypatch.setenv("PATH", str(_programs(tmp_path, "cmake", "ninja", "apt-get")))
    with pytest.raises(ToolMissing, match="arm-none-eabi-gcc is not installed") as error:
        building.build(keyword_spotting, nano33ble, classifier)
    assert "apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi" in error.value.remedy


def _programs(folder: Path, *names: str) -> Path:
    """A folder for PATH with these programs alone; one that this machine lacks does nothing."""
    programs = folder / "programs"
    programs.mkdir()
    for name in names:
        (programs / name).symlink_to(shutil.which(name) or "/bin/true")
    return programs


def _written(folder: Path, pattern: str) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob(pattern)}
