"""
One organisation on its way from tables to a release: its description, its content graph, its release metadata.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from tvld.build.catalogue import catalogue, shelf
from tvld.build.distributions import DumpFile
from tvld.build.findings import Finding
from tvld.build.graph import content
from tvld.build.intake import read_all, read_organisation
from tvld.build.lossless import lossless
from tvld.build.places import Places
from tvld.build.quads import quads
from tvld.build.records import records
from tvld.build.statistics import statistics
from tvld.build.validate import validate
from tvld.build.versions import versions
from tvld.build.vocabulary import codelists, codes_used
from tvld.iris import Base
from tvld.model import Description


@dataclass(frozen=True)
class Draft:
    """A description, its content graph with the codes that it points to, and all codes there are."""

    description: Description
    content: Graph
    codes: Graph
    base: Base

    @property
    def key(self) -> str:
        return self.description.organisation.key

    def quads(self) -> list[ox.Quad]:
        """Give the content in its named graph."""
        return list(quads(self.content, self.base.graph(self.key)))

    def metadata(self, release_id: str, dumps: Sequence[DumpFile] = (), previous: str | None = None) -> Graph:
        """
        Give the catalogues and the version that they describe, with the codes that they point to.

        Without dumps, what is known before there are any. `previous` is the release that this one follows.
        """
        graph = catalogue(self.description, self.base, release_id, dumps)
        if release_id:
            files = shelf(self.description, self.base, release_id)
            graph += records(graph, self.key, self.base, release_id, files, previous)
            graph += versions(graph, self.key, self.base, release_id, previous)
        return graph + codes_used(self.codes, graph.objects())

    def statistics(self, release_id: str, dumps: Sequence[DumpFile]) -> Graph:
        return statistics(self.quads(), self.key, self.base, release_id, dumps)

    def tombstones(self) -> list[dict[str, str | None]]:
        """Give what the manifest says of withdrawn things."""
        return [
            {
                "iri": self.base.thing(self.key, gone.kind, gone.key),
                "replaced_by": self.base.thing(self.key, gone.kind, gone.replaced_by) if gone.replaced_by else None,
                "date": gone.date,
            }
            for gone in self.description.withdrawn
        ]

    def validated(self, metadata: Graph, shapes: Graph) -> list[Finding]:
        """Check content and metadata together, one organisation at a time: what is checked at once stays small."""
        return validate(self.content + metadata, shapes, Places([self.description], self.base))


def draft(data: Path, base: Base) -> tuple[list[Draft], list[Finding]]:
    """Read all tables below `data` and make the content graphs; findings of the tables come along."""
    descriptions, findings = read_all(data)
    return _drafts([(data / d.organisation.key, d) for d in descriptions], findings, base)


def draft_one(folder: Path, base: Base) -> tuple[list[Draft], list[Finding]]:
    """The same of one organisation's folder."""
    description, findings = read_organisation(folder)
    return _drafts([(folder, description)] if description else [], findings, base)


def _drafts(
    read: Iterable[tuple[Path, Description]], findings: list[Finding], base: Base
) -> tuple[list[Draft], list[Finding]]:
    codes, drafts, lost = codelists(base), [], []
    for folder, description in read:
        lost += lossless(folder, description)
        graph = content(description, base)
        drafts.append(Draft(description, graph + codes_used(codes, graph.objects()), codes, base))
    return drafts, [*findings, *lost]
