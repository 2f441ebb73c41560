"""The library that firmware of others takes along: the lines that it prints, and marks that can be told apart."""

import ctypes
import re
import shutil
import subprocess

import pytest

from lab import places
from lab.elf import Firmware

LIBRARY = places.project() / "firmware" / "device_lab"
STRICT = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O2"]
WRITE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(ctypes.c_char), ctypes.c_size_t)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    file = tmp_path_factory.mktemp("device_lab") / "device_lab.so"
    sources = sorted((LIBRARY / "src").glob("*.c"))
    subprocess.run(["cc", *STRICT, "-shared", "-fPIC", *sources, "-o", file], check=True)
    return ctypes.CDLL(str(file))


@pytest.fixture
def said(library):
    written = bytearray()
    write = WRITE(lambda _context, text, size: written.extend(text[:size]))
    library.device_lab_ready(write, None)
    yield written
    library.device_lab_ready(WRITE(), None)


def test_each_line_says_one_thing(library, said):
    library.device_lab_result(b"yes")
    library.device_lab_result_with_scores(b"no", (ctypes.c_int32 * 4)(-(2**31), -1, 0, 2**31 - 1), ctypes.c_size_t(4))
    library.device_lab_fault(b"no memory")
    assert said.decode().splitlines(keepends=True) == [
        "device_lab: ready\r\n",
        "device_lab: result yes\r\n",
        "device_lab: result no scores -2147483648 -1 0 2147483647\r\n",
        "device_lab: fault no memory\r\n",
    ]


def test_a_long_line_is_cut_off_and_still_ends(library, said):
    said.clear()
    library.device_lab_result(b"x" * 1_000)
    library.device_lab_result_with_scores(b"yes", (ctypes.c_int32 * 200)(*range(200)), ctypes.c_size_t(200))
    lines = said.decode().splitlines(keepends=True)
    assert [len(line) for line in lines] == [256, 256]
    assert all(line.endswith("\r\n") for line in lines)


def test_nothing_is_written_before_there_is_somewhere_to_write(library):
    library.device_lab_ready(WRITE(), None)
    library.device_lab_result(b"yes")


@pytest.mark.parametrize("options", [["-O2"], ["-Os", "-flto"], ["-O0"]], ids=" ".join)
def test_marks_are_functions_of_their_own_however_it_is_compiled(tmp_path, options):
    if not shutil.which("arm-none-eabi-gcc"):
        pytest.skip("arm-none-eabi-gcc is not installed")
    (tmp_path / "main.c").write_text(
        '#include "device_lab.h"\nvoid start(void) {\n  device_lab_inference_begins();\n'
        "  device_lab_inference_ends();\n  for (;;) {\n  }\n}\n"
    )
    elf = tmp_path / "main.elf"
    core = ["-mcpu=cortex-m4", "-mthumb", "-ffunction-sections", "-nostdlib", "-Wl,--gc-sections,--entry=start"]
    sources = [tmp_path / "main.c", LIBRARY / "src" / "device_lab.c"]
    subprocess.run(
        ["arm-none-eabi-gcc", *STRICT, *core, *options, "-I", LIBRARY / "src", *sources, "-o", elf], check=True
    )
    firmware = Firmware(elf)
    addresses = {firmware.symbol(f"device_lab_inference_{end}").address for end in ("begins", "ends")}
    assert len(addresses) == 2


def test_cmake_builds_it_and_every_build_system_names_all_sources(tmp_path):
    sources = {f"src/{file.name}" for file in (LIBRARY / "src").glob("*.c")}
    for manifest in ("CMakeLists.txt", "zephyr/CMakeLists.txt"):
        text = (LIBRARY / manifest).read_text()
        assert [source for source in sources if source not in text] == []
    subprocess.run(["cmake", "-S", LIBRARY, "-B", tmp_path, "-G", "Ninja"], check=True, capture_output=True)
    subprocess.run(["cmake", "--build", tmp_path], check=True, capture_output=True)
    assert (tmp_path / "libdevice_lab.a").exists()


def test_its_manifests_have_one_version():
    found = {
        re.search(r'version"?[=:]\s*"?([\d.]+)', (LIBRARY / name).read_text())[1]
        for name in ("library.properties", "library.json", "idf_component.yml")
    }
    assert found == {"0.1.0"}
