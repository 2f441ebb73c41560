"""What the lab needs on this machine and what it finds there; `examine` is the way in."""

from lab.doctor.component import LIBRARY, OPTIONAL, USES, Component, Use
from lab.doctor.diagnosis import Diagnosis, examine
from lab.doctor.surroundings import Place

__all__ = ["LIBRARY", "OPTIONAL", "USES", "Component", "Diagnosis", "Place", "Use", "examine"]
