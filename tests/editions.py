"""A small organisation in editions: its tables as they are on a day, and the release that they become."""

from collections.abc import Mapping
from pathlib import Path

from tvld.build.pipeline import build
from tvld.iris import Base

BASE = Base("http://127.0.0.1:8000/")
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
