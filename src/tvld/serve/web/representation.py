"""A graph as an answer: the format asked for, and the headers that say what else there is."""

import csv
import io
from collections.abc import Callable, Collection
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Response

from tvld.formats import CSV, DOCUMENT_FORMATS, HTML, Format
from tvld.serialisation import write
from tvld.serve.web import asked

# Looked up again at every use: a new release shows at once, and an unchanged answer costs a 304.
REVALIDATE = "public, max-age=0, must-revalidate"


@dataclass(frozen=True)
class Shown:
    """
    What stands at an address: `path` is below the base and without suffix; `thing` is the IRI that it tells of.

    `page` writes the HTML. `suffixed` is False where no suffix can be set (addresses with a query).
    """

    path: str
    quads: Collection[ox.Quad]
    page: Callable[[], str]
    thing: str | None = None
    suffixed: bool = True


def answer(shown: Shown, suffix: Format | None = None) -> Response:
    """Write a graph in the format of the suffix, or the one negotiated; raises NotAcceptable."""
    format_ = asked.choose(DOCUMENT_FORMATS, suffix)
    response = Response(_body(shown, format_), content_type=format_.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    if suffix is None:
        response.headers["Vary"] = "Accept"
    if shown.suffixed:
        response.headers["Content-Location"] = asked.href(f"{shown.path}.{format_.suffix}")
        response.headers["Link"] = ", ".join(links(shown))
    return response


def links(shown: Shown) -> list[str]:
    """Say in Link values (RFC 8288) what else there is: other formats, the canonical address, what describes this."""
    base = asked.snapshot().source.base
    found = [f'<{base.iri}{asked.href(shown.path).removeprefix(base.path)}>; rel="canonical"']
    found += [
        f'<{asked.href(f"{shown.path}.{f.suffix}")}>; rel="alternate"; type="{f.media_type}"' for f in DOCUMENT_FORMATS
    ]
    found.append(f'<{asked.href(".well-known/void")}>; rel="describedby"')
    return found


def _body(shown: Shown, format_: Format) -> bytes:
    if format_ is HTML:
        return shown.page().encode()
    if format_ is CSV:
        return table(shown.quads)
    return write(shown.quads, format_)


def table(quads: Collection[ox.Quad]) -> bytes:
    """Write triples as CSV (RFC 4180): subject, predicate, object, language, datatype; each triple once, sorted."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(("subject", "predicate", "object", "language", "datatype"))
    rows.writerows(sorted({row(quad) for quad in quads}))
    return text.getvalue().encode()


def row(quad: ox.Quad) -> tuple[str, str, str, str, str]:
    """Write a triple as plain texts: subject, predicate, object, language, datatype."""
    value = quad.object
    if isinstance(value, ox.Literal):
        datatype = "" if value.language or value.datatype == _STRING else value.datatype.value
        return plain(quad.subject), quad.predicate.value, value.value, value.language or "", datatype
    return plain(quad.subject), quad.predicate.value, plain(value), "", ""


def plain(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


_STRING = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")
