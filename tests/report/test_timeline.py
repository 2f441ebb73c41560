"""The timeline of a replay as a person uses it, in headless Chromium.

With `LAB_SCREENSHOTS` naming the folder of a replay, the last test takes the picture of docs/replay.md from it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.reporting.timeline import made
from tests.reporting.timeline.made import HOSTILE

from .test_browser import PHONE, ROOT, wait


@pytest.fixture(scope="module")
def replay(tmp_path_factory):
    return made.made(tmp_path_factory.mktemp("replay"))


@pytest.fixture
def timeline(page, replay):
    def opened(**window):
        page.open(replay.folder / "timeline.html", **window)
        drawn(page)
        return page.one("#lanes")

    return opened


def drawn(page):
    wait(page, lambda: page.script("return performance.getEntriesByName('drawn').length") and page.texts(".lists td"))


def colours_of(page, place):
    """How many colours a lane's canvas has."""
    return page.script(
        "const canvas = document.querySelectorAll('#lanes canvas')[arguments[0]];"
        "const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
        "return new Set(new Uint32Array(data.buffer)).size",
        place,
    )


def picture_of(page, place):
    return page.script("return document.querySelectorAll('#lanes canvas')[arguments[0]].toDataURL()", place)


@pytest.mark.parametrize("window", [PHONE, {"width": 1280, "height": 900, "scheme": "dark"}])
def test_every_lane_is_drawn_and_no_width_makes_the_page_scroll_sideways(page, timeline, replay, window):
    timeline(**window)
    assert page.texts("#lanes .name b") == [lane.name for lane in replay.timeline.lanes]
    assert all(colours_of(page, place) > 1 for place in range(2 + len(replay.timeline.lanes)))
    assert page.script("return document.documentElement.scrollWidth") == window["width"]
    assert page.driver.title == f"{HOSTILE}: keyword-spotting on nano33ble"


def test_keys_zoom_move_and_go_from_event_to_event(page, timeline):
    lanes = timeline()
    now = page.one(".now")
    lanes.send_keys("]")
    assert now.text == "1.500 s"
    assert page.one(".told").text == f"1.500 s: {HOSTILE}"
    lanes.send_keys("]" * 3)
    assert (now.text, page.one(".told").text.split(":")[1]) == ("3.200 s", " not as expected")
    lanes.send_keys("[")
    assert now.text == "3.000 s"
    lanes.send_keys(".")
    assert page.one(".told").text.startswith("3.400 s: inference 5: down; down 0.89")
    before = picture_of(page, 3)
    lanes.send_keys("+++")
    wait(page, lambda: picture_of(page, 3) != before)
    lanes.send_keys(Keys.HOME)
    assert now.text == "0.000 s"


def test_a_click_sets_the_cursor_the_sound_and_the_list(page, timeline):
    timeline()
    canvas = page.all("#lanes canvas")[7]
    width = canvas.size["width"]
    across = round((1.0 + 9 * made.STRIDE_S + 0.1) / made.SECONDS * width - width / 2)
    ActionChains(page.driver).move_to_element_with_offset(canvas, across, 0).click().perform()
    assert page.one(".told").text.startswith("5.320 s: inference 9: ")
    assert "320 samples lost" in page.one(".told").text
    wait(page, lambda: abs(page.script("return document.querySelector('audio').currentTime") - 5.42) < 0.02)
    assert page.texts(".lists [aria-current]") == ["5.090 s\tsaid on"]  # the last line before it


def test_a_turn_of_the_wheel_zooms_about_the_pointer_and_a_drag_moves(page, timeline):
    timeline()
    canvas = page.all("#lanes canvas")[4]
    before = picture_of(page, 0)
    page.script(
        "arguments[0].dispatchEvent(new WheelEvent('wheel', {deltaY: -400, clientX: 700, cancelable: true}))", canvas
    )
    wait(page, lambda: picture_of(page, 0) != before)
    zoomed = picture_of(page, 0)
    ActionChains(page.driver).click_and_hold(canvas).move_by_offset(-150, 0).release().perform()
    wait(page, lambda: picture_of(page, 0) != zoomed)
    assert page.one(".now").text == "0.000 s"  # a drag is no click


def test_a_list_of_any_lane_is_searched_and_leads_to_its_place(page, timeline):
    timeline()
    Select(page.one("[name=list]")).select_by_visible_text("inferences")
    page.one("[name=find]").send_keys("DOWN 0.8")
    wait(page, lambda: page.one(".lists output").text == "2 of 19 lines")
    page.all(".lists .link")[1].click()
    assert page.one(".now").text == "9.160 s"


def test_an_address_leads_to_a_time(page, timeline):
    timeline(at="#5.4")
    assert page.one(".now").text == "5.400 s"


def test_a_picture_of_it_is_small_enough_for_the_repository(page, replay, tmp_path):
    run = os.environ.get("LAB_SCREENSHOTS")
    folder = Path(run).resolve() if run else replay.folder
    page.open(folder / "timeline.html", height=960, at="#4-9" if run else "")
    drawn(page)
    picture = page.picture((ROOT / "docs" / "screenshots" if run else tmp_path) / "replay.png")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 300_000
