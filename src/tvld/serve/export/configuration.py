"""
What a web server needs to know to answer as the live site does: gathered from the site itself, written for each server.

Headers are those that the site sends, formats those of the table, types those of the files that were written.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote

from tvld.checksums import MANIFEST
from tvld.errors import CallError, MethodNotAllowed, NotAcceptable, NotFound
from tvld.formats import DOCUMENT_FORMATS, GRAPH_FORMATS, HTML, NQUADS, TURTLE
from tvld.serve.export.addresses import spoken
from tvld.serve.export.choosing import Offer
from tvld.serve.export.folder import put
from tvld.serve.export.visitor import Reply, Visitor
from tvld.serve.export.writing import TOMBSTONE_FORMATS, Written
from tvld.serve.problems import PROBLEM_FORMATS
from tvld.serve.web.feeds import OFFERS as STREAMS
from tvld.serve.web.quality import OFFERS as ACCOUNTS
from tvld.serve.web.saved import LISTINGS
from tvld.serve.web.saved import OFFERS as ANSWERS

ERRORS = "errors"
JSON = "application/json"
METHODS = ["GET", "HEAD", "OPTIONS"]
_REFUSALS = (
    NotFound("nothing is described at this address"),
    MethodNotAllowed("this address is only read", allowed=METHODS),
    NotAcceptable("what is here cannot be given in a form that was asked for; its links say what there is"),
)
# What a server says by itself of each file, and what belongs to one answer alone.
_ITS_OWN = frozenset(
    "accept-ranges content-disposition content-language content-length content-location content-type etag "
    "last-modified link server vary tvld-query tvld-release".split()
)

# What is told in the formats of tables.
TABLED = ("matrix", "quality")
DOCUMENTS = Offer("documents", DOCUMENT_FORMATS)
DESCRIBED = Offer("described", (TURTLE, NQUADS, HTML))
OVERVIEWS = Offer("overviews", (HTML, *GRAPH_FORMATS))
TABLES = Offer("tables", ACCOUNTS)
FEED = Offer("feed", STREAMS)
QUERIES = Offer("queries", ANSWERS)
LISTS = Offer("lists", LISTINGS)
PROBLEMS = Offer("problems", PROBLEM_FORMATS, fallback=PROBLEM_FORMATS[0].suffix)
TOMBSTONES = Offer("tombstones", TOMBSTONE_FORMATS, fallback=TOMBSTONE_FORMATS[0].suffix)
OFFERS = (DOCUMENTS, DESCRIBED, OVERVIEWS, TABLES, FEED, QUERIES, LISTS, PROBLEMS, TOMBSTONES)


@dataclass(frozen=True)
class Site:
    """
    What there is to tell a server.

    `origin` and `path` are those of the base, the path from `/` to `/`; `headers` are those of every answer, by kind
    of address (`documents`, `overviews`, `queries`, `dumps`, `embedded`, `files`, `problems`); `links` are those of a
    document, with `{stem}` for its address without suffix. `types` are Content-Types by suffix, `odd` those of single
    files that differ from their suffix. `described` are the IRIs of `describe?iri=`, written as a query may have them,
    with the stem of their file. `gone` are the paths of documents of withdrawn things, `single` files at the top that
    are no documents. `languages` are those of the pages; of one alone nothing is chosen.
    """

    origin: str
    path: str
    release: str
    headers: Mapping[str, Mapping[str, str]]
    links: str
    types: Mapping[str, str]
    odd: Mapping[str, str]
    described: Mapping[str, str]
    gone: tuple[str, ...]
    single: tuple[str, ...]
    languages: tuple[str, ...]


def kind_of(name: str) -> str:
    """Give the kind of address that a file stands at."""
    first = name.partition("/")[0]
    return {"dumps": "dumps", "queries": "queries", "embed": "embedded"}.get(first, "documents")


def gathered(asked: Visitor, folder: Path, written: Written) -> Site:
    """Ask the site for its headers, and write the answers that a server gives where it has no file."""
    for error in _REFUSALS:
        for format_ in PROBLEM_FORMATS:
            for language in asked.languages if format_ is HTML else asked.languages[:1]:
                name = f"{ERRORS}/{error.status}.{format_.suffix}"
                name = spoken(name, language) if format_ is HTML else name
                put(folder / name, _anywhere(asked.refused(error, format_.media_type, language)))
                written.types[name] = format_.content_type
    document = next(name for name in written.types if name.startswith("doc/")).partition(".")[0].removesuffix("/index")
    queries = [name.removesuffix(".rq") for name in written.types if name.endswith(".rq") and "/" in name]
    told = asked.ask(document, HTML.media_type)
    types, odd = _types(written.types)
    return Site(
        origin=asked.base.iri.removesuffix(asked.base.path),
        path=asked.base.path,
        release=asked.snapshot.source.name,
        headers={
            "documents": _kept(told),
            "overviews": _kept(asked.ask("", HTML.media_type)),
            "queries": _kept(
                asked.ask(next(iter(q for q in queries if q.startswith("queries/")), ""), HTML.media_type)
            ),
            "dumps": _kept(asked.ask(f"dumps/{asked.snapshot.source.name}/{MANIFEST}")),
            "embedded": _kept(asked.ask("embed/matrix")),
            "files": _kept(asked.ask("static/site.css")),
            "problems": _kept(asked.refused(CallError(""), HTML.media_type)),
        },
        links=told.headers["link"].replace(document, "{stem}"),
        types=types,
        odd=odd,
        described=dict(_described(written.pages)),
        gone=tuple(written.gone),
        single=tuple(
            n
            for n in written.types
            if "/" not in n
            and n not in odd
            and not _of_language(n, asked.languages)
            and not n.startswith("index.")
            and not _negotiated(n)
        ),
        languages=asked.languages,
    )


def _of_language(name: str, languages: Iterable[str]) -> bool:
    return any(f".{language}." in name for language in languages)


def _anywhere(reply: Reply) -> bytes:
    """Take out of a problem what holds for one address alone."""
    body = reply.body()
    if reply.type != PROBLEM_FORMATS[0].media_type:
        return body
    told = {name: value for name, value in json.loads(body).items() if name != "instance"}
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _kept(reply: Reply) -> dict[str, str]:
    return {"-".join(map(str.capitalize, n.split("-"))): v for n, v in reply.headers.items() if n not in _ITS_OWN}


def _negotiated(name: str) -> bool:
    return name.rpartition(".")[2] in {f.suffix for f in DOCUMENT_FORMATS}


def _types(files: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Give the Content-Type of each suffix, and the files that have another."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, type_ in files.items():
        counts[_suffix(name)][type_] += 1
    types = {suffix: count.most_common(1)[0][0] for suffix, count in sorted(counts.items())}
    return types, {n: t for n, t in sorted(files.items()) if types[_suffix(n)] != t and not n.startswith(f"{ERRORS}/")}


def _suffix(name: str) -> str:
    last = name.rpartition("/")[2]
    return last.rpartition(".")[2] if "." in last else ""


def _described(pages: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Give the IRIs that have a page, as clients write them in a query: all signs encoded, or only those that must."""
    for address, stem in pages.items():
        path, _, query = address.partition("?")
        if path == "describe" and (iris := parse_qs(query).get("iri")):
            yield quote(iris[0], safe=""), stem
            yield quote(iris[0], safe="/:@!$'()*,;-._~?="), stem
