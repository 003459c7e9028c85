"""
The metadata beside the CSV files of a folder: what each column holds and refers to, in the words of CSV on the Web
(Metadata Vocabulary for Tabular Data, https://www.w3.org/TR/tabular-metadata/).

A reader finds it by its name, `csv-metadata.json` (Model for Tabular Data on the Web, section 5.3). Lists of keys are
told by their separator alone: a foreign key compares whole cells (section 5.5.2.1), the organisation's among them.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tvld.build.columns import Column
from tvld.build.imprint import Imprint
from tvld.build.sheets import LISTS, ORGANISATION, Sheet
from tvld.model import KINDS

# Kinds of columns whose cells are not simply text.
_DATATYPES: Mapping[str, Any] = {
    "number": "integer",
    "date": "date",
    "key": {"base": "string", "format": "[a-z0-9]+(-[a-z0-9]+)*"},
}


def csvw(sheets: Sequence[Sheet], imprint: Imprint) -> bytes:
    """Describe the CSV files of a folder, one for each sheet, in their order."""
    facts = imprint.facts()
    group: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": facts["title"],
        "dc:publisher": list(imprint.publishers),
        "dc:license": [{"@id": licence} for licence in imprint.licences],
        "dc:modified": {"@value": imprint.modified, "@type": "xsd:date"},
        "dc:source": facts["content"],
        "tables": [_table(sheet, imprint.base) for sheet in sheets],
    }
    return (json.dumps(group, ensure_ascii=False, indent=2) + "\n").encode()


def _table(sheet: Sheet, base: str) -> dict[str, Any]:
    table = sheet.table
    schema: dict[str, Any] = {
        "columns": [_column(column) for column in sheet.columns],
        "primaryKey": [ORGANISATION.name, *table.identity],
        "foreignKeys": [
            {
                "columnReference": [ORGANISATION.name, column.name],
                "reference": {"resource": f"{column.refers}.csv", "columnReference": [ORGANISATION.name, "key"]},
            }
            for column in sheet.columns
            if column.refers and column.holds == "reference"
        ],
    }
    if table.kind in KINDS:
        last = "{key}" if table.identity == ("key",) else "-".join(f"{{{name}}}" for name in table.identity)
        schema["aboutUrl"] = f"{base}id/{{organisation}}/{table.kind}/{last}"
    return {
        "url": f"{table.name}.csv",
        "dc:title": [{"@value": table.finnish, "@language": "fi"}, {"@value": table.help, "@language": "en"}],
        "tableSchema": schema,
    }


def _column(column: Column) -> dict[str, Any]:
    about: dict[str, Any] = {
        "name": column.name.replace("@", "_"),
        "titles": column.name,
        "dc:title": {"@value": column.finnish, "@language": "fi"},
        "dc:description": column.help,
        "datatype": _DATATYPES.get(column.holds, "string"),
    }
    if column.required:
        about["required"] = True
    if column.holds in LISTS:
        about["separator"] = ";"
    return about
