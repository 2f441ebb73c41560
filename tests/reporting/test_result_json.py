from __future__ import annotations

import json

import jsonschema_rs
import pytest

from lab.errors import UsageError
from lab.reporting import result_json

from . import results


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "result.json"
    file.write_text(result_json.dump(results.failing()), encoding="utf-8")
    return file


@pytest.mark.parametrize("name", results.EVERY)
def test_a_result_comes_back_as_it_was_written(tmp_path, name):
    result = results.EVERY[name]()
    (tmp_path / "result.json").write_text(result_json.dump(result), encoding="utf-8")
    assert result_json.load(tmp_path) == result
    assert result_json.load(tmp_path / "result.json") == result


def test_a_result_that_does_not_follow_the_schema_is_not_written():
    broken = results.passing().model_copy(update={"verdict": "perhaps"})
    with pytest.raises(jsonschema_rs.ValidationError):
        result_json.dump(broken)


def refusal(place) -> UsageError:
    with pytest.raises(UsageError) as refused:
        result_json.load(place)
    assert refused.value.remedy
    return refused.value


def test_a_folder_without_a_result_is_named(tmp_path):
    assert refusal(tmp_path).message == f"There is no {tmp_path / 'result.json'}."
    assert refusal(tmp_path / "missing").message == f"There is no {tmp_path / 'missing'}."


@pytest.mark.parametrize("content", [b"", b'{"schema": ', b"\xff\xfe"])
def test_what_is_not_json_is_named(file, content):
    file.write_bytes(content)
    assert refusal(file).message.startswith(f"{file} is not JSON: ")


def test_another_version_is_named_with_the_one_that_is_read(file):
    content = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**content, "schema": "tinyml-device-lab/result/9"}), encoding="utf-8")
    said = refusal(file).message
    assert "'tinyml-device-lab/result/9', and this lab reads 'tinyml-device-lab/result/1'" in said


def test_the_first_thing_that_is_wrong_is_named_with_its_place(file):
    content = json.loads(file.read_text(encoding="utf-8"))
    content["runs"][0]["clips"][3]["time_ns"] = "soon"
    file.write_text(json.dumps(content), encoding="utf-8")
    said = refusal(file).message
    assert said.startswith(f"{file} is not a result of this lab: runs.0.clips.3.time_ns: ")
    assert len(said) < 400


@pytest.mark.parametrize("content", ["[]", '"result"', "null", "{}"])
def test_other_json_is_no_result(file, content):
    file.write_text(content, encoding="utf-8")
    assert "is not a result of this lab" in refusal(file).message


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda run: run["confusion"]["counts"].pop(), "runs.0.confusion: needs a row and a column for each label"),
        (lambda run: run.update(workload="../../elsewhere"), "runs.0.workload: "),
        (
            lambda run: run.update(host_seconds=10**400),
            "is not JSON: runs.0.host_seconds is an integer of more than 64",
        ),
    ],
    ids=["lists of unequal length", "a name that is a path", "a number of 400 digits"],
)
def test_what_the_reports_could_not_show_is_no_result(file, change, said):
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content["runs"][0])
    file.write_text(json.dumps(content), encoding="utf-8")
    assert said in refusal(file).message
