"""The files of a profile: a chart, and flame graphs."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from lab.profiling.cost import Cost
from lab.reporting import flame, profile_chart, profile_folder
from lab.reporting.flame import layout

from .profiles import board, profiled, tree
from .trees import function

SVG = "{http://www.w3.org/2000/svg}"
BOTH = (board(), board(kernels="cmsis-nn", slow=1))


def frames(text):
    return [one for one in ET.fromstring(text).iter(f"{SVG}g") if one.get("class") == "frame"]  # noqa: S314 - ours


def test_the_folder_has_a_flame_graph_for_each_board_and_stacks_for_each_kernels(tmp_path):
    profile_folder.write(profiled(*BOTH, board("esp32c3")), tmp_path / "new")
    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == [
        *("esp32c3-reference.folded", "esp32c3.svg", "nano33ble-cmsis-nn.folded", "nano33ble-reference.folded"),
        *("nano33ble.svg", "profile.json", "profile.png", "speedscope.json"),
    ]


def test_frames_lie_within_the_frame_that_called_them_and_fill_what_it_did_not_spend_itself():
    boxes = layout.boxes(tree(BOTH[0]))
    assert (boxes[0].left, boxes[0].width) == (0, 1)
    for at, box in enumerate(boxes):
        below = [one for one in boxes[at + 1 :] if any(one.frame is frame for frame in box.frame.below)]
        whole = boxes[0].frame.total.instructions
        assert sum(one.width for one in below) == pytest.approx(box.width - box.frame.own.instructions / whole)
        assert all(one.left >= box.left and one.left + one.width <= box.left + box.width + 1e-9 for one in below)
        assert all(one.depth == box.depth + 1 for one in below)


def test_functions_come_by_cost_and_operators_in_order():
    first, second = (replace(function(name, cost), kind="section") for name, cost in (("0 ADD", 1), ("1 ADD", 2)))
    assert [box.frame.name for box in layout.boxes(function("run", 0, first, second))] == ["run", "0 ADD", "1 ADD"]
    small, large = function("small", 1), function("large", 2)
    assert [box.frame.name for box in layout.boxes(function("run", 0, small, large))] == ["run", "large", "small"]


def test_a_flame_graph_has_a_panel_for_each_kernels_and_says_what_a_frame_took():
    text = flame.render("words", [tree(one) for one in BOTH])
    assert text.count('class="panel"') == 2
    titles = [one.findtext(f"{SVG}title") for one in frames(text)]
    assert "conv<a & b>\n10,000 instructions (72.62 %), 10,000 by itself; 20,000 cycles; calls: 1" in titles
    scales = [float(width) for width in re.findall(r'class="scale" x="0" y="20" width="([\d.]+)"', text)]
    assert scales[0] == 1200
    assert scales[1] == pytest.approx(1200 * 4_770 / 13_770, abs=0.01)


def test_a_flame_graph_needs_nothing_from_elsewhere():
    text = flame.render("words", [tree(BOTH[0])])
    assert set(re.findall(r"https?://[^\"'\s<]+", text)) == {"http://www.w3.org/2000/svg"}


def test_a_frame_that_spent_nothing_is_left_out():
    nothing = replace(function("never", 0), own=Cost())
    assert [box.frame.name for box in layout.boxes(function("run", 5, nothing))] == ["run"]


def test_the_chart_has_a_row_a_board_with_both_kernels():
    figure = profile_chart.draw(profiled(*BOTH, board("esp32c3")).profile)
    operators, stages, *_ = figure.axes
    assert len(figure.axes) == 4
    assert [text.get_text() for text in operators.get_legend().get_texts()] == [
        *("reference: 0.0 million", "cmsis-nn: 0.0 million"),
    ]
    assert [label.get_text() for label in operators.get_yticklabels()] == ["0 CONV_2D", "1 SOFTMAX"]
    assert [text.get_text() for text in operators.texts] == ["10.0x", "1.0x"]
    assert [label.get_text() for label in stages.get_yticklabels()] == ["FFT", "application"]


def test_a_profile_drawn_twice_gives_the_same_files(tmp_path):
    for name in ("a", "b"):
        profile_folder.write(profiled(*BOTH), tmp_path / name)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()
