"""
An organisation's description and its release metadata to what is measured of it, before anybody harvests it.
"""

from collections.abc import Collection

from rdflib import Graph

from tvld.build.harvest import harvested
from tvld.build.quality.completeness import completeness
from tvld.build.quality.measurements import Measured
from tvld.build.quality.scoring import score
from tvld.iris import Base
from tvld.model import Description
from tvld.profiles import CATALOGUES


def measure(
    description: Description, release: Graph, base: Base, served: Collection[str], wrong: Collection[str] = ()
) -> Measured:
    """
    Score the catalogues as harvesters get them, and say what of the Act's questions is answered.

    `release` is content and metadata merged, `served` the addresses of the files that it has; `wrong` as in `score`.
    """
    key = description.organisation.key
    cuts = (harvested(release, key, base, which) for which in CATALOGUES)
    scores = tuple(found for cut in cuts for found in score(cut, served.__contains__, wrong))
    return Measured(key, scores, tuple(completeness(description)))
