"""
All files of a release that people take away, and what is said of them: the content whole and by organisation, as graphs
and as tables; the vocabulary and the rules.

The metadata of an organisation lists its own files. Files that are nobody's (the whole of several organisations, the
vocabulary, the rules) hang from datasets of their own, which no catalogue lists: nobody is their publisher.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF

from tvld.build.catalogue import weights
from tvld.build.distributions import BUNDLE, RULES, VOCABULARY, DumpFile, Shelf
from tvld.build.drafts import Draft
from tvld.build.dumps import WHOLE, write_dumps, write_graph
from tvld.build.fingerprints import CANONICAL
from tvld.build.graph import DCAT, DCT, Triple, identified, literals, named
from tvld.build.imprint import Imprint, imprint
from tvld.build.listings import write_tables
from tvld.build.quads import GraphPart
from tvld.build.vocabulary import codes_used
from tvld.checksums import sha256
from tvld.formats import NTRIPLES, ZIP
from tvld.iris import Base
from tvld.model import Texts

BUNDLE_NAME = f"{BUNDLE}.{ZIP.suffix}"
# The part of an address that no organisation may have as its key.
_NOBODY = "catalog"
_TITLES: Mapping[str, Texts] = {
    WHOLE: (
        ("fi", "Kaikkien organisaatioiden tietovarantojen kuvaus"),
        ("sv", "Beskrivning av alla organisationers informationslager"),
        ("en", "The description of the data stores of all organisations"),
    ),
    VOCABULARY: (("fi", "Sanasto tvld"), ("sv", "Vokabulären tvld"), ("en", "The vocabulary tvld")),
    RULES: (
        ("fi", "Tietovarantojen kuvauksen säännöt"),
        ("sv", "Regler för beskrivning av informationslager"),
        ("en", "Rules for descriptions of data stores"),
    ),
}


@dataclass(frozen=True)
class Downloads:
    """The files of a release by what they belong to: an organisation's key, WHOLE, VOCABULARY, RULES."""

    of: Mapping[str, Sequence[DumpFile]]

    def with_bundle(self, bundle: DumpFile) -> "Downloads":
        """Add the bundle to the files of the whole, which are those of an organisation where it is the only one."""
        whole = WHOLE if WHOLE in self.of else next(iter(self.of))
        others = [dump for dump in self.of[whole] if dump.name != bundle.name]
        return Downloads({**self.of, whole: [*others, bundle]})

    def entries(self) -> dict[str, dict[str, Any]]:
        """Give what the manifest says of each file beside its bytes."""
        return {
            dump.name: ({} if dump.triples is None else {"triples": dump.triples})
            | ({} if dump.rows is None else {"rows": dump.rows})
            for dumps in self.of.values()
            for dump in dumps
        }

    def graphs(self, base: Base) -> dict[str, dict[str, Any]]:
        """Give of each named graph the number of triples and the hash of its canonical form: the N-Triples file."""
        names = {VOCABULARY: "ns", RULES: "shapes"}
        return {
            base.graph(names.get(key, key)): {"triples": dump.triples, CANONICAL: dump.sha256}
            for key, dumps in self.of.items()
            for dump in dumps
            if key != WHOLE and dump.format is NTRIPLES and not dump.packed
        }


def write_downloads(
    drafts: Sequence[Draft], data: Path, ontology: Graph, shapes: Graph, target: Path, tell: Callable[[str], None]
) -> Downloads:
    """Write them into the folder `target` of a release in the making."""
    base = drafts[0].base
    all_organisations = [d.description.organisation for d in drafts]
    imprints = {d.key: imprint([d.description.organisation], base.iri) for d in drafts}
    imprints[WHOLE] = imprint(all_organisations, base.iri)
    parts = {d.key: GraphPart(d.content, base.graph(d.key)) for d in drafts}
    whole, apart = write_dumps(parts, target, imprints)
    hashed = {key: _hashed(imprints[key], dumps) for key, dumps in {**apart, WHOLE: whole}.items()}
    tell("writing tables")
    tables, tables_apart = write_tables({d.key: data / d.key for d in drafts}, target, hashed.pop(WHOLE), hashed, tell)
    of: dict[str, Sequence[DumpFile]] = {key: [*apart[key], *tables_apart[key]] for key in apart}
    if len(drafts) > 1:
        of[WHOLE] = [*whole, *tables]
    for graph, holds, stem in ((ontology, VOCABULARY, "ns"), (shapes, RULES, "shapes")):
        licences = tuple(sorted(str(licence) for licence in graph.objects(None, DCT.license)))
        of[holds] = write_graph(
            [GraphPart(graph, base.graph(stem))],
            stem,
            target,
            Imprint(" · ".join(text for _, text in _TITLES[holds]), (), licences, "", base.iri),
            holds,
        )
    return Downloads(of)


def bundle_file(path: Path | None = None) -> DumpFile:
    """Give what is known of the bundle: before it is there, nothing that depends on its bytes."""
    if path is None:
        return DumpFile(BUNDLE_NAME, ZIP, 0, "", holds=BUNDLE)
    return DumpFile(BUNDLE_NAME, ZIP, path.stat().st_size, sha256(path), holds=BUNDLE)


def of_nobody(downloads: Downloads, drafts: Sequence[Draft], release: str) -> Graph:
    """Describe the files that belong to no organisation, with the codes that they point to."""
    graph = Graph()
    for holds in _TITLES:
        if holds in downloads.of:
            for triple in _dataset(holds, downloads.of[holds], drafts, release):
                graph.add(triple)
    return graph + codes_used(drafts[0].codes, graph.objects())


def derived_facts(downloads: Downloads, drafts: Sequence[Draft], release: str) -> Graph:
    """Give what the libraries decide of every derived file: its size and checksum."""
    graph = Graph()
    for d in drafts:
        graph += weights(d.description, d.base, release, downloads.of[d.key])
    for holds in _TITLES:
        for triple in _shelf(holds, drafts, release).weights(downloads.of.get(holds, ())):
            graph.add(triple)
    return graph


def _hashed(of: Imprint, dumps: Sequence[DumpFile]) -> Imprint:
    """Add the hash of the content to what the tables say of themselves."""
    return of.of(dumps[0].name, dumps[0].sha256)


def _shelf(holds: str, drafts: Sequence[Draft], release: str) -> Shelf:
    base: Base = drafts[0].base
    start, files = base.thing(_NOBODY, _NOBODY, ""), base.dump(release, "")
    if holds != WHOLE:
        return Shelf(start, files)
    of_all = imprint([d.description.organisation for d in drafts], base.iri)
    licence = of_all.licences[0] if len(of_all.licences) == 1 else None
    return Shelf(start, files, licence, modified=of_all.modified)


def _dataset(holds: str, dumps: Sequence[DumpFile], drafts: Sequence[Draft], release: str) -> Iterator[Triple]:
    base = drafts[0].base
    me = URIRef(base.thing(_NOBODY, _NOBODY, holds))
    yield me, RDF.type, DCAT.Dataset
    yield from named(me, _TITLES[holds], DCT.title)
    for text in literals(_TITLES[holds]):
        yield me, DCT.description, text
    yield identified(me)
    yield me, DCAT.version, Literal(release)
    if holds == WHOLE:
        for d in drafts:
            yield me, DCT.hasPart, URIRef(base.thing(d.key, "catalog", "description"))
    yield from _shelf(holds, drafts, release).distributions(me, dumps)
