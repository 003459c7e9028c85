"""
Back from the graph to the tables: which file, row and column says what a finding is about.
"""

from collections.abc import Iterable

from tvld.iris import PREFIXES, Base
from tvld.model import Description, Place

_P = PREFIXES

# The property of the graph and the column that it comes from, where a table has such a column.
_COLUMNS = {
    _P["dct"] + "title": "name",
    _P["rdfs"] + "label": "name",
    _P["skos"] + "prefLabel": "name",
    _P["foaf"] + "name": "name",
    _P["skos"] + "altLabel": "aliases",
    _P["skos"] + "editorialNote": "note",
    _P["skos"] + "note": "notes",
    _P["dct"] + "identifier": "key",
    _P["dct"] + "type": "kind",
    _P["dct"] + "isPartOf": "store",
    _P["dcat"] + "theme": "themes",
    _P["dpv"] + "hasPurpose": "purposes",
    _P["prov"] + "wasDerivedFrom": "source_line",
    _P["tvld"] + "themeStatus": "themes_status",
    _P["tvld"] + "processedIn": "systems",
    _P["tvld"] + "serviceArea": "service_area",
    _P["tvld"] + "dataGroup": "data_group",
    _P["tvld"] + "searchKey": "search_keys",
    _P["tvld"] + "openInterface": "open_interface",
    _P["tvld"] + "authority": "authority",
    _P["tvld"] + "retention": "retention",
    _P["tvld"] + "sourceText": "text",
    _P["tvld"] + "sourceLine": "line",
    _P["tvld"] + "sourceColumn": "column",
}


class Places:
    """Knows the row of every thing of the given descriptions."""

    def __init__(self, descriptions: Iterable[Description], base: Base) -> None:
        self._rows: dict[str, Place] = {}
        for description in descriptions:
            key = description.organisation.key
            self._rows[base.organisation(key)] = description.organisation.place
            for kind, entries in (
                ("store", description.stores),
                ("material", description.materials),
                ("system", description.systems),
                ("cell", description.cells),
            ):
                for entry in entries:
                    self._rows[base.thing(key, kind, entry.key)] = entry.place
            for register in (description.purposes, description.data_groups, description.service_areas):
                for item in register:
                    self._rows[base.thing(key, item.kind, item.key)] = item.place
            self._rows[base.thing(key, "catalog", "")] = description.organisation.place

    def __call__(self, focus: str, path: str | None = None, value: str | None = None) -> Place | None:
        """Give the place of a focus node, with the column of the property where one is known; None outside tables."""
        row = self._rows.get(focus) or self._rows.get(_catalogue_of(focus))
        if row is None:
            return None
        return Place(row.file, row.row, _COLUMNS.get(path or "") if row.row else None)


def _catalogue_of(focus: str) -> str:
    """Turn the address of a thing of a catalogue into that of all of them: they come from `organisation.toml`."""
    head, found, _ = focus.partition("/catalog/")
    return head + found
