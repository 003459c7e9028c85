"""A small organisation in editions: its tables as they are on a day, and the release that they become."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.web_client import Get
from tvld.build.pipeline import build
from tvld.build.release import releases, remove
from tvld.iris import Base

BASE = Base("http://127.0.0.1:8000/")
# When each release came into use; the second was removed since, and the fourth is the first again.
TIMES = ["2026-01-01T10:00:00Z", "2026-02-01T10:00:00Z", "2026-03-01T10:00:00Z", "2026-04-01T10:00:00Z"]
STAMPS = [re.sub(r"\D", "", at) for at in TIMES]
_ORGANISATION = """\
name = "Kaupunki"
modified = {modified}
licence = "http://creativecommons.org/licenses/by/4.0/"
[source]
file = "kuvaus.txt"
title = "Kuvaus"
"""
STORES = {
    "lakipalvelut": "Lakipalvelujen tietovaranto",
    "maakuntamuseo": "Maakuntamuseon tietovaranto",
    "taidemuseo": "Taidemuseon tietovaranto",
}
_STORES = (
    "key,service_area,name,purposes,systems,themes,themes_status,search_keys,open_interface,authority,retention,"
    "source_line\n"
)
_EMPTY = {
    "materials": "key,store,name,data_group,note,source_line",
    "systems": "key,name,kind,aliases,note",
    "purposes": "key,name,aliases,note",
    "data_groups": "key,name,aliases,note",
}


def tables(data: Path, modified: str, stores: Mapping[str, str] = STORES, withdrawn: str = "") -> Path:
    """Write the tables of `kaupunki`: stores by key and name, and rows of withdrawn.csv."""
    folder = data / "kaupunki"
    (folder / "source").mkdir(parents=True, exist_ok=True)
    files = {name + ".csv": head + "\n" for name, head in _EMPTY.items()} | {
        "organisation.toml": _ORGANISATION.format(modified=modified),
        "source/kuvaus.txt": "Kuvaus.\n",
        "service_areas.csv": "key,name,aliases,note\npalvelut,Palvelut,,\n",
        "stores.csv": _STORES + "".join(f"{key},palvelut,{name}{',' * 9}\n" for key, name in stores.items()),
        "withdrawn.csv": f"kind,key,replaced_by,date\n{withdrawn}",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return data


def edition(
    out: Path,
    modified: str,
    stores: Mapping[str, str] = STORES,
    withdrawn: str = "",
    base: Base = BASE,
    link: str = "current",
) -> str:
    """Build a release of the tables, which stand beside `out`; give its id."""
    data = tables(out.parent / "data", modified, stores, withdrawn)
    return build(data, out, base, tell=lambda _: None, link=link).id


@dataclass(frozen=True)
class City:
    """A folder with releases, and a way to ask the site of the last one."""

    out: Path
    names: list[str]
    get: Get


def several(out: Path) -> list[str]:
    """Build three releases, remove the second, and give the ledger times and a rollback."""
    left = {key: name for key, name in STORES.items() if key != "taidemuseo"}
    names = [
        edition(out, "2026-05-01", STORES | {"lakipalvelut": "Lakiasioiden tietovaranto"}),
        edition(out, "2026-05-02", STORES | {"lakipalvelut": "Lakipuolen tietovaranto"}),
        edition(
            out,
            "2026-05-03",
            left | {"arkistopalvelut": "Arkistopalvelujen tietovaranto"},
            "store,taidemuseo,maakuntamuseo,2026-03-01\n",
        ),
    ]
    with releases(out):
        remove(out, names[1])
    ledger = [json.loads(line) for line in (out / "history.jsonl").read_text().splitlines()]
    for entry, at in zip(ledger, TIMES, strict=False):
        entry["at"] = at
    # A rollback to the third after some days of the first.
    again = [ledger[0] | {"at": TIMES[3]}, ledger[2] | {"at": "2026-04-02T10:00:00Z"}]
    lines = [*ledger[:3], *again, ledger[3]]
    (out / "history.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return names
