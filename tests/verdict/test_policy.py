from __future__ import annotations

import sys
from dataclasses import asdict

import pytest

from lab.errors import ConfigurationError, UnknownName
from lab.metrics import by_name
from lab.verdict import policy
from lab.verdict.policy import Rule


def test_the_rule_of_a_metric_is_its_own_tolerance():
    rules = policy.load().metrics
    assert rules.keys() == by_name().keys()
    for name, metric in by_name().items():
        assert rules[name].model_dump() == {**asdict(metric.tolerance), "direction": metric.direction}


@pytest.mark.parametrize("name", list(by_name()))
def test_a_value_that_did_not_change_is_the_same_whatever_its_digits(name):
    rule = policy.load().metrics[name]
    for value in (0, 1, 1.0, 29_025_682, 227 / 242, 0.3575175260474723, 643.082453125):
        assert rule.standing(value, value) == "same"


@pytest.mark.parametrize(
    ("rule", "before", "now", "standing"),
    [
        (Rule(direction="lower", relative=0.01), 10_000, 10_100, "same"),
        (Rule(direction="lower", relative=0.01), 10_000, 10_101, "worse"),
        (Rule(direction="lower", relative=0.01), 10_000, 9_900, "same"),
        (Rule(direction="lower", relative=0.01), 10_000, 9_899, "better"),
        (Rule(direction="higher", absolute=0.005), 0.95, 0.945, "same"),
        (Rule(direction="higher", absolute=0.005), 0.95, 0.9449, "worse"),
        (Rule(direction="higher", absolute=0.005), 0.95, 0.9551, "better"),
        (Rule(direction="higher"), 1.0, 241 / 242, "worse"),
        (Rule(direction="lower"), 0, 1, "worse"),
        (Rule(direction="equal"), 7, 6, "worse"),
        (Rule(direction="equal"), 7, 8, "worse"),
        (Rule(direction="equal", absolute=1), 7, 8, "same"),
    ],
)
def test_a_change_stands_as_the_rule_says(rule, before, now, standing):
    assert rule.standing(before, now) == standing


def test_of_two_tolerances_the_wider_one_counts():
    rule = Rule(direction="lower", relative=0.01, absolute=16)
    assert rule.tolerated(100).at_most == 116
    assert rule.tolerated(10_000).at_most == 10_100


def test_whole_numbers_have_whole_bounds():
    assert Rule(direction="lower", relative=0.01).tolerated(151_144).at_most == 152_655  # 152,655.44


def test_a_project_changes_what_it_names_and_nothing_else(tmp_path):
    (tmp_path / "policy.toml").write_text("[metrics]\nflash_bytes = { relative = 0.05 }\n", encoding="utf-8")
    ours, theirs = policy.load().metrics, policy.load(tmp_path).metrics
    assert theirs["flash_bytes"] == ours["flash_bytes"].model_copy(update={"relative": 0.05})
    assert {**theirs, "flash_bytes": None} == {**ours, "flash_bytes": None}


def test_a_folder_without_a_policy_has_the_labs(tmp_path):
    assert policy.load(tmp_path) == policy.load()


def test_a_metric_that_there_is_not_is_named_with_its_line(tmp_path):
    (tmp_path / "policy.toml").write_text("[metrics]\n\nflash_byte = { relative = 0.05 }\n", encoding="utf-8")
    with pytest.raises(UnknownName, match=r"policy\.toml:3: .*'flash_byte'.* Did you mean 'flash_bytes'"):
        policy.load(tmp_path)


@pytest.mark.parametrize("rule", ["relative = -1", 'direction = "up"', "tolerance = 0.1", 'needs = ["moon"]'])
def test_a_rule_that_makes_no_sense_is_refused(tmp_path, rule):
    (tmp_path / "policy.toml").write_text(f"[metrics]\nflash_bytes = {{ {rule} }}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"policy\.toml.*flash_bytes"):
        policy.load(tmp_path)


@pytest.mark.parametrize("before", [sys.float_info.max, -sys.float_info.max, 2**63 - 1, 5e-324])
def test_whatever_the_value_bounds_are_numbers(before):
    rule = policy.Rule(direction="equal", relative=1_000, absolute=1e15)
    bounds = rule.tolerated(before)
    assert bounds.hold(before)
    assert rule.standing(before, 0) in ("same", "worse")


@pytest.mark.parametrize("rule", ["relative = 1e300", "absolute = 1e300", "relative = inf"])
def test_a_tolerance_beyond_all_numbers_is_refused(tmp_path, rule):
    (tmp_path / "policy.toml").write_text(f"[metrics.latency_ms]\n{rule}\n")
    with pytest.raises(ConfigurationError, match=r"policy\.toml:2: "):
        policy.load(tmp_path)
