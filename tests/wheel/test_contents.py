"""What is in the wheel and in the sdist: what git tracks, and nothing else."""

from __future__ import annotations

import re
import tarfile
import zipfile
from email import message_from_bytes

import pytest
import readme_renderer.markdown
from packaging.metadata import Metadata

from lab import __version__, places

from .conftest import LEFT_BEHIND

DATA = (*places.FOLDERS, "baselines")
LARGEST = 8_500_000
"""Bytes; recordings and models are most of it."""


@pytest.fixture(scope="module")
def wheel(distributions):
    with zipfile.ZipFile(distributions.wheel) as opened:
        yield opened


@pytest.fixture(scope="module")
def metadata(wheel):
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    return wheel.read(name)


def test_the_wheel_is_the_package_and_the_data_folders_as_git_tracks_them(distributions, wheel):
    inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    code = {name for name in distributions.tracked if name.startswith("lab/")}
    data = {f"lab/data/{name}" for name in distributions.tracked if name.split("/")[0] in DATA}
    assert inside == code | data
    assert {"lab/data/" + name.split("/")[0] for name in distributions.tracked if name.split("/")[0] in DATA} >= {
        f"lab/data/{folder}" for folder in places.FOLDERS
    }


def test_the_sdist_is_what_git_tracks(distributions):
    with tarfile.open(distributions.sdist) as opened:
        inside = {name.partition("/")[2] for name in opened.getnames()}
    assert inside == distributions.tracked | {"PKG-INFO"}


def test_what_was_left_behind_would_be_seen(distributions):
    assert not set(LEFT_BEHIND) & distributions.tracked


def test_programs_can_still_be_executed(wheel):
    modes = {
        info.filename: (info.external_attr >> 16) & 0o777 for info in wheel.infolist() if info.filename.endswith(".sh")
    }
    assert modes == {
        "lab/data/firmware/rom/esp32c3/build.sh": 0o755,
        "lab/data/firmware/toolchains/install.sh": 0o755,
    }


def test_every_file_has_the_content_that_is_tracked(distributions, wheel):
    for name in wheel.namelist():
        if ".dist-info/" not in name:
            assert wheel.read(name) == (distributions.source / name.removeprefix("lab/data/")).read_bytes(), name


def test_it_is_small_enough_to_be_fetched_in_a_moment(distributions):
    assert distributions.wheel.stat().st_size < LARGEST
    assert distributions.sdist.stat().st_size < LARGEST


def test_its_metadata_is_valid_and_says_the_version_that_the_lab_says(metadata):
    found = Metadata.from_email(metadata, validate=True)
    assert (found.name, str(found.version)) == ("tinyml-device-lab", __version__)
    assert found.license_expression == "Apache-2.0"


def test_it_carries_the_licences(metadata, wheel):
    assert set(message_from_bytes(metadata).get_all("License-File")) == {"LICENSE", "THIRD_PARTY.md"}
    assert {name.rpartition("/")[2] for name in wheel.namelist() if "/licenses/" in name} == {
        "LICENSE",
        "THIRD_PARTY.md",
    }


def test_the_readme_renders_as_a_package_index_shows_it(metadata):
    found = Metadata.from_email(metadata, validate=True)
    assert found.description_content_type == "text/markdown"
    rendered = readme_renderer.markdown.render(found.description)
    assert "<table>" in rendered
    assert not re.search(r"not run: |\| ?-{3}|```", rendered), "a note, a table or a block was not understood"
