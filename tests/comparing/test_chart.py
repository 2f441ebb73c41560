from __future__ import annotations

import re
from html import unescape
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from lab.outcomes.memory import Symbol
from lab.reporting import comparison_chart, run_folder
from lab.verdict import judge, policy
from lab.verdict.side_by_side import Side, side_by_side
from tests.comparing.runs import judged, leave, measured

LONG = "tflite::reference_integer_ops::DepthwiseConvPerChannel(tflite::DepthwiseParams const&, int const*, int const*)"


@pytest.fixture
def runs(project):
    before = leave(project / "a", judged(measured(symbols=(Symbol("main", 420, ".text", "app"),))))
    symbols = (Symbol("main", 100, ".text", "app"), Symbol(LONG, 1_240, ".text", "libtflm.a"))
    changed = {"flash_bytes": 190_000, "missed_deadlines": 3, "instructions_per_inference": 8_000_000}
    return before, leave(project / "b", judged(measured(changed, symbols=symbols)))


def texts(file):
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]+)</text>", file.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    ("ending", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml"), ("PNG", b"\x89PNG")]
)
def test_a_chart_has_the_format_of_its_name(lab, runs, project, ending, start):
    code, _, err = lab("compare", *runs, "--chart", f"chart.{ending}")
    assert (code, err) == (0, f"chart: chart.{ending}\n")
    assert (project / f"chart.{ending}").read_bytes().startswith(start)


def test_the_chart_says_every_metric_and_the_symbols_that_changed_most(lab, runs, project):
    lab("compare", *runs, "--chart", "chart.svg")
    said = texts(project / "chart.svg")
    assert {*measured().metrics} <= set(said)
    assert "+5.0 %  worse" in said
    assert "-11.1 %  better" in said
    assert "+3  worse" in said
    assert "…rence_integer_ops::DepthwiseConvPerChannel(…)" in said
    assert "+1,240  new" in said
    assert "-320" in said


def test_no_words_run_into_others_or_off_the_paper(runs):
    before, now = (Side.of_result(run.name, run_folder.read_result(run)) for run in runs)
    drawn = comparison_chart.figure(side_by_side(before, now, policy.load()))
    FigureCanvasAgg(drawn).draw()
    texts = [text for axes in drawn.axes for text in (*axes.texts, *axes.get_yticklabels(), axes.title)]
    boxes = [text.get_window_extent() for text in texts if text.get_text()]
    assert len(boxes) > 25
    overlapping = [(one, other) for one, other in combinations(boxes, 2) if one.overlaps(other)]
    outside = [box for box in boxes if not (drawn.bbox.x0 <= box.x0 and box.x1 <= drawn.bbox.x1)]
    assert (overlapping, outside) == ([], [])


def test_the_same_comparison_gives_the_same_chart(lab, runs, project):
    lab("compare", *runs, "--chart", "one.svg")
    lab("compare", *runs, "--chart", "two.svg")
    assert (project / "one.svg").read_bytes() == (project / "two.svg").read_bytes()


def test_several_pairs_stand_one_below_the_other(lab, project):
    both = judge.together([judged(), judged(measured(target="other-board"))])
    leave(project / "a", both)
    lab("compare", "a", "a", "--chart", "chart.svg")
    said = texts(project / "chart.svg")
    assert "keyword-spotting on nano33ble (reference): metrics" in said
    assert "keyword-spotting on other-board (reference): metrics" in said
    assert said.count("no symbol changed its size") == 2


@pytest.mark.parametrize("name", ["chart.jpg", "chart"])
def test_a_name_that_says_no_known_format_is_refused_before_anything_is_read(lab, name):
    code, _, err = lab("compare", "nowhere", "nowhere", "--chart", name)
    assert code == 2
    assert err.startswith(f"error[usage]: A chart cannot be drawn into {name}")


def test_a_chart_that_cannot_be_written_is_named(lab, runs):
    code, _, err = lab("compare", *runs, "--chart", "no/such/folder/chart.png")
    assert code == 3
    assert "no/such/folder/chart.png" in err
