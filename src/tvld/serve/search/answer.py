"""What is looked for and what is found, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Texts = tuple[tuple[str, str], ...]

# What a search can be narrowed by.
FIELDS = ("kind", "organisation", "service-area", "purpose", "system", "data-group", "theme", "personal-data")


@dataclass(frozen=True)
class Request:
    """What is looked for: a text, values that narrow it (field, code), and which page (from 1) of how many a page."""

    text: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    page: int = 1
    size: int = 20


@dataclass(frozen=True)
class Hit:
    """A thing that was found; `store` is the address of the store that a material is a part of."""

    iri: str
    kind: str
    organisation: str
    names: Texts
    texts: Texts
    store: str = ""


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

    `taken` says which words were taken for others because nothing has them as written; `some` that no thing has all
    words.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    taken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    some: bool = False
