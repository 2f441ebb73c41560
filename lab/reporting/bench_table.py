"""What `lab bench` found, as a person reads it in the terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lab.benching.accuracy import Accuracy
from lab.benching.agreement import Agreement
from lab.benching.outcome import Outcome, OutputValues
from lab.benching.serving import Expected
from lab.profiling.operators import shape
from lab.reporting import wording
from lab.reporting.shown import shown
from lab.reporting.whole_table import print_whole

_SHOWN = 8
"""Values of an output in the terminal."""


def print_outcome(outcome: Outcome, console: Console) -> None:
    """Print how the output compares, the costs, and a row for each operator."""
    outcome = shown(outcome)
    console.print(Text.assemble((outcome.model, "bold"), f" on {outcome.target}, {_kernels(outcome)}"))
    console.print(in_words(outcome), style=_colour(outcome))
    if outcome.doubt:
        console.print(outcome.doubt, style="yellow", soft_wrap=True, markup=False)
    if outcome.accuracy:
        style = "green" if outcome.accuracy.holds else "bold red"
        console.print(_accuracy(outcome.accuracy), style=style, soft_wrap=True)
    if outcome.expected_kernels:
        style = "green" if outcome.expected_kernels.holds else "bold red"
        console.print(_expected(outcome, outcome.expected_kernels), style=style, soft_wrap=True)
    title = "output of inference 0" if len(outcome.inferences) > 1 else "output"
    for output in outcome.outputs:
        console.print(_output(output, title), soft_wrap=True, markup=False)
    console.print(_costs(outcome))
    print_whole(_operators(outcome), console)


def in_words(outcome: Outcome) -> str:
    """How near the device's output is to the host's."""
    found = outcome.agreement
    if found is None:
        return f"Not compared: {outcome.not_compared}"
    if found.differing == 0:
        values = wording.plural(found.values, "value")
        return f"Output equals the host's ({outcome.compared_with}) bit for bit: {values}{_inferences(outcome)}."
    text = (
        f"{found.differing:,} of {wording.plural(found.values, 'output value')}{_inferences(outcome)} differ from the "
        f"host's ({outcome.compared_with}); {found.first}"
    )
    if found.is_float:
        text = f"{text}; {_how_far(found)}"
    return f"{text}." + (f" The first operator to differ: {outcome.differs_at}." if outcome.differs_at else "")


def _kernels(outcome: Outcome) -> str:
    computed = sum(one.kernels == outcome.kernels for one in outcome.operators)
    if computed == len(outcome.operators):
        return f"{outcome.kernels} kernels"
    return f"{outcome.kernels} kernels for {computed} of {len(outcome.operators)} operators"


def _expected(outcome: Outcome, expected: Expected) -> str:
    if expected.holds:
        return f"{expected.kernels} computed what it can."
    others = (outcome.operators[index] for index in expected.others)
    return (
        f"{expected.kernels} was to compute: {', '.join(f'{one.index} {one.name} ({one.kernels})' for one in others)}."
    )


def _inferences(outcome: Outcome) -> str:
    return f" in {len(outcome.inferences):,} inferences" if len(outcome.inferences) > 1 else ""


def _accuracy(found: Accuracy) -> str:
    text = f"accuracy on the device {_share(found.device_right, found.labelled)}"
    if found.host_right is not None:
        text = f"{text}, on the host {_share(found.host_right, found.labelled)}"
    if found.minimum is None:
        return text
    return f"{text}; limit ≥ {100 * found.minimum:.5g} %{'' if found.holds else ', not reached'}"


def _share(right: int, labelled: int) -> str:
    return f"{100 * right / labelled:.5g} % ({right:,} of {labelled:,})"


def _how_far(found: Agreement) -> str:
    if found.largest_error is None or found.largest_ulp is None:
        return "no rounding explains that"
    far = f"at most {found.largest_ulp:,} ULP, {found.largest_error:.2g} of the largest value"
    return f"{far} (tolerance {found.tolerance:g})"


def _output(one: OutputValues, title: str) -> str:
    """`output int8[1, 12]: 3, -128, ...`."""
    shown = ", ".join(f"{value:.6g}" if isinstance(value, float) else str(value) for value in one.values[:_SHOWN])
    more = f", … ({len(one.values):,} values; --json prints all)" if len(one.values) > _SHOWN else ""
    return f"{title} {one.type}[{', '.join(map(str, one.shape))}]: {shown}{more}"


def _colour(outcome: Outcome) -> str:
    if outcome.agreement is None:
        return "yellow"
    return "green" if outcome.holds else "bold red"


def _costs(outcome: Outcome) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(style="dim")
    least = min((one.instructions for one in outcome.inferences), default=outcome.instructions)
    spread = "" if least == outcome.instructions else f"; the most of all inferences, and the least {least:,}"
    table.add_row("instructions", f"{outcome.instructions:,}", f"exact{spread}")
    if outcome.cycles is not None and outcome.latency_ms is not None:
        table.add_row("cycles", f"{outcome.cycles:,}", f"modelled by {outcome.cost_model}")
        table.add_row(
            "latency", f"{outcome.latency_ms:,.3f} ms", f"the same cycles at the core's clock{_on_boards(outcome)}"
        )
    table.add_row("arena", f"{outcome.arena_smallest_bytes:,}", "the smallest with which it starts")
    table.add_row("flash", f"{outcome.flash_bytes:,}", "model, TFLM and start-up")
    table.add_row("RAM", f"{outcome.ram_bytes:,}", "with that arena and the whole stack")
    table.add_row("stack", f"{outcome.stack_used_bytes:,}", "measured")
    return table


def _on_boards(outcome: Outcome) -> str:
    """What the latency may be on a board, of three digits."""
    if outcome.ratios is None or outcome.latency_ms is None:
        return ""
    low, high = (wording.rounded(outcome.latency_ms * ratio, "") for ratio in outcome.ratios)
    return f"; on a board {low} to {high} ms"


def _operators(outcome: Outcome) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in ("", "operator", "kernels", "output"):
        table.add_column(heading, no_wrap=True)
    for heading in ("instructions", "cycles", "share", "MACs", "per MAC"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in outcome.operators:
        table.add_row(
            str(one.index),
            one.name,
            one.kernels,
            shape(one.output),
            f"{one.instructions:,}",
            "" if one.cycles is None else f"{one.cycles:,}",
            f"{one.share:.1%}",
            f"{one.macs:,}" if one.macs else "",
            f"{one.instructions / one.macs:.2f}" if one.macs else "",
        )
    return table
