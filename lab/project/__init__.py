"""A project of the user's own: `make` lays it down, `begin` adds a workload; `files/` is what it has besides."""

from lab.project.beginning import alike, begin, check_name, like
from lab.project.making import Project, make

__all__ = ["Project", "alike", "begin", "check_name", "like", "make"]
