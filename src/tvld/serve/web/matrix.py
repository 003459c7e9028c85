"""
The matrix of stores and systems: a page that filters, orders and pages on the server; the same as JSON, CSV and RDF.

What is in it is cut by `tvld.serve.matrix`.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, request

from tvld.errors import NotFound
from tvld.formats import CSV, GRAPH_FORMATS, HTML, Format, by_suffix
from tvld.serialisation import write
from tvld.serve.matrix import COLUMN_ORDERS, ROW_ORDERS, Matrix, Wish, areas, cut, systems
from tvld.serve.replies import REVALIDATE
from tvld.serve.usage import Usage
from tvld.serve.web import asked
from tvld.serve.web.frame import page
from tvld.serve.web.matrix_data import as_csv, as_graph, as_json
from tvld.serve.web.matrix_wish import address, code_of, wished
from tvld.serve.web.sharing import sharing_of_matrix
from tvld.serve.web.view import Value, View
from tvld.serve.web.words import WORDS

matrix = Blueprint("matrix", __name__)

_JSON = Format("json", "json", "application/json", "JSON", "JSON")
_OFFERS = (HTML, _JSON, CSV, *GRAPH_FORMATS)
# A list to choose from that is longer helps nobody: the page of the organisation leads on.
_MOST_CHOICES = 400
_MOST_AREAS = 60
_MOST_SYSTEMS = 100


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
    """A system as the matrix shows it; `first` is the address where its stores come first, `leads` whether they do."""

    name: Value
    group: bool
    stores: int
    first: str
    leads: bool


@dataclass(frozen=True)
class Choices:
    """A filter of the form: its name, and code and text of what can be chosen; `value` is the code chosen."""

    name: str
    title: str
    value: str
    options: tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class Shown:
    """
    A page of the matrix; the addresses of the pages before and after are None past the end.

    `orders` are the addresses where the rows are in another order, by the word for it.
    """

    wish: Wish
    cut: Matrix
    groups: tuple[Rows, ...]
    heads: tuple[Head, ...]
    choices: tuple[Choices, ...]
    orders: dict[str, str]
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
            sharing=sharing_of_matrix(),
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
            response.headers.add("Link", f'<{address(page=number, columns=1)}>; rel="{rel}"')
    return response


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
        marks = tuple(iri in store.systems for iri in columns)
        groups[-1][1].append(Row(view.thing(store.iri), len(store.systems), marks))
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
        heads=tuple(
            Head(
                view.thing(c.iri),
                usage.kinds.get(c.iri) == "group",
                c.stores,
                address(rows=code_of(c.iri), page=1, columns=1),
                c.iri == wish.first,
            )
            for c in found.columns
        ),
        choices=tuple(_choices(view, usage, wish)),
        orders={order: address(rows=order, page=1, columns=1) for order in ROW_ORDERS},
        narrowed=tuple(_narrowed(view, wish)),
        before=address(page=wish.page - 1, columns=1) if wish.page > 1 else None,
        after=address(page=wish.page + 1, columns=1) if wish.page < found.pages else None,
        columns_before=address(columns=wish.columns - 1) if wish.columns > 1 else None,
        columns_after=address(columns=wish.columns + 1) if wish.columns < found.column_pages else None,
    )


def _choices(view: View, usage: Usage, wish: Wish) -> list[Choices]:
    """Give the lists of the form, those that have something to choose."""
    language, found = WORDS.language, []
    if 1 < len(usage.of_organisation) <= _MOST_CHOICES:
        found.append(("organisation", WORDS.facet_organisation, usage.by_name(usage.of_organisation, language)))
    for name, title, listed, chosen, most in (
        ("service-area", WORDS.facet_service_area, areas(usage, wish.organisation, language), wish.area, _MOST_AREAS),
        ("system", WORDS.facet_system, systems(usage, wish.organisation, language), wish.system, _MOST_SYSTEMS),
    ):
        # What is chosen stays to be seen where the list is too long, or where it would not have it.
        kept = listed if len(listed) <= most else []
        kept = kept if chosen in ("", *kept) else [*kept, chosen]
        if len(kept) > 1 or chosen:
            found.append((name, title, kept))
    lists = [
        Choices(name, title, request.args.get(name, ""), tuple((code_of(iri), view.thing(iri)) for iri in iris))
        for name, title, iris in found
    ]
    kinds = (("system", Value(WORDS.matrix_single)), ("group", Value(WORDS.matrix_groups)))
    orders = [(order, Value(getattr(WORDS, f"matrix_rows_{order}"))) for order in ROW_ORDERS]
    if wish.first:
        orders.append((code_of(wish.first), Value(f"{WORDS.matrix_first}: {usage.name(wish.first, language)}")))
    columns = tuple((order, Value(getattr(WORDS, f"matrix_by_{order}"))) for order in COLUMN_ORDERS)
    return [
        *lists,
        Choices("system-kind", WORDS.matrix_kind, wish.kind, kinds),
        Choices("rows", WORDS.matrix_rows, code_of(wish.first) if wish.first else wish.rows, tuple(orders)),
        Choices("by", WORDS.matrix_by, wish.by, columns),
    ]


def _narrowed(view: View, wish: Wish) -> list[tuple[Value, str]]:
    """Give what the matrix is narrowed by to one thing, each with the address without it."""
    of = (("organisation", wish.organisation), ("service-area", wish.area), ("system", wish.system))
    return [(view.thing(iri), address(**{name: "", "page": 1, "columns": 1})) for name, iri in of if iri]
