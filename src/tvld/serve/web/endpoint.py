"""
SPARQL over HTTP: the protocol for programs, a form with a table for people, the named queries.

What a request means is said by `serve.sparql`, what a query answers by the engine; here only formats and headers.
"""

from dataclasses import replace

from flask import Blueprint, Response, g, request

from tvld.errors import NotFound, TvldError
from tvld.formats import GRAPH_FORMATS, HTML, NTRIPLES, RESULT_FORMATS, RESULTS_JSON, Format, by_suffix
from tvld.serve import sparql
from tvld.serve.engine import Answer, Query
from tvld.serve.negotiation import negotiate
from tvld.serve.problems import problem_of
from tvld.serve.web import asked, pages
from tvld.serve.web.lane import Lane
from tvld.serve.web.representation import REVALIDATE, Shown, answer
from tvld.serve.web.results import table
from tvld.serve.web.service import description

SPARQL_QUERY = Format(
    "sparql", "rq", "application/sparql-query; charset=utf-8", "SPARQL", "", ("application/sparql-query",)
)
_OFFERS = (*RESULT_FORMATS, *GRAPH_FORMATS, HTML)


def endpoint(lane: Lane) -> Blueprint:
    """Make the routes; whatever asks the engine takes a place in the lane."""
    routes = Blueprint("endpoint", __name__)

    @routes.before_request
    def hold() -> None:
        g.lane = lane

    routes.add_url_rule("/sparql", view_func=ask, methods=["GET", "POST", "QUERY"])
    routes.add_url_rule("/queries/<name>", view_func=named)
    return routes


def ask() -> Response:
    """Answer a query; without one, describe the service (a form for people, RDF for programs)."""
    page = negotiate(asked.accept(), _OFFERS) is HTML
    try:
        query = _query(None if page else asked.accept())
    except TvldError as err:
        if page:
            return _form(request.args.get("query", request.form.get("query", "")), err)
        raise
    if query is not None:
        return _page_of(query) if page else _answered(query)
    if page:
        return _form("", None)
    quads = description(asked.snapshot())
    return answer(Shown("sparql", quads, str, suffixed=False))


def named(name: str) -> Response:
    """Give a named query: a page about it, its text, or its answer, by suffix or Accept."""
    queries = asked.snapshot().source.queries
    offers = (*RESULT_FORMATS, *GRAPH_FORMATS, SPARQL_QUERY, HTML)
    stem, _, suffix = name.rpartition(".")
    chosen = by_suffix(offers, suffix) if stem in queries else None
    found = queries.get(stem if chosen else name)
    if found is None:
        raise NotFound(
            f"there is no query {name!r}; there are: {', '.join(queries) or 'none'}", available=list(queries)
        )
    format_ = asked.choose(offers, chosen)
    if format_ in (HTML, SPARQL_QUERY):
        body = pages.query(found) if format_ is HTML else found.text
        response = Response(body, content_type=format_.content_type)
        response.headers["Cache-Control"] = REVALIDATE
    else:
        results = format_ if format_ in RESULT_FORMATS else None
        response = _answered(Query(found.text, results, None if results else format_))
    response.headers["Content-Location"] = asked.href(f"queries/{found.name}.{format_.suffix}")
    response.headers["Vary"] = "Accept"
    return response


def _query(accept: str | None) -> Query | None:
    return sparql.read(
        sparql.Request(
            method=request.method,
            query_string=request.environ["QUERY_STRING"],
            content_type=request.environ.get("CONTENT_TYPE"),
            body=request.get_data(),
            accept=accept,
        )
    )


def _given(query: Query) -> Answer:
    lane: Lane = g.lane
    with lane.place():
        return asked.snapshot().engine.ask(query)


def _answered(query: Query) -> Response:
    given = _given(query)
    response = Response(given.body, content_type=given.format.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    response.headers["Vary"] = "Accept"
    return response


def _page_of(query: Query) -> Response:
    try:
        given = _given(replace(query, result_format=RESULTS_JSON, graph_format=NTRIPLES))
    except TvldError as err:
        return _form(query.text, err)
    return _page(pages.sparql(query.text, table(given, asked.snapshot()), None), 200)


def _form(text: str, error: TvldError | None) -> Response:
    problem = problem_of(error, request.path) if error else None
    return _page(pages.sparql(text, None, problem), problem.status if problem else 200)


def _page(text: str, status: int) -> Response:
    response = Response(text, status, content_type=HTML.content_type)
    response.headers["Cache-Control"] = REVALIDATE if status == 200 else "no-store"
    response.headers["Vary"] = "Accept"
    return response
