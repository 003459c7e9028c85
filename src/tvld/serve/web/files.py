"""What downloaders fetch: statistics and dumps, as they are in the release."""

import json
import re
from pathlib import Path

import pyoxigraph as ox
from flask import Blueprint, Response, request

from tvld.checksums import MANIFEST, SIGNATURE, UNLISTED, listed, prove, proven, sha256
from tvld.errors import NotFound
from tvld.formats import DOCUMENT_FORMATS, GRAPH_FORMATS, HTML, TURTLE, by_suffix, media_type
from tvld.serialisation import read
from tvld.serve.replies import REVALIDATE
from tvld.serve.source import Source
from tvld.serve.timeline import timeline
from tvld.serve.web import asked, file_pages
from tvld.serve.web.graphs import graph_answer
from tvld.serve.web.releases import absent
from tvld.serve.web.representation import Shown, answer, moved
from tvld.serve.web.words import WORDS

files = Blueprint("files", __name__)

# A larger file is streamed; a smaller one is kept ready, and compressed for who likes that.
_HELD = 2 << 20
_RELEASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@files.get("/.well-known/void")
@files.get("/.well-known/void.<suffix>")
def statistics(suffix: str = "") -> Response:
    """Give the VoID description of the data."""
    source = asked.snapshot().source
    format_ = by_suffix(DOCUMENT_FORMATS, suffix)
    if source.statistics is None or (suffix and format_ is None):
        raise NotFound(f"there are no statistics at {source.base.iri}{request.path.lstrip('/')}")
    path = source.statistics
    text = proven(path, source.listed[path.name].sha256)
    return graph_answer(WORDS.service_statistics, ".well-known/void", set(read(text, TURTLE, name=path.name)), format_)


@files.get("/dumps/")
def listing() -> Response:
    """List the files of the release: a page, or the triples that describe them."""
    here = asked.snapshot()
    format_ = asked.choose((HTML, *GRAPH_FORMATS))
    if format_ is HTML:
        # What is written to files stays as it is, whatever comes into use later.
        states = () if asked.still() else timeline(here.source)[::-1]
        response = Response(file_pages.dumps(states), content_type=HTML.content_type)
        response.headers["Cache-Control"] = REVALIDATE
        response.headers["Vary"] = "Accept"
        return response
    quads: set[ox.Quad] = set()
    for file in file_pages.asked_for():
        quads |= here.record.document(here.source.base.dump(here.source.name, file.name))
    return answer(Shown("dumps/", quads, str, suffixed=False))


@files.get("/dumps/latest/<path:name>")
def latest(name: str) -> Response:
    """Lead to a file of the release in use."""
    source = asked.snapshot().source
    if name not in source.listed and name != MANIFEST and name not in UNLISTED:
        raise NotFound(f"release {source.name} has no file {name!r}: see {source.base.iri}dumps/")
    return moved(asked.href(f"dumps/{source.name}/{name}"), 307)


@files.get("/dumps/<release>/<path:name>")
def dump(release: str, name: str) -> Response:
    """Give a file of a release, byte for byte; one of an earlier release as long as its folder is kept."""
    source = asked.snapshot().source
    folder = _folder(source, release)
    digest = _digest(folder, name) if folder else None
    if folder is None:
        raise absent(release)
    if digest is None:
        raise NotFound(f"there is no file {name!r} of release {release!r}: see {source.base.iri}dumps/")
    path = folder / name
    type_ = media_type(name)
    response = Response(content_type=f"{type_}; charset=utf-8" if type_.startswith("text/") else type_)
    # What was damaged since the release came into use is refused, not given under the checksum of what it was.
    prove(path, digest)
    if path.stat().st_size > _HELD:
        response.headers["X-Sendfile"] = str(path)
    else:
        response.set_data(proven(path, digest))
    response.headers["ETag"] = f'"{digest}"'
    # The name holds the release: under it there is never anything else, but a new key may sign it anew.
    changes = name.endswith(SIGNATURE)
    response.headers["Cache-Control"] = "no-store" if changes else "public, max-age=31536000, immutable"
    response.headers["Link"] = f'<{asked.href("dumps/")}>; rel="describedby"'
    return response


def _folder(source: Source, release: str) -> Path | None:
    """Find the folder of a release: the one in use, or one beside it that says itself to be that release."""
    if source.folder is None or not _RELEASE.fullmatch(release):
        return None
    if release == source.name:
        return source.folder
    manifest = source.folder.parent / release / MANIFEST
    if not manifest.is_file() or json.loads(manifest.read_bytes()).get("release") != release:
        return None
    return manifest.parent


def _digest(folder: Path, name: str) -> str | None:
    """Give the SHA-256 of a file that a release lists; None for what is not listed, so that nothing else is served."""
    if name in UNLISTED:
        return sha256(folder / name) if (folder / name).is_file() else None
    return listed(folder).get(name)
