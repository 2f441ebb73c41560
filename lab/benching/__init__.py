"""Any model on any board, without an application: `bench` is the way in."""

from lab.benching.outcome import Outcome
from lab.benching.run import bench

__all__ = ["Outcome", "bench"]
