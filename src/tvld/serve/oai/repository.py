"""
The datasets of the catalogues as records: identifiers, dates, sets, and lists cut by resumption tokens. Knows no XML.

A record's identifier is the address of the dataset; its date is when it last changed here, or went, as the journal of
the feed tells. A token names the release and the number of steps that led to it, so that the list that was begun is the
list that is ended, or none.
"""

import base64
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from tvld.checksums import read_manifest
from tvld.errors import Gone
from tvld.feed.entities import KINDS, reached
from tvld.iris import PREFIXES, RDF_TYPE
from tvld.profiles import DCAT_AP_3, PROFILES, Profile
from tvld.serve.catalogues import Catalogues
from tvld.serve.feed import Feed, is_gone
from tvld.serve.source import Source

PER_PART = 50
OAI_DC, DCAT_AP = "oai_dc", "dcat_ap"
# Prefixes of metadata, and the profile that each is in; what is in none is Dublin Core.
FORMATS: Mapping[str, Profile | None] = {OAI_DC: None, DCAT_AP: DCAT_AP_3} | {
    profile.key: profile for profile in PROFILES if profile is not DCAT_AP_3
}
STORES, OPEN, ORGANISATION = "stores", "open", "organisation"
_DATASET = ox.NamedNode(PREFIXES["dcat"] + "dataset")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_READ = 6

About = dict[Any, list[ox.Quad]]


class Refused(Exception):
    """What is answered in the protocol's own words: `code` is one of its section 3.6."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Header:
    """What is said of every record; `gone` where the dataset is no more."""

    identifier: str
    date: datetime
    sets: tuple[str, ...]
    gone: bool


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for, and where to go on. `since` and `until` are as the client wrote them."""

    prefix: str
    set: str | None = None
    since: str | None = None
    until: str | None = None
    cursor: int = 0
    release: str = ""
    position: int = 0

    def token(self) -> str:
        """Write what a client sends back to go on."""
        told = [self.prefix, self.set, self.since, self.until, self.cursor, self.release, self.position]
        return base64.urlsafe_b64encode(json.dumps(told, separators=(",", ":")).encode()).decode().rstrip("=")


@dataclass(frozen=True)
class Part:
    """Part of a list; `token` is None where the list was not cut, empty in its last part."""

    headers: tuple[Header, ...]
    cursor: int
    total: int
    token: str | None


class Reading:
    """Catalogues by subject, read once and the last few kept: a list is asked for part by part."""

    def __init__(self) -> None:
        self._read: OrderedDict[tuple[Path, str, Profile], About] = OrderedDict()
        self._lock = threading.Lock()

    def about(self, catalogues: Catalogues, key: str, profile: Profile) -> About:
        """Raises ReleaseError where a catalogue is damaged."""
        asked = (catalogues.folder, key, profile)
        with self._lock:
            if asked not in self._read:
                about: About = {}
                for quad in catalogues.whole(key, profile):
                    about.setdefault(quad.subject, []).append(quad)
                self._read[asked] = about
                while len(self._read) > _READ:
                    self._read.popitem(last=False)
            self._read.move_to_end(asked)
            return self._read[asked]


class Repository:
    """What a source, or an earlier release beside it, has to tell."""

    def __init__(self, source: Source, feed: Feed, catalogues: Catalogues, reading: Reading) -> None:
        self.source, self.feed, self.catalogues, self._reading = source, feed, catalogues, reading

    @classmethod
    def of(cls, source: Source, reading: Reading) -> "Repository":
        """Raises NotFound where there is no release, ReleaseError where it is damaged."""
        return cls(source, Feed.of(source), Catalogues.of(source), reading)

    @property
    def earliest(self) -> datetime:
        """Give the time before which nothing has changed."""
        return min((header.date for header in self.headers.values()), default=self.feed.steps[0].at)

    @cached_property
    def sets(self) -> dict[str, str | None]:
        """Give the sets, and the organisation that one is of."""
        organisations = {f"{ORGANISATION}:{key}": key for key in self.catalogues.organisations}
        return {STORES: None, OPEN: None, ORGANISATION: None, **organisations}

    @cached_property
    def headers(self) -> dict[str, Header]:
        """Give the header of each dataset that there is or was, by identifier."""
        found = {
            iri: Header(iri, date, self._sets_of(iri), is_gone(member))
            for iri, (date, member) in self.feed.dated().items()
            if member.kind == "dataset"
        }
        for entry in read_manifest(self.catalogues.folder).get("withdrawn", []):
            iri = str(entry["iri"])
            if "/store/" in iri and iri not in found:
                # It went before there was a journal: all that is known is the day.
                found[iri] = Header(iri, instant(str(entry["date"])), self._sets_of(iri), gone=True)
        return dict(sorted(found.items()))

    def header(self, identifier: str) -> Header:
        if identifier not in self.headers:
            raise Refused("idDoesNotExist", f"there is no dataset {identifier!r} here, and never was")
        return self.headers[identifier]

    def prefixes(self, identifier: str) -> list[str]:
        """Give the formats in which a dataset can be had."""
        there = self.header(identifier)
        return [prefix for prefix in FORMATS if self._has(there, prefix)]

    def about(self, identifier: str, prefix: str) -> set[ox.Quad]:
        """Give what a catalogue tells of a dataset, in the profile of a format."""
        about = self._about(FORMATS[prefix] or DCAT_AP_3)
        entities = [s for s, told in about.items() if any(_kind(quad) in KINDS for quad in told)]
        return reached(ox.NamedNode(identifier), about, entities)

    def part(self, wanted: Wanted) -> Part:
        """Give the part of a list that is wanted; raises Refused where the list is empty."""
        headers = [header for header in self.headers.values() if self._is_wanted(header, wanted)]
        if not headers:
            raise Refused("noRecordsMatch", "no dataset has changed in that time, in that set, in that format")
        if wanted.cursor >= len(headers):
            raise Refused("badResumptionToken", "this token leads past the end of its list: begin it again")
        end, token = wanted.cursor + PER_PART, None
        if len(headers) > PER_PART:
            step = replace(wanted, cursor=end, release=self.catalogues.release, position=len(self.feed.steps))
            token = step.token() if end < len(headers) else ""
        return Part(tuple(headers[wanted.cursor : end]), wanted.cursor, len(headers), token)

    def resumed(self, token: str) -> "tuple[Repository, Wanted]":
        """Give what a token goes on with; raises Refused where that is not kept any more, or the token is none."""
        wanted = _read(token)
        try:
            catalogues = Catalogues.of(self.source, wanted.release)
        except Gone as err:
            raise Refused("badResumptionToken", f"{err}: begin the list again") from err
        steps = self.feed.steps[: wanted.position]
        if not steps or len(steps) != wanted.position or steps[-1].release != wanted.release:
            raise Refused("badResumptionToken", "the list that this token goes on with is not known: begin it again")
        return Repository(self.source, Feed(steps), catalogues, self._reading), wanted

    def _is_wanted(self, header: Header, wanted: Wanted) -> bool:
        if wanted.set is not None and wanted.set not in header.sets:
            return False
        if wanted.since is not None and header.date < instant(wanted.since):
            return False
        if wanted.until is not None and header.date >= instant(wanted.until) + _grain(wanted.until):
            return False
        return self._has(header, wanted.prefix)

    def _has(self, header: Header, prefix: str) -> bool:
        datasets = self._datasets("", FORMATS[prefix] or DCAT_AP_3)
        # Of what is gone nobody can say in which formats it was; a format without datasets never had it.
        return bool(datasets) if header.gone else header.identifier in datasets

    def _sets_of(self, iri: str) -> tuple[str, ...]:
        organisation = iri.removeprefix(f"{self.source.base.iri}id/").partition("/")[0]
        sets = (STORES, ORGANISATION, f"{ORGANISATION}:{organisation}")
        return (OPEN, *sets) if iri in self._datasets("open", DCAT_AP_3) else sets

    def _datasets(self, key: str, profile: Profile) -> set[str]:
        name = f"_datasets_{key}_{profile.key}"
        if name not in self.__dict__:
            told = (quad for quads in self._about(profile, key).values() for quad in quads)
            self.__dict__[name] = {str(q.object.value) for q in told if q.predicate == _DATASET}  # type: ignore[union-attr]
        found: set[str] = self.__dict__[name]
        return found

    def _about(self, profile: Profile, key: str = "") -> About:
        return self._reading.about(self.catalogues, key, profile)


def instant(text: str) -> datetime:
    """Read a day or a second (UTC); raises Refused."""
    try:
        if _DAY.fullmatch(text):
            return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        if _SECOND.fullmatch(text):
            return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        # A day that no month has.
        pass
    raise Refused("badArgument", f"a time is YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ (UTC), found {text!r}")


def checked(wanted: Wanted, sets: Mapping[str, object]) -> Wanted:
    """Refuse what can never have an answer."""
    if wanted.prefix not in FORMATS:
        known = ", ".join(FORMATS)
        raise Refused("cannotDisseminateFormat", f"there is no metadata format {wanted.prefix!r}: there are {known}")
    times = [time for time in (wanted.since, wanted.until) if time is not None]
    moments = [instant(time) for time in times]
    if len({len(time) for time in times}) > 1:
        raise Refused("badArgument", "from and until must have the same granularity")
    if moments != sorted(moments):
        raise Refused("badArgument", "from must not be later than until")
    if wanted.set is not None and wanted.set not in sets:
        raise Refused("noRecordsMatch", f"there is no set {wanted.set!r}: there are {', '.join(sets)}")
    return wanted


def _grain(text: str) -> timedelta:
    return timedelta(days=1) if _DAY.fullmatch(text) else timedelta(seconds=1)


def _kind(quad: ox.Quad) -> str:
    named = isinstance(quad.object, ox.NamedNode) and quad.predicate.value == RDF_TYPE
    return quad.object.value if named else ""  # type: ignore[union-attr]


def _read(token: str) -> Wanted:
    try:
        told = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        prefix, set_, since, until, cursor, release, position = told
        texts = (prefix, release, *(value for value in (set_, since, until) if value is not None))
        if not all(isinstance(text, str) for text in texts) or not all(
            type(n) is int and n > 0 for n in (cursor, position)
        ):
            raise TypeError(token)
        return checked(Wanted(prefix, set_, since, until, cursor, release, position), {set_: None})
    except (ValueError, TypeError, Refused) as err:
        raise Refused("badResumptionToken", f"{token[:80]!r} is no token of ours") from err
