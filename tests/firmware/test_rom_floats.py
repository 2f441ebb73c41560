"""The floating point of the ESP32-C3's ROM stand-in, compiled for this computer, against this computer's own."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

SOURCES = Path(__file__).parents[2] / "firmware/rom/esp32c3"
pytestmark = pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
WIDTHS = {"sf": (np.float32, np.uint32, ctypes.c_uint32), "df": (np.float64, np.uint64, ctypes.c_uint64)}
NUMBERS = 4000


@pytest.fixture(scope="module")
def rom(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler for this computer")
    library = tmp_path_factory.mktemp("rom") / "floats.so"
    options = [
        "-O1",
        "-shared",
        "-fPIC",
        "-ffreestanding",
        "-fno-builtin",
        "-Wno-pointer-to-int-cast",
        "-Wl,-Bsymbolic",
    ]
    subprocess.run(
        [compiler, *options, SOURCES / "floats.c", SOURCES / "division.c", "-nostdlib", "-o", library], check=True
    )
    return ctypes.CDLL(str(library))


def operands(word: type, seed: int) -> np.ndarray:
    """Any bits; numbers whose exponents are close to each other; and every odd case with every other."""
    floats = np.float32 if word is np.uint32 else np.float64
    random = np.random.default_rng(seed)
    bits = random.integers(0, np.iinfo(word).max, (NUMBERS, 2), dtype=word, endpoint=True)
    near = (random.standard_normal((NUMBERS, 2)) * 2.0 ** random.integers(-4, 5, (NUMBERS, 2))).astype(floats)
    info = np.finfo(floats)
    numbers = [0.0, -0.0, 1.0, -1.5, 0.5, 0.99999, 2.0**31, -(2.0**31), 2.0**32, 2.0**63, 2.0**64]
    limits = [info.max, -info.max, info.tiny, info.smallest_subnormal, 3 * info.smallest_subnormal]
    odd = np.array([*numbers, *limits, np.inf, -np.inf, np.nan], floats)
    pairs = np.stack(np.meshgrid(odd, odd), axis=-1).reshape(-1, 2)
    small = random.integers(0, 1 << 20, (NUMBERS // 4, 2), dtype=word)  # subnormal
    return np.concatenate([bits, near.view(word), pairs.view(word), small])


def called(rom: ctypes.CDLL, name: str, result: type, *columns: np.ndarray, of: type) -> np.ndarray:
    function = getattr(rom, name)
    function.restype, function.argtypes = result, [of] * len(columns)
    return np.array([function(*row) for row in zip(*(column.tolist() for column in columns), strict=True)], object)


@pytest.mark.parametrize("letters", WIDTHS)
@pytest.mark.parametrize(
    ("name", "operation"), [("add", np.add), ("sub", np.subtract), ("mul", np.multiply), ("div", np.divide)]
)
def test_arithmetic_is_rounded_as_here(rom, letters, name, operation):
    floats, word, c_word = WIDTHS[letters]
    a, b = operands(word, 1).T
    with np.errstate(all="ignore"):
        wanted = operation(a.view(floats), b.view(floats))
    found = called(rom, f"__{name}{letters}3", c_word, a, b, of=c_word).astype(word)
    same = (found == wanted.view(word)) | (np.isnan(wanted) & np.isnan(found.view(floats)))
    assert same.all(), [
        (hex(a[i]), hex(b[i]), hex(found[i]), hex(wanted.view(word)[i])) for i in np.flatnonzero(~same)[:5]
    ]


@pytest.mark.parametrize("letters", WIDTHS)
def test_comparisons_know_what_is_unordered(rom, letters):
    floats, word, c_word = WIDTHS[letters]
    bits = operands(word, 2)
    a, b = np.concatenate([bits, bits[:, :1].repeat(2, axis=1)]).T
    left, right = a.view(floats), b.view(floats)
    ask = lambda name: called(rom, f"__{name}{letters}2", ctypes.c_int, a, b, of=c_word)  # noqa: E731
    assert ((ask("eq") == 0) == (left == right)).all()
    assert ((ask("ne") != 0) == (left != right)).all()
    assert ((ask("lt") < 0) == (left < right)).all()
    assert ((ask("le") <= 0) == (left <= right)).all()
    assert ((ask("gt") > 0) == (left > right)).all()
    assert ((ask("ge") >= 0) == (left >= right)).all()
    assert ((ask("unord") != 0) == (np.isnan(left) | np.isnan(right))).all()


@pytest.mark.parametrize("letters", WIDTHS)
@pytest.mark.parametrize("kind", ["si", "unsi", "di", "undi"])
def test_whole_numbers_become_floats_and_back(rom, letters, kind):
    floats, word, c_word = WIDTHS[letters]
    is_signed, bits = not kind.startswith("un"), 32 if kind.endswith("si") else 64
    c_whole = getattr(ctypes, f"c_{'' if is_signed else 'u'}int{bits}")
    whole = np.int32 if bits == 32 else np.int64
    whole = whole if is_signed else np.dtype(whole).str.replace("i", "u")
    values = (
        np.random.default_rng(3).integers(0, 1 << 64, NUMBERS, dtype=np.uint64)
        >> np.arange(NUMBERS, dtype=np.uint64) % 64
    )
    values = values.astype(whole)
    found = called(rom, f"__float{kind}{letters}", c_word, values, of=c_whole).astype(word)
    assert (found == values.astype(floats).view(word)).all()

    inside = operands(word, 4)[:, 0]
    inside = inside[~np.isnan(inside.view(floats))]
    numbers = inside.view(floats).astype(np.float64)
    low, high = (-(2.0 ** (bits - 1)), 2.0 ** (bits - 1)) if is_signed else (0.0, 2.0**bits)
    inside = inside[(numbers > low) & (numbers < high)]
    back = called(
        rom, f"__fix{'' if is_signed else 'uns'}{letters}{kind.removeprefix('un')}", c_whole, inside, of=c_word
    )
    assert back.tolist() == [int(number) for number in inside.view(floats).tolist()]


def test_widths_become_each_other(rom):
    single, double = operands(np.uint32, 5)[:, 0], operands(np.uint64, 6)[:, 0]
    double[::2] = operands(np.uint64, 7)[::2, 0] >> 1 & 0x0FFF_FFFF_FFFF_FFFF | 0x3000_0000_0000_0000  # for a single
    with np.errstate(all="ignore"):
        wider, narrower = single.view(np.float32).astype(np.float64), double.view(np.float64).astype(np.float32)
    found = called(rom, "__extendsfdf2", ctypes.c_uint64, single, of=ctypes.c_uint32).astype(np.uint64).view(np.float64)
    assert np.array_equal(found, wider, equal_nan=True)
    found = called(rom, "__truncdfsf2", ctypes.c_uint32, double, of=ctypes.c_uint64).astype(np.uint32)
    assert np.array_equal(found.view(np.float32), narrower, equal_nan=True)
    assert (found[narrower == 0] == narrower.view(np.uint32)[narrower == 0]).all()
