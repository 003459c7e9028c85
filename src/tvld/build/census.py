"""The census of a release in the making: its own files are read once more, and what they hold is counted."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from tvld.build.dumps import WHOLE
from tvld.census import NAME, census_of, written
from tvld.formats import DERIVED_FACTS, NQUADS, TURTLE
from tvld.iris import Base
from tvld.serialisation import read


def write_census(target: Path, base: Base) -> None:
    """Count the content and the release metadata that the folder `target` holds, and write the counts beside them."""
    (target / NAME).write_text(written(census_of(_quads(target, base), base)), encoding="utf-8")


def _quads(target: Path, base: Base) -> Iterator[ox.Quad]:
    yield from read(target / f"{WHOLE}.{NQUADS.suffix}", NQUADS)
    catalog = ox.NamedNode(base.graph("catalog"))
    for name in ("catalog.ttl", f"catalog{DERIVED_FACTS}"):
        yield from (ox.Quad(q.subject, q.predicate, q.object, catalog) for q in read(target / name, TURTLE))
