from __future__ import annotations

import pytest

from lab import workload
from lab.configuration import read_toml
from lab.errors import ConfigurationError
from lab.training import recipes
from lab.training.recipes.speech import Settings


@pytest.fixture
def shipped():
    return recipes.of(workload.load("keyword-spotting"))


def test_a_lower_bound_above_the_upper_one_is_named(tmp_path):
    text = (workload.load("keyword-spotting").folder / recipes.FILE).read_text()
    broken = tmp_path / "training.toml"
    broken.write_text(text.replace("speed = [0.85, 1.15]", "speed = [1.15, 0.85]"))
    with pytest.raises(ConfigurationError, match=r"augmentation\.speed: .*the lower bound comes first"):
        read_toml(broken, Settings)


def test_the_test_part_cannot_be_trained_on(tmp_path):
    text = (workload.load("keyword-spotting").folder / recipes.FILE).read_text()
    broken = tmp_path / "training.toml"
    broken.write_text(text.replace('parts = ["train", "validation"]', 'parts = ["train", "test"]'))
    with pytest.raises(ConfigurationError, match="parts"):
        read_toml(broken, Settings)


def test_epochs_and_seed_of_the_command_line_win(shipped):
    changed = shipped.with_options(epochs=3, seed=5)
    assert (changed.student.schedule.epochs, changed.seed) == (3, 5)
    assert changed.teacher == shipped.teacher
    assert shipped.with_options(epochs=None, seed=None) == shipped
