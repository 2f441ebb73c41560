"""Whether a board has the sensor that a workload is played into, with its settings."""

from __future__ import annotations

from lab.configuration import place
from lab.errors import ConfigurationError, UnknownName
from lab.measuring.request import Request
from lab.target import Sensor
from lab.workload import Workload


def check(request: Request) -> None:
    """Raises ConfigurationError unless the target has the sensor that is played into, with the workload's settings."""
    wanted, target = request.workload.input, request.target
    adapter = request.brought.adapter if request.brought else None
    if adapter is not None and adapter.input.buffer is not None:
        return
    name = (adapter.input.sensor if adapter else None) or wanted.sensor
    sensor = target.sensors.get(name)
    if sensor is None:
        of_workload = _place_of_input(request.workload, "sensor")
        where = adapter.place("input", "sensor") if adapter and adapter.input.sensor else of_workload
        raise UnknownName(f"sensor of {target.name}", name, target.sensors, where=where)
    described = f"sensors.{name} in {target.file}"
    _check_settings(request.workload, sensor, f"the {name} of {target.name}", described)


def _check_settings(workload: Workload, sensor: Sensor, whose: str, described: str) -> None:
    wanted = workload.input
    if sensor.rate_for(wanted.rate_hz) is None:
        highest = sensor.rate_hz or sensor.rates_hz[-1]
        most = "" if sensor.rate_hz else "at most "
        raise ConfigurationError(
            f"{_place_of_input(workload, 'rate_hz')}: input.rate_hz is {wanted.rate_hz:,}, "
            f"and {whose} delivers {most}{highest:,.15g} samples a second.",
            remedy=f"Make it {'no more than the last of rates_hz' if most else 'the same as rate_hz'} of {described}.",
            code="sensor-rate",
        )
    if wanted.unit != sensor.unit:
        raise ConfigurationError(
            f"{_place_of_input(workload, 'unit')}: input.unit is {wanted.unit!r}, "
            f"and that of {whose} is {sensor.unit!r}.",
            remedy=f"Make it the same as unit of {described}.",
            code="sensor-unit",
        )
    if sensor.ranges and wanted.range not in sensor.ranges:
        raise ConfigurationError(
            f"{_place_of_input(workload, 'range')}: input.range is {wanted.range:g} {wanted.unit}, "
            f"which {whose} has not.",
            remedy=f"Choose one of {', '.join(f'{one:g}' for one in sensor.ranges)}: ranges of {described}.",
            code="sensor-range",
        )
    if wanted.bits > sensor.bits:
        raise ConfigurationError(
            f"{_place_of_input(workload, 'bits')}: input.bits is {wanted.bits}, "
            f"and values of {whose} have {sensor.bits}.",
            remedy=f"Make it no more than bits of {described}.",
            code="sensor-bits",
        )


def _place_of_input(workload: Workload, key: str) -> str:
    return place(workload.file, workload.file.read_text(encoding="utf-8"), "input", key)
