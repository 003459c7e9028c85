"""What is looked for and what is found, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Texts = tuple[tuple[str, str], ...]

# What can be found.
KINDS = ("store", "material", "system", "purpose", "data-group", "service-area", "organisation", "theme", "term")
# What a search can be narrowed by.
FIELDS = ("kind", "organisation", "service-area", "purpose", "system", "data-group", "theme", "personal-data")
# The fields of which all values are known before there is data.
CLOSED = {"kind": KINDS, "personal-data": ("mentioned",)}


@dataclass(frozen=True)
class Request:
    """What is looked for: a text, values that narrow it (field, code), and which page (from 1) of how many a page."""

    text: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    page: int = 1
    size: int = 20


@dataclass(frozen=True)
class Hit:
    """
    A thing that was found.

    `store` is the address of the store that a material is a part of, `themes` are codes of the EU data themes.
    """

    iri: str
    kind: str
    organisation: str
    names: Texts
    texts: Texts
    store: str = ""
    themes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Value:
    """A value that narrows a search: how many of the things found have it."""

    field: str
    code: str
    names: Texts
    things: int
    chosen: bool = False


@dataclass(frozen=True)
class Found:
    """
    The answer: one page of hits, of `total`.

    Of each field `facets` has the values that most have, `values` says how many there are. `taken` says which words
    were taken for others because nothing has them as written; `some` that no thing has all words.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    values: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    some: bool = False

    def pages(self, size: int) -> int:
        """Count the pages of so many hits; one where nothing was found."""
        return max(1, -(-self.total // size))


@dataclass(frozen=True)
class Values:
    """One page of the values of one field, by their names, of `total`."""

    values: tuple[Value, ...]
    total: int
