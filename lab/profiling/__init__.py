"""Where the time of one decision goes, operator by operator and stage by stage: `profile` is the way in."""

from lab.profiling.profile import Profile
from lab.profiling.run import profile

__all__ = ["Profile", "profile"]
