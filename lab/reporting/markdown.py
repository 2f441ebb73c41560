"""`summary.md`: a result in GitHub's Markdown, for the summary of a job or a comment; what is broken comes first.

Names of recordings, reasons and compilers' words come from elsewhere, so none of their characters is markup here. Lists
are cut short, so that the page stays far below the 1 MiB that GitHub takes: all of it is in `clips.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lab.reporting import comparison_words, wording
from lab.reporting.metric_rows import MetricRow, metric_rows, side_by_side
from lab.verdict.result import Clip, Comparison, Error, Result, Run, Verdict

_LISTED = 20
_LAST_LINES = 30
_LONGEST_LINE = 300
_SIGNS: dict[Verdict, str] = {"passed": "✅", "failed": "❌", "error": "💥", "interrupted": "⏹️"}
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_MARKUP = re.compile(r"([\\`*{}\[\]<>()#+!|~@&$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
_PLAIN_CODE = re.compile(r"[\w ./:,;+=()%-]+")


def render(result: Result) -> str:
    """The text of `summary.md`."""
    blocks: list[str] = []
    if len(result.runs) > 1:
        blocks += _together(result)
    for run in result.runs:
        blocks += _run(run)
    if result.fingerprint:
        blocks.append(f"Fingerprint {_code(result.fingerprint)}")
    return "\n\n".join(filter(None, blocks)) + "\n"


def _together(result: Result) -> Iterator[str]:
    """All runs side by side: a column each, a row for each metric that any of them has."""
    broken = sum(run.verdict != "passed" for run in result.runs)
    count = wording.plural(len(result.runs), "run")
    yield f"## {_SIGNS[result.verdict]} " + (f"{broken} of {count} not passed" if broken else f"{count} passed")
    yield _table(
        ("", *(f"{_code(run.workload)}<br>{_code(run.target)}" for run in result.runs)),
        [
            ("verdict", *(f"{_SIGNS[run.verdict]} {_text(wording.verdict(run))}" for run in result.runs)),
            ("kernels", *(_code(run.variant) if run.variant else "" for run in result.runs)),
            ("baseline", *(_standing(run.baseline) for run in result.runs)),
            *((_code(name), *map(_value_and_change, row)) for name, row in side_by_side(result.runs)),
        ],
        numbers=range(1, len(result.runs) + 1),
    )


def _run(run: Run) -> Iterator[str]:
    yield f"## {_SIGNS[run.verdict]} {_text(wording.name(run))}"
    yield f"**{_text(wording.verdict(run))}**"
    if run.error:
        yield from _error(run.error)
    yield _broken(run)
    yield _baseline(run.baseline)
    yield _metrics(run)
    yield _what_was_heard(run)
    yield from _recordings(run)


def _error(error: Error) -> Iterator[str]:
    yield f"**{_text(error.message)}**"
    lines = [line[:_LONGEST_LINE] for line in error.details.splitlines()[-_LAST_LINES:]]
    if lines:
        yield _fenced("\n".join(lines))
    yield _text(error.remedy)


def _broken(run: Run) -> str:
    rows = [
        (
            _code(check.name),
            "" if check.limit is None else wording.number(check.value, check.name),
            "" if check.limit is None else wording.bounds(check.limit, check.name),
            "" if check.before is None else wording.number(check.before, check.name),
            _code(check.where),
        )
        for check in run.failed_checks
    ]
    return _table(("broken", "value", "has to be", "was", "set in"), rows, numbers=(1, 2, 3)) if rows else ""


def _baseline(comparison: Comparison | None) -> str:
    if comparison is None:
        return ""
    lines = [f"Against {_code(comparison.against)}: {_standing(comparison)}."]
    if changed := sorted(comparison.clips, key=lambda clip: comparison_words.turn(clip) != "now wrong"):
        rows = [
            (
                *(_code(text) if text else "" for text in (one.clip, one.label, one.before, one.now)),
                comparison_words.turn(one),
            )
            for one in changed[:_LISTED]
        ]
        lines.append(_folded(_some(len(changed), "changed"), ("recording", "is", "before", "now", ""), rows))
    return "\n\n".join(lines)


def _standing(comparison: Comparison | None) -> str:
    return "not compared" if comparison is None else _text(wording.standing(comparison))


def _metrics(run: Run) -> str:
    rows = metric_rows(run)
    if not rows:
        return ""
    compared = any(row.change_in_words for row in rows)
    heads = ("metric", "value", "kind", "limit", *(("before", "change") if compared else ()), "")
    cells = []
    for row in rows:
        before = row.change.before if row.change else None
        cells.append(
            (
                _code(row.name),
                row.value_in_words,
                row.kind_in_words,
                wording.bounds(row.limit.limit, row.name) if row.limit and row.limit.limit else "",
                *((_number(before, row.name), row.change_in_words) if compared else ()),
                {None: "", True: "ok", False: "**broken**"}[row.passed],
            )
        )
    return _table(heads, cells, numbers=(1, 3, 4, 5) if compared else (1, 3))


def _value_and_change(row: MetricRow | None) -> str:
    if row is None:
        return ""
    change = f" ({row.change_in_words})" if row.change_in_words not in ("", "=") else ""
    return f"**{row.value_in_words}**{change} ❌" if row.passed is False else f"{row.value_in_words}{change}"


def _what_was_heard(run: Run) -> str:
    said = [f"{wording.heard(run)}: {_text(run.recordings.source)}."]
    said += [f"{_text(note)}." for note in run.notes]
    if not run.hardware_faithful:
        said.append("This firmware would not run on the real board as it is.")
    built = ", ".join(f"{_text(key.replace('_', ' '))} {_code(value)}" for key, value in run.build.items())
    variant = f", variant {_code(run.variant)}" if run.variant else ""
    said.append(f"Engine {_code(run.engine)}{variant}" + (f", {built}." if built else "."))
    said.append(f"Again: {_code(wording.command(run))}")
    return "\n\n".join(said)


def _recordings(run: Run) -> Iterator[str]:
    wrong = [clip for clip in run.clips if not clip.correct]
    differing = [clip for clip in run.clips if clip.difference]
    yield _listed(wording.missed_events(run), wording.misses(run))
    yield _listed(wording.falsely_detected(run), wording.false_accepts(run))
    yield _folded(
        _some(len(wrong), "taken for another label"),
        ("recording", "is", "decided as", "again"),
        [(_code(clip.clip), _code(clip.label), _code(clip.decided), _again(run, clip)) for clip in wrong[:_LISTED]],
    )
    yield _folded(
        _some(len(differing), "different from the host"),
        ("recording", "first difference", "again"),
        [(_code(clip.clip), _text(str(clip.difference)), _again(run, clip)) for clip in differing[:_LISTED]],
    )
    yield _folded(
        _some(len(run.skipped_recordings), "not played"),
        ("recording", "reason"),
        [(_code(one.clip), _text(one.reason)) for one in run.skipped_recordings[:_LISTED]],
    )


def _again(run: Run, clip: Clip) -> str:
    return _code(wording.command(run, clip.clip))


def _some(count: int, what: str) -> str:
    return f"{wording.plural(count, 'recording')} {what}" + (f"; the first {_LISTED}" if count > _LISTED else "")


def _listed(what: str, lines: Sequence[str]) -> str:
    cut = f"; the first {_LISTED}" if len(lines) > _LISTED else ""
    return _folded(f"{len(lines)} {what}{cut}", ("in the stream",), [(_text(line),) for line in lines[:_LISTED]])


def _number(value: float | None, metric: str) -> str:
    return "" if value is None else wording.number(value, metric)


def _folded(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    return f"<details><summary>{caption}</summary>\n\n{_table(heads, rows)}\n\n</details>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    rule = ["---:" if column in numbers else "---" for column in range(len(heads))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rule, *rows))


def _fenced(text: str) -> str:
    """A block in a fence that is longer than any in the text."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"


def _text(text: str) -> str:
    """Words with nothing in them that Markdown takes for markup, also within a table."""
    return _MARKUP.sub(r"\\\1", _on_one_line(text))


def _code(text: str | None) -> str:
    """A name in fixed width. One with characters that end a code span or a cell is written character by character."""
    line = _on_one_line(text or "")
    if _PLAIN_CODE.fullmatch(line):
        return f"`{line}`"
    return f"<code>{_PUNCTUATION.sub(lambda found: f'&#{ord(found[1])};', line)}</code>"


def _on_one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
