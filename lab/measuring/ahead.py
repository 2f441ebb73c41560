"""The firmware of several boards, built side by side, so that the run of each finds its own in the cache."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from lab import processes
from lab.errors import LabError
from lab.measuring import making
from lab.measuring.request import Request
from lab.store import OnStage, silently

_GRACE_S = 10.0
_LOOK_S = 0.05


def build_ahead(requests: Sequence[Request], on_stage: OnStage = silently) -> None:
    """Build what each request needs. What cannot be built is left for its own run, which says why.

    Ctrl-C ends every compiler before it goes on to the caller.
    """
    stop = threading.Event()
    # Daemons, because one may wait for another program's build, which Ctrl-C here does not end.
    threads = [threading.Thread(target=partial(_build, one, on_stage, stop), daemon=True) for one in requests]
    try:
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(_LOOK_S)  # rather than join them: Ctrl-C might not wake this thread
    except BaseException:
        stop.set()
        for thread in threads:
            thread.join(_GRACE_S)
        raise


def _build(request: Request, on_stage: OnStage, stop: threading.Event) -> None:
    with processes.ended_by(stop), suppress(LabError, processes.Ended):
        making.make(request, on_stage)
