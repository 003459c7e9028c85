"""
Searches as CKAN's API takes them, over a catalogue's packages: what `q` and `fq` mean, in which order, which part; and
what a client passes over that is given one part by one release and the next by another.

The part of Solr's query syntax that harvesters send: `field:value`, `field:"a value"`, `field:[a TO b]`, `*`, a `+` or
`-` in front, `AND`, `OR`. What is not understood is refused: a filter that is ignored gives too much, and one that is
guessed too little. Knows no HTTP and no files.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from tvld.errors import CallError

Package = dict[str, Any]
Criterion = Callable[[Package], bool]

ROWS, MOST_ROWS = 10, 1000
_TERM = re.compile(
    r"""(?P<sign>[+-]?)
        (?:(?P<field>[a-z_*]+):)?
        (?: \[ (?P<low>[^\s\]]+) \s+ TO \s+ (?P<high>[^\s\]]+) \] | "(?P<quoted>[^"]*)" | (?P<word>[^\s:"()\[\]]+) )
        (?=\s|$)""",
    re.VERBOSE,
)
_WORDS = re.compile(r"\w+")
_FIELDS = {
    "id": ("id",),
    "name": ("name",),
    "title": ("title",),
    "notes": ("notes",),
    "organization": ("organization.name", "organization.id"),
    "owner_org": ("owner_org",),
    "license_id": ("license_id",),
    "collection_type": ("collection_type",),
    "type": ("type",),
    "dataset_type": ("type",),
    "state": ("state",),
    "tags": ("tags.name",),
    "groups": ("groups.name",),
    "res_format": ("resources.format",),
    "metadata_created": ("metadata_created",),
    "metadata_modified": ("metadata_modified",),
}
_SORTED_BY = ("id", "name", "title", "metadata_created", "metadata_modified")


@dataclass(frozen=True)
class Search:
    """
    A search. `since` is when the release came into use (ISO 8601, UTC): whoever asks what changed after a moment gets
    all that this release may have changed, for the dates in the data are the editor's.
    """

    query: str = ""
    filter: str = ""
    sort: str = ""
    start: int = 0
    rows: int = ROWS
    since: str = ""

    def __post_init__(self) -> None:
        for name, number in (("start", self.start), ("rows", self.rows)):
            if number < 0:
                raise CallError(f"{name} must be 0 or more, found {number}")

    @property
    def end(self) -> int:
        """Give where the next part begins."""
        return self.start + min(self.rows, MOST_ROWS)

    def over(self, packages: Iterable[Package]) -> list[Package]:
        """Give all packages that fit, in the order asked for; raises CallError."""
        criteria = [*self._criteria(self.query), *self._criteria(self.filter)]
        return self._ordered([package for package in packages if all(fits(package) for fits in criteria)])

    def _criteria(self, text: str) -> list[Criterion]:
        """Read terms: all must fit, but for those that an OR joins, of which one must."""
        groups: list[list[Criterion]] = []
        position, joined = 0, False
        while rest := text[position:].lstrip():
            position = len(text) - len(rest)
            term = _TERM.match(rest)
            if term is None:
                raise CallError(
                    f'cannot read {rest[:60]!r}: a search is made of words, field:value, field:"a value" and '
                    "field:[a TO b], with + or - in front, joined by AND or OR"
                )
            position += term.end()
            if term.group() in ("AND", "OR"):
                joined = term.group() == "OR" and bool(groups)
                continue
            if joined:
                groups[-1].append(self._criterion(term))
            else:
                groups.append([self._criterion(term)])
            joined = False
        return [_any(group) for group in groups]

    def _criterion(self, term: re.Match[str]) -> Criterion:
        field, value = term["field"], term["quoted"] if term["quoted"] is not None else term["word"]
        if field is None or field == "*":
            fits = _text(value or "")
        elif field not in _FIELDS:
            raise CallError(f"there is no field {field!r} to search by: there are {', '.join(_FIELDS)}")
        elif term["low"] is not None:
            fits = self._between(field, term["low"], term["high"])
        else:
            fits = _equals(field, value)
        return _none(fits) if term["sign"] == "-" else fits

    def _between(self, field: str, low: str, high: str) -> Criterion:
        first, last = ("" if bound == "*" else bound.removesuffix("Z") for bound in (low, high))

        def fits(package: Package) -> bool:
            values = _values(package, field)
            if field == "metadata_modified":
                values = [max(value, self.since.removesuffix("Z")) for value in values]
            return any(first <= value and (not last or value <= last) for value in values)

        return fits

    def _ordered(self, packages: Iterable[Package]) -> list[Package]:
        """Sort by id, then by what is asked for, the last first: sorting is stable."""
        ordered = sorted(packages, key=lambda package: str(package["id"]))
        for part in reversed([part for part in self.sort.split(",") if part.strip()]):
            field, _, direction = part.strip().partition(" ")
            # Every package fits a search equally well.
            if field == "score":
                continue
            if field not in _SORTED_BY or direction.strip() not in ("", "asc", "desc"):
                raise CallError(f"cannot sort by {part.strip()!r}: only by {', '.join(_SORTED_BY)}, asc or desc")
            ordered.sort(key=partial(_told, field), reverse=direction.strip() == "desc")
        return ordered


def passed_over(before: Sequence[str], now: Sequence[str], start: int) -> list[str]:
    """Give the ids of both lists that nobody gets who has the first `start` of one and goes on there in the other."""
    skipped = set(now[:start]) - set(before[:start])
    return [id_ for id_ in before if id_ in skipped]


def _told(field: str, package: Package) -> str:
    return str(package.get(field, ""))


def _values(package: Package, field: str) -> list[str]:
    found: list[str] = []
    for path in _FIELDS[field]:
        values: list[Any] = [package]
        for name in path.split("."):
            inner = [value.get(name) for value in values if isinstance(value, dict)]
            values = [one for value in inner for one in (value if isinstance(value, list) else [value])]
        found += [str(value) for value in values if value is not None]
    return found


def _equals(field: str, value: str) -> Criterion:
    if value.endswith("*"):
        return lambda package: any(found.startswith(value[:-1]) for found in _values(package, field))
    return lambda package: value in _values(package, field)


def _text(value: str) -> Criterion:
    """Look for every word of a text, at the start of some word of what is said in any language."""
    if value == "*":
        return lambda package: True
    wanted = [word.lower() for word in _WORDS.findall(value.rstrip("*"))]

    def fits(package: Package) -> bool:
        told = [package["name"], *package["title_translated"].values(), *package["notes_translated"].values()]
        told += [tag["name"] for tag in package["tags"]]
        words = _WORDS.findall(" ".join(told).lower())
        return all(any(word.startswith(start) for word in words) for start in wanted)

    return fits


def _any(criteria: list[Criterion]) -> Criterion:
    return lambda package: any(fits(package) for fits in criteria)


def _none(criterion: Criterion) -> Criterion:
    return lambda package: not criterion(package)
