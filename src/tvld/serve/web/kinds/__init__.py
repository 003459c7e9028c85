"""
Pages in plain words: a template and what it shows for each kind of thing that a description has.

A kind is told by class; a thing of none is shown by its properties, as any data would be.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tvld.iris import PREFIXES, RDF_TYPE
from tvld.serve.web.kinds import describing, groups, publishing, sources, stores, systems
from tvld.serve.web.kinds.reading import DCAT, DPV, ORG, SKOS, TVLD, Reading
from tvld.serve.web.view import Value
from tvld.serve.web.words import WORDS

Tell = Callable[[Reading, str], Any]

# The first class of a thing that stands here decides: the class, the name of the template and of the word, who tells.
_KINDS: tuple[tuple[str, str, Tell], ...] = (
    (TVLD + "DataStore", "store", stores.store),
    (TVLD + "InformationMaterial", "material", stores.material),
    (TVLD + "InformationSystem", "system", systems.system),
    (DPV + "Purpose", "purpose", groups.purpose),
    (TVLD + "DataGroup", "data_group", groups.data_group),
    (ORG + "FormalOrganization", "organisation", publishing.organisation),
    (ORG + "OrganizationalUnit", "service_area", groups.service_area),
    (DCAT + "Catalog", "catalogue", publishing.catalogue),
    (TVLD + "SourceCell", "cell", sources.cell),
    (DCAT + "Dataset", "dataset", describing.dataset),
    (PREFIXES["dqv"] + "QualityMeasurement", "measurement", describing.measurement),
    (SKOS + "ConceptScheme", "code_list", describing.code_list),
    (SKOS + "Concept", "code", describing.code),
)


@dataclass(frozen=True)
class Plain:
    """
    A thing in plain words: its kind in a word, the template, what it shows, and in which other languages.

    `whose` is the organisation below whose address it stands; None for an organisation.
    """

    kind: str
    whose: Value | None
    template: str
    shown: Any
    foreign: tuple[str, ...]


def plain(read: Reading, iri: str) -> Plain | None:
    """Tell of a thing in plain words; None where it is of no kind that has a page of its own."""
    classes = set(read.iris(iri, RDF_TYPE))
    kind, tell = next(((name, tell) for class_, name, tell in _KINDS if class_ in classes), (None, None))
    if tell is None and sources.is_source(read, iri):
        kind, tell = "source", sources.source
    if kind is None or tell is None:
        return None
    read.thing(iri)
    shown = tell(read, iri)
    above = iri.rsplit("/", 2)[0]
    whose = read.thing(above) if kind != "organisation" and read.record.describes(above) else None
    return Plain(getattr(WORDS, f"kind_{kind}"), whose, f"kinds/{kind}.html", shown, read.foreign)
