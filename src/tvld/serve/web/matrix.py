"""
The matrix of stores and systems: a page that filters, orders and pages on the server; the same as JSON, CSV and RDF.

What is in it is cut by `tvld.serve.matrix`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from tvld.errors import CallError, NotFound
from tvld.formats import CSV, GRAPH_FORMATS, HTML, Format, by_suffix
from tvld.serialisation import write
from tvld.serve.matrix import COLUMN_ORDERS, KINDS, ROW_ORDERS, Matrix, Wish, areas, cut
from tvld.serve.replies import REVALIDATE
from tvld.serve.usage import Usage
from tvld.serve.web import asked
from tvld.serve.web.frame import page
from tvld.serve.web.language import canonical
from tvld.serve.web.matrix_data import as_csv, as_graph, as_json
from tvld.serve.web.sharing import sharing
from tvld.serve.web.view import Value, View
from tvld.serve.web.words import WORDS

matrix = Blueprint("matrix", __name__)

_JSON = Format("json", "json", "application/json", "JSON", "JSON")
_OFFERS = (HTML, _JSON, CSV, *GRAPH_FORMATS)
_FILTERS = ("organisation", "service-area", "system", "system-kind")
_KNOWN = frozenset({*_FILTERS, "rows", "by", "page", "columns", "size", "lang"})
_MOST_ROWS = 1000
# A list to choose from that is longer helps nobody: the page of the organisation leads on.
_MOST_CHOICES = 400
_MOST_AREAS = 60


@dataclass(frozen=True)
class Row:
    """A store as the matrix shows it: for each column whether it is processed there."""

    name: Value
    systems: int
    marks: tuple[bool, ...]


@dataclass(frozen=True)
class Rows:
    """Rows under one heading; `area` None where rows are in another order."""

    area: Value | None
    organisation: Value | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Head:
    name: Value
    group: bool
    stores: int


@dataclass(frozen=True)
class Choices:
    """A filter of the form: its name, and code, text and language of what can be chosen; `value` is the code chosen."""

    name: str
    title: str
    value: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shown:
    """A page of the matrix; the addresses of the pages before and after are None past the end."""

    wish: Wish
    cut: Matrix
    groups: tuple[Rows, ...]
    heads: tuple[Head, ...]
    choices: tuple[Choices, ...]
    narrowed: tuple[tuple[Value, str], ...]
    before: str | None
    after: str | None
    columns_before: str | None
    columns_after: str | None


@matrix.get("/matrix")
@matrix.get("/matrix.<suffix>")
def table(suffix: str = "") -> Response:
    """Give a page of the matrix in the format of the suffix, or the one negotiated."""
    format_ = by_suffix(_OFFERS, suffix) if suffix else None
    if suffix and format_ is None:
        raise NotFound(f"the matrix is given as {', '.join(f.suffix for f in _OFFERS)}; found {suffix!r}")
    format_ = asked.choose(_OFFERS, format_)
    usage = asked.snapshot().usage
    wish = wished(usage, columns=1 if format_ is HTML else 0)
    found = cut(usage, wish, WORDS.language)
    if format_ is HTML:
        query = request.query_string.decode()
        formats = [
            (f.label, asked.href(f"matrix.{f.suffix}") + (f"?{query}" if query else ""), f.media_type)
            for f in _OFFERS
            if f is not HTML
        ]
        body: str | bytes = page(
            "matrix.html",
            shown=shown(usage, wish, found),
            formats=formats,
            sharing=None if asked.still() else sharing(canonical()),
        )
    elif format_ is _JSON:
        body = as_json(usage, wish, found, WORDS.language)
    elif format_ is CSV:
        body = as_csv(usage, found, WORDS.language)
    else:
        body = write(as_graph(asked.snapshot().record, found), format_)
    response = Response(body, content_type=format_.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    response.headers["Vary"] = "Accept-Language" if suffix else "Accept, Accept-Language"
    for rel, number in (("prev", wish.page - 1), ("next", wish.page + 1)):
        if 1 <= number <= found.pages:
            response.headers.add("Link", f'<{_address(page=number, columns=1)}>; rel="{rel}"')
    return response


def wished(usage: Usage, columns: int) -> Wish:
    """Read the request's parameters; raises CallError naming the one that is wrong, NotFound for what is not there."""
    if unknown := sorted(set(request.args) - _KNOWN):
        raise CallError(f"the matrix has no parameter {unknown[0]!r}; it has {', '.join(sorted(_KNOWN))}")
    if twice := [name for name in sorted(_KNOWN) if len(request.args.getlist(name)) > 1]:
        raise CallError(f"the parameter {twice[0]!r} may stand there once")
    return Wish(
        organisation=_thing("organisation", "", usage.of_organisation),
        area=_thing("service-area", "service-area", usage.of_area),
        system=_thing("system", "system", usage.of_system),
        kind=_word("system-kind", ("", *KINDS)),
        rows=_word("rows", ROW_ORDERS),
        by=_word("by", COLUMN_ORDERS),
        page=_number("page", 1, 100_000),
        columns=_number("columns", columns, 100_000) if columns else 0,
        size=_number("size", Wish.size, _MOST_ROWS),
    )


def shown(usage: Usage, wish: Wish, found: Matrix) -> Shown:
    """Lay a page of the matrix out, with what can be chosen beside it."""
    view = View(asked.snapshot())
    columns = [column.iri for column in found.columns]
    several = len(usage.of_organisation) > 1
    groups: list[tuple[tuple[str, str] | None, list[Row]]] = []
    for store in found.rows:
        heading = (store.organisation, store.area) if wish.rows == ROW_ORDERS[0] else None
        if not groups or groups[-1][0] != heading:
            groups.append((heading, []))
        systems = frozenset(store.systems)
        marks = tuple(iri in systems for iri in columns)
        groups[-1][1].append(Row(view.thing(store.iri), len(systems), marks))
    return Shown(
        wish=wish,
        cut=found,
        groups=tuple(
            Rows(
                view.thing(heading[1]) if heading and heading[1] else None,
                view.thing(heading[0]) if heading and heading[0] and several else None,
                tuple(rows),
            )
            for heading, rows in groups
        ),
        heads=tuple(Head(view.thing(c.iri), usage.kinds.get(c.iri) == "group", c.stores) for c in found.columns),
        choices=tuple(_choices(usage, wish)),
        narrowed=tuple(_narrowed(view, wish)),
        before=_address(page=wish.page - 1, columns=1) if wish.page > 1 else None,
        after=_address(page=wish.page + 1, columns=1) if wish.page < found.pages else None,
        columns_before=_address(columns=wish.columns - 1) if wish.columns > 1 else None,
        columns_after=_address(columns=wish.columns + 1) if wish.columns < found.column_pages else None,
    )


def _choices(usage: Usage, wish: Wish) -> list[Choices]:
    """Give the lists of the form, those that have something to choose."""
    language, found = WORDS.language, []
    if 1 < len(usage.of_organisation) <= _MOST_CHOICES:
        found.append(("organisation", WORDS.facet_organisation, usage.by_name(usage.of_organisation, language)))
    of = areas(usage, wish.organisation, language)
    if 1 < len(of) <= _MOST_AREAS:
        found.append(("service-area", WORDS.facet_service_area, of))
    chosen = request.args
    lists = [
        Choices(name, title, chosen.get(name, ""), tuple((_code(iri), usage.name(iri, language)) for iri in iris))
        for name, title, iris in found
    ]
    kinds = (("system", WORDS.matrix_single), ("group", WORDS.matrix_groups))
    orders = tuple((order, getattr(WORDS, f"matrix_rows_{order}")) for order in ROW_ORDERS)
    columns = tuple((order, getattr(WORDS, f"matrix_by_{order}")) for order in COLUMN_ORDERS)
    return [
        *lists,
        Choices("system-kind", WORDS.matrix_kind, wish.kind, kinds),
        Choices("rows", WORDS.matrix_rows, wish.rows, orders),
        Choices("by", WORDS.matrix_by, wish.by, columns),
    ]


def _narrowed(view: View, wish: Wish) -> list[tuple[Value, str]]:
    """Give what the matrix is narrowed by to one thing, each with the address without it."""
    of = (("organisation", wish.organisation), ("service-area", wish.area), ("system", wish.system))
    return [(view.thing(iri), _address(**{name: "", "page": 1, "columns": 1})) for name, iri in of if iri]


def _thing(name: str, kind: str, known: Mapping[str, object]) -> str:
    """Read a code, as searches have it: an organisation's key, or that and the key of a thing; give the IRI."""
    code = request.args.get(name, "")
    if not code:
        return ""
    base, (organisation, _, key) = asked.snapshot().source.base, code.partition("/")
    iri = base.thing(organisation, kind, key) if kind else base.organisation(code)
    if iri not in known:
        raise NotFound(f"no data store has the {name} {code!r}: choose one from {base.iri}matrix")
    return iri


def _code(iri: str) -> str:
    """Give the code of a thing of ours: what searches and this page know it by."""
    organisation, _, rest = iri.removeprefix(asked.snapshot().source.base.iri + "id/").partition("/")
    return f"{organisation}/{rest.partition('/')[2]}" if rest else organisation


def _word(name: str, words: tuple[str, ...]) -> str:
    word = request.args.get(name) or words[0]
    if word not in words:
        raise CallError(f"the parameter {name!r} is one of {', '.join(filter(None, words))}; found {word!r}")
    return word


def _number(name: str, default: int, most: int) -> int:
    text = request.args.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        raise CallError(f"the parameter {name!r} is a number from 1 to {most}; found {text!r}")
    return int(text)


def _address(**changed: object) -> str:
    """Give the address of this page with other parameters; those that are empty or 1 are left out."""
    values = {name: str(value) for name, value in {**request.args.to_dict(), **changed}.items()}
    query = urlencode([(n, v) for n, v in values.items() if v and not (n in ("page", "columns") and v == "1")])
    return f"{asked.plain_href(request.path.removeprefix('/'))}{'?' if query else ''}{query}"
