"""What `lab arena` asks for; tests/acceptance finds real arenas."""

from lab.cli import main
from lab.measuring import arena
from lab.measuring.arena import Need


def test_the_arena_is_found_with_the_kernels_that_are_named(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(arena, "trial", lambda request, _model: asked.append(request))
    monkeypatch.setattr(arena, "need", lambda _trial: Need(1_000, 1_024))
    assert main(["arena", "keyword-spotting", "--kernels", "reference", "--json"]) == 0
    assert [request.kernels for request in asked] == ["reference"]
    assert '"smallest": 1024' in capsys.readouterr().out


def test_kernels_that_there_are_none_of_are_named(capsys):
    assert main(["arena", "keyword-spotting", "--kernels", "cmsis"]) == 2
    assert "There is no kernel library named 'cmsis'. Did you mean 'cmsis-nn'?" in capsys.readouterr().err
