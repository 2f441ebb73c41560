"""`lab init --workload`: a workload to begin with, in a new project or in one that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab import places, workload
from lab.cli import main


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch) -> Path:
    """An empty current folder, and no project named by the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LAB_PROJECT", raising=False)
    return tmp_path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_workload_of_a_sensor_is_begun_in_a_new_project_and_loads_there(monkeypatch):
    assert main(["init", "my-project", "--workload", "my-gesture", "--sensor", "accelerometer"]) == 0
    monkeypatch.chdir("my-project")
    begun = workload.load("my-gesture")
    assert (begun.title, begun.model) == ("my-gesture", "my_gesture.tflite")
    assert begun.input.sensor == "accelerometer"
    assert begun.model_path.is_file()
    assert "MODEL_CARD.md" not in names(begun.folder)
    assert {"workload.toml", "recordings", "training.toml"} <= names(begun.folder)


def test_in_a_project_that_there_is_nothing_but_the_workload_is_added(monkeypatch):
    assert main(["init", "my-project"]) == 0
    readme = Path("my-project", "README.md")
    readme.write_text("mine")
    monkeypatch.chdir("my-project")
    before = names(Path("models"))
    assert main(["init", "--workload", "wake-word", "--like", "keyword-spotting"]) == 0
    assert names(Path("models")) - before == {"wake-word"}
    assert Path("README.md").read_text() == "mine"
    assert workload.load("wake-word").labels == workload.load("keyword-spotting").labels


def test_a_copy_says_what_the_other_says_but_for_title_and_model():
    assert main(["init", "my-project", "--workload", "mine", "--like", "gesture-recognition"]) == 0
    own = (Path("my-project", "models", "mine", "workload.toml")).read_text().splitlines()
    other = (places.shipped() / "models" / "gesture-recognition" / "workload.toml").read_text().splitlines()
    assert [new for new, old in zip(own, other, strict=True) if new != old] == [
        'title = "mine"',
        'model = "mine.tflite"',
        next(line for line in other if line.startswith("source")).replace('"', '"those of gesture-recognition: ', 1),
    ]


def test_a_new_project_says_to_run_the_workload_and_which_others_it_could_be_like(capsys):
    assert main(["init", "my-project", "--workload", "my-gesture"]) == 0
    said = capsys.readouterr().out
    assert "  lab run my-gesture\n" in said
    assert "--like begins with another one: gesture-recognition, machine-vibration." in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--workload", "My Gesture"], "is no name for a workload"),
        (["--workload", "../escape"], "is no name for a workload"),
        (["--workload", "mine", "--sensor", "thermometer"], "There is no sensor named 'thermometer'"),
        (["--workload", "mine", "--like", "keyword-spoting"], "Did you mean 'keyword-spotting'?"),
        (["--workload", "mine", "--like", "keyword-spotting", "--sensor", "accelerometer"], "is for the microphone"),
        (["--sensor", "accelerometer"], "--sensor belongs to --workload"),
    ],
)
def test_what_cannot_be_begun_is_said_and_nothing_is_made(options, said, capsys):
    assert main(["init", "my-project", *options]) == 2
    assert said in capsys.readouterr().err
    assert not Path("my-project").exists()


def test_a_name_that_is_taken_is_said_and_nothing_is_touched(monkeypatch, capsys):
    assert main(["init", "my-project"]) == 0
    monkeypatch.chdir("my-project")
    file = Path("models", "keyword-spotting", "workload.toml")
    before = file.read_bytes()
    assert main(["init", "--workload", "keyword-spotting", "--like", "keyword-spotting"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert file.read_bytes() == before
