from __future__ import annotations

import re

import pytest

from lab.reporting import markdown
from lab.verdict import judge
from tests.fake_measuring import clip, measurement

from . import results

SPLIT = re.compile(r"(?<!\\)\|")


def tables(text: str) -> list[list[list[str]]]:
    """Every table as rows of cells, split where GitHub splits them."""
    found = re.findall(r"(?:^\|.*\|$\n?)+", text, re.MULTILINE)
    return [[[cell.strip() for cell in SPLIT.split(line)[1:-1]] for line in one.splitlines()] for one in found]


@pytest.mark.parametrize("name", results.EVERY)
def test_every_row_of_every_table_has_as_many_cells_as_its_head(name):
    for rows in tables(markdown.render(results.EVERY[name]())):
        assert {len(row) for row in rows} == {len(rows[0])}


def test_the_verdict_comes_first_and_what_is_broken_right_after_it():
    text = markdown.render(results.failing())
    assert text.startswith("## ❌ keyword-spotting on nano33ble\n\n**FAILED: 3 of 4 checks**\n\n| broken ")
    broken = tables(text)[0]
    assert [row[0] for row in broken[2:]] == ["`accuracy`", "`bit_exact`", "`skipped_recordings`"]
    assert re.fullmatch(r"`models/keyword-spotting/workload\.toml:\d+`", broken[2][-1])


def test_a_regression_is_shown_with_what_it_was_and_what_was_tolerated():
    text = markdown.render(results.regressed())
    assert ["`flash_bytes`", "181,000", "≤ 179,225", "177,451", f"`{results.BASELINE}:27`"] in tables(text)[0]
    assert f"Against `{results.BASELINE}`: worse: flash_bytes; better: accuracy." in text
    (metrics,) = [rows for rows in tables(text) if rows[0][0] == "metric"]
    by_name = {row[0]: row for row in metrics}
    assert by_name["`flash_bytes`"][-3:] == ["177,451", "+2.0 %", "**broken**"]
    assert by_name["`ram_bytes`"][-3:-1] == ["90,000", "="]


def test_a_regression_that_is_not_gated_is_said_and_nothing_is_broken():
    text = markdown.render(results.regressed(gated=False))
    assert "**PASSED: 4 checks**" in text
    assert "worse: flash_bytes" in text
    assert "broken" not in text


def test_names_are_never_markup():
    text = markdown.render(results.failing())
    line, _ = [line for line in text.splitlines() if line.startswith("| <code>le")]
    name = re.match(r"\| <code>(.*?)</code>", line)[1]
    assert not re.search(r"[|`*<>\[\]\\]", name)
    assert re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), name) == re.sub("[\x07\u202e]", " ", results.NASTY)


def test_the_last_output_stands_in_a_fence_that_it_cannot_end():
    text = markdown.render(results.faulting())
    assert "**HardFault at pc 0x10 in main.**" in text
    fence = re.search(r"^(`{4,})text$", text, re.MULTILINE)[1]
    assert text.count(f"\n{fence}\n") == 1


def test_several_runs_stand_side_by_side_before_each_of_them():
    text = markdown.render(results.side_by_side())
    assert text.startswith("## ❌ 1 of 2 runs not passed")
    overview = tables(text)[0]
    assert overview[0][1:] == ["`keyword-spotting`<br>`nano33ble`", "`keyword-spotting`<br>`twin`"]
    assert ["`accuracy`", "**0 %** ❌", "95.833 %"] in overview
    assert "## ✅ keyword-spotting on twin" in text


def test_a_recording_is_named_with_the_line_that_plays_it_again():
    assert "`lab run keyword-spotting --target nano33ble --clip yes/2.flac`" in markdown.render(results.failing())


def test_a_thousand_failures_stay_far_below_what_github_takes():
    clips = tuple(clip(number, decided="off") for number in range(5_000))
    wrong = sum(not clip.correct for clip in clips)
    many = judge.judge(results.words(), measurement(clips))
    text = markdown.render(judge.together([many] * 12))
    assert len(text.encode()) < 200_000
    assert f"{wrong:,} recordings taken for another label; the first 20" in text
