"""What a page of search results shows: hits with what was found marked, facets as links, the pages before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from tvld.serve.search import Found, Hit, Request, Value
from tvld.serve.search.marking import Marking, Piece
from tvld.serve.web import asked
from tvld.serve.web.view import View
from tvld.serve.web.words import WORDS

_PATH = "search"


@dataclass(frozen=True)
class ShownHit:
    """
    A hit as it is shown: where it leads, its name in pieces, its kind, and a passage that was found, if any.

    What is a pair is a language and a text in it.
    """

    address: str
    language: str
    name: Sequence[Piece]
    kind: str
    organisation: tuple[str, str] | None
    also: tuple[str, Sequence[Piece]] | None
    passage: tuple[str, Sequence[Piece]] | None


@dataclass(frozen=True)
class Choice:
    """A value of a facet: a link that narrows the search by it, or that takes it back."""

    name: str
    language: str
    address: str
    things: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    title: str
    choices: Sequence[Choice]


@dataclass(frozen=True)
class Findings:
    """A page of results."""

    request: Request
    found: Found
    hits: Sequence[ShownHit]
    facets: Sequence[Facet]
    chosen: Sequence[Choice]
    instead: Sequence[tuple[str, str, str]]
    previous: str | None
    next: str | None
    pages: int


def shown(request: Request, found: Found, marking: Marking) -> Findings:
    """Prepare results for the page."""
    pages = max(1, -(-found.total // request.size))
    facets = [
        Facet(name, getattr(WORDS, f"facet_{name.replace('-', '_')}"), [_choice(request, value) for value in values])
        for name, values in found.facets.items()
        if len(values) > 1 or any(value.chosen for value in values)
    ]
    return Findings(
        request,
        found,
        [_hit(hit, marking) for hit in found.hits],
        facets,
        [choice for facet in facets for choice in facet.choices if choice.chosen],
        [(word, words[0], link(request, text=words[0])) for word, words in found.taken.items()],
        link(request, page=request.page - 1) if request.page > 1 else None,
        link(request, page=request.page + 1) if request.page < pages else None,
        pages,
    )


def link(
    request: Request, *, text: str | None = None, chosen: Sequence[tuple[str, str]] | None = None, page: int = 1
) -> str:
    """Give the address of this search with another text, other values or another page."""
    values: list[tuple[str, str]] = [("q", request.text if text is None else text)]
    values += request.chosen if chosen is None else chosen
    if page > 1:
        values.append(("page", str(page)))
    return f"{asked.href(_PATH)}?{urlencode(values)}"


def in_language(texts: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Choose the text in the language of the page, else the first there is; with its language."""
    return next((text for text in texts if text[0] == WORDS.language), texts[0])


def address(hit: Hit) -> str:
    """Give where a hit leads: a theme to what has it."""
    if hit.kind == "theme":
        return f"{asked.href(_PATH)}?{urlencode({'kind': 'store', 'theme': hit.iri.rpartition('/')[2]})}"
    return View(asked.snapshot()).href(hit.iri)[0] or hit.iri


def kind_name(kind: str) -> str:
    return str(getattr(WORDS, f"kind_{kind.replace('-', '_')}"))


def _hit(hit: Hit, marking: Marking) -> ShownHit:
    language, name = in_language(hit.names)
    pieces = marking.pieces(name)
    # A name that was not found may be one of several, as a passage in a text may be all that was.
    found = any(piece.found for piece in pieces)
    also = None if found else marking.excerpt([text for text in hit.names if text != (language, name)])
    passage = None if found or also else marking.excerpt(hit.texts)
    return ShownHit(address(hit), language, pieces, kind_name(hit.kind), _organisation(hit.organisation), also, passage)


def _organisation(key: str) -> tuple[str, str] | None:
    """Give the name of an organisation after its language; its key where it has no name."""
    here = asked.snapshot()
    name = View(here).thing(here.source.base.organisation(key)) if key else None
    return (name.language or WORDS.language, name.text) if name else None


def _choice(request: Request, value: Value) -> Choice:
    others = [pair for pair in request.chosen if pair[0] != value.field]
    chosen = others if value.chosen else [*others, (value.field, value.code)]
    language, name = in_language(value.names) if value.names else (WORDS.language, _own_name(value))
    return Choice(name, language, link(request, chosen=chosen), value.things, value.chosen)


def _own_name(value: Value) -> str:
    """Name a value that the data has no name for."""
    if value.field == "kind":
        return kind_name(value.code)
    return WORDS.personal_data_mentioned if value.field == "personal-data" else value.code
