"""
What the columns of a CSV answer hold, in the words of CSV on the Web (Metadata Vocabulary for Tabular Data).

CSV itself tells neither an IRI from a text nor a number from a digit: this is read off the same answer in JSON.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tvld.formats import Format
from tvld.serve.engine import Answer

CSVW = Format("csvw", "csv-metadata.json", "application/csvm+json", "CSVW", "", ("application/json",))
_XSD = "http://www.w3.org/2001/XMLSchema#"
# Those that CSVW knows under the name that XML Schema gives them.
_DATATYPES = frozenset(
    "anyURI boolean date dateTime decimal double float gDay gMonth gMonthDay gYear gYearMonth integer string time "
    "long int short byte nonNegativeInteger positiveInteger".split()
)


def metadata(answer: Answer, address: str, title: str, source: str) -> bytes:
    """Describe the CSV at `address`: `answer` is the same one in SPARQL JSON, `source` the address to cite."""
    results = json.loads(answer.body)
    rows = results["results"]["bindings"]
    told = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": address,
        "dc:title": title,
        "dc:source": {"@id": source},
        "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"]},
        "tableSchema": {
            "columns": [
                _column(name, [row[name] for row in rows if name in row], len(rows)) for name in results["head"]["vars"]
            ]
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"


def _column(name: str, values: Sequence[Mapping[str, Any]], rows: int) -> dict[str, Any]:
    column: dict[str, Any] = {"name": name, "titles": name}
    kinds = {value["type"] for value in values}
    languages = {value.get("xml:lang") for value in values}
    datatypes = {value.get("datatype", _XSD + "string") for value in values}
    if kinds == {"uri"}:
        column |= {"datatype": "anyURI", "valueUrl": f"{{+{name}}}"}
    elif kinds == {"literal"} and len(datatypes) == 1 and (short := _short(*datatypes)):
        column["datatype"] = short
    else:
        column["datatype"] = "string"
    if kinds == {"literal"} and len(languages) == 1 and (language := next(iter(languages))):
        column["lang"] = language
    if rows and len(values) == rows:
        column["required"] = True
    return column


def _short(datatype: str) -> str | None:
    name = datatype.removeprefix(_XSD)
    return name if name != datatype and name in _DATATYPES else None
