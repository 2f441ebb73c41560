"""The line to type that plays one recording again."""

from __future__ import annotations

import shlex

from lab.verdict.result import Run


def command(run: Run, clip: str = "") -> str:
    """`lab run` for this run, or for one of its recordings."""
    words = ["lab", "run", run.workload, "--target", run.target, *(["--clip", clip] if clip else [])]
    return shlex.join(words)
