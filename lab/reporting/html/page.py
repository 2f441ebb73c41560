"""The page as a whole."""

from __future__ import annotations

from pathlib import Path

import jinja2

from lab import metrics
from lab.reporting import comparison_words, wording
from lab.reporting.html import files, templating, words
from lab.reporting.html.run_view import RunView
from lab.reporting.metric_rows import side_by_side
from lab.reporting.run_folder import parts
from lab.verdict.result import Result

_HERE = Path(__file__).parent


def render(result: Result, folder: Path) -> str:
    """The text of `report.html` for the folder of a run, from which it takes sounds and to whose files it links.

    Of a result with several runs, the files of each are in `<workload>-<target>/` of that folder.
    """
    several = len(result.runs) > 1
    runs = [
        RunView.of(number, run, folder, "" if own == folder else f"{own.name}/")
        for number, (run, own) in enumerate(parts(result.runs, folder), start=1)
    ]
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            result=result,
            runs=runs,
            metrics=side_by_side(result.runs) if several else None,
            links=files.links(folder, result.runs),
            style=templating.assets(_HERE / "style.css"),
            script=templating.assets(_HERE / "shared.js", _HERE / "script.js"),
        )
    )


def _environment() -> jinja2.Environment:
    environment = templating.environment(_HERE / "templates")
    environment.filters.update(
        bounds=wording.bounds,
        false_accepts=wording.false_accepts,
        falsely_detected=wording.falsely_detected,
        fate=wording.fate,
        growth=words.growth,
        heard=wording.heard,
        kib=words.kib,
        meaning=metrics.meaning,
        missed_events=wording.missed_events,
        misses=wording.misses,
        number=wording.number,
        percent=words.percent,
        plural=wording.plural,
        room=words.room,
        several=wording.several,
        turn=comparison_words.turn,
        with_code=words.with_code,
    )
    environment.globals["verdict_line"] = words.verdict_line
    return environment
