"""The page as a whole."""

from __future__ import annotations

from pathlib import Path

import jinja2
from markupsafe import Markup

from lab import metrics
from lab.reporting import comparison_words, wording
from lab.reporting.html import files, words
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
            style=_asset("style.css"),
            script=_asset("script.js"),
        )
    )


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,  # names of recordings are the user's, as much else here
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
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


def _asset(name: str) -> Markup:
    return Markup((_HERE / name).read_text(encoding="utf-8"))  # noqa: S704  (ours, not a user's)
