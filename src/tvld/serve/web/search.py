"""Search: a page with facets, the same as data, all values of a facet, suggestions while typing, the description."""

import json
from urllib.parse import urlencode
from xml.etree import ElementTree

from flask import Blueprint, Response, request

from tvld.errors import CallError, NotFound
from tvld.formats import CSV, GRAPH_FORMATS, HTML, Format, by_suffix
from tvld.serialisation import write
from tvld.serve.replies import REVALIDATE
from tvld.serve.search import FIELDS, Found, Index, Request
from tvld.serve.search.marking import Marking
from tvld.serve.web import asked, findings, pages, search_data
from tvld.serve.web.language import kept
from tvld.serve.web.view import View
from tvld.serve.web.words import WORDS

search = Blueprint("search", __name__)

_JSON = Format("json", "json", "application/json", "JSON", "JSON")
_SUGGESTIONS = "application/x-suggestions+json"
_DESCRIPTION = "application/opensearchdescription+xml"
_OFFERS = (HTML, _JSON, CSV, *GRAPH_FORMATS)
# How many there are on a page: of hits, of values of a field, and the most of either; of hits in an answer as data.
_SIZE, _SIZE_OF_VALUES, _MOST, _MOST_OF_DATA = 20, 100, 100, 1000
_MOST_PAGES = 10_000
_KNOWN = {"q", "page", "size", "lang", *FIELDS}


@search.get("/search")
@search.get("/search.<suffix>")
def results(suffix: str = "") -> Response:
    """Answer a search in the format of the suffix, or the one negotiated."""
    format_ = by_suffix(_OFFERS, suffix) if suffix else None
    if suffix and format_ is None:
        raise NotFound(f"a search is answered as {', '.join(f.suffix for f in _OFFERS)}; found {suffix!r}")
    format_ = asked.choose(_OFFERS, format_)
    size, most = (_SIZE, _MOST) if format_ is HTML else (_MOST_OF_DATA, _MOST_OF_DATA)
    index, wanted = _index(), _request(_KNOWN, size, most)
    found = index.search(wanted)
    status = 200 if wanted.page <= found.pages(wanted.size) else 404
    if status == 404 and format_ is not HTML:
        raise NotFound(f"this search has {found.pages(wanted.size)} pages of {wanted.size}; found page {wanted.page}")
    if format_ is HTML:
        everything = None if found.total else index.search(Request(size=1))
        marking = Marking(wanted.text, found.taken, index.forms)
        body: str | bytes = pages.search(findings.shown(wanted, found, marking, everything))
    elif format_ is _JSON:
        body = search_data.as_json(wanted, found)
    elif format_ is CSV:
        body = search_data.as_csv(found)
    else:
        body = write(search_data.as_graph(wanted, found), format_)
    response = Response(body, status, content_type=format_.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    if not suffix:
        response.headers["Vary"] = "Accept"
    response.headers["Link"] = ", ".join(
        (f'<{asked.href("search/description.xml")}>; rel="search"; type="{_DESCRIPTION}"', *_around(wanted, found))
    )
    return response


@search.get("/search/values")
@search.get("/search/values.<suffix>")
def values(suffix: str = "") -> Response:
    """Give all values of one field among what is found, a page at a time."""
    offers = (HTML, _JSON)
    format_ = by_suffix(offers, suffix) if suffix else None
    if suffix and format_ is None:
        raise NotFound(f"the values of a search are given as {', '.join(f.suffix for f in offers)}; found {suffix!r}")
    format_ = asked.choose(offers, format_)
    wanted = _request({*_KNOWN, "field", "find"}, _SIZE_OF_VALUES, _MOST)
    field, text = request.args.get("field", ""), " ".join(request.args.get("find", "").split())
    if field not in FIELDS:
        raise CallError(f"the parameter 'field' is {', '.join(FIELDS)}; found {field!r}", available=list(FIELDS))
    found = _index().values(wanted, field, text)
    if wanted.page > max(1, -(-found.total // wanted.size)):
        raise NotFound(f"there are {found.total} values, {wanted.size} a page; found page {wanted.page}")
    if format_ is HTML:
        body = pages.values(findings.all_values(wanted, field, text, found))
    else:
        body = search_data.values_as_json(wanted, field, text, found)
    response = Response(body, content_type=format_.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    if not suffix:
        response.headers["Vary"] = "Accept"
    return response


@search.get("/search/suggest")
def suggestions() -> Response:
    """
    Give names for what has been typed so far (OpenSearch Suggestions 1.1): the text, names, kinds, addresses.

    And, behind what browsers read, in which language each name is.
    """
    text = request.args.get("q", "")
    hits = _index().suggest(text)
    names = [findings.in_language(hit.names) for hit in hits]
    kinds = [findings.kind_name(hit.kind) for hit in hits]
    view = View(asked.snapshot())
    addresses = [asked.absolute(kept(findings.address(hit, view))) for hit in hits]
    told = {"languages": [language for language, _ in names]}
    body = json.dumps([text, [name for _, name in names], kinds, addresses, told], ensure_ascii=False)
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


def _request(known: set[str], size: int, most: int) -> Request:
    """Read the request's parameters; raises CallError naming the one that is wrong."""
    if unknown := sorted(set(request.args) - known):
        raise CallError(f"a search has no parameter {unknown[0]!r}; it has {', '.join(sorted(known))}")
    if twice := [name for name in sorted(known) if len(request.args.getlist(name)) > 1]:
        raise CallError(f"the parameter {twice[0]!r} may stand there once")
    chosen = tuple((name, request.args[name]) for name in FIELDS if request.args.get(name))
    text = " ".join(request.args.get("q", "").split())
    return Request(text, chosen, _number("page", 1, _MOST_PAGES), _number("size", size, most))


def _number(name: str, default: int, most: int) -> int:
    text = request.args.get(name, "") or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        raise CallError(f"the parameter {name!r} is a number from 1 to {most}; found {text!r}")
    return int(text)


def _around(wanted: Request, found: Found) -> list[str]:
    """Give the links of a Link header to the pages before and after, the first and the last (RFC 8288)."""
    pages_ = found.pages(wanted.size)
    places = {"first": 1, "prev": wanted.page - 1, "next": wanted.page + 1, "last": pages_}
    arguments = [(name, value) for name, value in request.args.items() if name != "page"]
    return [
        f'<{asked.href(request.path.lstrip("/"))}?{urlencode([*arguments, ("page", page)])}>; rel="{relation}"'
        for relation, page in places.items()
        if 1 <= page <= pages_ and pages_ > 1
    ]
