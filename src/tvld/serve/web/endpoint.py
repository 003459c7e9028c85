"""
SPARQL for people: a form with a table, explanations, the description of the service.

Programs are answered in front of Flask by `serve.endpoint`, which also says here how a request is read.
"""

import json
from dataclasses import replace

from flask import Blueprint, Response, request

from tvld.errors import NotAcceptable, QueryRefused, TvldError
from tvld.formats import GRAPH_FORMATS, HTML, NTRIPLES, RESULT_FORMATS, RESULTS_JSON, Format, by_suffix
from tvld.serve import sparql
from tvld.serve.answers import SPOOL
from tvld.serve.endpoint import PATH, wants_page
from tvld.serve.engine import Query
from tvld.serve.explanation import Explanation, explain
from tvld.serve.negotiation import negotiate
from tvld.serve.problems import PLAIN, problem_of
from tvld.serve.replies import REVALIDATE
from tvld.serve.web import asked, query_pages
from tvld.serve.web.representation import Shown, answer
from tvld.serve.web.results import named, table
from tvld.serve.web.service import SIZES, description

JSON = Format("json", "json", "application/json", "JSON", "JSON")
_EXPLANATIONS = (JSON, HTML, PLAIN)


endpoint = Blueprint("endpoint", __name__)


@endpoint.route(f"/{PATH}", methods=["GET", "POST", "QUERY"])
def ask() -> Response:
    """Answer people, explain, and without a query describe the service (a form for people, RDF for programs)."""
    page = wants_page(asked.accept())
    try:
        given = asked.endpoint().request(request.environ)
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
    wished = request.values.get("format")
    return _downloaded(query, wished, options.release) if wished else _page_of(query, options.release)


def _sizes() -> dict[str | None, int]:
    """Count the triples of the default graph (None) and of each named graph."""
    counted = asked.asking().given(Query(SIZES, RESULTS_JSON, None), None)
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
        with asked.asking().engine(release) as engine:
            told = explain(query, asked.snapshot().source.base.iri, engine.ask)
    except TvldError as err:
        if format_ is HTML:
            return _form(query.text, err)
        raise
    if format_ is HTML:
        return _page(query_pages.sparql(query.text, explanation=told), 200)
    return _written(told, format_)


def _written(told: Explanation, format_: Format) -> Response:
    text = told.text() if format_ is PLAIN else json.dumps(told.members(), ensure_ascii=False, indent=2) + "\n"
    response = Response(text, content_type=format_.content_type)
    # How far it got in its time may be another next time.
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    return response


def _page_of(query: Query, release: str | None) -> Response:
    asking = asked.asking()
    try:
        given = asking.given(replace(query, result_format=RESULTS_JSON, graph_format=NTRIPLES, spooled=False), release)
    except TvldError as err:
        return _form(query.text, err)
    cited = asking.citation(query, release)
    shown = named(table(given, asked.snapshot()), asked.snapshot())
    response = _page(query_pages.sparql(query.text, shown, cited=cited), 200)
    response.headers.extend(cited.headers())
    return response


def _downloaded(query: Query, suffix: str, release: str | None) -> Response:
    """Give the whole answer as a file: a browser cannot ask for another form by Accept."""
    results, graph = by_suffix(RESULT_FORMATS, suffix), by_suffix(GRAPH_FORMATS, suffix)
    if results is None and graph is None:
        available = [f.suffix for f in (*RESULT_FORMATS, *GRAPH_FORMATS)]
        return _form(query.text, QueryRefused(f"format={suffix!r} is not known: there are {', '.join(available)}"))
    try:
        reply = asked.asking().reply(replace(query, result_format=results, graph_format=graph), release)
    except TvldError as err:
        return _form(query.text, err)
    response = Response(reply.body, headers=reply.headers)
    response.headers["Content-Disposition"] = f'attachment; filename="tvld-answer.{suffix}"'
    request.environ[SPOOL] = reply.spool
    return response


def _form(text: str, error: TvldError | None) -> Response:
    problem = problem_of(error, request.path) if error else None
    return _page(query_pages.sparql(text, problem=problem), problem.status if problem else 200)


def _page(text: str, status: int) -> Response:
    response = Response(text, status, content_type=HTML.content_type)
    response.headers["Cache-Control"] = REVALIDATE if status == 200 else "no-store"
    response.headers["Vary"] = "Accept"
    return response
