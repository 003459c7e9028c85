"""What the request at hand asks for: its snapshot, its address, the format it wants. Knows Flask's request alone."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote, unquote, urlencode

from flask import request

from tvld.errors import Gone, NotAcceptable, NotFound
from tvld.formats import HTML, Format, by_suffix
from tvld.serve.answers import SNAPSHOT, STILL
from tvld.serve.asking import Asking
from tvld.serve.endpoint import ENDPOINT, Endpoint
from tvld.serve.languages import LANGUAGES
from tvld.serve.negotiation import negotiate
from tvld.serve.snapshot import Snapshot
from tvld.serve.timeline import has_past, parse_stamp

# What may stand in a path as it is (RFC 3986, 3.3).
_SAFE = "/:@!$&'()*+,;=-._~%"
_LANGUAGE = re.compile(r"(?:^|&)lang=[^&]*$")


def snapshot() -> Snapshot:
    """Give the snapshot that answers this request, from its first byte to its last."""
    held: Snapshot = request.environ[SNAPSHOT]
    return held


def endpoint() -> Endpoint:
    """Give the endpoint in front of Flask, which reads the requests that bring a query."""
    held: Endpoint = request.environ[ENDPOINT]
    return held


def asking() -> Asking:
    """Give the way to the engines."""
    return Asking(snapshot(), endpoint().lane)


def still() -> bool:
    """Say whether the answer becomes a file: then nothing in it may need a server."""
    return bool(request.environ.get(STILL))


def languages() -> Sequence[str]:
    """Give the languages in which there are pages: what becomes files may be in some of them."""
    chosen: Sequence[str] = request.environ.get(STILL) or LANGUAGES
    return chosen


def accept() -> str | None:
    return request.environ.get("HTTP_ACCEPT")


def choose(offers: Sequence[Format], suffix: Format | None = None) -> Format:
    """Give the format of the suffix, else the one that the client likes best; raises NotAcceptable with the list."""
    chosen = suffix or negotiate(accept(), offers)
    if chosen is None:
        available = [offer.media_type for offer in offers]
        raise NotAcceptable(
            f"this address can be given as {', '.join(available)}; asked for was {accept()!r}", available=available
        )
    return chosen


def split(path: str, offers: Sequence[Format]) -> tuple[str, Format | None]:
    """Take the suffix of a known format off a path."""
    stem, dot, suffix = path.rpartition(".")
    format_ = by_suffix(offers, suffix) if dot and stem and "/" not in suffix else None
    return (stem, format_) if format_ else (path, None)


def page_path() -> str:
    """Give the path of this request without the suffix that asks for a page, unless what it names is called so."""
    path = request.path.lstrip("/")
    stem, suffix = split(path, (HTML,))
    named = suffix and (mentioned(path) or (path.startswith("doc/") and mentioned("id/" + path.removeprefix("doc/"))))
    return path if named else stem


def mentioned(path: str) -> str | None:
    """
    Give the IRI in the data that a path below the base stands for, whether it is written there encoded or not.

    With the query of this request where an IRI has it. An IRI with a fragment is told of where it is without.
    """
    here = snapshot()
    paths = (path, quote(path, safe=_SAFE))
    query = request.query_string.decode()
    # A link to a page in a language adds to the query, so that the IRI is what is there without.
    told = (query, _LANGUAGE.sub("", query))
    queries = (*(f"?{each}" for text in told if text for each in (text, unquote(text))), "")
    iris = (here.source.base.iri + p + q for q in queries for p in paths)
    return next((iri for iri in iris if here.record.knows(iri)), None)


def query_of(iri: str) -> str:
    """Give the query that belongs to an IRI of the data, with its question mark; empty where it has none."""
    _, mark, query = iri.partition("?")
    return mark + quote(query, safe=_SAFE + "?")


def nothing_at(path: str) -> Gone | NotFound:
    """Say why there is nothing at a path: it was withdrawn, or never was."""
    here = snapshot()
    base = here.source.base
    withdrawal = here.source.withdrawn.get(base.iri + path)
    if withdrawal is None:
        iri, address = base.iri + path, base.iri + request.path.lstrip("/")
        why = "" if iri == address else f", for nothing is told of {iri}"
        return NotFound(f"nothing is described at {address}{why}: look for it from {base.iri}")
    replaced = f"; {withdrawal.replaced_by} replaces it" if withdrawal.replaced_by else ""
    return Gone(
        f"{withdrawal.iri} was withdrawn on {withdrawal.date}{replaced}",
        date=withdrawal.date,
        replaced_by=withdrawal.replaced_by,
    )


def href(path: str, **parameters: object) -> str:
    """
    Give the address of a path below the base, as any host answers it; of an earlier release, as it was.

    A path holds no query: a question mark in it is part of a name. What follows one is told as `parameters`.
    """
    address = plain_href(snapshot().below + path if has_past(path) else path)
    return f"{address}?{urlencode(parameters)}" if parameters else address


def absolute(address: str) -> str:
    """Give an address of ours, as any host answers it, with the base before it; one of another site as it is."""
    base = snapshot().source.base
    return base.iri + address.removeprefix(base.path) if address.startswith(base.path) else address


def state() -> Mapping[str, str] | None:
    """Say since when things were as they are shown, and where they are shown as they are now; None: they are so now."""
    below = snapshot().below
    if not below:
        return None
    since = parse_stamp(below.split("/")[1])
    return {"at": f"{since:%Y-%m-%dT%H:%M:%SZ}", "present": plain_href(request.path.removeprefix("/"))}


def plain_href(path: str) -> str:
    """Give the address of a path below the base, as any host answers it, whichever release is shown."""
    return quote(snapshot().source.base.path + path, safe=_SAFE)
