"""
A release as a folder of files that any web server can give out, and what a good one needs to know to do it well.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tvld import __version__
from tvld.checksums import listed, sha256
from tvld.errors import ReleaseError
from tvld.formats import DOCUMENT_FORMATS, NQUADS
from tvld.iris import PREFIXES, document_of
from tvld.serialisation import read
from tvld.serve.doors import compare, digest, lines
from tvld.serve.export.addresses import Served
from tvld.serve.export.configuration import ERRORS
from tvld.serve.export.configurations import write_configuration
from tvld.serve.export.folder import MARK, put, replaced
from tvld.serve.export.proof import told_at
from tvld.serve.export.visitor import Visitor, visitor
from tvld.serve.export.writing import Writer, Written
from tvld.serve.feed import Feed
from tvld.serve.languages import LANGUAGES
from tvld.serve.release import CONTENT
from tvld.serve.source import Source
from tvld.serve.web.feeds import OFFERS as STREAMS
from tvld.settings import Settings

# What shows the content as a whole; what it leads to is found by its links.
_SEEN = ("charts", "matrix", "network", "model", "embed/matrix", "embed/stores.json")
_ORGANISATION = PREFIXES["org"] + "FormalOrganization"
Tell = Callable[[str], None]


def export_site(
    source: Source, settings: Settings, out: Path, tell: Tell, languages: Sequence[str] = LANGUAGES
) -> Written:
    """
    Write the site of a release into `out`, as a whole or not at all; say what was written.

    Pages are in each of the languages; the first is what servers give that know nothing but files.

    `out` is new, empty or an earlier export (CallError else). Raises OutsideError where it cannot be written, and
    ReleaseError where what was written is not what the release says.
    """
    with replaced(out) as folder, visitor(source, settings, languages) as asked:
        tell(f"writing the site of {source.name}")
        written = Writer(asked, folder, Served(source.base, languages), DOCUMENT_FORMATS).all(roots(asked))
        write_configuration(asked, folder, written)
        tell("comparing it with the release")
        put(folder / MARK, _mark(source, written, prove_site(source, folder)))
    return written


def roots(asked: Visitor) -> Iterable[str]:
    """Give the addresses from which all others are reached, and those that no page leads to."""
    source, record = asked.snapshot.source, asked.snapshot.record
    yield from ("", "ns", "shapes", "queries/", "robots.txt", "sitemap.xml", "accessibility", *_SEEN)
    # Pages name it for those who show previews, by its whole address.
    yield "static/preview.png"
    yield from (f"sitemap-{number}.xml" for number, _ in enumerate(asked.snapshot.sitemap.parts, start=1))
    for iri in record.subjects():
        if (address := told_at(iri, source.base)) is not None:
            yield address
            if address.startswith("doc/"):
                yield iri.removeprefix(source.base.iri)
    for iri in record.graph_names():
        yield (path := iri.removeprefix(source.base.iri))
        key = path.removeprefix("graph/")
        yield from (f"catalog/{key}", f"catalog/{key}/data.json")
    for iri in record.instances(_ORGANISATION):
        yield f"network/{(key := iri.removeprefix(f'{source.base.iri}id/'))}"
        yield f"{key}/catalog"
    for iri in asked.snapshot.usage.stores:
        yield "embed/store/" + iri.removeprefix(f"{source.base.iri}id/").replace("/store/", "/", 1)
    for iri in source.withdrawn:
        path = iri.removeprefix(source.base.iri)
        yield from (path, document_of(path))
    if source.listed and source.folder is not None:
        yield from ("catalog", "catalog/open", "data.json", ".well-known/void", "dumps/", "dumps/allowed_signers")
        yield from (f"dumps/{source.name}/", "quality", "feed.atom", *_streams(source))
        yield from (
            f"dumps/{source.name}/{file.relative_to(source.folder).as_posix()}"
            for file in sorted(source.folder.rglob("*"))
            if file.is_file()
        )


def _streams(source: Source) -> Iterable[str]:
    """Give the pages of the feed in each form, and those that hold the last of each thing as of now."""
    told = Feed.of(source)
    pages = [str(number) for number in range(1, told.pages + 1)]
    for stem in ("", "latest", *pages, *(f"latest/{len(told.steps)}/{number}" for number in pages)):
        yield from (f"feed{'/' if stem else ''}{stem}.{format_.suffix}" for format_ in STREAMS)


def prove_site(source: Source, folder: Path) -> str:
    """
    Compare an exported site with its release: the documents with the content, the dumps byte for byte.

    Gives the digest of the content (`doors.digest`); raises ReleaseError where they differ.
    """
    assert source.folder is not None
    content = list(read(source.folder / CONTENT, NQUADS))
    graphs = {quad.graph_name for quad in content}
    told = (
        quad.triple
        for part in ("doc", "def", "describe", f"{ERRORS}/gone")
        for file in sorted((folder / part).rglob(f"*.{NQUADS.suffix}"))
        for quad in read(file, NQUADS)
        if quad.graph_name in graphs
    )
    said = lines(quad.triple for quad in content)
    compare("the exported site", lines(told), said)
    dumps = folder / "dumps" / source.name
    for name, expected in listed(source.folder).items():
        if not (dumps / name).is_file() or sha256(dumps / name) != expected:
            raise ReleaseError(f"{dumps / name} is not what the release has: write the export again")
    return digest(said)


def _mark(source: Source, written: Written, content: str) -> bytes:
    """Say what this folder is, for the next export and for whoever finds it."""
    told = {
        "release": source.name,
        "base": source.base.iri,
        "tool": {"name": "tvld", "version": __version__},
        "files": len(written.types),
        "content": content,
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
