"""
A release as a folder of files that any web server can give out, and what a good one needs to know to do it well.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from tvld import __version__
from tvld.formats import DOCUMENT_FORMATS
from tvld.iris import document_of
from tvld.serve.export.addresses import Served
from tvld.serve.export.configurations import write_configuration
from tvld.serve.export.folder import MARK, put, replaced
from tvld.serve.export.visitor import Visitor, visitor
from tvld.serve.export.writing import Writer, Written
from tvld.serve.source import Source
from tvld.settings import Settings

Tell = Callable[[str], None]


def export_site(source: Source, settings: Settings, out: Path, tell: Tell) -> Written:
    """
    Write the site of a release into `out`, as a whole or not at all; say what was written.

    `out` is new, empty or an earlier export (CallError else). Raises OutsideError where it cannot be written.
    """
    with replaced(out) as folder, visitor(source, settings) as asked:
        tell(f"writing the site of {source.name}")
        written = Writer(asked, folder, Served(source.base), DOCUMENT_FORMATS).all(roots(asked))
        write_configuration(asked, folder, written)
        put(folder / MARK, _mark(source, written))
    return written


def roots(asked: Visitor) -> Iterable[str]:
    """Give the addresses from which all others are reached, and those that no page leads to."""
    source, record = asked.snapshot.source, asked.snapshot.record
    yield from ("", "ns", "shapes", "queries/", "robots.txt", "sitemap.xml")
    for iri in record.subjects():
        local = source.base.local(iri)
        if local is not None and "#" not in local:
            path = local.removeprefix(source.base.path)
            yield path
            if path.startswith("id/"):
                yield document_of(path)
    for iri in record.graph_names():
        yield (path := iri.removeprefix(source.base.iri))
        key = path.removeprefix("graph/")
        yield from (f"catalog/{key}", f"catalog/{key}/data.json")
    for iri in source.withdrawn:
        path = iri.removeprefix(source.base.iri)
        yield from (path, document_of(path))
    if source.listed and source.folder is not None:
        yield from ("catalog", "catalog/open", "data.json", ".well-known/void", "dumps/")
        yield from (
            f"dumps/{source.name}/{file.relative_to(source.folder).as_posix()}"
            for file in sorted(source.folder.rglob("*"))
            if file.is_file()
        )


def _mark(source: Source, written: Written) -> bytes:
    """Say what this folder is, for the next export and for whoever finds it."""
    told = {
        "release": source.name,
        "base": source.base.iri,
        "tool": {"name": "tvld", "version": __version__},
        "files": len(written.types),
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
