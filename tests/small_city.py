"""A small organisation's tables in memory, for tests that edit them and build again."""

import csv
import hashlib
import json
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from tvld.build.columns import TABLES
from tvld.build.pipeline import content_of
from tvld.formats import NQUADS
from tvld.iris import Base
from tvld.serialisation import write

BASE = Base("https://data.example.fi/")
Row = dict[str, str]

_ORGANISATION = """\
name = "{name}"
"name@sv" = "Stad"
modified = {modified}
languages = ["fi"]
licence = "http://creativecommons.org/licenses/by/4.0/"

[source]
file = "lahde.txt"
title = "Lähde"
"""


def _rows(column: str, *rows: str) -> list[Row]:
    names = column.split(",")
    return [dict(zip(names, row.split(","), strict=True)) for row in rows]


@dataclass
class City:
    """Tables by name, each a list of rows; what a row does not say is an empty cell."""

    key: str = "kunta"
    name: str = "Kunta"
    modified: str = "2026-01-01"
    tables: dict[str, list[Row]] = field(
        default_factory=lambda: {
            "service_areas": _rows("key,name", "hallinto,Hallinto", "sivistys,Sivistys"),
            "purposes": _rows("key,name", "neuvonta,neuvonta", "valvonta,valvonta"),
            "data_groups": _rows("key,name", "asiakirjat,asiakirjat", "tilastot,tilastot"),
            "systems": _rows("key,name,kind", "arkisto,arkisto,system", "rekisterit,rekisterit,group"),
            "stores": _rows(
                "key,service_area,name,purposes,systems",
                "kirjasto,sivistys,Kirjaston tietovaranto,neuvonta,arkisto",
                "museo,sivistys,Museon tietovaranto,neuvonta;valvonta,arkisto;rekisterit",
                "talous,hallinto,Talouden tietovaranto,valvonta,",
            ),
            "materials": _rows(
                "key,store,name,data_group",
                "kirjasto-lainat,kirjasto,Lainat,tilastot",
                "museo-kuvat,museo,Kuvat,asiakirjat",
            ),
            "withdrawn": [],
        }
    )

    def copy(self) -> "City":
        return deepcopy(self)

    def row(self, table: str, key: str) -> Row:
        return next(row for row in self.tables[table] if row["key"] == key)

    def write(self, data: Path) -> None:
        """Write the folder `data/<key>/`."""
        folder = data / self.key
        (folder / "source").mkdir(parents=True, exist_ok=True)
        (folder / "source" / "lahde.txt").write_text("Ei taulukko.\n", encoding="utf-8")
        text = _ORGANISATION.format(name=self.name, modified=self.modified)
        (folder / "organisation.toml").write_text(text, encoding="utf-8")
        for table in TABLES:
            if table.name not in self.tables:
                continue
            columns = [column.name for column in table.columns]
            extra = sorted({name for row in self.tables[table.name] for name in row} - set(columns))
            with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, [*columns, *extra], restval="")
                writer.writeheader()
                writer.writerows(self.tables[table.name])


def release_of(cities: Iterable[City], folder: Path, name: str) -> Path:
    """Make what a difference is made from: the content as the pipeline gives it, and the head of a manifest."""
    data, target = folder / f"{name}-data", folder / name
    for city in cities:
        city.write(data)
    target.mkdir()
    body = write(content_of(data, BASE), NQUADS)
    (target / "description.nq").write_bytes(body)
    head = {"release": name, "base": BASE.iri, "content": hashlib.sha256(body).hexdigest()}
    (target / "manifest.json").write_text(json.dumps(head), encoding="utf-8")
    return target
