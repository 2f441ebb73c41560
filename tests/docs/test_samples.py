"""Runs that pages show, and figures that they give, are what the baselines keep and the tables of costs say.

Nothing is built here. What no baseline holds is held to real output by tests/kernels/test_costs.py,
tests/acceptance/test_bench.py and tests/acceptance/test_replay.py.
"""

from __future__ import annotations

import re

import pytest

from lab import target, workload
from lab.metrics import Mode
from lab.verdict.checks import SKIPPED
from tests.engine import test_published_timings as published

from .documents import ROOT, blocks, table
from .kept import DOCS, WORKLOAD, baselines, board_row, cycles_note, row, rows, sample, says, values

README = ROOT / "README.md"
WORKLOADS = sorted(folder.name for folder in (ROOT / "baselines").iterdir())
MODES: dict[str, Mode] = {"limits": "clip", "streaming.limits": "stream"}


def test_the_readme_shows_a_run_as_the_baseline_has_it():
    board, golden = next(iter(baselines().items()))
    text = sample(README, "change")
    wanted = {name: row(name, board, golden) for name in workload.load(WORKLOAD).metrics()}
    assert [*rows(text).items()] == [*wanted.items(), (SKIPPED, f"{SKIPPED} 0 ≤ 0 ok")]
    assert f"{WORKLOAD} on {board}: {golden.recordings.count} recordings, " in text
    assert f"Cycles are {cycles_note(board, golden)}." in " ".join(text.split())


def test_the_readme_shows_the_boards_as_the_baselines_have_them():
    kept = baselines()
    shown = rows(sample(README, "stm32f746g"))
    assert list(shown) == ["kernels", *workload.load(WORKLOAD).metrics(), SKIPPED, "baseline", "verdict"]
    assert shown["kernels"] == " ".join(["kernels", *(golden.variant for golden in kept.values())])
    for name in workload.load(WORKLOAD).metrics():
        assert shown[name] == " ".join([name, *(values(golden)[name] for golden in kept.values())])


def test_the_page_of_numbers_has_the_boards_as_the_baselines_have_them():
    shown = [" | ".join(cells) for cells in table(DOCS / "numbers.md", "The boards")]
    assert shown == [board_row(name, golden) for name, golden in baselines().items()]


def test_each_board_hears_each_recording_as_the_host_does_and_as_well_as_the_others():
    kept = baselines().values()
    assert {golden.metrics["bit_exact"].value for golden in kept} == {1.0}
    assert {(golden.recordings.count, golden.recordings.stimuli) for golden in kept} == {
        (242, next(iter(kept)).recordings.stimuli)
    }


def test_the_page_of_streams_shows_a_run_as_the_baseline_has_it():
    board, golden = next(iter(baselines(mode="stream").items()))
    text = sample(DOCS / "streaming.md", "change")
    wanted = {name: row(name, board, golden, "stream") for name in workload.load(WORKLOAD).metrics("stream")}
    assert rows(text) == {**wanted, SKIPPED: f"{SKIPPED} 0 ≤ 0 ok"}
    assert f"{cycles_note(board, golden)}." in " ".join(text.split())


def test_the_page_of_streams_has_the_boards_as_the_baselines_have_them():
    shown = [cells for cells in table(DOCS / "streaming.md") if len(cells) == 6]
    for cells, (name, golden) in zip(shown, baselines(mode="stream").items(), strict=True):
        assert cells[0] == f"`{name}`"
        metrics = ("detection_delay_ms", "worst_detection_delay_ms", "cpu_load", "missed_deadlines")
        for cell, metric in zip(cells[2:], metrics, strict=True):
            assert says(cell, golden.metrics[metric].value), (name, metric)


@pytest.mark.parametrize("name", [name for name in WORKLOADS if name != WORKLOAD])
def test_the_page_of_streams_has_each_other_workload_as_the_baselines_have_it(name):
    (cells,) = (cells for cells in table(DOCS / "streaming.md", "Gestures, activities, machines") if cells[0] == name)
    kept = [golden.metrics for golden in baselines(name, "stream").values()]
    for cell, share in zip(cells[4].removesuffix(" %").split(", "), kept, strict=True):
        assert says(f"{cell} %", share["cpu_load"].value)
    if "detection_delay_ms" in kept[0]:
        for cell, delay in zip(cells[3].removesuffix(" ms").split(", "), kept, strict=True):
            assert says(cell, delay["detection_delay_ms"].value)
    if "alarm_delay_ms" in kept[0]:
        assert all(says(cells[3].removesuffix(" s on each"), one["alarm_delay_ms"].value / 1000) for one in kept)
        auc = re.findall(r"AUC ([\d.]+)", cells[2])[0]
        assert all(says(auc, one["auc"].value) for one in kept)
    elif "accuracy" in kept[0]:
        right = re.findall(r"[\d.]+ %", cells[2])[0]
        assert all(says(right, one["accuracy"].value) for one in kept)


def test_the_page_of_profiles_has_the_inference_as_the_baseline_has_it():
    golden = next(iter(baselines().values()))
    spotting = workload.load(WORKLOAD)
    label, first = min(golden.by_recording, key=lambda one: (one[0] in spotting.background, one[1]))
    of_it = golden.by_recording[label, first].values
    (text,) = (block.text for block in blocks(DOCS / "profile.md") if "operator  " in block.text)
    (total,) = (line.split() for line in text.splitlines() if line.strip().startswith("inference "))
    assert total[2::2] == [f"{of_it['instructions_per_inference']:,}", f"{of_it['cycles_per_inference']:,}"]


def test_the_card_of_activities_has_what_the_baselines_have():
    card = ROOT / "models" / "activity-recognition" / "MODEL_CARD.md"
    cells = {head: each for head, *each in table(card, "On the device")}
    metrics = {
        "instructions an inference": "instructions_per_inference",
        "milliseconds an inference, of a stride of 2,000": "latency_ms",
        "arena, bytes": "arena_used_bytes",
        "flash, bytes": "flash_bytes",
        "RAM, bytes": "ram_bytes",
    }
    for name, metric in metrics.items():
        for cell, golden in zip(cells[name], baselines("activity-recognition").values(), strict=True):
            assert says(cell, golden.metrics[metric].value), name


@pytest.mark.parametrize("name", WORKLOADS)
def test_beside_a_limit_stands_what_the_baseline_has(name):
    """Of a board that a table of limits names, or of the workload's first."""
    checked, wrong = 0, []
    kept = {mode: baselines(name, mode) for mode in MODES.values()}
    mode, board = None, ""
    for line in workload.load(name).file.read_text(encoding="utf-8").splitlines():
        if head := re.fullmatch(r"\[((?:streaming\.)?limits)(?:_on\.(\w+))?\]", line):
            mode = MODES[head[1]]
            board = head[2] or next(iter(kept[mode]))
        elif line.startswith("["):
            mode = None
        elif mode and (said := re.match(r"(\w+) = \{.*\}\s+# (\d[\d,.]*\d|\d)", line)):
            value = kept[mode][board].metrics[said[1]].value
            wrong += [] if says(said[2], value) else [f"{board}: {line}: {value}"]
            checked += 1
    assert wrong == []
    assert checked > 20


def test_what_ci_annotates_is_the_line_of_the_limit_and_the_size_that_the_baseline_has():
    file = workload.load(WORKLOAD).file
    lines = file.read_text(encoding="utf-8").partition("\n[limits_on")[0].splitlines()
    at = next(number for number, line in reversed(list(enumerate(lines, 1))) if line.startswith("flash_bytes = "))
    size = f"{next(iter(baselines().values())).metrics['flash_bytes'].value:,}"
    page = (DOCS / "ci.md").read_text(encoding="utf-8")
    assert f"/workload.toml,line={at},title=" in page
    assert f"flash_bytes is {size}; limit: at most 100,000 (models/{WORKLOAD}/workload.toml:{at})" in page
    assert re.search(rf"^ flash_bytes +{size} .*/workload\.toml:{at}$", page, re.MULTILINE)


def worth(board: str) -> list[str]:
    """What the pages say of a board's cycles: by which tables, whether they wait, and what boards took."""
    of = target.load(board)
    counted = "waited" if of.memory_model else "cycles"
    errors = published.of(of.cost_model, counted)
    ratios = published.ratios(errors) or (1 / (1 + errors[0]),)
    less, *more = (f"{abs(ratio - 1):.0%}".replace("%", " %") for ratio in ratios)
    took = f"{less} less to {more[0]} more" if more else f"{less} {'more' if ratios[0] > 1 else 'less'}"
    return [f"`{baselines()[board].build['cost_model']}`", "yes" if of.memory_model else "no", took, str(len(errors))]


@pytest.mark.parametrize("board", workload.load(WORKLOAD).targets)
def test_the_page_of_numbers_says_what_the_cycles_of_each_board_are_worth(board):
    (cells,) = (cells for cells in table(DOCS / "numbers.md", "How far to trust") if cells[0] == f"`{board}`")
    assert cells[1:] == worth(board)


def test_the_readme_says_how_far_the_cycles_are_from_boards_and_which_run_the_image():
    lines = README.read_text(encoding="utf-8").splitlines()
    (said,) = (line for line in lines if line.startswith("- Cycles are modelled"))
    for board in workload.load(WORKLOAD).targets:
        _, _, took, count = worth(board)
        assert re.search(rf"{took}(?: cycles)? on [^,]* \({count}\b", said), (board, took)
    waits, without = said.partition(" with the wait states")[0], said.partition(" with the wait states")[2]
    for board in workload.load(WORKLOAD).targets:
        assert f"`{board}`" in (waits if target.load(board).memory_model else without)
    assert all(target.load(board).hardware_faithful for board in workload.load(WORKLOAD).targets)


def test_of_each_model_that_was_tried_milliseconds_are_its_cycles_at_the_boards_clock():
    checked = 0
    for cells in table(DOCS / "bench.md", "Models that were tried"):
        board = next((cell.strip("`") for cell in cells if cell.strip("`") in workload.load(WORKLOAD).targets), None)
        if board is None:
            continue
        at = cells.index(f"`{board}`")
        cycles, ms = cells[at + 2], cells[at + 3]
        exact = float(cycles.removesuffix(" M").replace(",", "")) * (1e6 if cycles.endswith(" M") else 1)
        unit = 1e6 * 0.1 ** len(cycles.removesuffix(" M").partition(".")[2]) if cycles.endswith(" M") else 1
        clock_khz = target.load(board).core.clock_hz / 1000
        shown = 0.1 ** len(ms.partition(".")[2])
        assert abs(exact / clock_khz - float(ms.replace(",", ""))) <= (unit / clock_khz + shown) / 2 * 1.001, cells
        checked += 1
    assert checked >= 20
