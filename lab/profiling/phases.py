"""From call trees to phases, whose parts add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from lab.model import Model
from lab.profiling import operators
from lab.profiling.cost import NOTHING, Cost
from lab.profiling.frame import Frame
from lab.profiling.profile import OperatorPart, Part, PartKind, Phase
from lab.profiling.stages import FRONTEND, STAGES

INTERPRETER = "interpreter"
MARKS = "marks and clock"
FRONTEND_ITSELF = "frontend itself"
APPLICATION = "application"
BOOKKEEPING = "waiting and output"
START_UP = "start-up"


def inference(tree: Frame, model: Model) -> Phase:
    """Operators; the interpreter that calls them; what is between the marks and the interpreter."""
    whole = tree.total
    clean = tree.without_handlers()
    called = operators.calls(clean, len(model.operators))
    interpreter = operators.caller(clean).total - _sum(frame.total for frame in called)
    parts: list[Part] = [_operator(model, index, frame, whole) for index, frame in enumerate(called)]
    parts.append(_part(INTERPRETER, "rest", 1, interpreter, whole))
    parts += _interrupts([tree], whole)
    return _phase(whole, parts, MARKS)


def features(tree: Frame) -> Phase:
    """Stages of the frontend; what else it does; what the application does with its output."""
    whole = tree.total
    clean = tree.without_handlers()
    frontend = clean.find(FRONTEND)
    parts: list[Part] = []
    if frontend:
        for function, title in STAGES.items():
            frames = [frame for frame in frontend.below if frame.symbol == function]
            if frames:
                parts.append(_part(title, "stage", _calls(frames), _sum(frame.total for frame in frames), whole))
        rest = frontend.total - _sum(Cost(part.instructions, part.cycles) for part in parts)
        parts.append(_part(FRONTEND_ITSELF, "rest", frontend.calls, rest, whole))
    parts += _interrupts([tree], whole)
    return _phase(whole, parts, APPLICATION)


def remainder(trees: Sequence[Frame]) -> Phase:
    """What is neither inference nor features."""
    whole = _sum(tree.total for tree in trees)
    return _phase(whole, list(_interrupts(trees, whole)), BOOKKEEPING)


def start_up(cost: Cost) -> Phase:
    """From reset to the boot line, as one."""
    return _phase(cost, [], START_UP)


def _phase(whole: Cost, parts: list[Part], rest: str) -> Phase:
    """The phase, its last part what the others leave."""
    left = whole - _sum(Cost(part.instructions, part.cycles) for part in parts)
    return Phase(
        instructions=whole.instructions, cycles=whole.cycles, parts=(*parts, _part(rest, "rest", 0, left, whole))
    )


def _operator(model: Model, index: int, frame: Frame, whole: Cost) -> OperatorPart:
    operator = model.operators[index]
    output = model.tensors[operator.outputs[0]]
    return OperatorPart(
        name=operator.name,
        calls=frame.calls,
        instructions=frame.total.instructions,
        cycles=frame.total.cycles,
        share=frame.total.instructions / whole.instructions,
        index=index,
        output=output.shape,
        tensor=output.name,
        macs=operator.macs,
        function=frame.name,
    )


def _interrupts(trees: Iterable[Frame], whole: Cost) -> Iterator[Part]:
    by_name: defaultdict[str, list[Frame]] = defaultdict(list)
    for tree in trees:
        for frame in tree.handlers():
            by_name[frame.name].append(frame)
    for name, frames in sorted(by_name.items()):
        yield _part(name, "interrupt", _calls(frames), _sum(frame.total for frame in frames), whole)


def _part(name: str, kind: PartKind, calls: int, cost: Cost, whole: Cost) -> Part:
    share = cost.instructions / whole.instructions if whole.instructions else 0.0
    return Part(name=name, kind=kind, calls=calls, instructions=cost.instructions, cycles=cost.cycles, share=share)


def _calls(frames: Iterable[Frame]) -> int:
    return sum(frame.calls for frame in frames)


def _sum(costs: Iterable[Cost]) -> Cost:
    return sum(costs, NOTHING)
