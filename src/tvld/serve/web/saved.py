"""The named queries at addresses of their own: a list, a page about each, its text, its answer in every format."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from tvld.errors import Busy, EngineError, NotAcceptable, NotFound, QueryLimitExceeded
from tvld.formats import GRAPH_FORMATS, HTML, NTRIPLES, RESULT_FORMATS, RESULTS_CSV, RESULTS_JSON, Format, by_suffix
from tvld.serve.answers import SPOOL
from tvld.serve.engine import Query
from tvld.serve.parameters import bound, parameters
from tvld.serve.problems import Problem, problem_of
from tvld.serve.replies import REVALIDATE
from tvld.serve.source import NamedQuery
from tvld.serve.web import asked, query_pages
from tvld.serve.web.language import PARAMETER
from tvld.serve.web.results import Table, table, with_names
from tvld.serve.web.tabular import CSVW, metadata

SPARQL_QUERY = Format(
    "sparql", "rq", "application/sparql-query; charset=utf-8", "SPARQL", "", ("application/sparql-query",)
)
_JSON = Format("json", "json", "application/json", "JSON", "JSON")
LISTINGS = (_JSON, HTML)
OFFERS = (*RESULT_FORMATS, *GRAPH_FORMATS, SPARQL_QUERY, HTML)
# As many rows as keep a page light; the whole answer is a file.
_SHOWN_ROWS = 100


saved = Blueprint("saved", __name__)


@saved.route("/queries/")
def listing() -> Response:
    """List the named queries with their parameters: a page, or JSON."""
    source = asked.snapshot().source
    if asked.choose(LISTINGS) is HTML:
        return _text(query_pages.queries(), HTML)
    told = [
        {
            "name": query.name,
            "question": query.question,
            "asked_by": query.wording()[1].asked_by,
            "words": {tag: asdict(words) for tag, words in query.words.items()},
            "address": f"{source.base.iri}queries/{query.name}",
            "parameters": [asdict(parameter) for parameter in parameters(query.text)],
        }
        for query in source.queries.values()
    ]
    return _text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", _JSON)


@saved.route("/queries/<name>")
def named(name: str) -> Response:
    """Give a named query: a page about it, its text, its answer or what its columns hold, by suffix or Accept."""
    found, suffix = _found(name)
    values: dict[str, Sequence[str]] = dict(request.args.lists())
    releases = values.pop("release", [])
    # The language of the page is no value for the query.
    values.pop(PARAMETER, None)
    release = releases[0] if releases else None
    text = bound(found.asked, values)
    format_ = asked.choose(OFFERS, suffix)
    if format_ is CSVW:
        response = _columns(found, text, release)
    elif format_ is HTML:
        shown, problem = _answered(text, release)
        response = _text(query_pages.query(found, text, values, shown, problem), HTML)
        if problem is not None:
            response.headers["Cache-Control"] = "no-store"
    elif format_ is SPARQL_QUERY:
        response = _text(bound(found.text, values), SPARQL_QUERY)
    else:
        results = format_ if format_ in RESULT_FORMATS else None
        reply = asked.asking().reply(Query(text, results, None if results else format_, spooled=True), release)
        # What the application itself says of every answer is among these headers too.
        response = Response(reply.body, headers=reply.headers)
        request.environ[SPOOL] = reply.spool
    if format_ is RESULTS_CSV:
        response.headers.add("Link", f'<{_address(found, CSVW)}>; rel="describedby"; type="{CSVW.media_type}"')
    response.headers["Content-Location"] = _address(found, format_)
    return response


def _found(name: str) -> tuple[NamedQuery, Format | None]:
    """Find a query by name, with or without the suffix of a format."""
    queries = asked.snapshot().source.queries
    stem, _, suffix = name.partition(".")
    format_ = by_suffix((*OFFERS, CSVW), suffix) if suffix else None
    found = queries.get(stem) if format_ or not suffix else None
    if found is None:
        raise NotFound(
            f"there is no query {name!r}; there are: {', '.join(queries) or 'none'}", available=list(queries)
        )
    return found, format_


def _columns(found: NamedQuery, text: str, release: str | None) -> Response:
    query, asking = Query(text, RESULTS_JSON, None), asked.asking()
    given = asking.given(query, release)
    if given.kind != "select":
        raise NotAcceptable("this query gives no table", available=[])
    cited = asking.citation(query, release)
    address = asked.absolute(_address(found, RESULTS_CSV))
    response = _text(metadata(given, address, found.question, cited.permalink), CSVW)
    response.headers.extend(cited.headers())
    return response


def _address(found: NamedQuery, format_: Format) -> str:
    """Give the path of a query in one format, with the parameters of this request."""
    path = asked.href(f"queries/{found.name}.{format_.suffix}")
    return f"{path}?{urlencode(list(request.args.items(multi=True)))}" if request.args else path


def _answered(text: str, release: str | None) -> tuple[Table | None, Problem | None]:
    """Answer a query for its page: the first rows, things by name; or why there is no answer in time."""
    here = asked.snapshot()
    try:
        given = asked.asking().given(Query(text, RESULTS_JSON, NTRIPLES), release)
    except (Busy, QueryLimitExceeded, EngineError) as err:
        return None, problem_of(err, request.path)
    return with_names(table(given, here, _SHOWN_ROWS), here), None


def _text(body: str | bytes, format_: Format) -> Response:
    response = Response(body, content_type=format_.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    response.headers["Vary"] = "Accept"
    return response
