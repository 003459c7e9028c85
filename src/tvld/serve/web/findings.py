"""What a page of search results shows: hits with what was found marked, facets as links, the pages before and after."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from tvld.serve.languages import NAMES
from tvld.serve.search import Found, Hit, Request, Value, Values
from tvld.serve.search.marking import Marking, Piece
from tvld.serve.web import asked, signposts
from tvld.serve.web.signposts import Signpost
from tvld.serve.web.view import View
from tvld.serve.web.words import WORDS

_PATH, VALUES = "search", "search/values"
# By what to walk where nothing is found.
_WALKED = ("theme", "service-area")


@dataclass(frozen=True)
class ShownHit:
    """
    A hit as it is shown: where it leads, its name in pieces, its kind, and a passage that was found, if any.

    What is a pair is a language and a text in it; of the store that it is a part of, the address comes first.
    """

    address: str
    language: str
    name: Sequence[Piece]
    kind: str
    organisation: tuple[str, str] | None
    store: tuple[str, str, str] | None
    also: tuple[str, Sequence[Piece]] | None
    passage: tuple[str, Sequence[Piece]] | None


@dataclass(frozen=True)
class Choice:
    """
    A value of a facet: a link that narrows the search by it, or that takes it back.

    `of` is the organisation (language and name) that tells it from others of its name.
    """

    name: str
    language: str
    address: str
    things: int
    chosen: bool
    of: tuple[str, str] | None = None


@dataclass(frozen=True)
class Facet:
    """The values of a field that most things have; `all` leads to all of them, where there are more."""

    name: str
    title: str
    choices: Sequence[Choice]
    values: int
    all: str | None = None


@dataclass(frozen=True)
class Findings:
    """
    A page of results; `instead` are words with those that they were taken for, each with where to look for it.

    `walks` are facets to go on by where nothing is found, `foreign` the languages that names are in if not the page's.
    """

    request: Request
    found: Found
    signposts: Sequence[Signpost]
    hits: Sequence[ShownHit]
    facets: Sequence[Facet]
    chosen: Sequence[Choice]
    instead: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    walks: Sequence[Facet]
    foreign: Sequence[tuple[str, str]]
    previous: str | None
    next: str | None
    pages: int


@dataclass(frozen=True)
class AllValues:
    """A page of all values of a field; `text` is what their names have, `back` leads to the search."""

    request: Request
    title: str
    field: str
    text: str
    total: int
    choices: Sequence[Choice]
    back: str
    previous: str | None
    next: str | None
    pages: int


def shown(request: Request, found: Found, marking: Marking, everything: Found | None) -> Findings:
    """Prepare results for the page; `everything` is what there is to walk through where nothing is found."""
    pages = found.pages(request.size)
    view = View(asked.snapshot())
    return Findings(
        request,
        found,
        signposts.to(request.text) if not request.chosen and request.page == 1 else (),
        [_hit(hit, marking, view) for hit in found.hits],
        [
            facet
            for facet in _facets(request, found, view)
            if len(facet.choices) > 1 or any(choice.chosen for choice in facet.choices)
        ],
        [_chosen(request, found, field, code) for field, code in request.chosen],
        [(word, [(one, link(request, text=one)) for one in words[:3]]) for word, words in found.taken.items()],
        _walks(everything, view) if everything else (),
        _other_languages(),
        link(request, page=min(request.page - 1, pages)) if request.page > 1 else None,
        link(request, page=request.page + 1) if request.page < pages else None,
        pages,
    )


def all_values(request: Request, field: str, text: str, found: Values) -> AllValues:
    """Prepare a page of the values of a field."""
    pages = max(1, -(-found.total // request.size))

    def to(page: int) -> str | None:
        return _to_values(request, field, text, page) if 1 <= page <= pages else None

    choices = _choices(request, found.values, View(asked.snapshot()))
    back = link(request)
    before, after = to(min(request.page - 1, pages)), to(request.page + 1)
    return AllValues(request, _title(field), field, text, found.total, choices, back, before, after, pages)


def link(
    request: Request, *, text: str | None = None, chosen: Sequence[tuple[str, str]] | None = None, page: int = 1
) -> str:
    """Give the address of this search with another text, other values or another page."""
    return f"{asked.href(_PATH)}?{urlencode(_asked(request, text, chosen, page))}"


def in_language(texts: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Choose the text in the language of the page, else the first there is; with its language."""
    return next((text for text in texts if text[0] == WORDS.language), texts[0])


def address(hit: Hit, view: View) -> str:
    """Give where a hit leads: a theme to what has it."""
    if hit.kind == "theme":
        return f"{asked.href(_PATH)}?{urlencode({'kind': 'store', 'theme': hit.iri.rpartition('/')[2]})}"
    return view.href(hit.iri)[0] or hit.iri


def kind_name(kind: str) -> str:
    return str(getattr(WORDS, f"kind_{kind.replace('-', '_')}"))


def name_of(iri: str, view: View) -> tuple[str, str]:
    """Give the name of a thing after its language; its address where it has no name."""
    name = view.thing(iri)
    return name.language or WORDS.language, name.text


def organisation_of(key: str, view: View) -> tuple[str, str] | None:
    return name_of(asked.snapshot().source.base.organisation(key), view) if key else None


def _asked(
    request: Request, text: str | None, chosen: Sequence[tuple[str, str]] | None, page: int
) -> list[tuple[str, str]]:
    values: list[tuple[str, str]] = [("q", request.text if text is None else text)]
    values += request.chosen if chosen is None else chosen
    return [*values, ("page", str(page))] if page > 1 else values


def _to_values(request: Request, field: str, text: str = "", page: int = 1) -> str:
    values = [*_asked(request, None, None, page), ("field", field), *([("find", text)] if text else [])]
    return f"{asked.href(VALUES)}?{urlencode(values)}"


def _hit(hit: Hit, marking: Marking, view: View) -> ShownHit:
    language, name = in_language(hit.names)
    pieces = marking.pieces(name)
    # A name that was not found may be one of several, as a passage in a text may be all that was.
    found = any(piece.found for piece in pieces)
    also = None if found else marking.excerpt([text for text in hit.names if text != (language, name)])
    passage = None if found or also else marking.excerpt(hit.texts)
    store = (view.href(hit.store)[0] or hit.store, *name_of(hit.store, view)) if hit.store else None
    organisation = organisation_of(hit.organisation, view) if hit.kind != "organisation" else None
    return ShownHit(
        address(hit, view), language, pieces, kind_name(hit.kind), organisation, store, also, passage
    )  # fmt: skip


def _walks(everything: Found, view: View) -> list[Facet]:
    facets = {facet.name: facet for facet in _facets(Request(), everything, view)}
    return [facets[name] for name in _WALKED if name in facets]


def _facets(request: Request, found: Found, view: View) -> list[Facet]:
    return [
        Facet(
            name,
            _title(name),
            _choices(request, values, view),
            found.values[name],
            _to_values(request, name) if found.values[name] > len(values) else None,
        )
        for name, values in found.facets.items()
    ]


def _title(field: str) -> str:
    return str(getattr(WORDS, f"facet_{field.replace('-', '_')}"))


def _choices(request: Request, values: Iterable[Value], view: View) -> list[Choice]:
    """Show values as links; those of one name with the organisations that they are of."""
    named = [(value, *_name(value)) for value in values]
    times = Counter(name for _, _, name in named)
    return [
        _choice(request, value, language, name, organisation_of(_key(value), view) if times[name] > 1 else None)
        for value, language, name in named
    ]


def _choice(request: Request, value: Value, language: str, name: str, of: tuple[str, str] | None) -> Choice:
    others = [pair for pair in request.chosen if pair[0] != value.field]
    chosen = others if value.chosen else [*others, (value.field, value.code)]
    return Choice(name, language, link(request, chosen=chosen), value.things, value.chosen, of)


def _chosen(request: Request, found: Found, field: str, code: str) -> Choice:
    """Show what the search is narrowed by, so that it can be taken back: also what nothing has."""
    known = (value for value in found.facets.get(field, ()) if value.chosen)
    value = next(known, Value(field, code, (), 0, True))
    return _choice(request, value, *_name(value), None)


def _key(value: Value) -> str:
    """Give the key of the organisation that a value is of."""
    return value.code.partition("/")[0] if "/" in value.code else ""


def _name(value: Value) -> tuple[str, str]:
    """Name a value after the language of its name; the data has no names for some."""
    if value.names:
        return in_language(value.names)
    if value.field == "kind":
        return WORDS.language, kind_name(value.code)
    return WORDS.language, WORDS.personal_data_mentioned if value.field == "personal-data" else value.code


def _other_languages() -> list[tuple[str, str]]:
    """Give the languages that names are in, by their own names, where the page's is none of them."""
    index = asked.snapshot().search
    spoken = index.languages if index else frozenset()
    return [] if WORDS.language in spoken else [(tag, NAMES.get(tag, tag)) for tag in sorted(spoken)]
