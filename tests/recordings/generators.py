"""The scripts that make the recordings that ship, and what they are to make."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

MODELS = Path(__file__).parents[2] / "models"


def script(workload):
    """The module models/<workload>/synthesise.py."""
    name = f"synthesise_{workload.replace('-', '_')}"
    spec = importlib.util.spec_from_file_location(name, MODELS / workload / "synthesise.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def with_motion():
    """Workloads whose recordings are of several axes, made by a script that needs numpy alone."""
    scripts = (file for file in MODELS.glob("*/synthesise.py") if "import soundfile" not in file.read_text())
    return sorted(file.parent.name for file in scripts)
