"""
Which data store is processed in which system, for which purpose, in whose service area: read once from the triples.

Knows IRIs and their names, no HTTP and no pages.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tvld.alphabet import place
from tvld.iris import PREFIXES, TVLD
from tvld.serve.languages import LANGUAGES, preferred
from tvld.serve.record import Record

_DCAT, _DCT, _DPV, _ORG = (PREFIXES[prefix] for prefix in ("dcat", "dct", "dpv", "org"))


@dataclass(frozen=True, slots=True)
class StoreUse:
    """A data store and the IRIs that it points to, each list sorted; `area` and `organisation` empty where unknown."""

    iri: str
    organisation: str
    area: str
    systems: tuple[str, ...]
    purposes: tuple[str, ...]


class Usage:
    """
    The stores of a release by IRI, and the stores of each system, purpose, service area, organisation, theme and data
    group (those with a material of the group).

    `organisations` are all that are told of, also those without a store.
    `kinds` has the last word of the kind of each system (`system`, `group`), where that is told.
    """

    def __init__(self, record: Record) -> None:
        systems, purposes = _lists(record, TVLD + "processedIn"), _lists(record, _DPV + "hasPurpose")
        areas, publishers = _lists(record, TVLD + "serviceArea"), _lists(record, _DCT + "publisher")
        self.stores: Mapping[str, StoreUse] = {
            iri: StoreUse(iri, _first(publishers, iri), _first(areas, iri), systems.get(iri, ()), purposes.get(iri, ()))
            for iri in record.instances(TVLD + "DataStore")
        }
        told = set(record.instances(TVLD + "InformationSystem"))
        self.kinds = {iri: kind.rpartition("/")[2] for iri, kind in record.pairs(_DCT + "type") if iri in told}
        self.of_system = self._by(lambda store: store.systems)
        self.of_purpose = self._by(lambda store: store.purposes)
        self.of_area = self._by(lambda store: (store.area,) if store.area else ())
        self.of_organisation = self._by(lambda store: (store.organisation,) if store.organisation else ())
        themes, groups = _lists(record, _DCAT + "theme"), _groups(record)
        self.of_theme = self._by(lambda store: themes.get(store.iri, ()))
        self.of_data_group = self._by(lambda store: groups.get(store.iri, ()))
        self.organisations: tuple[str, ...] = tuple(record.instances(_ORG + "FormalOrganization"))
        known = (*self.stores, *self.of_system, *self.of_purpose, *self.of_area, *self.of_organisation)
        self._names = _names(record, (*known, *self.organisations))
        self._places: dict[str, dict[str, int]] = {}
        for language, names in self._names.items():
            # Most descriptions are in one language: what is called alike in two is put in order once.
            alike = [places for other, places in self._places.items() if self._names[other] == names]
            self._places[language] = alike[0] if alike else _places(names)

    def name(self, iri: str, language: str) -> str:
        """Give the name of a thing as a page in this language shows it; of one without a name, the end of its IRI."""
        return self._names[language].get(iri, iri.rpartition("/")[2])

    def by_name(self, iris: Iterable[str], language: str) -> list[str]:
        """Sort things by name, those of one name by IRI."""
        return sorted(iris, key=lambda iri: self.place(iri, language))

    def place(self, iri: str, language: str) -> tuple[int, str]:
        """Give what things are sorted by: the place of a name among all that are known here, then the IRI."""
        return self._places[language].get(iri, -1), iri

    def _by(self, of: Callable[[StoreUse], tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for store in self.stores.values():
            for iri in of(store):
                found.setdefault(iri, []).append(store.iri)
        return {iri: tuple(stores) for iri, stores in sorted(found.items())}


def _lists(record: Record, predicate: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for subject, value in sorted(record.pairs(predicate)):
        found.setdefault(subject, []).append(value)
    return {subject: tuple(values) for subject, values in found.items()}


def _groups(record: Record) -> dict[str, tuple[str, ...]]:
    """Give the data groups of the materials of each store."""
    stores, found = dict(record.pairs(_DCT + "isPartOf")), dict[str, set[str]]()
    for material, group in record.pairs(TVLD + "dataGroup"):
        if material in stores:
            found.setdefault(stores[material], set()).add(group)
    return {store: tuple(sorted(groups)) for store, groups in found.items()}


def _first(lists: Mapping[str, tuple[str, ...]], iri: str) -> str:
    return next(iter(lists.get(iri, ())), "")


def _names(record: Record, iris: Iterable[str]) -> dict[str, dict[str, str]]:
    """Give the name of each thing in each language of the site, each label read once."""
    found: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for iri in dict.fromkeys(iris):
        labels = {label.language: label.value for label in record.labels(iri)}
        for language in LANGUAGES:
            order = (*preferred(language), None, *labels)
            name = next((labels[each] for each in order if each in labels), None)
            if name is not None:
                found[language][iri] = name
    return found


def _places(names: Mapping[str, str]) -> dict[str, int]:
    """Number things in the order of their names, once: a page that sorts thousands compares numbers."""
    called: dict[str, list[str]] = {}
    for iri, name in names.items():
        called.setdefault(name, []).append(iri)
    ordered = (iri for name in sorted(called, key=place) for iri in sorted(called[name], key=place))
    return {iri: number for number, iri in enumerate(ordered)}
