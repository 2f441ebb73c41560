"""From a workload, a target and a model to a firmware image; and the host's copy of the features.

Nothing is built twice: sources, libraries and images are kept in the user cache under the hash of what made them.
"""

from lab.building.firmware import Build, build, image

__all__ = ["Build", "build", "image"]
