from __future__ import annotations

import csv
import io
import re

import pytest

from lab.reporting import clips_csv
from tests import fake_measuring
from tests.docs.documents import ROOT, table

from . import results


def rows(result):
    return list(csv.DictReader(io.StringIO(clips_csv.render(result), newline="")))


def test_every_recording_of_every_run_has_a_row():
    found = rows(results.side_by_side())
    assert [row["target"] for row in found] == ["nano33ble"] * 6 + ["twin"] * 24
    assert [row["outcome"] for row in found[:6]] == ["wrong"] * 5 + ["skipped"]
    assert all(None not in row and None not in row.values() for row in found)


def test_names_come_back_as_they_are_whatever_is_in_them():
    assert results.NASTY in [row["clip"] for row in rows(results.failing())]


@pytest.mark.parametrize("name", ["yes/a\rb.wav", "yes/a\nb.wav", 'yes/"a\r\n".wav', "yes/a\r"])
def test_a_name_with_line_ends_stays_in_its_row(name):
    result = results.passing(clips=(fake_measuring.clip(0), fake_measuring.clip(1, clip=name), fake_measuring.clip(2)))
    assert [row["clip"] for row in rows(result)] == ["silence/0.flac", name, "yes/2.flac"]


def test_a_row_has_what_the_result_has():
    result = results.failing()
    row, clip = rows(result)[4], result.runs[0].clips[4]
    assert row["difference_stage"] == "features"
    assert row["difference"] == "features: step 17, channel 3 is 43 on the device, 42 on the host"
    assert tuple(map(int, row["scores"].split())) == clip.scores
    assert int(row["instructions"]) == clip.instructions
    assert row["stimulus"] == clip.stimulus


def test_a_skipped_recording_says_why_and_has_no_numbers():
    row = rows(results.failing())[-1]
    assert (row["clip"], row["difference"], row["instructions"]) == ("yes/broken.flac", "is cut short", "")


def test_the_page_of_results_lists_the_columns_in_their_order():
    documented = [
        name for row in table(ROOT / "docs" / "results.md", "clips.csv") for name in re.findall(r"`(\w+)`", row[0])
    ]
    assert documented == list(clips_csv.COLUMNS)
