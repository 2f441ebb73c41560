"""What is said of the cost models' errors is what the published timings give that were kept aside."""

from math import ceil, floor
from pathlib import Path

import pytest

from lab import places, target
from lab.benching import published
from lab.engines.builtin.cost_model import CostModel

PUBLISHED = published.read(places.project() / "renode_platforms" / "cost_models" / "published" / "timings.toml")
FIGURES = PUBLISHED.figures
HELD = [figure for figure in FIGURES if figure.use == "held"]


def table_of(figure):
    return target.load(figure.target).cost_model


PAGE = (Path(__file__).parents[2] / "docs" / "numbers.md").read_text(encoding="utf-8").splitlines()
TABLES = sorted({table_of(figure) for figure in FIGURES})
WITHIN = 0.10

# Taken branches of an inference: the cycles that the program of the pair takes with a penalty of 2, less those with 1.
TAKEN = {
    "edgemark_cnn_2": 27_217,
    "edgemark_cnn_4": 218_617,
    "edgemark_cnn_6": 1_123_763,
    "edgemark_fc_6": 1_053,
    "edgemark_fc_8": 2_357,
    "edgemark_fc_10": 16_145,
}
CANDIDATES = (1, 2, 3)  # of the Cortex-M4's manual
COUNTED_WITH = 2  # the penalty in the published table's `cycles` and `waited`


def measured(figure):
    return figure.milliseconds / 1000 * figure.clock_hz


def error(figure, counted="cycles"):
    return getattr(figure, counted) / measured(figure) - 1


def percent(value):
    return f"{value * 100:+.0f} %"


def of(table, counted="cycles", use="held"):
    return [
        error(figure, counted)
        for figure in FIGURES
        if table_of(figure) == table and figure.use == use and getattr(figure, counted)
    ]


def ratios(errors):
    """Cycles of boards for one that is modelled, rounded outwards; one pair alone tells no range."""
    if len(errors) < 2:
        return None
    return floor(100 / (1 + max(errors))) / 100, ceil(100 / (1 + min(errors))) / 100


def in_words(errors):
    """As the end of a sentence: `which counted 27 % fewer to 3 % more than boards took in …`."""
    ends = [round(one * 100) for one in (min(errors), max(errors))]
    if len(errors) == 1:
        return f"which counted {abs(ends[0])} % {'fewer' if ends[0] < 0 else 'more'} than"
    if ends[1] <= 0:
        return f"which counted {-ends[1]} to {-ends[0]} % fewer than boards took in {len(errors)} published inferences"
    ended = f"boards took in {len(errors)} published inferences"
    return f"which counted {-ends[0]} % fewer to {ends[1]} % more than {ended}"


@pytest.mark.parametrize("figure", FIGURES, ids=lambda one: f"{one.model} on {one.board} with {one.kernels}")
def test_the_page_gives_each_published_inference_with_its_errors(figure):
    published = f"| {figure.model} | {figure.board} | {figure.kernels} |"
    (row,) = (line for line in PAGE if line.startswith(published))
    before = f"{figure.cycles / 1e6:.2f} | {percent(error(figure))}"
    waits = figure.waited
    after = f"{figure.waited / 1e6:.2f} | {percent(error(figure, 'waited'))}" if waits else " | "
    numbers = (f"{figure.milliseconds:g} ms", f"{measured(figure) / 1e6:.2f}", figure.use, before, after)
    assert row.removeprefix(published) == f" {' | '.join(numbers)} |"


@pytest.mark.parametrize("use", ["fit", "held"])
@pytest.mark.parametrize("table", TABLES)
def test_the_page_gives_the_errors_by_core_and_use(table, use):
    for counted, name in (("cycles", f"`{table}.toml`"), ("waited", f"`{table}.toml` with memories")):
        errors = of(table, counted, use)
        if not errors:
            continue
        within = sum(abs(one) <= WITHIN for one in errors)
        ends = f"{percent(min(errors)).removesuffix(' %')} to {percent(max(errors))}"
        numbers = (use, len(errors), within, percent(sum(errors) / len(errors)), ends)
        assert f"| {name} | {' | '.join(map(str, numbers))} |" in PAGE


@pytest.mark.parametrize("table", TABLES)
def test_a_run_says_the_range_of_the_errors_of_pairs_kept_aside(table):
    errors, said = of(table), CostModel.load(table).table
    assert in_words(errors) in said.error
    assert said.ratios == ratios(errors)


@pytest.mark.parametrize("figure", HELD, ids=lambda one: f"{one.model} on {one.board} with {one.kernels}")
def test_a_memory_model_is_within_its_bound_on_pairs_kept_aside_or_says_why_not(figure):
    if not figure.waited:
        return
    assert (abs(error(figure, "waited")) > WITHIN) == bool(figure.beyond)


@pytest.mark.parametrize("table", sorted({table_of(figure) for figure in FIGURES if figure.memories}))
def test_a_run_with_memories_says_the_range_of_the_errors_of_pairs_kept_aside(table):
    errors, said = of(table, "waited"), CostModel.load(table, with_memories=True).beside
    assert in_words(errors) in said.error
    assert said.ratios == ratios(errors)


def test_a_core_has_pairs_to_fit_by_only_where_others_are_kept_aside():
    assert all(of(table) for table in TABLES)
    assert {figure.use for figure in FIGURES} == {"fit", "held"}


def test_a_model_is_a_file_with_its_checksum_or_said_how_to_rebuild():
    assert {figure.model for figure in FIGURES} == set(PUBLISHED.models)
    assert all(bool(one.sha256) != bool(one.rebuilt) for one in PUBLISHED.models.values())


def errors_by_penalty(figure, counted):
    """Relative errors of a pair with each of the CANDIDATES: waits do not depend on what a branch costs."""
    board, taken = measured(figure), TAKEN[figure.model]
    return [(getattr(figure, counted) + (one - COUNTED_WITH) * taken) / board - 1 for one in CANDIDATES]


def test_a_taken_branch_costs_what_the_pairs_to_fit_by_choose():
    seen = [figure for figure in FIGURES if table_of(figure) == "cortex-m4" and figure.use == "fit"]
    counted = [figure for figure in seen if figure.model in TAKEN]
    others = [figure for figure in seen if figure.model not in TAKEN]
    assert {figure.model for figure in counted} == set(TAKEN)

    errors = [errors_by_penalty(figure, "waited") for figure in counted]
    sums = dict(zip(CANDIDATES, (sum(one**2 for one in each) for each in zip(*errors, strict=True)), strict=True))
    best, second = sorted(sums, key=sums.__getitem__)[:2]
    assert best == CostModel.load("cortex-m4").taken_branch_penalty == COUNTED_WITH
    # Pairs whose branches were not counted can gain no more by another penalty than they are off with this one.
    assert sum(error(figure, "waited") ** 2 for figure in others) < min(0.0001, sums[second] - sums[best])

    for figure, each in zip(counted, errors, strict=True):
        ends = " | ".join(f"{one * 100:+.1f} %" for one in each)
        assert f"| {figure.model} | {TAKEN[figure.model]:,} | {ends} |" in PAGE
    assert f"| sum of squares | | {' | '.join(f'{one:.4f}' for one in sums.values())} |" in PAGE

    alone = zip(*(errors_by_penalty(figure, "cycles") for figure in counted), strict=True)
    by_table = [f"{sum(one**2 for one in each):.4f}" for each in alone]
    assert f"the sums are {by_table[0]}, {by_table[1]} and {by_table[2]}," in "\n".join(PAGE)
