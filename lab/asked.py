"""What is asked of a run, as one value: `lab run` makes it, and a Robot suite gets it as text, or of variables.

The fields are the options of `lab run`: `tflm_root` is `--tflm-root` there, and the variable `TFLM_ROOT` of a suite.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field, ValidationError, field_validator, model_validator
from typing_extensions import Self

from lab import target, workload
from lab.building import tflm as sources
from lab.building.kernels import AUTO
from lab.configuration import Frozen
from lab.engines import selection
from lab.errors import UnknownName, UsageError
from lab.measuring.foreign import adapter
from lab.measuring.request import Brought, Request
from lab.metrics import Mode
from lab.recordings.splits import Part
from lab.verdict import baseline
from lab.verdict.regression import FailOn
from lab.workload import MOST_MINUTES, MOST_SEED

NO_BASELINE = "NONE"
_NO_OPTIONS = ("workload", "target", "jobs")
"""What changes no number, or is said otherwise."""


class Asked(Frozen):
    """Everything that is asked of a run of one workload on one board. What is left out, or empty, is as usual."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    workload: str
    """a folder below ``models/``"""
    target: str = ""
    """a board, a folder below ``renode_platforms/``; empty is the first that the workload names"""
    engine: str = "auto"
    """``auto``, ``builtin`` or ``renode``"""
    renode: Path | None = None
    """the Renode to drive; empty is the one in its usual place"""
    mode: Mode = "clip"
    """``clip``, or ``stream``; a suite that plays one of them says so itself"""
    minutes: float | None = Field(default=None, ge=0.25, le=MOST_MINUTES)
    """of a stream, how long it is; empty is as the workload says, as for the seed"""
    seed: int | None = Field(default=None, ge=0, le=MOST_SEED)
    """of a stream, what is drawn"""
    recordings: Path | None = None
    """a folder of recordings; empty is those that ship"""
    part: Part | None = None
    """of the split in the workload's ``split.toml``: ``test``, what its model never learnt from, ``validation`` or
    ``train``; empty is all recordings"""
    model: Path | None = None
    """a ``.tflite`` file; empty is the one that ships"""
    tflm: str = sources.AUTO
    """``auto``, ``crate`` or ``upstream``; ``auto`` is what the workload says, else upstream where it is installed"""
    tflm_root: Path | None = None
    """an upstream tree of TensorFlow Lite Micro"""
    kernels: str = AUTO
    """``auto``, ``reference``, ``cmsis-nn`` or ``esp-nn``"""
    kernels_root: Path | None = None
    """an upstream tree of CMSIS-NN or ESP-NN; empty is the pinned one"""
    firmware: Path | None = None
    """a firmware, in a file of any format, to be measured in the place of the one that the lab would build"""
    adapter: Path | None = None
    """the file that says how to feed and read that firmware"""
    clips: tuple[str, ...] = ()
    """names of the only recordings to play, as results show them: ``["yes/1.flac", "no/7.flac"]``; empty is all"""
    jobs: int | None = Field(default=None, ge=1)
    """worker processes; empty is one a core, with Renode one for two"""
    baseline: str = ""
    """a folder of baselines to compare with; empty is the project's, ``NONE`` none"""
    fail_on: FailOn = "regression"
    """``regression``, or ``limit``: then a regression is reported and fails nothing"""

    @model_validator(mode="before")
    @classmethod
    def _leaves_out_what_is_empty(cls, given: object) -> object:
        """`elf` is what `firmware` was called."""
        if not isinstance(given, dict):
            return given
        return {"firmware" if name == "elf" else name: value for name, value in given.items() if value != ""}

    @field_validator("clips", mode="before")
    @classmethod
    def _are_one_or_several(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        if not given.startswith("["):
            return (given,)
        try:
            return ast.literal_eval(given)
        except SyntaxError as error:
            raise ValueError(f"it is no list ({error.msg})") from None

    @classmethod
    def of(cls, **given: Any) -> Self:
        """Of options by name, texts or values. Raises UsageError that names the one that cannot be."""
        try:
            return cls(**given)
        except ValidationError as error:
            raise _refused(error, cls) from None

    @classmethod
    def from_variables(cls, value_of: Callable[[str], Any], **given: Any) -> Self:
        """Of a suite's variables: `REQUEST`, the text that `to_text` makes, and one for each option in capitals.

        `given` is what the suite says; a variable takes its place. Raises UsageError.
        """
        variables = {name: value_of(name.upper()) for name in cls.model_fields}
        said = {name: value for name, value in variables.items() if value not in (None, "")}
        return cls.of(**{**given, **_parsed(value_of("REQUEST")), **said})

    @classmethod
    def from_options(cls, options: Sequence[str], **given: Any) -> Self:
        """Of what `options` gave, as a result has it. Raises UsageError for what are no options of a run."""
        found: dict[str, Any] = {}
        left = iter(options)
        for option in left:
            name = option.removeprefix("--").replace("-", "_")
            if name == "no_baseline":
                found["baseline"] = NO_BASELINE
            elif name == "clip":
                found["clips"] = (*found.get("clips", ()), next(left, ""))
            else:
                found[name] = next(left, "")
        return cls.of(**{**found, **given})

    def but(self, **changed: Any) -> Self:
        """The same with other options. Raises UsageError."""
        return type(self).of(**{**self.model_dump(exclude_unset=True), **changed})

    def to_text(self) -> str:
        """JSON in ASCII, whatever bytes a path has."""
        return json.dumps(self.model_dump(exclude_unset=True), default=str)

    @property
    def options(self) -> tuple[str, ...]:
        """What `lab run` is told besides workload and target to measure and judge the same again."""
        return tuple(_words(self))

    @property
    def baselines(self) -> Path | None:
        """The folder to compare with; None for no comparison."""
        if self.baseline.upper() == NO_BASELINE:
            return None
        return Path(self.baseline) if self.baseline else baseline.folder()

    def request(self) -> Request:
        """The same with everything found that it names. Raises UsageError for what cannot be, ToolMissing."""
        chosen = workload.load(self.workload)
        choice = selection.choose(self.engine, self.renode)
        brought = None
        if self.firmware is not None and self.adapter is not None:
            brought = Brought(self.firmware, adapter.load(self.adapter, chosen))
        return Request(
            workload=chosen,
            target=target.choose(chosen, self.target),
            engine=choice.name,
            renode=self.renode,
            engine_notes=choice.notes,
            model=self.model,
            recordings=self.recordings,
            part=self.part,
            clips=self.clips,
            tflm_root=sources.root(self.tflm, self.tflm_root, chosen.tflm),
            kernels=self.kernels,
            kernels_root=self.kernels_root,
            jobs=self.jobs,
            brought=brought,
            mode=self.mode,
            minutes=self.minutes,
            seed=self.seed,
            options=self.options,
        )


def _words(asked: Asked) -> Iterator[str]:
    for name, field in Asked.model_fields.items():
        value = getattr(asked, name)
        if name in _NO_OPTIONS or value == field.default:
            continue
        if name == "clips":
            for clip in value:
                yield from ("--clip", clip)
        elif name == "baseline" and value.upper() == NO_BASELINE:
            yield "--no-baseline"
        else:
            yield from (f"--{name.replace('_', '-')}", str(value))


def _parsed(text: object) -> Mapping[str, Any]:
    if not text:
        return {}
    try:
        parsed = json.loads(str(text))
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise UsageError(
            f"The variable REQUEST is no request: {str(text)[:80]!r}.",
            remedy="`lab run` sets it; set a variable for each option instead, such as TARGET.",
        )
    return parsed


def _refused(error: ValidationError, of: type[Asked]) -> UsageError:
    problem = error.errors()[0]
    name = str(problem["loc"][0])
    if problem["type"] == "extra_forbidden":
        return UnknownName("option", name, of.model_fields)
    what = problem["msg"].removeprefix("Value error, ")
    return UsageError(f"{name} is {problem['input']!r}: {what}.", remedy="Correct it.")
