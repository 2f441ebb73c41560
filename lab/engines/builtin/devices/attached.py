"""What the buses that devices hang on have in common."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Peripheral
from lab.errors import ConfigurationError


def stranger(child: Peripheral, wires: str, bus: Peripheral) -> ConfigurationError:
    """The error for a device that does not talk over those wires: "I2C"."""
    return ConfigurationError(
        f"{child.name} ({type(child).__name__}) is no {wires} device.",
        remedy=f"Register it on sysbus, or on another device than {bus.name}.",
        code="platform-description",
    )
