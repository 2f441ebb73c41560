"""States of a machine, computed from features of it in each: a mixture of Gaussians, cut down to what tells most.

What hardly varies while all is well says most about a fault. So of each state's covariance the directions of least
variance are kept, and the signal's departure is measured along them in standard deviations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.training.recipes.normal_states import Settings

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Material:
    """Features of one state, float64 [recordings, features] in steps of int8.

    `varied` are those of `plain` with each axis louder or quieter, `kept` of later recordings, that calibrate.
    """

    plain: Values
    varied: Values
    kept: Values


@dataclass(frozen=True)
class State:
    """Its `mean` [features], and what departures from it are multiplied with, `whitening` [directions, features].

    The state that a signal is in has the smallest sum of squares, with `offset` added: the likelier one, so that a wide
    state does not take the faults of a narrow one.
    """

    mean: Values
    whitening: Values
    offset: float

    def scores(self, features: Values) -> Values:
        """Sums of squares, [recordings]."""
        return np.asarray(np.square((features - self.mean) @ self.whitening.T).sum(axis=1))


def fit(states: Sequence[Material], settings: Settings) -> list[State]:
    """One state of each material. Kept recordings that are normal score as many as there are directions, on average."""
    found = [_whitened(material, settings) for material in states]
    # The logarithm of the determinant of a state's covariance along its directions, less the mean of all.
    spreads = [-2 * np.log(np.linalg.svd(state.whitening, compute_uv=False)).sum() for state in found]
    return [
        State(state.mean, state.whitening, float(spread - np.mean(spreads)))
        for state, spread in zip(found, spreads, strict=True)
    ]


def _whitened(material: Material, settings: Settings) -> State:
    mean = material.plain.mean(axis=0)
    covariance = np.cov(material.plain.T) / 2 + np.cov(material.varied.T) / 2 + settings.ridge * np.eye(len(mean))
    deviations = np.sqrt(covariance.diagonal())
    correlation = covariance / np.outer(deviations, deviations)
    correlation = (1 - settings.shrinkage) * correlation + settings.shrinkage * np.eye(len(mean))
    variances, directions = np.linalg.eigh(correlation)  # in ascending order
    count = settings.directions
    whitening = (directions[:, :count] / np.sqrt(variances[:count])).T / deviations
    # Directions found in some recordings vary more in others, the more so the fewer there were.
    found = State(mean, whitening, 0.0).scores(material.kept).mean()
    return State(mean, whitening * np.sqrt(count / found), 0.0)
