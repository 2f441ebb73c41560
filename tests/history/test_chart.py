from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from lab import history
from lab.cli import main
from lab.errors import StorageError, UsageError
from lab.history import chart, commits, entries, timeline
from lab.verdict import policy
from lab.verdict.result import Bounds
from tests.history.fake_history import BUILD, COMMITS, LIMITS, VALUES, result, run

RULES = policy.load()
NEWER = {**BUILD, "toolchain_hash": "0a1b2c3d"}


@pytest.fixture(autouse=True)
def no_git(monkeypatch):
    monkeypatch.setattr(commits, "times", lambda _commits: {})


def added(file, *runs):
    """Runs with their commits, oldest first, as entries."""
    for number, (one, git) in enumerate(runs):
        history.add(result(one.model_copy(update={"host_seconds": float(number)}), git=git), file.parent / str(number))
    return entries.read(file)


def lines(panel, colour=None):
    """The lines of values in a panel: their points, by colour if asked for."""
    drawn = [line for line in panel.get_lines() if line.get_marker() == "o" and line.get_markersize() == 4]
    return [[(int(x), y) for x, y in line.get_xydata()] for line in drawn if colour in (None, line.get_color())]


def rings(panel):
    return [tuple(point) for line in panel.get_lines() if line.get_markersize() == 9 for point in line.get_xydata()]


def test_a_panel_shows_one_metric_over_commits_in_time_order(file):
    values = [{**VALUES, "flash_bytes": 150_000 + number} for number in range(3)]
    found = added(file, *((run(one), commit) for one, commit in zip(values, COMMITS, strict=False)))
    (panel,) = chart.draw(found, ["flash_bytes"], RULES).axes
    assert lines(panel) == [[(0, 150_000), (1, 150_001), (2, 150_002)]]
    assert [label.get_text() for label in panel.get_xticklabels()] == ["aaaaaaa", "bbbbbbb", "ccccccc"]
    assert panel.get_title(loc="left") == "flash_bytes"
    assert panel.get_ylabel() == "bytes"


def test_counts_have_a_gap_where_the_toolchain_changed_and_accuracy_has_none(file):
    runs = [(run(), COMMITS[0]), (run(), COMMITS[1]), (run(build=NEWER), COMMITS[2]), (run(build=NEWER), COMMITS[3])]
    figure = chart.draw(added(file, *runs), ["accuracy", "instructions_per_inference"], RULES)
    accuracy, instructions = figure.axes
    assert [len(line) for line in lines(accuracy)] == [4]
    assert [len(line) for line in lines(instructions)] == [2, 2]
    assert [text.get_text() for text in accuracy.texts] == []
    (reason,) = instructions.texts
    assert reason.get_text() == "other toolchain"
    assert reason.xy[0] == 1.5


def test_a_target_is_a_colour_a_workload_a_column_and_a_limit_a_dashed_line(file):
    runs = [(run(), COMMITS[0]), (run(target="stm32f4"), COMMITS[0]), (run(workload="gesture"), COMMITS[0])]
    figure = chart.draw(added(file, *runs), ["accuracy"], RULES)
    gesture, words = figure.axes
    assert [panel.get_title(loc="center").strip() for panel in (gesture, words)] == ["gesture", "keyword-spotting"]
    first, second = (chart._COLOURS[number] for number in range(2))
    assert [len(lines(words, colour)[0]) for colour in (first, second)] == [1, 1]
    assert [len(line) for line in lines(gesture)] == [1]
    dashed = {y for line in words.get_lines() if line.get_linestyle() == "--" for y in line.get_ydata()}
    assert dashed == {LIMITS["accuracy"].at_least}
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.texts][:2] == ["nano33ble", "stm32f4"]


def test_a_value_that_broke_its_limit_has_a_ring(file):
    found = added(file, (run(), COMMITS[0]), (run({**VALUES, "accuracy": 0.915}), COMMITS[1]))
    (panel,) = chart.draw(found, ["accuracy"], RULES).axes
    assert rings(panel) == [(1, 0.915)]


def test_a_limit_far_off_does_not_flatten_the_values(file):
    checks = [check.model_copy(update={"limit": Bounds(at_most=10**9)}) for check in run().checks]
    (panel,) = chart.draw(added(file, (run(checks=tuple(checks)), COMMITS[0])), ["flash_bytes"], RULES).axes
    lowest, highest = panel.get_ylim()
    assert 0.9 * VALUES["flash_bytes"] < lowest < VALUES["flash_bytes"] < highest < 1.1 * VALUES["flash_bytes"]


def test_commits_go_by_their_own_time_where_git_knows_it(file, monkeypatch):
    found = added(file, (run(), COMMITS[0]), (run(), COMMITS[1]), (run(), COMMITS[2]))
    now = datetime.now(timezone.utc)
    made = {COMMITS[0]: now - timedelta(hours=1), COMMITS[1]: now - timedelta(hours=2)}
    monkeypatch.setattr(commits, "times", lambda _commits: made)
    assert timeline.of(found).labels == ("bbbbbbb", "aaaaaaa", "ccccccc")


def test_runs_of_a_commit_share_a_place_and_uncommitted_changes_have_their_own(file):
    dirty = f"{COMMITS[0]}-dirty"
    found = added(
        file,
        (run(), COMMITS[0]),
        (run(target="stm32f4"), COMMITS[0]),
        (run(), COMMITS[0]),
        (run(), dirty),
        (run(target="stm32f4"), dirty),
        (run(), dirty),
        (run(), ""),
    )
    axis = timeline.of(found)
    assert axis.positions == (0, 0, 0, 1, 1, 2, 3)
    assert axis.labels[:3] == ("aaaaaaa", "aaaaaaa*", "aaaaaaa*")


@pytest.mark.parametrize(("name", "begins"), [("a.png", b"\x89PNG"), ("b/c.svg", b"<?xml"), ("d.PDF", b"%PDF")])
def test_the_command_draws_each_kind_of_file_and_prints_its_name(here, file, capsys, name, begins):
    added(file, (run(), COMMITS[0]), (run(), COMMITS[1]))
    assert main(["history", "--plot", name]) == 0
    assert capsys.readouterr().out == f"{name}\n"
    assert (here / name).read_bytes().startswith(begins)


def test_text_of_an_svg_can_be_searched(here, file):
    added(file, (run(), COMMITS[0]))
    assert main(["history", "--plot", "a.svg", "--metric", "accuracy"]) == 0
    drawn = (here / "a.svg").read_text(encoding="utf-8")
    assert all(f">{text}</text>" in drawn for text in ("accuracy", "aaaaaaa", "nano33ble"))


def test_a_metric_without_values_is_said_to_have_none(file):
    values, nothing = chart.draw(added(file, (run(), COMMITS[0])), ["accuracy", "stack_used_bytes"], RULES).axes
    assert [text.get_text() for text in values.texts] == []
    assert [text.get_text() for text in nothing.texts] == ["no values"]


def test_hundreds_of_commits_stay_readable(file):
    found = [entry for entry in added(file, (run(), "1" * 40)) for _ in range(400)]
    many = [entry.__class__(**{**vars(entry), "commit": f"{number:040x}"}) for number, entry in enumerate(found)]
    figure = chart.draw(many, ["accuracy"], RULES)
    assert len(figure.axes[0].get_xticklabels()) <= 48
    assert figure.get_size_inches()[0] <= 14


@pytest.mark.produces("empty-history")
def test_nothing_to_plot_is_said(here, file, capsys):
    assert main(["history", "--plot", "a.png"]) == 2
    assert "There is nothing to plot: runs/history.sqlite has no runs." in capsys.readouterr().err
    added(file, (run(verdict="interrupted"), COMMITS[0]))
    with pytest.raises(UsageError, match="none of these runs has values"):
        chart.save(here / "a.png", entries.read(file), ["accuracy"], RULES)
    assert not (here / "a.png").exists()


def test_a_plot_that_cannot_be_written_is_said(here, file):
    found = added(file, (run(), COMMITS[0]))
    (here / "a").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        chart.save(here / "a" / "b.png", found, ["accuracy"], RULES)
