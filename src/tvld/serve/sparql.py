"""
The SPARQL 1.1 Protocol, its query operation: a request, in plain values, to a query for an engine.

Knows no HTTP library and no engine. Looks at what a request says, not at the text of its query.
Specification: https://www.w3.org/TR/sparql11-protocol/#query-operation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from tvld.errors import MethodNotAllowed, NotAcceptable, QueryRefused, UnsupportedMediaType
from tvld.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from tvld.serve.engine import Query
from tvld.serve.negotiation import negotiate

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
# QUERY is the safe method with a body (RFC 9110 allows new ones); here it is the same as POST.
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "QUERY")
# More parameters than this are no query, but a way to keep a server busy.
_MOST_PARAMETERS = 1000
# All that SPARQL is sent as: the media type knows UTF-8 only (SPARQL 1.1 Query, section 21).
_CHARSETS = {"utf-8", "utf8", "us-ascii"}


@dataclass(frozen=True)
class Request:
    """
    A request as it came: `query_string` undecoded and without `?`, as PEP 3333 gives it; header values, None where
    absent; the body, whole.
    """

    method: str
    query_string: str = ""
    content_type: str | None = None
    body: bytes = b""
    accept: str | None = None


@dataclass(frozen=True)
class Options:
    """
    What a request may say beside its query, in parameters of ours.

    `release` names the release to answer from, None the one in use; `explain` asks why an answer is empty.
    """

    release: str | None = None
    explain: bool = False


def options(request: Request) -> Options:
    """Read the parameters of ours, from the address or a form; raises QueryRefused where one makes no sense."""
    raw = request.query_string.encode("latin-1", "replace")
    if _content_type(request.content_type)[0] == FORM:
        raw += b"&" + request.body
    # Few requests have any: the others are not taken apart twice.
    if b"release=" not in raw and b"explain=" not in raw:
        return Options()
    given = _parameters(raw)
    releases, explained = _values(given, "release"), _values(given, "explain")
    if len(releases) > 1 or len(explained) > 1:
        raise QueryRefused("the parameters 'release' and 'explain' may be given once")
    if explained and explained != ["empty"]:
        raise QueryRefused(f"explain={explained[0]!r} is not known: there is explain=empty, why an answer is empty")
    return Options(releases[0] if releases else None, bool(explained))


def read(request: Request) -> Query | None:
    """
    Read the query of a request; None if a GET brings none, which asks for the description of the service.

    Raises MethodNotAllowed, UnsupportedMediaType, NotAcceptable, and QueryRefused for anything malformed and for
    every way of sending an update.
    """
    if request.method in {"GET", "HEAD"}:
        given = _parameters(_undecoded(request.query_string))
        if not _values(given, "query") and not _values(given, "update"):
            return None
        return _query(given, request.accept)
    if request.method not in {"POST", "QUERY"}:
        raise MethodNotAllowed(
            f"{request.method} is not for this address: queries come by GET or POST, and nothing is changed here",
            allowed=list(METHODS),
        )
    given = _parameters(_undecoded(request.query_string))
    media_type, charset = _content_type(request.content_type)
    if media_type == UPDATE:
        raise _read_only(UPDATE)
    if media_type not in {FORM, QUERY}:
        found = f"{media_type!r}" if media_type else "none"
        raise UnsupportedMediaType(f"the body of a query must be {QUERY} or {FORM}, found {found}")
    if charset not in _CHARSETS:
        raise UnsupportedMediaType(f"a query must be sent in UTF-8, found charset {charset!r}")
    if media_type == FORM:
        return _query([*given, *_parameters(request.body)], request.accept)
    text = _text(request.body, "the body").removeprefix("\ufeff")
    return _query([*given, ("query", text)], request.accept)


def _query(given: list[tuple[str, str]], accept: str | None) -> Query:
    if _values(given, "update"):
        raise _read_only("the parameter 'update'")
    texts = _values(given, "query")
    if len(texts) != 1:
        raise QueryRefused(f"a request must bring the parameter 'query' exactly once, found {len(texts)} times")
    result_format, graph_format = _formats(accept)
    # Before anybody parses the query, which only an engine can: whatever it is, this client takes no answer to it. The
    # protocol (2.1.7) leaves open which of two mistakes is told first.
    if result_format is None and graph_format is None:
        available = [f.media_type for f in (*RESULT_FORMATS, *GRAPH_FORMATS)]
        raise NotAcceptable(
            f"no answer can be given in any of the formats asked for; there are: {', '.join(available)}",
            available=available,
        )
    return Query(
        texts[0],
        result_format,
        graph_format,
        tuple(_values(given, "default-graph-uri")),
        tuple(_values(given, "named-graph-uri")),
        spooled=True,
    )


@lru_cache(maxsize=512)
def _formats(accept: str | None) -> tuple[Format | None, Format | None]:
    return negotiate(accept, RESULT_FORMATS), negotiate(accept, GRAPH_FORMATS)


def _values(given: Iterable[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in given if key == name]


def _read_only(what: str) -> QueryRefused:
    return QueryRefused(f"this endpoint is read-only: {what} is for updates, and only queries are answered")


def _parameters(raw: bytes) -> list[tuple[str, str]]:
    """Decode a form or the query part of an address, once; raises QueryRefused where it is not UTF-8."""
    pieces = raw.split(b"&", _MOST_PARAMETERS)
    if len(pieces) > _MOST_PARAMETERS:
        raise QueryRefused(f"a request may bring {_MOST_PARAMETERS} parameters at most")
    given = []
    for piece in pieces:
        if piece:
            name, _, value = piece.replace(b"+", b" ").partition(b"=")
            key = _text(unquote_to_bytes(name) if b"%" in name else name, "the name of a parameter")
            given.append((key, _text(unquote_to_bytes(value) if b"%" in value else value, key)))
    return given


def _undecoded(query_string: str) -> bytes:
    try:
        return query_string.encode("latin-1")
    except UnicodeEncodeError as err:
        raise QueryRefused("the address holds characters that are not percent-encoded") from err


def _text(raw: bytes, what: str) -> str:
    """Decode; `what` is the name of a parameter, or words for what else it is."""
    try:
        return raw.decode()
    except UnicodeDecodeError as err:
        what = what if " " in what else f"the parameter {what!r}"
        raise QueryRefused(f"{what} is not UTF-8 text: {err.reason} at byte {err.start}") from err


def _content_type(value: str | None) -> tuple[str, str]:
    """Take a Content-Type apart: media type and charset in lower case, UTF-8 where none is stated."""
    media_type, *parameters = (value or "").split(";")
    charset = "utf-8"
    for parameter in parameters:
        name, _, stated = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = stated.strip().strip('"').lower()
    return media_type.strip().lower(), charset
