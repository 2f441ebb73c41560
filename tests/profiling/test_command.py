"""`lab profile` refuses what cannot come out well before anything is built."""

import pytest

from lab.cli import main
from lab.measuring import making


@pytest.fixture(autouse=True)
def no_builds(monkeypatch):
    def make(*_, **__):
        pytest.fail("something was built")

    monkeypatch.setattr(making, "make", make)


def test_kernels_that_one_of_the_boards_cannot_have_are_refused(tmp_path, capsys):
    asked = ["profile", "keyword-spotting", "--target", "all", "--kernels", "cmsis-nn", "--out", str(tmp_path)]
    assert main(asked) == 2
    assert "error[kernels-core]: CMSIS-NN is for Arm cores; esp32c3" in capsys.readouterr().err


def test_a_place_where_no_folder_can_be_is_refused(tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    assert main(["profile", "keyword-spotting", "--out", str(tmp_path / "file")]) == 3
    said = capsys.readouterr().err
    assert "error[not-writable]" in said
    assert "--out" in said


def test_a_folder_without_kernels_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.undo()
    asked = ["profile", "keyword-spotting", "--kernels-root", str(tmp_path), "--out", str(tmp_path / "out")]
    assert main([*asked, "--kernels", "auto"]) == 2
    assert "error[kernels-tree]" in capsys.readouterr().err
