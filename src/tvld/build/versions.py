"""
The chain of versions (DCAT 3, section 11): this release of a description as a dataset of its own, and what it follows.

A version lives at `dumps/<release>/#<organisation>`. It says of itself what the description says, so that it can be
cited alone; no catalogue lists it, for a portal would take every version for another dataset. The release before is
named, and described where it was made: only it knows what it held.
"""

from collections.abc import Iterator

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF

from tvld.build.graph import ADMS, DCAT, DCT, TVLD, Triple, identified, literals, named
from tvld.iris import PREFIXES, Base
from tvld.model import Texts

DCATAP = PREFIXES["dcatap"]
_SHARED = (
    DCT.description,
    DCT.publisher,
    DCT.language,
    DCT.issued,
    DCT.modified,
    DCT.spatial,
    DCT.accessRights,
    DCAT.keyword,
    DCAT.theme,
    DCAT.contactPoint,
    DCAT.distribution,
    TVLD.themeStatus,
    URIRef(DCATAP + "applicableLegislation"),
)
_FIRST: Texts = (
    ("fi", "Ensimmäinen julkaisu."),
    ("sv", "Den första utgåvan."),
    ("en", "The first release."),
)
_CHANGES: Texts = (
    ("fi", "Mitä on muuttunut julkaisusta {before}, kerrotaan tiedostossa {notes}."),
    ("sv", "Vad som har ändrats sedan utgåvan {before} berättas i filen {notes}."),
    ("en", "What has changed since release {before} is told in {notes}."),
)


def versions(about: Graph, organisation: str, base: Base, release: str, previous: str | None) -> Graph:
    """Give the version that a release is of an organisation's description; `about` is its release metadata."""
    graph = Graph()
    for triple in _versions(about, organisation, base, release, previous):
        graph.add(triple)
    return graph


def version(base: Base, release: str, organisation: str) -> URIRef:
    """Address the version of one organisation's description that a release is."""
    return URIRef(f"{base.dump(release, '')}#{organisation}")


def _versions(about: Graph, organisation: str, base: Base, release: str, previous: str | None) -> Iterator[Triple]:
    whole = URIRef(base.thing(organisation, "catalog", "description"))
    me = version(base, release, organisation)
    yield whole, DCAT.hasVersion, me
    yield whole, DCAT.hasCurrentVersion, me
    yield me, RDF.type, DCAT.Dataset
    yield identified(me)
    yield from _called(about, whole, me, release)
    yield me, DCAT.isVersionOf, whole
    for predicate in _SHARED:
        for value in about.objects(whole, predicate):
            yield me, predicate, value
    notes = base.dump(release, "notes/{language}.md")
    for language, text in _CHANGES if previous else _FIRST:
        said = text.format(before=previous, notes=notes.format(language=language))
        for literal in literals(((language, said),)):
            yield me, ADMS.versionNotes, literal
            yield whole, ADMS.versionNotes, literal
    if previous:
        before = version(base, previous, organisation)
        yield me, DCAT.previousVersion, before
        yield before, RDF.type, DCAT.Resource
        yield from _called(about, whole, before, previous)


def _called(about: Graph, whole: URIRef, me: URIRef, release: str) -> Iterator[Triple]:
    titles = sorted(
        (str(t.language), f"{t}, {release}") for t in about.objects(whole, DCT.title) if isinstance(t, Literal)
    )
    yield from named(me, tuple(titles), DCT.title)
    yield me, DCAT.version, Literal(release)
