"""The named queries at addresses of their own: a page about each, its text, its answer."""

from flask import Blueprint, Response, g

from tvld.errors import NotFound
from tvld.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS, Format, by_suffix
from tvld.serve.engine import Query
from tvld.serve.web import asked, asking, pages
from tvld.serve.web.lane import Lane
from tvld.serve.web.representation import REVALIDATE

SPARQL_QUERY = Format(
    "sparql", "rq", "application/sparql-query; charset=utf-8", "SPARQL", "", ("application/sparql-query",)
)


def saved(lane: Lane) -> Blueprint:
    """Make the routes; whatever asks the engine takes a place in the lane."""
    routes = Blueprint("saved", __name__)

    @routes.before_request
    def hold() -> None:
        g.lane = lane

    routes.add_url_rule("/queries/<name>", view_func=named)
    return routes


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
        response = asking.answered(Query(found.text, results, None if results else format_), None)
    response.headers["Content-Location"] = asked.href(f"queries/{found.name}.{format_.suffix}")
    response.headers["Vary"] = "Accept"
    return response
