"""A graph as an answer: the format asked for, and the headers that say what else there is."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Response

from tvld.formats import DOCUMENT_FORMATS, HTML, Format
from tvld.serialisation import write
from tvld.serve.problems import PLAIN
from tvld.serve.replies import REVALIDATE
from tvld.serve.web import asked, language


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
        response.headers["Link"] = ", ".join(links(shown, format_))
    return response


def moved(address: str, status: int) -> Response:
    """Lead to an address of ours, a path without host, in a Location that keeps the language and in a line of text."""
    response = Response(f"{address}\n", status, content_type=PLAIN.content_type)
    response.headers["Location"] = language.kept(address)
    response.headers["Cache-Control"] = REVALIDATE
    return response


def links(shown: Shown, format_: Format) -> list[str]:
    """Say in Link values (RFC 8288) what else there is: other formats, the canonical address, what describes this."""
    canonical = language.canonical() if format_ is HTML else asked.absolute(asked.href(shown.path))
    found = [f'<{canonical}>; rel="canonical"']
    found += [
        f'<{asked.href(f"{shown.path}.{f.suffix}")}>; rel="alternate"; type="{f.media_type}"' for f in DOCUMENT_FORMATS
    ]
    found.append(f'<{asked.href(".well-known/void")}>; rel="describedby"')
    return found


def _body(shown: Shown, format_: Format) -> bytes:
    if format_ is HTML:
        return shown.page().encode()
    return write(shown.quads, format_)
