"""
The register of tables: which columns a person fills, what each holds, which register it refers to.

Intake, the messages about faults and the reference pages are all made from this register. It knows no files.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tvld.model import REGISTERS

Holds = Literal[
    "key", "reference", "references", "text", "verbatim", "texts", "number", "date", "yes-no", "choice", "themes"
]

# What a cell of each kind must look like: the words of the messages and of the reference page, in fi and en.
EXPECTED: dict[Holds, tuple[str, str]] = {
    "key": (
        "avain: pieniä kirjaimia a–z ja numeroita, sanojen välissä yksi yhdysmerkki, esimerkiksi taidemuseo-2",
        "a key: lower-case letters a–z and digits, words joined by one hyphen, such as taidemuseo-2",
    ),
    "reference": ("toisen taulukon avain", "a key of another table"),
    "references": ("toisen taulukon avaimia, välissä puolipiste", "keys of another table, separated by semicolons"),
    "text": ("tekstiä", "text"),
    "verbatim": ("tekstiä täsmälleen niin kuin lähteessä", "text exactly as in the source"),
    "texts": ("tekstejä, välissä puolipiste", "texts separated by semicolons"),
    "number": ("kokonaisluku, vähintään 1", "a whole number, at least 1"),
    "date": (
        "päivä muodossa vuosi-kuukausi-päivä, esimerkiksi 2026-01-31",
        "a date year-month-day, such as 2026-01-31",
    ),
    "yes-no": ("kyllä tai ei", "yes or no"),
    "choice": ("jokin arvoista: {values}", "one of: {values}"),
    "themes": (
        "EU:n aihekoodeja, välissä puolipiste: {values}",
        "codes of EU data themes, separated by semicolons: {values}",
    ),
}

# The EU data themes, http://publications.europa.eu/resource/authority/data-theme (DCAT-AP 3.0.1 wants one of these).
THEMES = ("AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "INTR", "JUST", "REGI", "SOCI", "TECH", "TRAN")

# Yes and no as people write them and as Excel writes them in Finnish and English.
YES = frozenset({"kyllä", "yes", "true", "tosi"})
NO = frozenset({"ei", "no", "false", "epätosi"})

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# A lower-case BCP 47 tag: language, script, region. Finnish is the column without a tag.
LANGUAGE_TAG = re.compile(r"(?!fi$)[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?")


@dataclass(frozen=True)
class Column:
    """
    One column: its name in the header, what it `holds`, its Finnish name and a sentence of help.

    `required`: no row may leave it empty. `refers`: the table whose keys it holds. `values`: the words allowed.
    """

    name: str
    holds: Holds
    finnish: str
    help: str
    required: bool = False
    refers: str | None = None
    values: tuple[str, ...] = ()

    @property
    def expected(self) -> tuple[str, str]:
        """Give what a cell must look like, in fi and en."""
        finnish, english = EXPECTED[self.holds]
        values = ", ".join(self.values)
        return finnish.format(values=values), english.format(values=values)


@dataclass(frozen=True)
class Table:
    """
    One table: the name of its file, the kind of thing it lists, its columns in order.

    `identity`: the columns that together may occur once. `required`: the file must be there, if only with its header.
    """

    name: str
    kind: str
    finnish: str
    help: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...] = ("key",)
    required: bool = True

    def column(self, name: str) -> Column | None:
        """Find a column of this table by its header, `name@sv` and the like included."""
        for column in self.columns:
            if column.name == name:
                return column
            stem, at, tag = name.partition("@")
            if at and stem == column.name == "name" and LANGUAGE_TAG.fullmatch(tag):
                return replace(column, name=name, finnish=f"nimi ({tag})", help=f"The name in {tag}.", required=False)
        return None


def _key(of: str) -> Column:
    return Column(
        "key", "key", "avain", f"The last part of the address of the {of}; never changed once published.", True
    )


def _name(of: str) -> Column:
    return Column(
        "name", "text", "nimi", f"The Finnish name of the {of}; `name@sv`, `name@en` hold it in others.", True
    )


def _aliases(of: str) -> Column:
    return Column("aliases", "texts", "muut nimet", f"Other forms of the name under which the source knows the {of}.")


def _note(of: str) -> Column:
    return Column("note", "text", "huomautus", f"What a reader should know about the {of}.")


def _source_line(of: str) -> Column:
    return Column("source_line", "number", "lähteen rivi", f"The line of the source document that names the {of}.")


def _register(name: str, kind: str, of: str, finnish: str, help_: str) -> Table:
    return Table(name, kind, finnish, help_, (_key(of), _name(of), _aliases(of), _note(of)))


STORES = Table(
    "stores",
    "store",
    "tietovarannot",
    "The data stores: one row each.",
    (
        _key("data store"),
        Column(
            "service_area",
            "reference",
            "palvelualue",
            "The service area that keeps the data store.",
            required=True,
            refers="service_areas",
        ),
        _name("data store"),
        Column(
            "purposes", "references", "käyttötarkoitukset", "What the data is used for, as listed.", refers="purposes"
        ),
        Column("systems", "references", "tietojärjestelmät", "What processes the data, as listed.", refers="systems"),
        Column("themes", "themes", "aiheet", "EU data themes, so that portals can file the data store.", values=THEMES),
        Column(
            "themes_status",
            "choice",
            "aiheiden tila",
            "Whether a person has confirmed the themes; needed where there are themes.",
            values=("proposed", "confirmed"),
        ),
        Column("search_keys", "texts", "hakutekijät", "With what the data can be searched (906/2019, section 28)."),
        Column("open_interface", "yes-no", "avoin rajapinta", "Whether an open technical interface gives the data."),
        Column("authority", "text", "viranomainen", "The authority that decides on giving out the data."),
        Column("retention", "text", "säilytysaika", "How long the data is kept."),
        _source_line("data store"),
    ),
)

MATERIALS = Table(
    "materials",
    "material",
    "tietoaineistot",
    "The information materials: one row for each item of each store's list, in the order of the source.",
    (
        _key("information material"),
        Column("store", "reference", "tietovaranto", "The data store that holds it.", required=True, refers="stores"),
        _name("information material"),
        Column("data_group", "reference", "tietoryhmä", "The kind of data that it is.", refers="data_groups"),
        _note("information material"),
        _source_line("information material"),
    ),
)

SYSTEMS = Table(
    "systems",
    "system",
    "tietojärjestelmät",
    "The information systems: one row each, whatever the number of stores that use it.",
    (
        _key("information system"),
        _name("information system"),
        Column(
            "kind",
            "choice",
            "laji",
            "One system, or a group of systems that the source names only in the plural.",
            required=True,
            values=("system", "group"),
        ),
        _aliases("information system"),
        _note("information system"),
    ),
)

PURPOSES = _register(
    "purposes", "purpose", "purpose", "käyttötarkoitukset", "The purposes for which data is used: one row each."
)
DATA_GROUPS = _register(
    "data_groups", "data-group", "data group", "tietoryhmät", "The kinds of data that several materials share."
)
SERVICE_AREAS = _register(
    "service_areas", "service-area", "service area", "palvelualueet", "The parts of the organisation: one row each."
)

CELLS = Table(
    "cells",
    "cell",
    "lähteen solut",
    "Every cell of the source table word for word, so that a wrong split loses nothing.",
    (
        Column("line", "number", "rivi", "The line of the source document, from 1.", required=True),
        Column("column", "number", "sarake", "The column of the source table, from 1.", required=True),
        Column("text", "verbatim", "teksti", "The whole text of the cell; empty where the source is."),
        Column("notes", "texts", "huomautukset", "The parts of the text that are remarks, not items, in order."),
    ),
    identity=("line", "column"),
    required=False,
)

WITHDRAWN = Table(
    "withdrawn",
    "withdrawn",
    "poistetut",
    "Keys that were published once and are no longer in use; their addresses answer 410.",
    (
        Column(
            "kind", "choice", "laji", "What it was.", required=True, values=("store", "material", "system", *REGISTERS)
        ),
        Column("key", "key", "avain", "The key that was withdrawn.", required=True),
        Column("replaced_by", "key", "korvaaja", "The key of the same kind that took its place."),
        Column("date", "date", "päivä", "When it was withdrawn.", required=True),
    ),
    identity=("kind", "key"),
    required=False,
)

TABLES: Sequence[Table] = (
    STORES,
    MATERIALS,
    SYSTEMS,
    PURPOSES,
    DATA_GROUPS,
    SERVICE_AREAS,
    CELLS,
    WITHDRAWN,
)
