"""
Which pages crawlers are told of, in parts (sitemaps.org, 0.9): those of the site itself, then of each organisation.

Pure: knows what is described, no HTTP and no XML.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tvld.iris import PREFIXES, document_of
from tvld.serve.record import Record
from tvld.serve.source import Source

# As many as the protocol lets stand in one file.
PER_PART = 50_000
# Pages of the site itself, where there is a release.
_PAGES = ("", "accessibility", "catalog", "catalog/open", "dumps/", "ns", "shapes")
_SEEN = ("charts", "matrix", "model", "network", "queries/")
_MODIFIED = PREFIXES["dct"] + "modified"
_TOMBSTONE = PREFIXES["tvld"] + "Tombstone"


@dataclass(frozen=True)
class Part:
    """
    IRIs whose pages a part lists.

    `day` is when what they tell changed, where nothing tells it of one alone; `latest` when the last of them changed.
    """

    iris: Sequence[str]
    day: str | None
    latest: str | None


class Sitemap:
    """
    The parts of the sitemap of one source, none of them empty.

    A part has the pages of one organisation, or a share of them, so that a crawler asks again for what changed alone.
    """

    def __init__(self, source: Source, record: Record) -> None:
        self._base = base = source.base
        self._changed = {iri: max(days) for iri, days in record.texts(_MODIFIED).items()}
        gone = {*source.withdrawn, *record.instances(_TOMBSTONE)}
        listed = [*_PAGES, *_SEEN, *(f"queries/{name}" for name in source.queries)] if source.folder else [""]
        quality = ["quality"] if "quality.json" in source.listed else []
        site = [base.iri + path for path in (*listed, *quality)] + [*record.below(base.iri + "def/")]
        groups = [(site, source.modified)]
        things = base.iri + "id/"
        for key in dict.fromkeys(iri.removeprefix(things).partition("/")[0] for iri in record.below(things)):
            told = record.below(f"{things}{key}/")
            if record.describes(things + key):
                day = self._changed.get(base.thing(key, "catalog", "stores"), source.modified)
                groups.append(([things + key, *told], day))
            else:
                # What is of no organisation: the catalogues of all of them together.
                site += told
        # Things that stand in the document of another have no page of their own.
        pages = [([iri for iri in iris if "#" not in iri and iri not in gone], day) for iris, day in groups]
        self.parts = [
            self._part(iris[start : start + PER_PART], day)
            for iris, day in pages
            for start in range(0, len(iris), PER_PART)
        ]

    def pages(self, part: Part) -> Iterator[tuple[str, str | None]]:
        """Yield the address of each page of a part, in a fixed order, with the day on which what it tells changed."""
        base = self._base.iri
        for iri in part.iris:
            below = iri.removeprefix(base)
            yield base + document_of(below) if below.startswith("id/") else iri, self._changed.get(iri, part.day)

    def _part(self, iris: Sequence[str], day: str | None) -> Part:
        days = {self._changed.get(iri, day) for iri in iris}
        return Part(iris, day, max((each for each in days if each), default=None))
