"""Variables of an image, by its debug information: a program of ours, compiled for a Cortex-M."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from lab.errors import ConfigurationError, LabError, UnknownName
from lab.watching import variable

SOURCE = """
#include <stdint.h>
enum class Mode : uint8_t { kIdle, kBusy = 7 };
namespace lab {
struct Base { int16_t low; };
struct Point : Base { float x; volatile const uint32_t* at; Mode mode; bool on; int8_t grid[2][3]; };
Point origin = {{-5}, 1.5f, nullptr, Mode::kBusy, true, {{1, 2, 3}, {4, 5, -6}}};
namespace { int64_t hidden = -1; }
int64_t* keep() { return &hidden; }
}
namespace other { unsigned twice = 1; }
namespace more { unsigned twice = 2; double half = 0.5; }
char large[70000];
extern "C" uint32_t count_up() { static uint32_t counted = 41; return ++counted; }
extern "C" void Reset_Handler() { lab::keep(); large[0] = count_up() + other::twice + more::twice; for (;;) {} }
"""


class ElfMemory:
    """A machine's memory as the image has it."""

    def __init__(self, elf: Path) -> None:
        self._dump = elf.with_suffix(".bin")
        subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", "-j", ".data", elf, self._dump], check=True)
        text = subprocess.run(["arm-none-eabi-nm", elf], check=True, capture_output=True, text=True).stdout
        self._at = next(int(line.split()[0], 16) for line in text.splitlines() if line.endswith(" __data_start"))

    def read(self, address: int, size: int) -> bytes:
        return self._dump.read_bytes()[address - self._at :][:size]


@pytest.fixture(scope="module")
def elf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("watched")
    source, made = folder / "watched.cc", folder / "watched.elf"
    source.write_text(SOURCE)
    words = ["arm-none-eabi-g++", "-mcpu=cortex-m4", "-mthumb", "-g", "-O0", "-nostdlib", "-Wl,-eReset_Handler"]
    subprocess.run([*words, "-fno-threadsafe-statics", "-o", made, source], check=True)
    return made


@pytest.fixture(scope="module")
def memory(elf: Path) -> ElfMemory:
    return ElfMemory(elf)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("lab::origin.x", 1.5),
        ("origin.mode", "kBusy"),
        ("origin.on", True),
        ("origin.at", "0x00000000"),
        ("origin.grid", [[1, 2, 3], [4, 5, -6]]),
        ("origin.grid[1][2]", -6),
        ("hidden", -1),
        ("counted", 41),
        ("more::twice", 2),
        ("half", 0.5),
    ],
)
def test_a_value_is_what_its_type_says(elf: Path, memory: ElfMemory, text: str, value: object):
    assert variable.find(elf, text).read(memory) == value  # type: ignore[arg-type]


def test_a_structure_is_all_of_its_members_with_those_of_its_base(elf: Path, memory: ElfMemory):
    found = variable.find(elf, "origin").read(memory)  # type: ignore[arg-type]
    assert isinstance(found, dict)
    assert found["Base (base)"] == {"low": -5}
    assert set(found) == {"Base (base)", "x", "at", "mode", "on", "grid"}


@pytest.mark.produces("variable-ambiguous")
def test_of_several_of_one_name_one_has_to_be_named(elf: Path):
    with pytest.raises(ConfigurationError, match="more::twice, other::twice"):
        variable.find(elf, "twice")


@pytest.mark.produces("variable-part")
@pytest.mark.parametrize("text", ["origin.y", "origin.grid[2]", "origin.x.y", "half[0]"])
def test_a_part_that_there_is_not(elf: Path, text: str):
    with pytest.raises(ConfigurationError, match="there is no"):
        variable.find(elf, text)


@pytest.mark.produces("variable-type")
def test_a_huge_array_is_refused_until_an_element_is_named(elf: Path):
    with pytest.raises(ConfigurationError, match="70,000 elements"):
        variable.find(elf, "large")


def test_the_nearest_name_is_suggested(elf: Path):
    with pytest.raises(UnknownName, match=r"lab::origin"):
        variable.find(elf, "lab::orign")


@pytest.mark.produces("no-debug-information")
def test_an_image_without_debug_information_says_so(elf: Path, tmp_path: Path):
    stripped = tmp_path / "stripped.elf"
    subprocess.run(["arm-none-eabi-objcopy", "--strip-debug", elf, stripped], check=True)
    with pytest.raises(ConfigurationError, match="no debug information"):
        variable.find(stripped, "origin")


def test_damaged_debug_information_is_an_error_of_the_lab(elf: Path, tmp_path: Path):
    """Bytes all over the file are changed, a hundred at a time, which mostly hits its debug sections."""
    whole, damaged = np.frombuffer(elf.read_bytes(), np.uint8), tmp_path / "damaged.elf"
    for seed in range(10):
        content, draw = whole.copy(), np.random.default_rng(seed)
        content[draw.integers(64, len(content), 100)] ^= 0xFF
        damaged.write_bytes(content.tobytes())
        with suppress(LabError):
            variable.find(damaged, "origin")
