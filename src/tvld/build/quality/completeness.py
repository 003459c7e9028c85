"""
What the Act (906/2019, sections 5 and 28) asks about a data store, and what of it the tables tell.

Absent is not false: a cell that is empty is not known yet. What the tables have no column for is said to be so. The
measures of information security (section 5) are left out: they are not published.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tvld.model import Description, Store, Texts


@dataclass(frozen=True)
class Asked:
    """
    One thing that the Act asks about a store: its names, the sections, and where to fill it in.

    `table` and `column` are None where the tables have no place for it.
    """

    key: str
    sections: tuple[int, ...]
    names: Texts
    table: str | None
    column: str | None
    known: Callable[[Store, Description], bool]


@dataclass(frozen=True)
class StoreCompleteness:
    """What is known of one store, in the order of FIELDS."""

    key: str
    names: Texts
    known: tuple[bool, ...]

    @property
    def count(self) -> int:
        return sum(self.known)


def _asked(
    key: str, sections: tuple[int, ...], names: str, where: str | None, known: Callable[[Store, Description], bool]
) -> Asked:
    table, _, column = (where or "").partition(":")
    tagged = tuple(zip(("fi", "sv", "en"), names.split(" | "), strict=True))
    return Asked(key, sections, tagged, table or None, column or None, known)


def _materials(store: Store, description: Description) -> bool:
    return any(material.store == store.key for material in description.materials)


def _groups(store: Store, description: Description) -> bool:
    return any(material.store == store.key and material.data_group for material in description.materials)


def _nowhere(store: Store, description: Description) -> bool:
    return False


FIELDS = (
    _asked("name", (5,), "nimi | namn | name", "stores.csv:name", lambda s, d: bool(s.names)),
    _asked(
        "purposes",
        (5,),
        "käyttötarkoitus | användningsändamål | purpose",
        "stores.csv:purposes",
        lambda s, d: bool(s.purposes),
    ),
    _asked(
        "systems",
        (5, 28),
        "tietojärjestelmät | informationssystem | information systems",
        "stores.csv:systems",
        lambda s, d: bool(s.systems),
    ),
    _asked(
        "materials",
        (28,),
        "tietoaineistot | informationsmaterial | information materials",
        "materials.csv:store",
        _materials,
    ),
    _asked("data_groups", (5, 28), "tietoryhmät | datagrupper | data groups", "materials.csv:data_group", _groups),
    _asked(
        "authority",
        (5, 28),
        "vastuuviranomainen | ansvarig myndighet | responsible authority",
        "stores.csv:authority",
        lambda s, d: bool(s.authority),
    ),
    _asked(
        "contact",
        (28,),
        "yhteystieto tietopyyntöjä varten | kontaktuppgift för begäran | contact for requests",
        "organisation.toml:contact",
        lambda s, d: d.organisation.contact is not None,
    ),
    _asked(
        "search_keys",
        (28,),
        "hakutekijät | sökfaktorer | search keys",
        "stores.csv:search_keys",
        lambda s, d: bool(s.search_keys),
    ),
    _asked(
        "open_interface",
        (28,),
        "saatavuus avoimesti rajapinnasta | öppen tillgång via gränssnitt | open availability by an interface",
        "stores.csv:open_interface",
        lambda s, d: s.open_interface is not None,
    ),
    _asked(
        "retention",
        (5,),
        "säilytysaika | förvaringstid | retention",
        "stores.csv:retention",
        lambda s, d: bool(s.retention),
    ),
    _asked("processes", (5,), "toimintaprosessit | verksamhetsprocesser | processes", None, _nowhere),
    _asked("recipients", (5,), "luovutuskohteet | mottagare | recipients", None, _nowhere),
    _asked(
        "archiving",
        (5,),
        "arkistointi tai tuhoaminen | arkivering eller förstöring | archiving or destruction",
        None,
        _nowhere,
    ),
)


def completeness(description: Description) -> list[StoreCompleteness]:
    """Say of each store what is known, in the order of the stores' keys."""
    return [
        StoreCompleteness(store.key, store.names, tuple(field.known(store, description) for field in FIELDS))
        for store in sorted(description.stores, key=lambda store: store.key)
    ]
