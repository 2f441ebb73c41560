"""A change for the worse fails the gate, and is named alike wherever people and programs look."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import tflite

from lab.cli import main
from lab.metrics import spelled
from lab.verdict.result import Check
from tests.acceptance.bench import WORKLOAD, Checkout, Ran

BASELINE = "baselines/keyword-spotting/nano33ble-cmsis-nn.json"
NETWORK = "firmware/runtime/network.cc"
OPERATORS = "firmware/runtime/operators.cc"
MICROPHONE = "firmware/families/nrf52/sensors/microphone.cc"
MODEL = "models/keyword-spotting/keyword_spotting.tflite"

ROOMY = ("arena_bytes = 66_560", "arena_bytes = 70_000")
LOOSE = """\
accuracy = { at_least = 0.0, because = "baselines alone are tried here" }
flash_bytes = { at_most = 1_000_000, because = "baselines alone are tried here" }
stack_used_bytes = { at_most = 8_000, because = "baselines alone are tried here" }
"""
TIME = {"instructions_per_inference", "cycles_per_inference", "latency_ms", "cpu_load", "realtime_headroom"}

RESTART = "  TracingResolver::restart();\n"
INVOKE = "  const TfLiteStatus status = interpreter->Invoke();\n"
LOOP = "  for (volatile int n = 0; n < 100'000; n = n + 1) {\n  }\n"
UNNAMED_ENDS = "}  // namespace\n\nvoid Network::start"
TABLE = "const uint8_t table[4096] = {1};\n\n"
LOOK_UP = "  volatile uint8_t found = table[arena_used_ % sizeof(table)];\n  (void)found;\n"
DEEP = "  volatile uint8_t deep[1024];\n  deep[arena_used_ % sizeof(deep)] = 1;\n"
DELIVER = "      sink_(buffers_[latches_"
SPOIL = "      if (static int n = 0; ++n == 6) {\n        buffers_[latches_ ? filling_ : queued_][7] ^= 4;\n      }\n"

HOARDING = """\
TfLiteStatus (*modest_prepare)(TfLiteContext*, TfLiteNode*) = nullptr;

TfLiteStatus hoard(TfLiteContext* context, TfLiteNode* node) {
  void* kept = nullptr;
  return context->AllocatePersistentBuffer(context, 2048, &kept) == kTfLiteOk ? modest_prepare(context, node)
                                                                             : kTfLiteError;
}

TfLiteRegistration* hoarding(tflite::BuiltinOperator code, TfLiteRegistration* registration) {
  if (code == tflite::BuiltinOperator_SOFTMAX) {
    modest_prepare = registration->prepare;
    registration->prepare = hoard;
  }
  return registration;
}

"""
ADD_OPERATOR = "void add(Resolver& resolver, tflite::BuiltinOperator code, "
REGISTRATION = "AddBuiltin(code, &registration, "

Edit = tuple[str, str]
A_LOOP: list[Edit] = [(INVOKE, LOOP + INVOKE)]
A_TABLE: list[Edit] = [(UNNAMED_ENDS, TABLE + UNNAMED_ENDS), (RESTART, RESTART + LOOK_UP)]
A_DEEP_CALL: list[Edit] = [(RESTART, DEEP + RESTART)]
A_HOARD: list[Edit] = [
    (ADD_OPERATOR, HOARDING + ADD_OPERATOR),
    (REGISTRATION, "AddBuiltin(code, hoarding(code, &registration), "),
]
A_WRONG_SAMPLE: list[Edit] = [(DELIVER, SPOIL + DELIVER)]


@pytest.fixture(scope="module", autouse=True)
def baseline(checkout: Checkout, two_words: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The baseline of the unchanged tree, and limits that every plant keeps."""
    run = tmp_path_factory.mktemp("golden")
    with checkout.edited(WORKLOAD, ROOMY), checkout.limited(LOOSE):
        assert main(["run", "keyword-spotting", "--jobs", "1", "--recordings", str(two_words), "--out", str(run)]) == 0
        assert main(["baseline", "update", "--from", str(run)]) == 0
        yield checkout.folder / BASELINE
    shutil.rmtree(checkout.folder / "baselines")


@pytest.fixture
def summary(checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The summary of the GitHub Actions step that the test is."""
    file = tmp_path / "step-summary.md"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(checkout.folder))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    return file


class Page(HTMLParser):
    """The text of an HTML file, without scripts and styles."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._parts: list[str] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:
            self._parts.append(data)

    @property
    def text(self) -> str:
        return "".join(self._parts)


def in_junit(file: Path) -> str:
    """What `junit.xml` says of its cases that failed."""
    failures = ET.parse(file).getroot().iter("failure")  # noqa: S314 - of our own making
    return "\n".join(f"{failure.get('message')} {failure.text}" for failure in failures)


def on_one_line(text: str) -> str:
    return " ".join(text.split())


def assert_named(ran: Ran, summary: Path, checkout: Checkout, metrics: set[str], *, origin: str = "baseline") -> None:
    """Those metrics and no others fail the run, each named with its value, its bound and the line that set it."""
    assert (ran.code, ran.result["verdict"]) == (1, "failed")
    failed = [Check.model_validate(check) for check in ran.run["checks"] if not check["passed"]]
    assert {check.name for check in failed} == metrics
    for check in failed:
        assert check.origin == origin
        file, _, line = check.where.rpartition(":")
        assert check.name in checkout.text(file).splitlines()[int(line) - 1]
        sentence = str(check)
        assert sentence in ran.shown
        assert sentence in on_one_line(Page(ran.folder / "report.html").text)
        assert sentence in in_junit(ran.folder / "junit.xml")
        (annotation,) = (
            said
            for said in ran.out.splitlines()
            if said.startswith("::error") and f"::{sentence}" in said.replace("%25", "%")  # as GitHub reads it
        )
        assert f"file={file},line={line}," in annotation
        for markdown in (ran.folder / "summary.md", summary):
            (row,) = (
                row
                for row in markdown.read_text(encoding="utf-8").splitlines()
                if row.startswith(f"| `{check.name}` |") and f"`{check.where}`" in row
            )
            assert spelled(check.value, check.name) in row


@pytest.mark.parametrize(
    ("file", "plant", "metrics"),
    [
        pytest.param(NETWORK, A_LOOP, TIME, id="instructions"),
        pytest.param(OPERATORS, A_HOARD, {"arena_used_bytes"}, id="arena"),
        pytest.param(NETWORK, A_DEEP_CALL, {"stack_used_bytes"}, id="stack"),
        pytest.param(MICROPHONE, A_WRONG_SAMPLE, {"bit_exact"}, id="bit-exactness"),
    ],
)
def test_a_regression_of_the_firmware_is_named_everywhere(checkout, lab_run, summary, file, plant, metrics):
    with checkout.edited(file, *plant):
        ran = lab_run()
    assert_named(ran, summary, checkout, metrics)


def test_more_flash_is_named_everywhere_with_the_symbol_that_takes_it(checkout, lab_run, summary):
    with checkout.edited(NETWORK, *A_TABLE):
        ran = lab_run()
    assert_named(ran, summary, checkout, {"flash_bytes"})
    (largest, *_) = (size for size in ran.run["baseline"]["sizes"] if size["kind"] == "symbol")
    assert largest["name"] == "lab::(anonymous namespace)::table"
    assert (largest["library"], largest["before"], largest["now"]) == ("runtime", None, 4096)


def test_a_worse_model_is_named_everywhere_with_the_recordings_it_now_mistakes(checkout, lab_run, summary):
    with spoilt_model(checkout.folder / MODEL):
        ran = lab_run()
    assert_named(ran, summary, checkout, {"accuracy"})
    assert {change["clip"] for change in ran.run["baseline"]["clips"]} == {clip["clip"] for clip in ran.clips}


@contextmanager
def spoilt_model(file: Path) -> Iterator[None]:
    """The model with the weights of its last layer negated, as long as the context lasts."""
    before = file.read_bytes()
    content = bytearray(before)
    model = tflite.Model.GetRootAsModel(content, 0)
    graph = model.Subgraphs(0)
    fully_connected = graph.Operators(graph.OperatorsLength() - 2)
    weights = model.Buffers(graph.Tensors(fully_connected.Inputs(1)).Buffer()).DataAsNumpy().view(np.int8)
    np.negative(np.maximum(weights, -127), out=weights)
    file.write_bytes(content)
    try:
        yield
    finally:
        file.write_bytes(before)


def test_an_unchanged_tree_is_the_same(lab_run, summary):
    ran = lab_run()
    assert (ran.code, ran.result["verdict"]) == (0, "passed")
    assert {change["standing"] for change in ran.run["baseline"]["changes"]} == {"same"}
    assert ran.run["baseline"]["standing"] == "same"
    assert "baseline same" in ran.shown
    assert "::error" not in ran.out
    assert "same" in summary.read_text(encoding="utf-8")


def test_with_another_toolchain_nothing_of_the_program_is_comparable_and_that_is_said(
    baseline, checkout, lab_run, summary
):
    hashed = json.loads(baseline.read_text(encoding="utf-8"))["build"]["toolchain_hash"]
    with checkout.edited(BASELINE, (hashed, "0123456789abcdef")), checkout.edited(NETWORK, *A_LOOP):
        ran = lab_run()
    assert (ran.code, ran.result["verdict"]) == (0, "passed")
    standings = {change["metric"]: change["standing"] for change in ran.run["baseline"]["changes"]}
    assert {name for name, standing in standings.items() if standing == "not comparable"} >= TIME | {"flash_bytes"}
    assert {standings["accuracy"], standings["bit_exact"]} == {"same"}
    said = f"another toolchain: 01234567 before, {hashed[:8]} now"
    assert said in ran.shown
    assert said in on_one_line(Page(ran.folder / "report.html").text)
    assert said in summary.read_text(encoding="utf-8")


def test_a_limit_catches_what_no_baseline_is_there_to_catch(checkout, lab_run, summary):
    tight = "stack_used_bytes = { at_most = 1_200 }\n"
    with checkout.limited(tight), checkout.edited(NETWORK, *A_DEEP_CALL):
        ran = lab_run("--no-baseline")
        assert ran.run["baseline"] is None
        assert_named(ran, summary, checkout, {"stack_used_bytes"}, origin="limit")


def test_a_regression_that_is_only_to_be_reported_fails_nothing(checkout, lab_run, summary):
    with checkout.edited(NETWORK, *A_DEEP_CALL):
        ran = lab_run("--fail-on", "limit")
    assert (ran.code, ran.result["verdict"]) == (0, "passed")
    assert "worse: stack_used_bytes" in ran.shown
    assert "worse: stack_used_bytes" in summary.read_text(encoding="utf-8")
    assert "stack_used_bytes is " in "".join(re.findall("^::notice .*$", ran.out, re.MULTILINE))
    assert "::error" not in ran.out
