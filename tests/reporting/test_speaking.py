"""What is listed of a run where a limit is broken."""

from __future__ import annotations

import pytest

from lab.metrics import defined
from lab.reporting import speaking
from lab.verdict import judge
from tests import fake_workloads
from tests.report import results

SCORED = [("normal", 10), ("normal", 5_000), ("anomaly", 900), ("anomaly", 40_000)]


@pytest.mark.parametrize(
    ("metric", "what", "lines"),
    [
        (
            "auc",
            "recordings taken for another label",
            [
                "fan/normal@1.0s: is 'normal', decided as 'anomaly'",
                "fan/anomaly@2.0s: is 'anomaly', decided as 'normal'",
            ],
        ),
        (
            "detection_rate",
            "anomalies taken for normal",
            ["fan/anomaly@2.0s: is 'anomaly', decided as 'normal'"],
        ),
        (
            "false_alarms_per_hour",
            "normal recordings taken for an anomaly",
            ["fan/normal@1.0s: is 'normal', decided as 'anomaly'"],
        ),
    ],
)
def test_each_metric_of_an_anomaly_lists_its_own_recordings(metric, what, lines):
    (run,) = results.vibration(SCORED).runs
    listed = speaking.against(metric, run)
    assert (listed.what, list(listed.lines)) == (what, lines)


def test_a_stream_lists_its_events_and_detections():
    of = fake_workloads.gestures()
    (run,) = judge.judge(of, fake_workloads.streamed(of)).runs
    missed, falsely = speaking.against("miss_rate", run), speaking.against("false_accepts_per_hour", run)
    assert (missed.what, missed.rows) == ("missed gestures", (("0:11.00 ring, taken for wing (ring/1)",),))
    assert (falsely.what, falsely.rows) == ("false accepts", (("0:19.50 wing, of ring (ring/1)",),))
    of = fake_workloads.activities()
    (run,) = judge.judge(of, fake_workloads.streamed(of)).runs
    assert speaking.against("accuracy", run).what == "activities not recognised"
    of = fake_workloads.vibration()
    (run,) = judge.judge(of, fake_workloads.streamed(of)).runs
    assert speaking.against("detection_rate", run) is None
    falsely = speaking.against("false_alarms_per_hour", run)
    assert falsely.what == "false alarms"
    assert falsely.lines[0] == "0:04.00 anomaly, of normal (normal/0)"


def test_nothing_is_listed_where_nothing_speaks_against_it():
    (run,) = results.vibration([("normal", 10)]).runs
    assert speaking.against("accuracy", run) is None
    assert speaking.against("flash_bytes", run) is None
    assert speaking.against("no such metric", run) is None


def test_what_a_metric_blames_is_something_that_can_be_listed():
    named = {metric.blames for mode in ("clip", "stream") for metric in defined(mode).values()}
    assert named - {None} == set(speaking._KINDS)
