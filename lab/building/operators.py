"""Whether a TFLM has what a model needs, and which of its registrations that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lab.building import crate_limits, operator_types, registered
from lab.building.registered import Registered
from lab.building.tflm import Source
from lab.errors import ModelError
from lab.model import Model, Operator, layers

_LISTED = 20
"""Operators that a refusal shows with their tensors."""


def used(model: Model, source: Source) -> list[tuple[Registered, int]]:
    """The model's operators in the order of first use, each with the highest version that the model uses.

    Raises ModelError that names every operator this TFLM lacks, has in too old a version, or has for other types and
    shapes than the model's.
    """
    known = registered.of(source)
    alike: dict[str, list[Operator]] = {}
    for operator in (*model.operators, *model.filling):
        alike.setdefault(operator.name, []).append(operator)
    chosen = {name: _choose(known.get(name, ()), operators, model) for name, operators in alike.items()}
    found: list[tuple[str, Operator | None]] = []
    found += [(name, operator) for name, one in chosen.items() if one is None for operator in alike[name]]
    for one in filter(None, chosen.values()):
        found += [(problem, operator) for operator in alike[one.name] if (problem := _problem(one, operator, model))]
    if source.is_crate:
        found += crate_limits.problems(model)
    if found:
        problems = list(dict.fromkeys(problem for problem, _ in found))
        raise ModelError(
            f"{model.path} uses what TFLM ({source.version}) lacks: {', '.join(problems)}.",
            remedy=" ".join([*_hints(problems), _elsewhere(source)]),
            details=_listed(model, [operator for _, operator in found if operator is not None]),
            code="operator-missing",
        )
    versions = {name: max(operator.version for operator in operators) for name, operators in alike.items()}
    return [(one, versions[name]) for name, one in chosen.items() if one is not None]


def _listed(model: Model, refused: Sequence[Operator]) -> str:
    """A line for each of these operators, those of the first subgraph."""
    places = [index for index, operator in enumerate(model.operators) if any(operator is one for one in refused)]
    lines = [layers.located(index, model.operators[index], model.tensors) for index in places[:_LISTED]]
    more = len(places) - len(lines)
    return "\n".join([*lines, f"and {more} more operators"] if more else lines)


def _elsewhere(source: Source) -> str:
    if source.is_crate:
        return "Change the model, or build with today's TFLM: `lab setup tflm`, and then --tflm upstream."
    return "Change the model, or give a TFLM that has it with --tflm-root."


def _choose(candidates: Sequence[Registered], operators: Sequence[Operator], model: Model) -> Registered | None:
    """The first that takes all of these operators, or the last, which takes most; None where there is none."""
    serving = (one for one in candidates if all(one.takes(operator, model) for operator in operators))
    return next(serving, candidates[-1] if candidates else None)


def _problem(one: Registered, operator: Operator, model: Model) -> str:
    """`ABS version 2 (it has 1)` or `MEAN of int8 (it has float32)`, nothing where it takes the operator."""
    if not one.takes_version(operator.version):
        return f"{one.name} version {operator.version} (it has {one.highest})"
    types = None if one.types is None else one.types_of(operator, model)
    if types is None or one.types is None or types in one.types:
        return ""
    has = ", ".join(sorted(map(operator_types.in_words, one.types)))
    return f"{one.name} of {operator_types.in_words(types)} (it has {has})"


def _hints(problems: list[str]) -> Iterator[str]:
    """How the commonest come out of a conversion, and what avoids them."""
    if any("uint8" in problem.partition(" (")[0] for problem in problems):
        yield "Convert with inference_input_type and inference_output_type of tf.int8, not tf.uint8."
    if any("output that nothing reads" in problem for problem in problems):
        yield "If it is an unrolled LSTM, convert the layer of tf_keras without unroll=True."
    if any("of int16" in problem.partition(" (")[0] for problem in problems):
        yield "Quantise activations to int8, not int16 (OpsSet.TFLITE_BUILTINS_INT8)."
