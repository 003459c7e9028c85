"""
`organisation.toml`, who publishes, to an `Organisation`; and the register of its fields.

Knows the form of each field, and that the source document stands in the folder `source`. Nothing that the file leaves
out is made up: it stays unknown.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tvld.build.columns import LANGUAGE_TAG
from tvld.build.entries import key_of
from tvld.build.faults import fault, nearest
from tvld.build.findings import Finding, violations
from tvld.iris import LANGUAGES
from tvld.model import Contact, Organisation, Period, Place, SourceDocument, Texts

ORGANISATION_FILE = "organisation.toml"
SOURCE_FOLDER = "source"
MAX_BYTES = 1024 * 1024

# Local names of http://purl.org/adms/publishertype/1.0.
PUBLISHER_TYPES = (
    "Academia-ScientificOrganisation",
    "Company",
    "IndustryConsortium",
    "LocalAuthority",
    "NationalAuthority",
    "NonGovernmentalOrganisation",
    "NonProfitOrganisation",
    "PrivateIndividual",
    "RegionalAuthority",
    "StandardisationBody",
    "SupraNationalAuthority",
)


@dataclass(frozen=True)
class Field:
    """
    One field: `name`, or `table.name` where it stands in a table of the file; what it holds; a sentence of help.

    `translated`: other languages are given beside it, as in `"name@sv"`.
    """

    name: str
    holds: str
    help: str
    required: bool = False
    translated: bool = False

    @property
    def expected(self) -> tuple[str, str]:
        return EXPECTED[self.holds]


# What a field of each kind must look like, in fi and en.
EXPECTED: dict[str, tuple[str, str]] = {
    "text": ("teksti lainausmerkeissä", "a text in quotes"),
    "texts": ('luettelo tekstejä, kuten ["a", "b"]', 'a list of texts, such as ["a", "b"]'),
    "date": ("päivä ilman lainausmerkkejä, kuten 2026-01-31", "a date without quotes, such as 2026-01-31"),
    "iri": ("osoite, joka alkaa http:// tai https://", "an address that begins with http:// or https://"),
    "iris": ("luettelo osoitteita, jotka alkavat http:// tai https://", "a list of http:// or https:// addresses"),
    "email": ("sähköpostiosoite, kuten kirjaamo@example.org", "an e-mail address, such as registry@example.org"),
    "phone": ("puhelinnumero, kuten +358 16 000 0000", "a telephone number, such as +358 16 000 0000"),
    "business-id": ("Y-tunnus, kuten 0000000-0", "a Finnish business id, such as 0000000-0"),
    "file": ("tiedoston nimi ilman kansiota", "the name of a file, without a folder"),
    "languages": (f"luettelo kielistä {', '.join(LANGUAGES)}", f"a list of the languages {', '.join(LANGUAGES)}"),
    "publisher-type": (f"jokin näistä: {', '.join(PUBLISHER_TYPES)}", f"one of: {', '.join(PUBLISHER_TYPES)}"),
}

FIELDS = (
    Field("name", "text", "The name of the organisation.", required=True, translated=True),
    Field("modified", "date", "The date of the tables, set by the person who edits them.", required=True),
    Field("issued", "date", "When the description was first published."),
    Field("languages", "languages", "The languages of the description; Finnish where it is left out."),
    Field("licence", "iri", "The licence of the tables, as an address.", required=True),
    Field("title", "text", "The title of the description.", translated=True),
    Field("description", "text", "What the description is about.", translated=True),
    Field("keywords", "texts", "Words under which the description should be found.", translated=True),
    Field("business_id", "business-id", "The Finnish business id of the organisation."),
    Field("homepage", "iri", "The home page of the organisation."),
    Field("spatial", "iris", "The areas that it covers, as addresses."),
    Field("temporal.start", "date", "The first day of the time that the description speaks of.", required=True),
    Field("temporal.end", "date", "Its last day; without it the time goes on."),
    Field("publisher_type", "publisher-type", "What kind of body it is, of the ADMS list."),
    Field("contact.name", "text", "Who answers questions about the description.", required=True, translated=True),
    Field("contact.email", "email", "Their e-mail address.", required=True),
    Field("contact.phone", "phone", "Their telephone number."),
    Field("contact.url", "iri", "Their page or form."),
    Field("source.file", "file", "The published document in the folder `source`.", required=True),
    Field("source.title", "text", "Its title.", required=True, translated=True),
    Field("source.url", "iri", "Where it was published."),
    Field("source.issued", "date", "When it was published."),
)

_LATER = ("päivä, joka ei ole ennen kentän temporal.start päivää", "a date that is not before temporal.start")
_FIELD = {field.name: field for field in FIELDS}
_OPTIONAL_TABLES = ("contact", "temporal")  # their required fields are required only where the table is there


def read_organisation_file(path: Path, key: str) -> tuple[Organisation | None, list[Finding]]:
    """
    Read the file; its findings name it `<key>/organisation.toml` and the line of each field.

    Gives None where a finding is a violation. What the file does not say is None or empty; the language is Finnish.
    """
    place = Place(f"{key}/{ORGANISATION_FILE}")
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as err:
        return None, [fault("unreadable", place, found=err.strerror or str(err))]
    if len(raw) > MAX_BYTES:
        return None, [fault("too-many-rows", place, limit=MAX_BYTES, what=("tavua", "bytes"))]
    try:
        text = unicodedata.normalize("NFC", raw.decode().removeprefix("\ufeff"))
        values = dict(_flat(tomllib.loads(text)))
    except UnicodeDecodeError as err:
        row = raw.count(b"\n", 0, err.start) + 1
        return None, [fault("encoding", Place(place.file, row), offset=err.start, found=f"0x{raw[err.start]:02X}")]
    except tomllib.TOMLDecodeError as err:
        line = re.search(r"at line (\d+)", str(err))
        return None, [fault("toml", Place(place.file, int(line[1]) if line else None), found=str(err))]
    findings = list(_faults(values, _Lines(place.file, text), path.parent / SOURCE_FOLDER))
    return (None if violations(findings) else _organisation(values, key, place)), findings


class _Lines:
    """The line of each field in the text of the file, as far as it is written plainly."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._rows: dict[str, int] = {}
        table = ""
        for row, line in enumerate(text.splitlines(), 1):
            if head := re.match(r"\s*\[\s*([\w-]+)\s*\]", line):
                table = head[1] + "."
                self._rows.setdefault(head[1], row)
            elif field := re.match(r"\s*[\"']?([\w@-]+)[\"']?\s*=", line):
                self._rows.setdefault(table + field[1], row)

    def place(self, field: str) -> Place:
        return Place(self._file, self._rows.get(field) or self._rows.get(field.partition(".")[0]), field)


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Write `[contact] name = …` as `contact.name`, for the tables that the register knows."""
    tables = {field.name.partition(".")[0] for field in FIELDS if "." in field.name}
    for name, value in values.items():
        if name in tables and isinstance(value, dict):
            yield from ((f"{name}.{inner}", inner_value) for inner, inner_value in value.items())
        else:
            yield name, value


def _field(name: str) -> Field | None:
    stem, at, tag = name.partition("@")
    field = _FIELD.get(stem)
    if field is None or not at:
        return field
    return field if field.translated and LANGUAGE_TAG.fullmatch(tag) else None


def _faults(values: Mapping[str, Any], lines: _Lines, sources: Path) -> Iterator[Finding]:
    for name, value in values.items():
        field = _field(name)
        if field is None:
            yield fault("unknown-field", lines.place(name), name, found=name, nearest=nearest(name, _FIELD))
        elif not _FORMS[field.holds](value):
            yield fault("field-value", lines.place(name), field=name, found=_shown(value), expected=field.expected)
        elif field.holds == "business-id" and not _check_digit(value):
            yield fault("business-id", lines.place(name), value, found=value)
        elif field.holds == "file" and not (sources / value).is_file():
            there = sorted(path.name for path in sources.iterdir()) if sources.is_dir() else []
            yield fault("source-file", lines.place(name), value, found=value, nearest=nearest(value, there))
    first, last = (values.get(f"temporal.{which}") for which in ("start", "end"))
    if isinstance(first, date) and isinstance(last, date) and _shown(last) < _shown(first):
        found = _shown(last)
        yield fault("field-value", lines.place("temporal.end"), field="temporal.end", found=found, expected=_LATER)
    given = {name.partition(".")[0] for name in values}
    for field in FIELDS:
        table = field.name.partition(".")[0]
        needed = table not in _OPTIONAL_TABLES or table in given
        if field.required and needed and field.name not in values:
            yield fault("missing-field", lines.place(field.name), field=field.name, expected=field.expected)


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else repr(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_iri(value: object) -> bool:
    """Whether a value can stand as an IRI in every format: absolute, http or https, no sign that RFC 3987 excludes."""
    if not isinstance(value, str) or re.search(r'[\x00-\x20<>"{}|\\^`\x7f]', value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _list_of(is_one: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and bool(value) and all(is_one(one) for one in value)


def _matches(pattern: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


_FORMS: dict[str, Callable[[Any], bool]] = {
    "text": _is_text,
    "texts": _list_of(_is_text),
    "date": lambda value: isinstance(value, date) and not isinstance(value, datetime),
    "iri": _is_iri,
    "iris": _list_of(_is_iri),
    "email": _matches(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"),
    "phone": _matches(r"\+?[0-9][0-9 -]{2,}[0-9]"),
    "business-id": _matches(r"[0-9]{7}-[0-9]"),
    "file": lambda value: _is_text(value) and bool(key_of(Path(value).stem)) and Path(value).name == value,
    "languages": _list_of(lambda one: one in LANGUAGES),
    "publisher-type": lambda value: value in PUBLISHER_TYPES,
}


def _check_digit(business_id: str) -> bool:
    """Compare the last digit with the weighted sum of the others (modulo 11), as the tax administration defines it."""
    digits = [int(digit) for digit in business_id if digit.isdigit()]
    total = sum(weight * digit for weight, digit in zip((7, 9, 10, 5, 8, 4, 2), digits[:7], strict=True))
    return -total % 11 == digits[7]


def _texts(values: Mapping[str, Any], name: str) -> Texts:
    """Give a field in all its languages, Finnish first; a list gives a text for each of its members."""
    tagged = sorted((field.partition("@")[2] or "", value) for field, value in values.items() if _stem(field) == name)
    return tuple(
        (tag or "fi", text.strip()) for tag, value in tagged for text in (value if isinstance(value, list) else [value])
    )


def _stem(field: str) -> str:
    return field.partition("@")[0]


def _date(values: Mapping[str, Any], name: str) -> str | None:
    return values[name].isoformat() if name in values else None


def _organisation(values: Mapping[str, Any], key: str, place: Place) -> Organisation:
    contact = None
    if "contact.name" in values:
        contact = Contact(
            names=_texts(values, "contact.name"),
            email=values["contact.email"],
            phone=values.get("contact.phone"),
            url=values.get("contact.url"),
        )
    source = SourceDocument(
        key=key_of(Path(values["source.file"]).stem),
        file=values["source.file"],
        names=_texts(values, "source.title"),
        url=values.get("source.url"),
        issued=_date(values, "source.issued"),
    )
    start = _date(values, "temporal.start")
    return Organisation(
        key=key,
        names=_texts(values, "name"),
        modified=values["modified"].isoformat(),
        languages=tuple(values.get("languages", ["fi"])),
        licence=values["licence"],
        source=source,
        titles=_texts(values, "title"),
        descriptions=_texts(values, "description"),
        keywords=_texts(values, "keywords"),
        issued=_date(values, "issued"),
        business_id=values.get("business_id"),
        homepage=values.get("homepage"),
        spatial=tuple(values.get("spatial", [])),
        temporal=Period(start, _date(values, "temporal.end")) if start else None,
        publisher_type=values.get("publisher_type"),
        contact=contact,
        place=place,
    )
