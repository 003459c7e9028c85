"""
What differs between two releases, at `dumps/<a>...<b>`: a page in sentences, JSON, Markdown, and statements to replay.

Both ends never change, so what is made of them never does. Made for one reader at a time; what is large goes to a file.
"""

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from urllib.parse import urlencode

from flask import Blueprint, Response, g, request

from tvld.checksums import MANIFEST, read_manifest
from tvld.difference import prose, statements
from tvld.difference.account import Account, account
from tvld.difference.pair import Difference, difference
from tvld.difference.records import records
from tvld.difference.words import words_in
from tvld.errors import Busy, Gone, NotFound
from tvld.formats import HTML, NQUADS, NTRIPLES, Format
from tvld.history import removed
from tvld.serve.answers import SPOOL
from tvld.serve.problems import PLAIN
from tvld.serve.replies import FOR_EVER, REVALIDATE
from tvld.serve.spool import Spooling
from tvld.serve.web import asked, pages
from tvld.serve.web.pages import Told
from tvld.serve.web.representation import moved

differences = Blueprint("differences", __name__)

JSON = Format("json", "json", "application/json", "JSON", "JSON")
MARKDOWN = Format("markdown", "md", "text/markdown", "Markdown", "")
UPDATE = Format("update", "ru", "application/sparql-update", "SPARQL Update", "")
PATCH = Format("patch", "rdfp", "application/rdf-patch", "RDF Patch", "")


@dataclass(frozen=True)
class Form:
    """One way to write a difference; `told` ones depend on the language of the reader."""

    suffix: str
    format: Format
    write: Callable[[Difference], Iterable[bytes]]
    told: bool = False


def _in_words(written: Callable[..., str]) -> Callable[[Difference], Iterable[bytes]]:
    return lambda found: [written(account(found), words_in(request.args.get("lang", "fi"))).encode()]


_NEGOTIATED = (
    Form("html", HTML, lambda found: [_page(account(found)).encode()], told=True),
    Form("json", JSON, lambda found: records(account(found))),
    Form("md", MARKDOWN, _in_words(prose.markdown), told=True),
    Form("txt", PLAIN, _in_words(prose.text), told=True),
    Form("ru", UPDATE, statements.update),
    Form("rdfp", PATCH, statements.patch),
)
_LINES = (
    Form("added.nt", NTRIPLES, lambda found: statements.ntriples(found, added=True)),
    Form("removed.nt", NTRIPLES, lambda found: statements.ntriples(found, added=False)),
    Form("added.nq", NQUADS, lambda found: statements.nquads(found, added=True)),
    Form("removed.nq", NQUADS, lambda found: statements.nquads(found, added=False)),
)
FORMS = (*_NEGOTIATED, *_LINES)

# What is longer is held in a file while it is read.
_HELD = 2 << 20
# More sentences are no page: there is the JSON.
_SHOWN = 2000
# So long one difference waits for another to be made.
_PATIENCE_SECONDS = 5.0
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.))*")
_ALIASES = ("latest", "previous")
_making = threading.Lock()


@differences.get("/dumps/<before>...<after>")
def between(before: str, after: str) -> Response:
    """Give what differs between two releases, by suffix or Accept; `latest` and `previous` lead to where they point."""
    after, form = _split(after)
    ends = [_named(name) for name in (before, after)]
    if ends != [before, after]:
        return moved(_address(ends, form), 307)
    suffixed = form is not None
    if form is None:
        format_ = asked.choose([f.format for f in _NEGOTIATED])
        form = next(f for f in _NEGOTIATED if f.format is format_)
    with _turn():
        found = difference(_folder(ends[0]), _folder(ends[1]), organisation=request.args.get("org") or None)
        response = _written(form.write(found))
    response.content_type = form.format.content_type
    response.headers["Content-Location"] = _address(ends, form)
    # The words of sentences may be mended by a later tvld; statements are what they are.
    response.headers["Cache-Control"] = REVALIDATE if form.told else FOR_EVER
    if not suffixed:
        response.headers["Vary"] = "Accept"
    others = (other for other in FORMS if other is not form)
    response.headers["Link"] = ", ".join(
        f'<{_address(ends, other)}>; rel="alternate"; type="{other.format.media_type}"' for other in others
    )
    return response


def _split(name: str) -> tuple[str, Form | None]:
    """Take the suffix of a form off the name of a release."""
    for form in FORMS:
        if name.endswith(f".{form.suffix}"):
            return name.removesuffix(f".{form.suffix}"), form
    return name, None


def _named(name: str) -> str:
    """Give the release that a name stands for."""
    source = asked.snapshot().source
    if name not in _ALIASES or source.folder is None:
        return name
    if name == "latest":
        return source.name
    before = read_manifest(source.folder).get("previous")
    if before is None:
        raise NotFound(f"release {source.name} is the first of its line: there is none before it")
    return str(before)


def _folder(name: str) -> Path:
    """Find a release beside the one in use; raises Gone for one that was removed, NotFound for what never was one."""
    source = asked.snapshot().source
    if source.folder is not None and _NAME.fullmatch(name):
        folder = source.folder.parent / name
        if (folder / MANIFEST).is_file() and read_manifest(folder).get("release") == name:
            return folder
        if at := removed(source.folder.parent).get(name):
            raise Gone(f"release {name} was removed on {at:%Y-%m-%d}", date=f"{at:%Y-%m-%d}")
    raise NotFound(f"there is no release {name!r} here: see {source.base.iri}dumps/")


@contextmanager
def _turn() -> Iterator[None]:
    if not _making.acquire(timeout=_PATIENCE_SECONDS):
        raise Busy("another difference is being made, and one at a time is: try again", retry_after=5)
    try:
        yield
    finally:
        _making.release()


def _written(pieces: Iterable[bytes]) -> Response:
    """Hold what is short, put what is long into a file: it is whole before its first byte is sent."""
    held, size = [], 0
    pieces = iter(pieces)
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > _HELD:
            break
    else:
        return Response(b"".join(held))
    spooling = Spooling()
    for piece in chain(held, pieces):
        spooling.write(piece)
    request.environ[SPOOL] = spooling.finish()
    return Response()


def _address(ends: Sequence[str], form: Form | None) -> str:
    """Address a form of a difference, with what of the request's query means something."""
    names = ("lang", "org") if form is None or form.told else ("org",)
    meant = {name: value for name in names if (value := request.args.get(name))}
    suffix = f".{form.suffix}" if form else ""
    return asked.href(f"dumps/{'...'.join(ends)}{suffix}") + (f"?{urlencode(meant)}" if meant else "")


def _page(told: Account) -> str:
    words = words_in(g.language)
    ends = (told.difference.before.release, told.difference.after.release)
    listed = told.sections(words) if len(told.events) <= _SHOWN else []
    return pages.difference(
        Told(told, words, tuple(listed)),
        formats=[
            (f"{form.format.label} ({form.suffix})", _address(ends, form), form.format.media_type)
            for form in FORMS
            if form.format is not HTML
        ],
    )
