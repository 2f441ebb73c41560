"""TFLM's interpreter on this machine, from the Python package tflite-micro."""

from __future__ import annotations

from typing import Any

from lab.errors import ToolMissing


def runtime() -> Any:
    """The interpreter's module. Raises ToolMissing where the package is not installed."""
    try:
        from tflite_micro import runtime as module  # noqa: PLC0415  (heavy, and absent off Linux x86-64)
    except ImportError as error:
        raise ToolMissing(
            f"The host's TFLM interpreter, the Python package tflite-micro, cannot be loaded ({error}).",
            remedy="Type: pip install tflite-micro; it is there for Linux x86-64 and CPython 3.10 to 3.13.",
            code="interpreter-missing",
        ) from error
    return module
