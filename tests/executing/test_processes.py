"""Each run is heard on boards of its own set-up, whether its processes are new or were kept from a run before."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab import executing
from lab.errors import DeviceFault


@dataclass(frozen=True)
class Naming:
    """A board that says which firmware is on it, read when it was set up, in which process, and what it heard."""

    firmware: Path
    fails_at: int = -1

    def listener(self) -> NamingListener:
        return NamingListener(self.firmware.read_text(), self.fails_at)


class NamingListener:
    def __init__(self, content: str, fails_at: int) -> None:
        self._content = content
        self._fails_at = fails_at

    def hear(self, item: int) -> tuple[str, int, int]:
        if item == self._fails_at:
            raise DeviceFault("jumped to 0x0")
        return self._content, os.getpid(), item

    def close(self) -> None: ...


class Deaf(Naming):
    """One whose process is not to be ended by asking."""

    def listener(self) -> NamingListener:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        return super().listener()


@pytest.fixture
def firmware(tmp_path) -> Path:
    file = tmp_path / "firmware.elf"
    file.write_text("first")
    return file


def heard(setup: Naming, jobs: int = 2, items: Sequence[int] = range(6)) -> list[tuple[str, int, int]]:
    with executing.processes(jobs) as executor:
        return list(executor.hear(setup, items))


def contents(outcomes: list[tuple[str, int, int]]) -> set[str]:
    return {content for content, _, _ in outcomes}


def processes_of(outcomes: list[tuple[str, int, int]]) -> set[int]:
    return {process for _, process, _ in outcomes}


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_outcomes_come_in_order_however_many_processes_there_are(firmware, jobs):
    assert [item for _, _, item in heard(Naming(firmware), jobs)] == list(range(6))


def test_a_single_item_or_job_is_heard_in_this_process(firmware):
    assert processes_of(heard(Naming(firmware), jobs=1)) == {os.getpid()}
    assert processes_of(heard(Naming(firmware), items=[7])) == {os.getpid()}


def test_no_process_is_left_when_nobody_keeps_it(firmware):
    assert os.getpid() not in processes_of(heard(Naming(firmware)))
    assert multiprocessing.active_children() == []


def test_a_process_that_does_not_hear_that_it_is_to_end_is_killed(firmware):
    """A signal may come to another thread while the main one waits for a lock that a killed process took with it."""
    assert os.getpid() not in processes_of(heard(Deaf(firmware)))
    assert multiprocessing.active_children() == []


def test_processes_that_are_kept_hear_the_next_run_on_its_own_firmware(firmware, tmp_path):
    other = tmp_path / "other.elf"
    other.write_text("second")
    with executing.kept():
        first, second = heard(Naming(firmware)), heard(Naming(other))
    assert (contents(first), contents(second)) == ({"first"}, {"second"})
    assert processes_of(first) & processes_of(second)
    assert multiprocessing.active_children() == []


def test_a_firmware_that_was_built_anew_at_the_same_place_is_the_one_that_is_heard(firmware):
    with executing.kept():
        before = heard(Naming(firmware))
        firmware.write_text("built anew")
        assert (contents(before), contents(heard(Naming(firmware)))) == ({"first"}, {"built anew"})


def test_two_runs_at_once_on_the_same_processes_are_not_mixed_up(firmware, tmp_path):
    other = tmp_path / "other.elf"
    other.write_text("second")
    with executing.kept(), executing.processes(2) as executor:
        both = zip(executor.hear(Naming(firmware), range(6)), executor.hear(Naming(other), range(6)), strict=True)
        assert {(one[0], another[0]) for one, another in both} == {("first", "second")}


def test_after_a_run_that_failed_the_next_has_other_processes(firmware):
    with executing.kept():
        with pytest.raises(DeviceFault):
            heard(Naming(firmware, fails_at=3))
        assert multiprocessing.active_children() == []
        assert [item for _, _, item in heard(Naming(firmware))] == list(range(6))


def test_a_run_that_is_left_early_leaves_no_process(firmware):
    with executing.kept():
        with executing.processes(2) as executor:
            outcomes = executor.hear(Naming(firmware), range(6))
            next(outcomes)
            outcomes.close()  # type: ignore[attr-defined]
        assert multiprocessing.active_children() == []


def test_another_number_of_processes_is_had_where_it_is_asked_for(firmware):
    with executing.kept():
        two = heard(Naming(firmware), jobs=2)
        three = heard(Naming(firmware), jobs=3)
    assert not processes_of(two) & processes_of(three)


class Elsewhere:
    """An executor of somebody else's: it has one board, and hears from the last to the first."""

    def hear(self, setup: Naming, items: Sequence[int]) -> Iterator[tuple[str, int, int]]:
        listener = setup.listener()
        outcomes = {item: listener.hear(item) for item in reversed(items)}
        yield from (outcomes[item] for item in items)


def test_whoever_executes_it_what_was_played_is_the_same(firmware):
    told: list[tuple[int, int]] = []
    setup = Naming(firmware)
    elsewhere = executing.play(Elsewhere(), setup, range(3), lambda done, total, _: told.append((done, total)))
    with executing.processes(1) as here:
        assert executing.play(here, setup, range(3), lambda *_: None) == elsewhere
    assert told == [(1, 3), (2, 3), (3, 3)]
