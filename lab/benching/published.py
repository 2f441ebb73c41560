"""Timings that others published or measured on boards of their own, one TOML file, and what the lab makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import Self

from lab import download, files, target
from lab.benching import image
from lab.benching.board import Cost
from lab.benching.image import Choices
from lab.benching.stimulus import stimulus
from lab.benching.stopping import inferred
from lab.building import kernels as libraries
from lab.configuration import Frozen, read_toml
from lab.engines.builtin import BuiltinEngine
from lab.engines.builtin.calibration import FEWEST, MOST, Calibration
from lab.engines.builtin.memories import MemoryModel
from lab.errors import ConfigurationError, LabError, UnknownName, UsageError, named_in
from lab.model import Model
from lab.store import OnStage, silently
from lab.target import Target

_SHORTEST_MS, _LONGEST_MS = 1e-6, 1e9
"""Between a nanosecond and eleven days: what else is said to be an inference's is in another unit."""


class PublishedModel(Frozen):
    """A `file` beside the table, with its checksum if it has one; or how it was `rebuilt`, where no file is at hand."""

    file: str = ""
    sha256: str = ""
    rebuilt: str = ""

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Self:
        if bool(self.file) == bool(self.rebuilt):
            raise ValueError("either `file` or `rebuilt` says what the model is")
        return self


class Figure(Frozen):
    """One inference: `milliseconds` at `clock_hz`, as they were measured on `board`.

    `target` is the lab's board for it and `library` its kernels, as `--kernels` names them. `use` says whether a cost
    model was fitted to it, `memories` names the memory model of what was timed. What the lab counted when the table was
    written may stand beside it, `waited` with those memories; what is different, and why it is `beyond` a bound.
    """

    model: str
    target: str
    milliseconds: float = Field(ge=_SHORTEST_MS, le=_LONGEST_MS)
    clock_hz: int | None = Field(default=None, ge=1_000, le=100_000_000_000)
    board: str = ""
    library: str = ""
    use: Literal["fit", "held"] | None = None
    kernels: str = ""
    differs: str = ""
    source: str = ""
    instructions: int | None = Field(default=None, gt=0)
    cycles: int | None = Field(default=None, gt=0)
    memories: str | None = None
    waited: int | None = Field(default=None, gt=0)
    beyond: str = ""


class Published(Frozen):
    """The table. `not_identical` are figures that no model here can be held against, each with the reason."""

    models: Mapping[str, PublishedModel]
    figures: Sequence[Figure] = Field(min_length=1)
    not_identical: Sequence[Mapping[str, str]] = ()


def read(path: Path) -> Published:
    """Raises ConfigurationError for a file that cannot be read, and UsageError for one that names what there is not."""
    table = read_toml(path, Published)
    for number, figure in enumerate(table.figures):
        if figure.model not in table.models:
            raise UnknownName("model", figure.model, table.models, where=f"{path}, under [models]")
        with named_in(f"{path}: figures.{number}"):
            target.load(figure.target)
            if figure.memories:
                MemoryModel.load(figure.memories)
            if figure.library:
                libraries.check_name(figure.library)
    return table


class Rerun(BaseModel):
    """A figure and what the lab makes of it. `error` is a share of the published time, positive if the lab's is longer.

    Where the model is no file, `not_run` says how it was made, and the lab has nothing.
    """

    model_config = ConfigDict(frozen=True)

    model: str
    board: str
    target: str
    use: str | None
    source: str
    published_ms: float
    not_run: str = ""
    cost_model: str | None = None
    instructions: int | None = None
    cycles: int | None = None
    modelled_ms: float | None = None
    error: float | None = None


@dataclass(frozen=True)
class Again:
    """Runs the figures of a table again: each model once on each board, on a random input of `seed`.

    Boards that are calibrated count so, unless `calibrated` is false.
    """

    path: Path
    models: Path
    choices: Choices
    calibrated: bool = True
    seed: int = 0
    on_stage: OnStage = silently

    def figures(self, table: Published, boards: Sequence[str], on_error: Callable[[LabError], None]) -> Iterator[Rerun]:
        """Those for these boards, of all where none is named; a figure that fails goes to `on_error`."""
        engine = BuiltinEngine()

        @cache
        def cost(name: str, board: str, memories: str | None, library: str) -> Cost:
            return self._cost(self._model(name, table.models[name]), self._board(board, memories), library, engine)

        for figure in table.figures:
            if boards and figure.target not in boards:
                continue
            board, rebuilt = self._board(figure.target, figure.memories), table.models[figure.model].rebuilt
            if rebuilt:
                yield _rerun(figure, not_run=rebuilt)
                continue
            try:
                found = cost(figure.model, board.name, figure.memories, figure.library or self.choices.kernels)
            except LabError as error:
                on_error(error)
                continue
            yield _rerun(figure, _modelled(figure, board, found, engine.cost_model(board)))

    def _board(self, name: str, memories: str | None) -> Target:
        """The lab's board, with the memories of the one that was timed where they are another's."""
        board = target.load(name)
        if memories:
            return board.with_memories(memories)
        return board if self.calibrated else board.uncalibrated()

    def _model(self, name: str, told: PublishedModel) -> Model:
        file = self.models / told.file
        try:
            found = download.sha256(file)
        except OSError as error:
            raise ConfigurationError(
                f"{file}, the model {name!r} of {self.path}, cannot be read: {files.why_unread(error)}.",
                remedy="Put it there, make it readable, or name its folder with --models.",
                code="file-unreadable",
            ) from error
        if told.sha256 and found != told.sha256.lower():
            raise ConfigurationError(
                f"{file} is not the model {name!r} of {self.path}: its SHA-256 is {found}, there it is {told.sha256}.",
                remedy="Use the file that was timed.",
                code="model-checksum",
            )
        return Model.read(file)

    def _cost(self, model: Model, board: Target, library: str, engine: BuiltinEngine) -> Cost:
        choices = Choices(library, self.choices.kernels_root, self.choices.tflm_root)
        made = image.made(model, board, choices, engine, self.on_stage)
        self.on_stage(f"running {model.path.name} on {board.name}")
        steps = stimulus(model, seed=self.seed).steps
        (only,) = inferred(model, made.watched(model, steps[0]), steps)
        return only.cost


def calibration(figures: Sequence[Rerun]) -> Calibration:
    """What makes the modelled times of these figures, all of one board, those that were measured; not of those that
    were kept aside (`use = "held"`).

    Raises UsageError where nothing is to be learnt from them, or what no board is.
    """
    boards = sorted({one.target for one in figures})
    if len(boards) != 1:
        raise UsageError(
            f"A calibration is of one target, and the figures are of {' and '.join(boards)}.",
            remedy="Name one with --target.",
        )
    tables = BuiltinEngine().cost_model(target.load(boards[0]).uncalibrated())
    known = [(one.use, _ratio(one, one.modelled_ms)) for one in figures if one.modelled_ms and one.cost_model == tables]
    ratios = [ratio for use, ratio in known if use != "held"]
    if not ratios:
        raise UsageError(
            f"No figure of {boards[0]} could be run by its own tables, {tables}.",
            remedy="Give at least one whose model is a file, without `memories` and not `held`.",
        )
    return Calibration.of(tables, ratios)


def _ratio(figure: Rerun, modelled_ms: float) -> float:
    """How many cycles the board took for a modelled one. Raises UsageError for what no board does."""
    ratio = figure.published_ms / modelled_ms
    if not FEWEST <= ratio <= MOST:
        raise UsageError(
            f"For {figure.model}, {figure.board} would take {ratio:.3g} cycles for a modelled one, which no board "
            f"does: {FEWEST:g} to {MOST:g}.",
            remedy="Look over its `milliseconds` and `clock_hz`: of one inference, in ms and Hz.",
        )
    return ratio


@dataclass(frozen=True)
class _Modelled:
    """What the lab makes of a figure, if it was run."""

    cost_model: str | None = None
    instructions: int | None = None
    cycles: int | None = None
    milliseconds: float | None = None


_NOTHING = _Modelled()


def _modelled(figure: Figure, board: Target, cost: Cost, cost_model: str) -> _Modelled:
    assert cost.cycles is not None  # noqa: S101 - the built-in engine counts them
    milliseconds = cost.cycles / (figure.clock_hz or board.core.clock_hz) * 1000
    return _Modelled(cost_model, cost.instructions, cost.cycles, milliseconds)


def _rerun(figure: Figure, modelled: _Modelled = _NOTHING, not_run: str = "") -> Rerun:
    return Rerun(
        model=figure.model,
        board=figure.board or figure.target,
        target=figure.target,
        use=figure.use,
        source=figure.source,
        published_ms=figure.milliseconds,
        not_run=not_run,
        cost_model=modelled.cost_model,
        instructions=modelled.instructions,
        cycles=modelled.cycles,
        modelled_ms=modelled.milliseconds,
        error=None if modelled.milliseconds is None else modelled.milliseconds / figure.milliseconds - 1,
    )
