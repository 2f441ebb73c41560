"""Bundles as files, and what a stranger may put into one."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lab.bundling import bundle, difference
from lab.bundling.bundle import ArrivedThen, Bundle, ExpectedThen, Manifest
from lab.bundling.difference import LogDifference
from lab.errors import StorageError, UsageError

MANIFEST = Manifest(
    workload="keyword-spotting",
    target="nano33ble",
    mode="clip",
    recording="yes/1.flac, of yes",
    platform="0" * 64,
    engine="builtin",
    provenance={"lab": "0.1.0"},
)
LOG = ('{"event":"inference","samples_crc":"1","features_crc":"2","scores":[3,4],"label":"yes"}', "plain text")


@pytest.fixture
def made() -> Bundle:
    samples = np.arange(-50, 50, dtype=np.int16).reshape(-1, 1)
    return Bundle(MANIFEST, 'title = "x"\n', b"\x7fELF", b"TFL3", samples, LOG)


@pytest.fixture
def file(made: Bundle, tmp_path: Path) -> Path:
    path = tmp_path / "one.bundle"
    bundle.write(made, path)
    return path


def repacked(file: Path, **members: bytes | None) -> Path:
    """The bundle with members in the place of those of that name (a dot is written `__`); None leaves one out."""
    with zipfile.ZipFile(file) as archive:
        content: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    content |= {name.replace("__", "."): data for name, data in members.items()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            if data is not None:
                archive.writestr(name, data)
    return file


def test_what_is_written_is_read(made: Bundle, file: Path):
    read = bundle.read(file)
    assert (read.manifest, read.workload, read.firmware, read.model, read.log) == (
        *(made.manifest, made.workload, made.firmware, made.model),
        LOG,
    )
    assert np.array_equal(read.samples, made.samples)
    assert read.adapter is None


def test_a_firmware_that_is_no_elf_goes_along_bit_for_bit(made: Bundle, tmp_path: Path):
    content = b":0400000000000420D8\r\n:00000001FF\r\n"
    bundle.write(replace(made, firmware=content, adapter="[output]\n"), tmp_path / "one.bundle")
    assert bundle.read(tmp_path / "one.bundle").firmware == content
    assert "firmware.elf" not in zipfile.ZipFile(tmp_path / "one.bundle").namelist()
    with pytest.raises(UsageError, match="has 2 members that hold a firmware"):
        bundle.read(repacked(tmp_path / "one.bundle", firmware__elf=b"\x7fELF"))


def test_an_adapter_and_what_was_expected_go_along(made: Bundle, tmp_path: Path):
    expected = (ExpectedThen(label="yes", start_s=1.5, end_s=2.5), ExpectedThen(label=None, start_s=0, end_s=1))
    manifest = MANIFEST.model_copy(update={"mode": "stream", "until": 4, "from_s": 0.5, "expected": expected})
    bundle.write(replace(made, manifest=manifest, adapter="[output]\n"), tmp_path / "one.bundle")
    read = bundle.read(tmp_path / "one.bundle")
    assert (read.manifest, read.adapter) == (manifest, "[output]\n")


def test_bytes_of_the_uart_go_along_in_the_order_of_time(made: Bundle, tmp_path: Path):
    late, early = ArrivedThen(time_s=1.25, hex="0d0a"), ArrivedThen(time_s=0.5, hex="12")
    bundle.write(replace(made, arrived=(late, early)), tmp_path / "one.bundle")
    assert bundle.read(tmp_path / "one.bundle").arrived == (early, late)


def test_the_same_bundle_is_the_same_bytes(made: Bundle, file: Path, tmp_path: Path):
    bundle.write(made, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == file.read_bytes()


def npy(values: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, values)
    return stream.getvalue()


@pytest.mark.produces("bundle-broken")
@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"firmware__elf": None}, "has 0 members that hold a firmware"),
        ({"manifest__json": b"{}"}, "manifest.json that is none"),
        ({"manifest__json": b"[" * 10_000}, "manifest.json that is none"),
        ({"manifest__json": b" " * 100_000}, "more than 65,536 bytes"),
        ({"samples__npy": npy(np.zeros((4, 1), np.float32))}, "no int16"),
        ({"samples__npy": npy(np.array([object()]))}, "no int16"),
        ({"samples__npy": b""}, "no int16"),
        ({"device__log": b"\xff\xfe"}, "not UTF-8"),
        ({"adapter__toml": b"\xff\xfe"}, "not UTF-8"),
        ({"adapter__toml": b" " * 300_000}, "adapter.toml of more than 262,144 bytes"),
        ({"arrived__json": b"{}"}, "arrived.json that is none"),
        ({"arrived__json": b'[{"time_s": 1, "hex": "1"}]'}, r"arrived.json that is none: 0\.hex"),
        ({"arrived__json": b'[{"time_s": 1, "hex": ""}]'}, r"arrived.json that is none: 0\.hex"),
        ({"arrived__json": b'[{"time_s": -1, "hex": "12"}]'}, r"arrived.json that is none: 0\.time_s"),
        ({"arrived__json": b'[{"time_s": 1e999, "hex": "12"}]'}, r"arrived.json that is none: 0\.time_s"),
        ({"arrived__json": b" " * 9_000_000}, "arrived.json of more than 8,388,608 bytes"),
    ],
    ids=range(16),
)
def test_what_is_none_is_refused_with_the_member(file: Path, members: dict[str, bytes | None], why: str):
    with pytest.raises(UsageError, match=why):
        bundle.read(repacked(file, **members))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("target", "../../etc"), ("workload", "a/b"), ("workload", ""), ("mode", "bench"), ("mips", 10**9)),
        *(("from_s", -1), ("until", -1), ("expected", [{"label": "x" * 1_000, "start_s": 0, "end_s": 1}])),
        ("expected", [{"label": "x", "start_s": 0, "end_s": 1}] * 1_001),
    ],
)
def test_names_and_numbers_stay_within_bounds(file: Path, field: str, value: object):
    manifest = {**json.loads(MANIFEST.model_dump_json(by_alias=True)), field: value}
    with pytest.raises(UsageError, match=field):
        bundle.read(repacked(file, manifest__json=json.dumps(manifest).encode()))


def test_a_member_that_unpacks_to_more_than_it_may_is_not_read_whole(file: Path):
    """A kilobyte of the archive may stand for a megabyte."""
    with pytest.raises(UsageError, match=r"manifest.json of more than"):
        bundle.read(repacked(file, manifest__json=b"\0" * 100_000_000))


def test_two_members_of_one_name_are_refused(file: Path):
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr("manifest.json", "{}")
    with pytest.raises(UsageError, match="has 2 members"):
        bundle.read(file)


def test_a_member_that_is_packed_in_another_way_and_damaged_is_refused(tmp_path: Path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("manifest.json", "x" * 1_000)
    content = bytearray(packed.getvalue())
    content[30 + len("manifest.json") + 4] = 0xFF  # the first of LZMA's properties
    (tmp_path / "lzma.bundle").write_bytes(content)
    with pytest.raises(UsageError, match="is no whole archive"):
        bundle.read(tmp_path / "lzma.bundle")


def test_whatever_is_damaged_is_an_error_of_the_lab_or_still_a_bundle(file: Path, tmp_path: Path):
    """A hundred mutations of a seeded kind: bytes changed, cut off, repeated."""
    draw, whole = np.random.default_rng(14), file.read_bytes()
    for number in range(100):
        content = bytearray(whole)
        for _ in range(draw.integers(1, 7)):
            content[draw.integers(len(content))] = draw.integers(256)
        if number % 3 == 0:
            del content[draw.integers(len(content)) :]
        if number % 5 == 0:
            content += content[: draw.integers(len(content) + 1)]
        mutant = tmp_path / "mutant"
        mutant.write_bytes(content)
        with suppress(UsageError):
            bundle.read(mutant)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (LOG, None),
        ((LOG[0].replace("[3,4]", "[3,5]"), LOG[1]), LogDifference(1, "scores", "[3, 4]", "[3, 5]")),
        ((LOG[0].replace('"2"', '"9"').replace('"1"', '"8"'), LOG[1]), LogDifference(1, "samples_crc", '"1"', '"8"')),
        ((LOG[0], "other"), LogDifference(2, "", "plain text", "other")),
        (LOG[:1], LogDifference(2, "", "plain text", None)),
        ((*LOG, "more"), LogDifference(3, "", None, "more")),
    ],
    ids=range(6),
)
def test_the_first_difference_is_the_earliest_stage_of_the_first_line(
    found: tuple[str, ...], expected: LogDifference | None
):
    assert difference.first(LOG, found) == expected


def test_a_place_that_is_none_is_answered_in_one_sentence(made: Bundle, tmp_path: Path):
    with pytest.raises(StorageError) as raised:
        bundle.write(made, tmp_path / "nowhere" / "one.bundle")
    assert raised.value.remedy.endswith("or name another file with --out.")
