"""What other tools read."""

import json

from lab.reporting import profile_stacks

from .trees import function

TREE = function("all", 0, function("main", 5, function("a;b", 10), function("leaf", 20)), function("leaf", 1))


def test_folded_stacks_have_a_line_for_each_stack_that_spent_something():
    assert profile_stacks.folded(TREE).splitlines() == [
        "all;main 5",
        "all;main;a,b 10",
        "all;main;leaf 20",
        "all;leaf 1",
    ]


def test_a_speedscope_file_has_instructions_and_cycles_of_each_tree():
    content = json.loads(profile_stacks.speedscope("words", [TREE, TREE]))
    assert [profile["name"] for profile in content["profiles"]] == ["all: instructions", "all: cycles"] * 2
    names = [frame["name"] for frame in content["shared"]["frames"]]
    assert len(names) == len(set(names)) == 4
    instructions, cycles, *_ = content["profiles"]
    assert [[names[frame] for frame in sample] for sample in instructions["samples"]][2] == ["all", "main", "leaf"]
    assert sum(instructions["weights"]) == instructions["endValue"] == TREE.total.instructions
    assert sum(cycles["weights"]) == cycles["endValue"] == TREE.total.cycles
