from __future__ import annotations

import json
import time

import pytest

from lab.outcomes.memory import Symbol
from lab.verdict import judge
from tests.comparing.runs import judged, keep, leave, measured
from tests.fake_measuring import LABELS, clip, stream_measurement

BEFORE = measured(
    clips=tuple(clip(number, decided="no" if number == 2 else LABELS[number]) for number in range(12)),
    symbols=(Symbol("main", 420, ".text", "app"), Symbol("Softmax(TfLiteContext*)", 900, ".text", "libtflm.a")),
)
AFTER = measured(
    {"flash_bytes": 190_000, "instructions_per_inference": 8_000_000},
    build={"model": "smaller.tflite crc 1"},
    clips=tuple(
        clip(number, decided="go" if number == 3 else LABELS[number], instructions=8_000_000 - number)
        for number in range(12)
    ),
    symbols=(Symbol("main", 500, ".text", "app"), Symbol("Conv(TfLiteContext*)", 1_240, ".text", "libtflm.a")),
)


@pytest.fixture
def runs(project):
    before = leave(project / "runs" / "a", judged(BEFORE).model_copy(update={"provenance": {"git": "a" * 40}}))
    after = leave(project / "runs" / "b", judged(AFTER).model_copy(update={"provenance": {"git": "b" * 40}}))
    return before.relative_to(project), after.relative_to(project)


def words(line):
    return " ".join(line.split())


def test_the_table_names_what_changed_from_the_model_to_the_symbol(lab, runs):
    code, out, _ = lab("compare", *runs)
    lines = [words(line) for line in out.splitlines()]
    assert code == 0
    assert lines[0] == "keyword-spotting on nano33ble (reference): runs/a → runs/b"
    assert "git aaaaaaaa bbbbbbbb" in lines
    assert "model keyword_spotting.tflite crc 0 smaller.tflite crc 1" in lines
    assert "flash_bytes 181,000 190,000 +5.0 % worse" in lines
    assert "instructions_per_inference 9,000,000 8,000,000 -11.1 % better" in lines
    assert "ram_bytes 90,000 90,000 = same" in lines
    assert "libtflm.a 900 1,240 +340" in lines
    assert "Conv(TfLiteContext*) libtflm.a new 1,240 +1,240" in lines
    assert "Softmax(TfLiteContext*) libtflm.a 900 gone -900" in lines
    assert "main app 420 500 +80" in lines
    assert (
        "changed recordings: 1 now right, 1 now wrong" in lines
        or "changed recordings: 1 now wrong, 1 now right" in lines
    )
    assert "yes/2.flac yes no yes now right" in lines
    assert "no/3.flac no no go now wrong" in lines
    assert "12 of 12 recordings take another number, by -1,000,011 to -1,000,000, median -1,000,006" in words(out)
    assert "WORSE: flash_bytes; better: instructions_per_inference; another model:" in words(out)


def test_the_table_fits_80_columns_without_colour(lab, runs):
    _, out, _ = lab("compare", *runs)
    assert max(len(line) for line in out.splitlines() if not line.startswith("WORSE")) <= 80
    assert "\x1b" not in out


def test_a_run_equals_itself(lab, runs):
    code, out, _ = lab("compare", runs[0], runs[0], "--fail-on-regression")
    assert code == 0
    assert out.splitlines()[-2] == "SAME"
    assert "worse" not in out


def test_the_exit_code_tells_of_a_regression_only_if_asked(lab, runs):
    assert lab("compare", *runs)[0] == 0
    assert lab("compare", *runs, "--fail-on-regression")[0] == 1
    assert lab("compare", *reversed(runs), "--fail-on-regression")[0] == 1  # back again, the instructions are worse


def test_the_projects_policy_decides_what_is_worse(lab, project, runs):
    (project / "baselines").mkdir()
    (project / "baselines" / "policy.toml").write_text("[metrics]\nflash_bytes = { relative = 0.2 }\n")
    assert lab("compare", *runs, "--fail-on-regression")[0] == 0


def test_json_has_all_of_it(lab, runs):
    found = json.loads(lab("compare", *runs, "--json", "--top", "1")[1])
    (pair,) = found["pairs"]
    comparison = pair["comparison"]
    assert (found["before"], found["now"], pair["workload"]) == ("runs/a", "runs/b", "keyword-spotting")
    assert {change["metric"]: change["standing"] for change in comparison["changes"]}["flash_bytes"] == "worse"
    assert [size["name"] for size in comparison["sizes"] if size["kind"] == "symbol"] == [
        "Conv(TfLiteContext*)",
        "Softmax(TfLiteContext*)",
        "main",
    ]
    assert len(comparison["clips"]) == 2
    assert pair["instructions"][0] == {
        "label": "silence",
        "clip": "silence/0.flac",
        "before": 9_000_000,
        "now": 8_000_000,
    }


def test_more_than_asked_for_is_counted(lab, runs):
    lines = [words(line) for line in lab("compare", *runs, "--top", "1")[1].splitlines()]
    assert "symbols (3)" in lines
    assert "2 more, with --json -820" in lines


def test_a_baseline_stands_in_for_a_run(lab, project, runs):
    golden = keep(project / "baselines", BEFORE)
    code, out, _ = lab("compare", golden, runs[1])
    assert code == 0
    assert "+5.0 %   worse" in out
    assert "main" in out
    assert "take another number" not in out


def test_several_pairs_are_compared_and_lonely_ones_named(lab, project):
    one = judge.together([judged(BEFORE), judged(measured(target="old-board"))])
    two = judge.together([judged(AFTER), judged(measured(target="new-board"))])
    _, out, _ = lab("compare", leave(project / "a", one), leave(project / "b" / "c", two))
    assert out.count("WORSE") == 1
    assert "a: keyword-spotting on old-board (reference)" in out
    assert "c: keyword-spotting on new-board (reference)" in out


def test_the_same_firmware_with_other_kernels_is_compared(lab, project, runs):
    fast = leave(project / "fast", judged(measured(variant="cmsis-nn")))
    code, out, _ = lab("compare", runs[0], fast)
    assert code == 0
    assert "keyword-spotting on nano33ble (reference → cmsis-nn)" in out


@pytest.mark.produces("nothing-to-compare")
def test_runs_without_anything_in_common_are_refused_with_what_they_have(lab, project, runs):
    other = leave(project / "other", judged(measured(target="other-board")))
    code, _, err = lab("compare", runs[0], other)
    assert code == 2
    assert err.startswith("error[nothing-to-compare]: runs/a and ")
    assert "runs/a has keyword-spotting on nano33ble (reference)" in err
    assert "other has keyword-spotting on other-board (reference)" in err


def test_a_run_that_did_not_finish_is_not_compared(lab, project, runs):
    cut = leave(project / "cut", judged(measured(clips=(clip(0),), interrupted=True)))
    code, _, err = lab("compare", runs[0], cut)
    assert code == 2
    assert "nothing that finished and did not finish keyword-spotting on nano33ble" in err


@pytest.mark.parametrize("missing", ["runs/none", "models/keyword-spotting/workload.toml", "models"])
def test_what_is_no_run_is_named(lab, runs, missing):
    code, _, err = lab("compare", runs[0], missing)
    assert code == 2
    assert missing in err


def test_5000_recordings_are_compared_in_seconds(lab, project):
    many = [clip(number, label=LABELS[number % 12], clip=f"{number}.flac") for number in range(5_000)]
    before = leave(project / "a", judged(measured(clips=tuple(many))))
    wrong = [clip(n, label=LABELS[n % 12], clip=f"{n}.flac", decided="go", instructions=1) for n in range(5_000)]
    now = leave(project / "b", judged(measured(clips=tuple(wrong))))
    began = time.process_time()
    code, out, _ = lab("compare", before, now)
    assert time.process_time() - began < 10
    assert code == 0
    assert "4,584 now wrong" in out


def test_a_stream_is_compared_with_no_run_of_recordings(lab, project):
    stream = leave(project / "runs" / "stream", judged(stream_measurement()))
    clips = leave(project / "runs" / "clips", judged())
    code, _, err = lab("compare", clips, stream)
    assert code == 2
    assert "have nothing to compare" in err
    code, out, _ = lab("compare", stream, stream)
    assert code == 0
    assert "miss_rate" in out
