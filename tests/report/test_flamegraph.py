"""A flame graph as a person uses it, in headless Chromium."""

from __future__ import annotations

import pytest

from lab.reporting import flame
from tests.profiling.profiles import board, tree


@pytest.fixture
def graph(page, tmp_path):
    file = tmp_path / "board.svg"
    trees = [tree(board()), tree(board(kernels="cmsis-nn", slow=1))]
    file.write_text(flame.render("words on a board", trees), encoding="utf-8")
    page.open(file)
    return page


def shown(page, panel):
    """Names and widths, in the units of the picture, of the frames that are seen."""
    found = page.script(
        "return [...document.querySelectorAll('.panel')[arguments[0]].querySelectorAll('.frame')]"
        ".filter((frame) => frame.style.display !== 'none')"
        ".map((frame) => [frame.dataset.name, Number(frame.querySelector('rect').getAttribute('width'))])",
        panel,
    )
    return {name: round(width) for name, width in found}


def click(page, selector):
    page.script(
        "document.querySelector(arguments[0]).dispatchEvent(new MouseEvent('click', {bubbles: true}))", selector
    )


def test_a_click_shows_a_frame_alone_and_the_root_shows_all_again(graph):
    before = [shown(graph, panel) for panel in (0, 1)]
    click(graph, "[data-name='inference']")
    zoomed = shown(graph, 0)
    assert zoomed["inference"] == zoomed["words on nano33ble, reference"] == 1200
    assert zoomed["conv<a & b>"] == round(1200 * 10_000 / 13_040)
    assert "features" not in zoomed
    assert shown(graph, 1) == before[1]
    click(graph, "[data-name='words on nano33ble, reference']")
    assert shown(graph, 0) == before[0]


def test_a_search_marks_what_it_finds(graph):
    graph.script("window.prompt = () => 'conv_2d|soft'")
    click(graph, "#search")
    assert graph.script("return [...document.querySelectorAll('.found')].map((one) => one.dataset.name)") == [
        *("0 CONV_2D 5x5x8", "softmax") * 2,
    ]


def test_pointing_at_a_frame_says_what_it_took(graph):
    graph.script(
        "document.querySelector(arguments[0]).dispatchEvent(new MouseEvent('mouseenter'))", "[data-name='fft']"
    )
    assert graph.script("return document.getElementById('details').textContent").startswith("fft: 730 instructions")
