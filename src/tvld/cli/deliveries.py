"""
A catalogue as a harvester would get it, from wherever it is: a server, a release folder, the tables, RDF files.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from tvld.build.checking import delivered, drafted
from tvld.build.findings import violations
from tvld.build.graph import DCAT
from tvld.build.harvesters.delivery import Delivery, Page
from tvld.build.harvesters.piveau import HYDRA
from tvld.build.quality.scoring import Answers, CatalogueScore, score
from tvld.build.validate import graph_of, validate
from tvld.checksums import MANIFEST, read_manifest
from tvld.cli.download import answers, is_address, typed
from tvld.errors import CallError
from tvld.formats import GRAPH_FORMATS, TURTLE
from tvld.iris import Base
from tvld.profiles import CATALOGUES, DCAT_AP_3, file_of
from tvld.serialisation import read

_PAGES = 10_000
_OURS = re.compile(rf"(https?://.*/)id/[^/]+/catalog/(?:{'|'.join(CATALOGUES)})")


def deliveries(where: str, base: Base) -> list[Delivery]:
    """Fetch or read the catalogues of one place; `base` is for tables, which have no addresses yet."""
    if is_address(where):
        return [_fetched(where)]
    if is_release(Path(where)):
        return _of_release(Path(where))
    return delivered(drafted(Path(where), base)[0])


def of_files(files: Iterable[Path], graph: Graph) -> Delivery:
    address = " ".join(path.resolve().as_uri() for path in files)
    return Delivery(_named(graph, address), (Page(address, graph),))


def is_release(path: Path) -> bool:
    return (path / MANIFEST).is_file()


def base_of(delivery: Delivery) -> Base | None:
    """Give the base under which tvld made a catalogue, None of what it did not make."""
    catalogues = delivery.whole().subjects(RDF.type, DCAT.Catalog)
    bases = {found[1] for catalogue in catalogues if (found := _OURS.fullmatch(str(catalogue)))}
    return Base(bases.pop()) if len(bases) == 1 else None


def scores(delivery: Delivery, shapes: Graph, where: str) -> list[CatalogueScore]:
    """Score a catalogue by what its addresses really answer; those of a release folder, by the files that it has."""
    graph = delivery.whole()
    wrong = {finding.focus for finding in violations(validate(graph, shapes)) if finding.focus}
    return score(graph, _served(Path(where)) if is_release(Path(where)) else cache(answers), wrong)


def previous_of(path: Path) -> Path | None:
    """Find the release that a release folder follows, if it is still kept beside it."""
    before = read_manifest(path).get("previous")
    found = path.resolve().parent / str(before) if before else None
    return found if found and is_release(found) else None


def _served(folder: Path) -> Answers:
    manifest = read_manifest(folder)
    prefix = Base(str(manifest["base"])).dump(str(manifest["release"]), "")
    return lambda url: url.startswith(prefix) and url.removeprefix(prefix) in manifest["files"]


def _of_release(folder: Path) -> list[Delivery]:
    manifest = read_manifest(folder)
    base = Base(str(manifest["base"]))
    found = []
    for organisation in manifest["organisations"]:
        for which in CATALOGUES:
            path = folder / file_of(organisation["key"], which, DCAT_AP_3)
            if not path.is_file():
                raise CallError(f"{folder}: this release has no {path.name}: it was built before there were catalogues")
            address = base.thing(organisation["key"], "catalog", which)
            page = Page(address, graph_of(read(path, TURTLE)), TURTLE.media_type, path.stat().st_size)
            found.append(Delivery(address, (page,)))
    return found


def _fetched(url: str) -> Delivery:
    """Follow the pages of a catalogue as Hydra links them, until there is none or one comes again."""
    pages: list[Page] = []
    seen: set[str] = set()
    address: str | None = url
    while address is not None and address not in seen and len(pages) < _PAGES:
        seen.add(address)
        pages.append(_page(address))
        address = _next(pages[-1])
    delivery = Delivery(url, tuple(pages), loops=address is not None)
    return Delivery(_named(delivery.whole(), url), delivery.pages, delivery.loops)


def _page(url: str) -> Page:
    body, media_type, found = typed(url)
    format_ = next((f for f in GRAPH_FORMATS if f.media_type == media_type), None)
    if format_ is None:
        return Page(url, Graph(), media_type or "application/octet-stream", len(body))
    # Harvesters know no base: what is relative becomes an address of a file.
    graph = graph_of(read(body, format_, "file:///", name=found))
    paged = any((None, RDF.type, kind) in graph for kind in (HYDRA.PartialCollectionView, HYDRA.PagedCollection))
    return Page(url, graph, media_type, len(body), paged)


def _next(page: Page) -> str | None:
    return next((str(link) for link in page.graph.objects(None, HYDRA.next) if isinstance(link, URIRef)), None)


def _named(graph: Graph, otherwise: str) -> str:
    """Name a catalogue by its own address, so that it is the same wherever it comes from."""
    found = sorted(str(catalogue) for catalogue in graph.subjects(RDF.type, DCAT.Catalog))
    return found[0] if len(found) == 1 else otherwise
