"""Search: a page with facets, the same as JSON, CSV and RDF; suggestions while typing; the description for browsers."""

import csv
import io
import json
from urllib.parse import urlencode
from xml.etree import ElementTree

import pyoxigraph as ox
from flask import Blueprint, Response, request

from tvld.errors import CallError, NotFound
from tvld.formats import CSV, GRAPH_FORMATS, HTML, Format, by_suffix
from tvld.iris import PREFIXES, RDF_TYPE, XSD
from tvld.serialisation import write
from tvld.serve.replies import REVALIDATE
from tvld.serve.search import FIELDS, Found, Hit, Index, Request
from tvld.serve.search.marking import Marking
from tvld.serve.web import asked, findings, pages
from tvld.serve.web.language import kept
from tvld.serve.web.words import WORDS

search = Blueprint("search", __name__)

_JSON = Format("json", "json", "application/json", "JSON", "JSON")
_SUGGESTIONS = "application/x-suggestions+json"
_DESCRIPTION = "application/opensearchdescription+xml"
_OFFERS = (HTML, _JSON, CSV, *GRAPH_FORMATS)
_HYDRA = "http://www.w3.org/ns/hydra/core#"
_SIZE, _MOST = 20, 100
_KNOWN = {"q", "page", "size", "lang", *FIELDS}


@search.get("/search")
@search.get("/search.<suffix>")
def results(suffix: str = "") -> Response:
    """Answer a search in the format of the suffix, or the one negotiated."""
    format_ = by_suffix(_OFFERS, suffix) if suffix else None
    if suffix and format_ is None:
        raise NotFound(f"a search is answered as {', '.join(f.suffix for f in _OFFERS)}; found {suffix!r}")
    index, wanted = _index(), _request()
    found = index.search(wanted)
    format_ = asked.choose(_OFFERS, format_)
    if format_ is HTML:
        body: str | bytes = pages.search(findings.shown(wanted, found, Marking(wanted.text, found.taken)))
    elif format_ is _JSON:
        body = _as_json(wanted, found)
    elif format_ is CSV:
        body = _as_csv(found)
    else:
        body = write(_as_graph(wanted, found), format_)
    response = Response(body, content_type=format_.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    if not suffix:
        response.headers["Vary"] = "Accept"
    response.headers["Link"] = f'<{asked.href("search/description.xml")}>; rel="search"; type="{_DESCRIPTION}"'
    return response


@search.get("/search/suggest")
def suggestions() -> Response:
    """Give names for what has been typed so far (OpenSearch Suggestions 1.1): the text, names, kinds, addresses."""
    text = request.args.get("q", "")
    hits = _index().suggest(text)
    names = [_name(hit) for hit in hits]
    kinds = [findings.kind_name(hit.kind) for hit in hits]
    addresses = [_absolute(kept(findings.address(hit))) for hit in hits]
    body = json.dumps([text, names, kinds, addresses], ensure_ascii=False)
    response = Response(body, content_type=_SUGGESTIONS)
    response.headers["Cache-Control"] = REVALIDATE
    response.headers["Vary"] = "Accept-Language"
    return response


@search.get("/search/description.xml")
def description() -> Response:
    """Tell browsers how to search here (OpenSearch 1.1)."""
    _index()
    document = ElementTree.Element("OpenSearchDescription", xmlns="http://a9.com/-/spec/opensearch/1.1/")
    for name, text in (("ShortName", WORDS.site[:16]), ("Description", WORDS.tagline), ("InputEncoding", "UTF-8")):
        ElementTree.SubElement(document, name).text = text
    for type_, path in (
        (HTML.media_type, "search?q={searchTerms}&page={startPage?}"),
        (_JSON.media_type, "search.json?q={searchTerms}&page={startPage?}"),
        (_SUGGESTIONS, "search/suggest?q={searchTerms}"),
    ):
        template = asked.snapshot().source.base.iri + path
        ElementTree.SubElement(document, "Url", type=type_, template=template)
    body = ElementTree.tostring(document, encoding="unicode", xml_declaration=False)
    response = Response(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n', content_type=f"{_DESCRIPTION}; charset=utf-8"
    )
    response.headers["Cache-Control"] = REVALIDATE
    response.headers["Vary"] = "Accept-Language"
    return response


def _index() -> Index:
    index = asked.snapshot().search
    if index is None:
        raise NotFound(
            "there is nothing to search in: what is served here is not a release with a search index that this version"
            " of tvld reads; build it anew"
        )
    return index


def _request() -> Request:
    """Read the request's parameters; raises CallError naming the one that is wrong."""
    if unknown := sorted(set(request.args) - _KNOWN):
        raise CallError(f"a search has no parameter {unknown[0]!r}; it has {', '.join(sorted(_KNOWN))}")
    if twice := [name for name in sorted(_KNOWN) if len(request.args.getlist(name)) > 1]:
        raise CallError(f"the parameter {twice[0]!r} may stand there once")
    chosen = tuple((name, request.args[name]) for name in FIELDS if request.args.get(name))
    return Request(
        " ".join(request.args.get("q", "").split()), chosen, _number("page", 1, 10_000), _number("size", _SIZE, _MOST)
    )


def _number(name: str, default: int, most: int) -> int:
    text = request.args.get(name, "") or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        raise CallError(f"the parameter {name!r} is a number from 1 to {most}; found {text!r}")
    return int(text)


def _as_json(wanted: Request, found: Found) -> str:
    """Write what docs/search.md describes."""
    told = {
        "query": wanted.text,
        "filters": dict(wanted.chosen),
        "page": wanted.page,
        "size": wanted.size,
        "total": found.total,
        "some": found.some,
        "taken": {word: list(words) for word, words in found.taken.items()},
        "hits": [
            {
                "iri": hit.iri,
                "address": _absolute(findings.address(hit)),
                "kind": hit.kind,
                "organisation": hit.organisation or None,
                "names": [{"language": language, "text": text} for language, text in hit.names],
                "texts": [{"language": language, "text": text} for language, text in hit.texts],
            }
            for hit in found.hits
        ],
        "facets": {
            name: [
                {"value": value.code, "names": dict(reversed(value.names)), "things": value.things} for value in values
            ]
            for name, values in found.facets.items()
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _as_csv(found: Found) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("iri", "kind", "organisation", "name", "language"))
    for hit in found.hits:
        language, name = findings.in_language(hit.names)
        writer.writerow((hit.iri, hit.kind, hit.organisation, name, language))
    return text.getvalue()


def _as_graph(wanted: Request, found: Found) -> set[ox.Quad]:
    """Tell of each hit its type and names, and of the page that it holds them (Hydra Core, 5.1)."""
    here = asked.snapshot()
    query = urlencode([("q", wanted.text), *wanted.chosen, ("page", wanted.page), ("size", wanted.size)])
    page = ox.NamedNode(f"{here.source.base.iri}search?{query}")
    total = ox.Literal(str(found.total), datatype=ox.NamedNode(f"{XSD}integer"))
    quads = {
        ox.Quad(page, ox.NamedNode(RDF_TYPE), ox.NamedNode(f"{_HYDRA}Collection")),
        ox.Quad(page, ox.NamedNode(f"{_HYDRA}totalItems"), total),
    }
    told = {RDF_TYPE, f"{PREFIXES['rdfs']}label"}
    for hit in found.hits:
        thing = ox.NamedNode(hit.iri)
        quads.add(ox.Quad(page, ox.NamedNode(f"{_HYDRA}member"), thing))
        quads |= {
            ox.Quad(q.subject, q.predicate, q.object) for q in here.record.about(thing) if q.predicate.value in told
        }
    return quads


def _name(hit: Hit) -> str:
    return findings.in_language(hit.names)[1]


def _absolute(address: str) -> str:
    base = asked.snapshot().source.base
    return base.iri + address.removeprefix(base.path) if address.startswith(base.path) else address
