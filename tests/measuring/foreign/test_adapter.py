"""An adapter says what the lab cannot guess, and a slip in it is told with file and line."""

import pytest

from lab import workload
from lab.errors import ConfigurationError, UnknownName
from lab.measuring.foreign import adapter

LEAST = """\
[output]
result = 'Heard (?P<label>\\w+)'
result_within_s = 2.5
"""


@pytest.fixture
def keyword_spotting():
    return workload.load("keyword-spotting")


@pytest.fixture
def loaded(tmp_path, keyword_spotting):
    def load(text):
        file = tmp_path / "heard.toml"
        file.write_text(text)
        return adapter.load(file, keyword_spotting)

    return load


def test_two_keys_suffice(loaded, keyword_spotting):
    found = loaded(LEAST)
    assert found.name == "heard"
    assert found.meaning("yes", keyword_spotting) == ("yes",)
    assert found.meaning("Yes!", keyword_spotting) == ()
    assert found.unheard(keyword_spotting) == ()


def test_a_text_stands_for_one_label_or_for_several(loaded, keyword_spotting):
    found = loaded(LEAST + 'silent = "silence"\n[labels]\nja = "yes"\n"?" = ["unknown", "up", "down"]\n')
    assert found.meaning("ja", keyword_spotting) == ("yes",)
    assert found.meaning("?", keyword_spotting) == ("unknown", "up", "down")
    assert found.meaning("no", keyword_spotting) == ()
    assert found.unheard(keyword_spotting) == ("no", "left", "right", "on", "off", "stop", "go")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (LEAST.replace("result_within_s", "within_s"), r"heard.toml:3: output.within_s: there is no such key"),
        (LEAST.replace("(?P<label>", "("), r"heard.toml:2: output.result: has neither a group"),
        (LEAST.replace("label", "lable"), r"heard.toml:2: output.result: has the group 'lable'"),
        (LEAST.replace("\\w+)", "\\w+"), r"heard.toml:2: output.result: is no regular expression"),
        (LEAST.replace("Heard", "(?=Heard)"), r"heard.toml:2: output.result: .* of RE2: invalid perl operator: \(\?="),
        (LEAST.replace("2.5", "1e300"), r"heard.toml:3: output.result_within_s: "),
        (LEAST + '[input]\nsensor = "microphone"\nbuffer = "samples"\n', r"heard.toml:4: input: .* both a sensor and"),
        (LEAST + "[measure]\n", r"heard.toml:4: measure.begin: it is missing"),
    ],
)
def test_a_slip_is_told_with_its_line(loaded, text, says):
    with pytest.raises(ConfigurationError, match=says):
        loaded(text)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('[labels]\nja = "jes"\n', "heard.toml:5: There is no label of keyword-spotting named 'jes'"),
        ("[limits]\nlatency = { at_most = 3 }\n", "heard.toml:5: There is no metric named 'latency'"),
    ],
)
def test_a_name_that_nothing_carries_is_told_with_its_line(loaded, table, says):
    with pytest.raises(UnknownName, match=says):
        loaded(LEAST + table)
