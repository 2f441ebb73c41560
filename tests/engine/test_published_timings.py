"""What is said of the cost models' errors is what the published timings give."""

from pathlib import Path
from typing import Any

import pytest

from lab import places
from lab.configuration import Frozen, read_toml
from lab.engines.builtin.cost_model import CostModel


class Published(Frozen):
    models: dict[str, Any]
    figures: tuple[dict[str, Any], ...]
    not_identical: tuple[dict[str, str], ...]


PUBLISHED = places.project() / "renode_platforms" / "cost_models" / "published" / "timings.toml"
FIGURES = read_toml(PUBLISHED, Published).figures
PAGE = (Path(__file__).parents[2] / "docs" / "numbers.md").read_text(encoding="utf-8")


def error(figure):
    return figure["cycles"] / (figure["milliseconds"] / 1000 * figure["clock_hz"]) - 1


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: f"{figure['model']} on {figure['board']}")
def test_the_page_gives_each_published_inference_with_its_error(figure):
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {figure['model']} | {figure['board']} |"))
    measured = figure["milliseconds"] / 1000 * figure["clock_hz"]
    numbers = (f"{figure['milliseconds']:g} ms", f"{measured / 1e6:.2f}", f"{figure['cycles'] / 1e6:.2f}")
    assert row.endswith(f"| {' | '.join(numbers)} | {error(figure) * 100:+.0f} % |")


@pytest.mark.parametrize(
    ("table", "said"), [("cortex-m4", "13 to 28 % fewer than boards took in eight"), ("esp32-c3", "5 % fewer")]
)
def test_a_run_says_the_range_of_the_errors(table, said):
    errors = [-round(error(figure) * 100) for figure in FIGURES if figure["cost_model"] == table]
    ends = f"{min(errors)} to {max(errors)}" if len(errors) > 1 else f"{errors[0]}"
    assert said.startswith(f"{ends} % fewer")
    assert said in CostModel.load(table).error
