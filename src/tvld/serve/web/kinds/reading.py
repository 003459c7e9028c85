"""
What a page in plain words asks of the triples: neighbours as links, texts in the best language there is.

Knows no kinds of things; `tvld.serve.web.kinds` does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from tvld.iris import PREFIXES
from tvld.serve.record import Record
from tvld.serve.web.view import Value, View, by_text
from tvld.serve.web.words import WORDS

DCAT, DCT, DPV, FOAF, ORG, PROV, SKOS, TVLD, VCARD = (
    PREFIXES[prefix] for prefix in ("dcat", "dct", "dpv", "foaf", "org", "prov", "skos", "tvld", "vcard")
)
_COLUMNS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Counted:
    """A thing, and how many others share it with the one that the page is about; `alone` where it has no other."""

    thing: Value
    others: int = 0


@dataclass(frozen=True)
class CellShown:
    """
    A cell of the source: its place (from 1), its verbatim text, and where the page of it is.

    `heading` is what its column is called, empty where that is not known.
    """

    line: str
    column: str
    heading: str
    text: Value
    href: str | None


@dataclass(frozen=True)
class ContactShown:
    """Where to write or call; None where that is not known."""

    name: Value
    email: str | None
    phone: str | None
    page: str | None


class Reading:
    """Asks a record, and notes the languages of what it shows."""

    def __init__(self, record: Record, view: View) -> None:
        self.record, self._view = record, view
        self._languages: set[str] = set()

    @property
    def foreign(self) -> tuple[str, ...]:
        """Give the languages, other than that of the page, of what was shown so far; sorted."""
        return tuple(sorted(self._languages - {WORDS.language}))

    def thing(self, iri: str) -> Value:
        return self._noted(self._view.thing(iri))

    def things(self, iris: Iterable[str]) -> tuple[Value, ...]:
        """Show things by name, sorted, each once."""
        return tuple(sorted((self.thing(iri) for iri in set(iris)), key=by_text))

    def iris(self, iri: str, predicate: str) -> list[str]:
        return [v.value for v in self.record.values(iri, predicate) if isinstance(v, ox.NamedNode)]

    def pointing(self, iri: str, predicate: str) -> list[str]:
        return self.record.pointing_to(iri, predicate)

    def linked(self, iri: str, predicate: str) -> tuple[Value, ...]:
        """Show the things that a property leads to."""
        return self.things(self.iris(iri, predicate))

    def one(self, iri: str, predicate: str) -> Value | None:
        """Show the thing that a property leads to, the first by IRI; None where there is none."""
        return next((self.thing(target) for target in self.iris(iri, predicate)), None)

    def texts(self, iri: str, predicate: str) -> tuple[Value, ...]:
        """Give the texts of a property: those in one language, the best that there is."""
        found = [v for v in self.record.values(iri, predicate) if isinstance(v, ox.Literal)]
        order = (*self._view.languages, None)
        ranks = {language: rank for rank, language in enumerate(order)}
        best = min((ranks.get(text.language, len(order)) for text in found), default=None)
        chosen = [text for text in found if ranks.get(text.language, len(order)) == best]
        return tuple(self._noted(self._view.value(text)) for text in chosen)

    def text(self, iri: str, predicate: str) -> Value | None:
        return next(iter(self.texts(iri, predicate)), None)

    def cells(self, iri: str) -> tuple[CellShown, ...]:
        """Show the cells that a thing was read from, in the order of the source."""
        cells = [cell for cell in self.iris(iri, PROV + "wasDerivedFrom") if self.text(cell, TVLD + "sourceText")]
        return tuple(sorted(map(self.cell, cells), key=_place))

    def cell(self, iri: str) -> CellShown:
        line, column = self._number(iri, "sourceLine"), self._number(iri, "sourceColumn")
        known = column.isdigit() and int(column) in _COLUMNS
        return CellShown(
            line=line,
            column=column,
            heading=getattr(WORDS, f"column_{column}") if known else "",
            text=self.text(iri, TVLD + "sourceText") or Value(""),
            href=self._view.href(iri)[0],
        )

    def contact(self, iri: str) -> ContactShown | None:
        """Show the contact point of a thing; None where the data has none."""
        point = next(iter(self.iris(iri, DCAT + "contactPoint")), None)
        if point is None:
            return None

        def address(name: str) -> str | None:
            return next(iter(self.iris(point, VCARD + name)), None)

        page = address("hasURL")
        return ContactShown(
            name=self.text(point, VCARD + "fn") or self.thing(point),
            email=(address("hasEmail") or "").removeprefix("mailto:") or None,
            phone=(address("hasTelephone") or "").removeprefix("tel:") or None,
            page=page if page and page.startswith(("http://", "https://")) else None,
        )

    def contact_of(self, organisation: str) -> ContactShown | None:
        """Show the contact point of an organisation: its own, or that of a catalogue of its."""
        published = [iri for iri in self.pointing(organisation, DCT + "publisher") if iri in self._catalogues]
        found = (self.contact(iri) for iri in (organisation, *published))
        return next((contact for contact in found if contact), None)

    @cached_property
    def _catalogues(self) -> frozenset[str]:
        return frozenset(self.record.instances(DCAT + "Catalog"))

    def _number(self, iri: str, name: str) -> str:
        return next((v.value for v in self.record.values(iri, TVLD + name) if isinstance(v, ox.Literal)), "")

    def _noted(self, value: Value) -> Value:
        if value.language and (value.named or value.iri is None):
            self._languages.add(value.language)
        return value


def _place(cell: CellShown) -> tuple[int, int]:
    return tuple(int(text) if text.isdigit() else 0 for text in (cell.line, cell.column))  # type: ignore[return-value]
