"""Tables for tests: the real ones as they are, and beside them those of a municipality that tells all it can."""

import shutil
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
# What the source of the real tables does not tell, and another municipality would.
COMPLETE = """
business_id = "0000000-0"
homepage = "https://kunta.example/"
spatial = ["http://publications.europa.eu/resource/authority/country/FIN"]

[temporal]
start = 2026-01-01
end = 2026-12-31

[contact]
name = "Kirjaamo"
"name@sv" = "Registratorskontoret"
email = "kirjaamo@kunta.example"
phone = "+358 16 000 0000"
url = "https://kunta.example/kirjaamo"

[source]
"""


def two(folder: Path) -> Path:
    """Make a data folder of `kaupunki`, as it is, and `kunta`, whose organisation.toml is complete."""
    shutil.copytree(DATA / "kaupunki", folder / "kaupunki")
    complete(folder / "kunta")
    return folder


def complete(folder: Path) -> Path:
    """Make one organisation's folder whose organisation.toml is complete."""
    shutil.copytree(DATA / "kaupunki", folder)
    about = folder / "organisation.toml"
    text = about.read_text(encoding="utf-8").replace('"Kaupunki"', '"Kunta"').replace("\n[source]\n", COMPLETE)
    assert COMPLETE in text
    about.write_text(text, encoding="utf-8")
    return folder


def edited(folder: Path, file: str, old: str, new: str) -> None:
    """Replace one text of a table, which must be there."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
