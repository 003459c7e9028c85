"""
`python -m bench.generator COUNT FOLDER`: tables of COUNT synthetic organisations, the same for the same count.

Each takes some rows of the real table, word for word, so that names, purposes and systems are shared as they are in
life, and every rule of the real tables holds.
"""

import csv
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from tvld.build.columns import TABLES
from tvld.build.intake import read_organisation
from tvld.model import Description, RegisterEntry, Store, System, text_in

Entry = TypeVar("Entry", System, RegisterEntry)

STORES = 12
REAL = Path(__file__).parents[1] / "data" / "kaupunki"


def generate(count: int, folder: Path) -> None:
    """Write `count` organisations into `folder`, which is made."""
    real, _ = read_organisation(REAL)
    assert real is not None
    lines = (REAL / "source" / real.organisation.source.file).read_text(encoding="utf-8").split("\n")
    for number in range(1, count + 1):
        chosen = sorted(
            random.Random(number).sample(real.stores, min(STORES, len(real.stores))), key=lambda s: s.source_line or 0
        )
        _write(folder / f"kunta-{number:04}", number, real, chosen, lines)


def _write(folder: Path, number: int, real: Description, stores: Sequence[Store], lines: Sequence[str]) -> None:
    (folder / "source").mkdir(parents=True)
    kept = {store.source_line: row for row, store in enumerate(stores, start=2)}
    (folder / "source" / "kuvaus.txt").write_text(
        "\n".join([lines[4], *(lines[(store.source_line or 1) - 1] for store in stores)]) + "\n", encoding="utf-8"
    )
    (folder / "organisation.toml").write_text(
        f'name = "Kunta {number}"\nmodified = 2026-11-22\nissued = 2026-11-22\nlanguages = ["fi"]\n'
        'licence = "http://creativecommons.org/licenses/by/4.0/"\npublisher_type = "LocalAuthority"\n'
        '[source]\nfile = "kuvaus.txt"\ntitle = "Tietovarannot"\n',
        encoding="utf-8",
    )
    materials = [m for m in real.materials if m.source_line in kept]
    rows: dict[str, list[Sequence[object]]] = {
        "stores": [_store_row(store, kept[store.source_line]) for store in stores],
        "materials": [(m.key, m.store, text_in(m.names), m.data_group, m.note, kept[m.source_line]) for m in materials],
        "cells": [(kept[c.line], c.column, c.text, ";".join(c.notes)) for c in real.cells if c.line in kept],
        "systems": [
            (s.key, text_in(s.names), s.kind, ";".join(s.aliases), s.note)
            for s in _used(real.systems, (key for store in stores for key in store.systems))
        ],
        "purposes": _register(real.purposes, (key for store in stores for key in store.purposes)),
        "data_groups": _register(real.data_groups, (m.data_group or "" for m in materials)),
        "service_areas": _register(real.service_areas, (store.service_area for store in stores)),
        "withdrawn": [],
    }
    for table in TABLES:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([[c.name for c in table.columns], *rows[table.name]])


def _store_row(store: Store, line: int) -> Sequence[object]:
    lists = (";".join(store.purposes), ";".join(store.systems), ";".join(store.themes))
    known = (store.themes_status, "", "", "", "")
    return (store.key, store.service_area, text_in(store.names), *lists, *known, line)


def _used(entries: Iterable[Entry], keys: Iterable[str]) -> list[Entry]:
    wanted = set(keys)
    return [entry for entry in entries if entry.key in wanted]


def _register(entries: Iterable[RegisterEntry], keys: Iterable[str]) -> list[Sequence[object]]:
    return [(e.key, text_in(e.names), ";".join(e.aliases), e.note) for e in _used(entries, keys)]


if __name__ == "__main__":
    generate(int(sys.argv[1]), Path(sys.argv[2]))
