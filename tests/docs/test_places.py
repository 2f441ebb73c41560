"""Links lead somewhere, and files that pages name exist."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest

from .documents import ROOT, anchors, inline_code, links, pages, project_paths

PAGES = [page.relative_to(ROOT).as_posix() for page in pages()]
A_FILE = re.compile(
    r"[\w.*/-]*\.(?:py|md|toml|repl|resc|cc|c|h|S|cmake|robot|resource|json|txt|sh|ld|lark|lock|log|html|xml)"
)
A_PATH = re.compile(r"(?!-)[\w.*-]+(?:/[\w.*-]+)*/[\w.*-]*")

# Made by using the lab.
MADE = {
    *("result.json", "report.html", "junit.xml", "summary.md", "clips/", "log.html", "output.xml", "device.log"),
    *("runs/latest", "runs/history.sqlite", "runs/", "dist/", ".github/workflows/lab.yml"),
    *("dataset.toml", "walk.labels.txt"),  # of a user
    *("stream.wav", "stream.txt", "heard.txt", "inferences.npz", "runs[0].stream"),
    *("runs/profile-keyword-spotting", "profile.json", "speedscope.json"),
    *(
        "replay.json",
        "tensors.json",
        "input.npy",
        "adapter.toml",
        "arrived.json",
        "played.npy",
        "device/",
        "host/",
        "watch.csv",
        "timeline.html",
        "timeline.trace.json",
        "played.flac",
        "played.csv",
        "manifest.json",
        "firmware.elf",
        "model.tflite",
        "samples.npy",
    ),
}
GENERATED = {
    *(
        "arena_config.h",
        "workload_config.h",
        "features_config.h",
        "decision_config.h",
        "kernels_config.h",
        "model_operators.h",
        "recorder_config.h",
    ),
}
# Not of this repository.
ELSEWHERE = {
    "actions/cache",
    "actions/setup-python",
    "OWNER/tinyml-device-lab",
    "create_tflm_tree.py",
    "build/zephyr/zephyr.elf",
    "components/",
    "libraries/",
    "platformio.ini",
    "policy.toml",
    "prj.conf",
    "zephyr.elf",
    "submodules/tensorflow",
    "tensorflow/lite/micro",
}


def named_files(page):
    for code in inline_code(ROOT / page):
        if ((A_FILE.fullmatch(code) and not code.startswith(".")) or A_PATH.fullmatch(code)) and code not in (
            MADE | GENERATED | ELSEWHERE
        ):
            yield code.rstrip("/").removeprefix("../")


def exists(name):
    below = [path.relative_to(ROOT).as_posix() for path in project_paths()]
    return any(fnmatchcase(path, name) or fnmatchcase(path, f"*/{name}") for path in below)


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page):
    broken = []
    for link in links(ROOT / page):
        if re.match(r"https?://", link):
            continue
        target, _, anchor = link.partition("#")
        path = ((ROOT / page).parent / target).resolve() if target else ROOT / page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES)
def test_a_file_named_in_a_page_exists(page):
    assert [name for name in named_files(page) if not exists(name)] == []


def test_a_file_that_is_not_there_would_be_seen():
    assert exists("lab/errors.py")
    assert exists("lab/cli/*.py")
    assert not exists("lab/error.py")


def test_every_guide_can_be_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links(page) if "://" not in link]
    guides = {ROOT / page for page in PAGES if page.startswith("docs/") and "/decisions/" not in page}
    assert guides - reached == set()


def test_decisions_are_numbered_one_by_one():
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(file.name[:4]) for file in decisions] == list(range(1, len(decisions) + 1))
    assert [file.read_text().partition(".")[0] for file in decisions] == [
        f"# {int(file.name[:4])}" for file in decisions
    ]


def test_no_page_names_this_machine():
    said = {page: re.findall(r"(?<![\w.])/(?:root|home|tmp|work)/\S*", (ROOT / page).read_text()) for page in PAGES}
    assert {page: found for page, found in said.items() if found} == {}
