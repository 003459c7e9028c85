"""
SPARQL over HTTP: the protocol for programs, a form with a table for people, the description of the service.

What a request means is said by `serve.sparql`, what a query answers by the engine; here only formats and headers.
"""

import json
from dataclasses import replace

from flask import Blueprint, Response, g, request

from tvld.errors import NotAcceptable, TvldError
from tvld.formats import GRAPH_FORMATS, HTML, NTRIPLES, RESULT_FORMATS, RESULTS_JSON, Format
from tvld.serve import sparql
from tvld.serve.engine import Query
from tvld.serve.explanation import Explanation, explain
from tvld.serve.negotiation import negotiate
from tvld.serve.problems import PLAIN, problem_of
from tvld.serve.web import asked, asking, pages
from tvld.serve.web.bodies import Bodies
from tvld.serve.web.lane import Lane
from tvld.serve.web.representation import REVALIDATE, Shown, answer
from tvld.serve.web.results import table
from tvld.serve.web.service import SIZES, description

_OFFERS = (*RESULT_FORMATS, *GRAPH_FORMATS, HTML)
JSON = Format("json", "json", "application/json", "JSON", "JSON")
_EXPLANATIONS = (JSON, HTML, PLAIN)


def endpoint(lane: Lane, bodies: Bodies) -> Blueprint:
    """Make the route; whatever asks the engine takes a place in the lane, and bodies are read as `bodies` says."""
    routes = Blueprint("endpoint", __name__)

    @routes.before_request
    def hold() -> None:
        g.lane = lane
        g.bodies = bodies

    routes.add_url_rule("/sparql", view_func=ask, methods=["GET", "POST", "QUERY"])
    return routes


def ask() -> Response:
    """Answer a query; without one, describe the service (a form for people, RDF for programs)."""
    page = negotiate(asked.accept(), _OFFERS) is HTML
    try:
        given = _request()
        options = sparql.options(given)
        # A page and an explanation hold any answer: which formats the client reads is asked of these themselves.
        query = sparql.read(replace(given, accept=None) if page or options.explain else given)
    except TvldError as err:
        if page:
            return _form(request.args.get("query", ""), err)
        raise
    if query is None:
        return (
            _form("", None)
            if page
            else answer(Shown("sparql", description(asked.snapshot(), _sizes()), str, suffixed=False))
        )
    if options.explain:
        return _explained(query, options.release)
    return _page_of(query, options.release) if page else asking.answered(query, options.release)


def _request() -> sparql.Request:
    bodies: Bodies = g.bodies
    return sparql.Request(
        method=request.method,
        query_string=request.environ["QUERY_STRING"],
        content_type=request.environ.get("CONTENT_TYPE"),
        body=b"" if request.method == "GET" else bodies.read(),
        accept=asked.accept(),
    )


def _sizes() -> dict[str | None, int]:
    """Count the triples of the default graph (None) and of each named graph."""
    counted = asking.given(Query(SIZES, RESULTS_JSON, None), None)
    return {
        row["graph"]["value"] if "graph" in row else None: int(row["triples"]["value"])
        for row in json.loads(counted.body)["results"]["bindings"]
    }


def _explained(query: Query, release: str | None) -> Response:
    """Say why an answer is empty, as JSON, text or a page."""
    format_ = negotiate(asked.accept(), _EXPLANATIONS)
    if format_ is None:
        available = [offer.media_type for offer in _EXPLANATIONS]
        raise NotAcceptable(f"an explanation can be given as {', '.join(available)}", available=available)
    try:
        with asking.engine(release) as engine:
            told = explain(query, asked.snapshot().source.base.iri, engine.ask)
    except TvldError as err:
        if format_ is HTML:
            return _form(query.text, err)
        raise
    if format_ is HTML:
        return _page(pages.sparql(query.text, explanation=told), 200)
    return _written(told, format_)


def _written(told: Explanation, format_: Format) -> Response:
    text = told.text() if format_ is PLAIN else json.dumps(told.members(), ensure_ascii=False, indent=2) + "\n"
    response = Response(text, content_type=format_.content_type)
    # How far it got in its time may be another next time.
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    return response


def _page_of(query: Query, release: str | None) -> Response:
    try:
        given = asking.given(replace(query, result_format=RESULTS_JSON, graph_format=NTRIPLES), release)
    except TvldError as err:
        return _form(query.text, err)
    cited = asking.citation(query, release)
    response = _page(pages.sparql(query.text, table(given, asked.snapshot()), cited=cited), 200)
    asking.cite(response, cited)
    return response


def _form(text: str, error: TvldError | None) -> Response:
    problem = problem_of(error, request.path) if error else None
    return _page(pages.sparql(text, problem=problem), problem.status if problem else 200)


def _page(text: str, status: int) -> Response:
    response = Response(text, status, content_type=HTML.content_type)
    response.headers["Cache-Control"] = REVALIDATE if status == 200 else "no-store"
    response.headers["Vary"] = "Accept"
    return response
