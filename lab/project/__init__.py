"""A project of the user's own: `making.make` lays it down; `files/` is what it has beside the copied folders."""

from lab.project.making import Project, make

__all__ = ["Project", "make"]
