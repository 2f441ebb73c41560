"""What a task asks of a workload's labels, and which metrics a run of it has."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lab import metrics, tasks, workload
from lab.configuration import read_toml
from lab.errors import ConfigurationError

COSTS = [name for name, metric in metrics.defined("clip").items() if not metric.asks and name != "accuracy"]


def test_keyword_spotting_detects_words_among_what_is_none():
    spotting = workload.load("keyword-spotting")
    assert (spotting.task.name, spotting.background, spotting.event) == ("detection", ("silence", "unknown"), "word")


def test_a_run_of_recordings_has_the_accuracy_and_all_costs_whatever_the_task():
    of_anomalies = ["auc", "accuracy", "detection_rate", "false_alarms_per_hour"]
    for name, own in {"classification": ["accuracy"], "detection": ["accuracy"], "anomaly": of_anomalies}.items():
        assert list(tasks.named(name).metrics("clip")) == [*own, *COSTS]


def test_a_stream_is_measured_by_what_its_task_tells():
    of = {name: set(tasks.named(name).metrics("stream")) for name in tasks.names()}
    costs = {"missed_deadlines", "cpu_load", "stack_used_bytes"}
    events = {"miss_rate", "false_accepts_per_hour", "detection_delay_ms", "worst_detection_delay_ms"}
    assert of["detection"] == costs | events
    assert of["classification"] == costs | {"accuracy"}
    assert of["anomaly"] == costs | {"accuracy", "auc", "detection_rate", "false_alarms_per_hour", "alarm_delay_ms"}


@pytest.mark.parametrize(
    ("task", "labels", "background", "complaint"),
    [
        ("detection", ["yes"], [], "labels has to have two or more"),
        ("detection", ["yes", "no", "yes"], [], "labels has 'yes' twice"),
        ("detection", ["yes", "no"], ["yes", "no"], "background has all labels"),
        ("detection", ["yes", "no"], ["silence"], "background names 'silence', which is none of labels"),
        ("classification", ["walking"], [], "labels has to have two or more"),
        ("classification", ["walking", "sitting"], ["standing"], "background names 'standing'"),
        ("anomaly", ["good", "bad"], [], "labels has to be 'normal' and 'anomaly'"),
        ("anomaly", ["normal", "anomaly", "unknown"], [], "labels has to be 'normal' and 'anomaly'"),
        ("anomaly", ["normal", "anomaly"], ["anomaly"], "background can only be 'normal'"),
    ],
)
def test_labels_that_make_no_sense_for_the_task_are_refused(tmp_path, task, labels, background, complaint):
    with pytest.raises(ConfigurationError, match=complaint):
        described(tmp_path, task, labels, background)


@pytest.mark.parametrize(
    ("task", "labels", "background"),
    [
        ("detection", ["wing", "negative"], ["negative"]),
        ("classification", ["walking", "sitting"], []),
        ("anomaly", ["anomaly", "normal"], ["normal"]),
    ],
)
def test_labels_that_suit_the_task_are_taken(tmp_path, task, labels, background):
    assert described(tmp_path, task, labels, background).task == tasks.named(task)


def test_a_task_that_there_is_not_is_refused_with_those_that_there_are(tmp_path):
    with pytest.raises(ConfigurationError, match=r"no task 'regression'; there are anomaly, classification, detection"):
        described(tmp_path, "regression", ["a", "b"], [])


@pytest.mark.parametrize(
    "line", ["level_db = [-30, -20]", "snr_db = [6, 30]", "quiet_share = 0.5", 'noise = ["unknown"]']
)
def test_what_only_sound_has_is_not_asked_of_motion_and_refused_there(tmp_path, line):
    motion = 'input = { sensor = "accelerometer", rate_hz = 20, window_s = 4.0, axes = ["x", "y", "z"], unit = "g" }'
    assert described(tmp_path, "detection", ["a", "unknown"], ["unknown"], motion).streaming.evaluation.gap_s
    with pytest.raises(ConfigurationError, match=f"{line.split()[0]} is for sound, and the sensor is accelerometer"):
        described(tmp_path, "detection", ["a", "unknown"], ["unknown"], motion, line)


@pytest.mark.parametrize(
    ("task", "labels", "line"),
    [
        ("detection", ["yes", "no"], "stretch_s = [10, 20]"),
        ("classification", ["yes", "no"], "gap_s = [1, 2]"),
        ("classification", ["yes", "no"], "unknown_share = 0.5"),
        ("anomaly", ["normal", "anomaly"], "level_db = [-30, -20]"),
    ],
)
def test_what_a_stream_of_the_task_does_not_have_is_refused(tmp_path, task, labels, line):
    with pytest.raises(ConfigurationError, match=f"evaluation.{line.split()[0]} is not for the task {task}"):
        described(tmp_path, task, labels, [], evaluation=line)


def test_a_decision_gives_as_many_scores_as_the_task_is_about(tmp_path):
    text = described_text("anomaly", ["normal", "anomaly"], []).replace('task = "anomaly"', 'task = "detection"')
    with pytest.raises(ConfigurationError, match=r"'anomaly' gives 1 scores; the task detection needs 2"):
        checked(tmp_path, text)


def test_noise_is_of_the_background(tmp_path):
    with pytest.raises(ConfigurationError, match="noise names 'yes', which is none of background"):
        described(tmp_path, "detection", ["yes", "no"], ["no"], evaluation='noise = ["yes"]')


def test_a_task_is_a_file_and_nothing_else(tmp_path):
    package = tmp_path / "tasks"
    shutil.copytree(Path(tasks.__file__).parent, package)
    text = (package / "classification.py").read_text()
    text = text.replace("Classification", "Counting").replace('"classification"', '"counting"')
    (package / "counting.py").write_text(text)
    script = "import lab; lab.__path__.insert(0, '.'); from lab import tasks; print(tasks.names())"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "counting" in done.stdout


def described(folder, *chosen, **more):
    return checked(folder, described_text(*chosen, **more))


def described_text(task, labels, background, motion=None, evaluation=""):
    """keyword-spotting's workload with another task, other labels, another input, and a line of the evaluation."""
    text = workload.load("keyword-spotting").file.read_text()
    lines = [line for line in text.partition("[recordings]")[0].splitlines() if not line.startswith("labels")]
    others = ("task", "background", "level_db", "snr_db", "noise", "quiet_share", "gap_s", "unknown_share")
    kept = [line for line in lines if line.split(" ")[0] not in others]
    text = "\n".join([f'task = "{task}"', f"labels = {labels}", f"background = {background}", *kept])
    if task == "anomaly":
        before, _, rest = text.partition("[decision]")
        decision = '[decision]\nkind = "anomaly"\nstride_ms = 1000\nthreshold = 9\ndirections = 4\n\n'
        text = before + decision + rest[rest.index("[streaming") :]
    if motion:
        before, _, rest = text.partition("[input]")
        text = before + motion + "\n\n[features]" + rest.partition("[features]")[2]
    text = text.replace("[streaming.evaluation]", f"[streaming.evaluation]\n{evaluation}")
    before = text.partition("[streaming.limits]")[0]
    return f'{before}\n[recordings]\nfolder = "recordings"\nsource = "none"\n\n[limits]\n'


def checked(folder, text):
    file = folder / "workload.toml"
    file.write_text(text)
    return read_toml(file, workload.Workload, name="other", folder=folder)
