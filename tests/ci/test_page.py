"""The page on CI says what the action takes and gives."""

from __future__ import annotations

from tests.ci.documents import PAGE, PLACEHOLDER, action, load, shown
from tests.docs.documents import ROOT, table

LIMIT = 15


def test_a_few_lines_are_enough_and_the_same_here_and_in_the_readme():
    first = shown()[0].text
    assert len(first.splitlines()) <= LIMIT
    assert shown(ROOT / "README.md")[0].text == first
    assert PLACEHOLDER in first


def test_the_page_lists_each_input_and_output_and_no_other():
    described = action()
    for heading, of_action in (("Inputs", described["inputs"]), ("Outputs", described["outputs"])):
        assert [row[0].strip("`") for row in table(PAGE, heading)] == list(of_action)


def test_the_page_says_each_default():
    shown_defaults = {row[0].strip("`"): row[1].strip("`") for row in table(PAGE, "Inputs")}
    for name, one in action()["inputs"].items():
        assert not one.get("default") or shown_defaults[name] == one["default"]


def test_the_pipeline_for_gitlab_keeps_junit_and_types_what_exists():
    (pipeline,) = [load(block.text) for block in shown() if "image:" in block.text]
    assert pipeline["verdict"]["artifacts"]["reports"] == {"junit": "runs/ci/junit.xml"}
    assert pipeline["verdict"]["script"] == "lab run keyword-spotting --out runs/ci"
