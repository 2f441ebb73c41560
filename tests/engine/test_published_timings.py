"""What is said of the cost models' errors is what the published timings give."""

from pathlib import Path
from typing import Any

import pytest

from lab import places
from lab.configuration import Frozen, read_toml
from lab.engines.builtin.cost_model import CostModel


class Published(Frozen):
    models: dict[str, dict[str, str]]
    figures: tuple[dict[str, Any], ...]
    not_identical: tuple[dict[str, str], ...]


PUBLISHED = read_toml(places.project() / "renode_platforms" / "cost_models" / "published" / "timings.toml", Published)
FIGURES = PUBLISHED.figures
PAGE = (Path(__file__).parents[2] / "docs" / "numbers.md").read_text(encoding="utf-8")
TABLES = sorted({figure["cost_model"] for figure in FIGURES})


def error(figure):
    return figure["cycles"] / (figure["milliseconds"] / 1000 * figure["clock_hz"]) - 1


def errors_of(table):
    return [error(figure) * 100 for figure in FIGURES if figure["cost_model"] == table]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda one: f"{one['model']} on {one['board']} with {one['kernels']}")
def test_the_page_gives_each_published_inference_with_its_error(figure):
    published = f"| {figure['model']} | {figure['board']} | {figure['kernels']} |"
    (row,) = (line for line in PAGE.splitlines() if line.startswith(published))
    measured = figure["milliseconds"] / 1000 * figure["clock_hz"]
    numbers = (f"{figure['milliseconds']:g} ms", f"{measured / 1e6:.2f}", f"{figure['cycles'] / 1e6:.2f}")
    assert row.endswith(f"| {' | '.join(numbers)} | {error(figure) * 100:+.0f} % |")


@pytest.mark.parametrize("table", TABLES)
def test_the_page_gives_the_errors_mean_and_range_by_core(table):
    errors = errors_of(table)
    mean, low, high = sum(errors) / len(errors), min(errors), max(errors)
    ends = f"{low:+.0f} to {high:+.0f} %" if len(errors) > 1 else f"{low:+.0f} %"
    assert f"| `{table}.toml` | {len(errors)} | {mean:+.0f} % | {ends} |" in PAGE.splitlines()


@pytest.mark.parametrize("table", TABLES)
def test_a_run_says_the_range_of_the_errors(table):
    errors = [-round(one) for one in errors_of(table)]
    ends = f"{min(errors)} to {max(errors)}" if len(errors) > 1 else f"{errors[0]}"
    assert f"which counted {ends} % fewer" in CostModel.load(table).error
    assert f"in {len(errors)} published" in CostModel.load(table).error or len(errors) == 1


def test_a_model_is_a_file_with_its_checksum_or_said_how_to_rebuild():
    used = {figure["model"] for figure in FIGURES}
    assert used == set(PUBLISHED.models)
    assert all(set(one) in ({"file", "sha256"}, {"rebuilt"}) for one in PUBLISHED.models.values())
