"""
The feed as Atom (RFC 4287): an entry a change in words, archived by pages (RFC 5005, 4), with tombstones (RFC 6721).

What a feed reader has stored is never told anew: archives are cut by number from the oldest change.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from tvld.errors import NotFound
from tvld.iris import Base
from tvld.serve.feed import CHANGES, Change, Feed

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_XML = "http://www.w3.org/XML/1998/namespace"
MEDIA_TYPE = "application/atom+xml"
for _prefix, _namespace in (("fh", HISTORY), ("at", TOMBSTONES)):
    register_namespace(_prefix, _namespace)

# A thing that came is an entry under its own IRI, so that a tombstone can take that back.
_CAME = frozenset({"added", "returned"})
_GONE = frozenset({"removed", "withdrawn", "replaced"})
# What XML 1.0 cannot hold.
_NO_XML = {code: None for code in (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF)}


@dataclass(frozen=True)
class Wording:
    """What is said in the reader's language: `release` stands before the name of a release."""

    language: str
    title: str
    release: str
    authors: tuple[str, ...]
    by_link: bool = False


def feed(base: Base, told: Feed, wording: Wording, archive: int | None = None) -> bytes:
    """Write the newest changes, or those of an archive; raises NotFound where there is no such archive."""
    last, number = told.changes()[-1]
    total = number + max(1, last.changes) - 1
    # The newest full page is told with what is newer, so that the document that readers poll is never almost empty.
    archives = max(0, total // CHANGES - 1)
    if archive is not None and not 1 <= archive <= archives:
        raise NotFound(f"the feed has {archives} archives; there is none of number {archive}")
    start = 1 + (archives if archive is None else archive - 1) * CHANGES
    stop = total + 1 if archive is None else start + CHANGES
    changes = list(told.told(start, stop))[::-1]
    root = Element("feed", {"xmlns": ATOM, f"{{{_XML}}}lang": wording.language})
    _text(root, "id", _address(base, wording))
    _text(root, "title", wording.title)
    _text(root, "updated", _time(changes[0].at))
    for author in wording.authors:
        _text(SubElement(root, "author"), "name", author)
    if archive is not None:
        SubElement(root, f"{{{HISTORY}}}archive")
    before = archives if archive is None else archive - 1
    links = {"self": _address(base, wording, archive), "alternate": f"{base.iri}dumps/"}
    links |= {"current": _address(base, wording)} if archive is not None else {}
    links |= {"prev-archive": _address(base, wording, before)} if before else {}
    for rel, address in links.items():
        SubElement(root, "link", {"rel": rel, "href": address})
    _add(root, base, changes, wording)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _add(root: Element, base: Base, changes: Iterable[Change], wording: Wording) -> None:
    ids: set[str] = set()
    for change in changes:
        record = change.record
        thing = str(record["thing"]["iri"]) if record else f"{base.iri}dumps/{change.release}/"
        mine = f"{base.iri}feed.atom#{change.number}"
        # One document has an entry once: of a thing that came, went and came again, the last.
        iri = thing if record and record["what"] in _CAME and thing not in ids else mine
        if record and record["what"] in _GONE and thing not in ids:
            ids.add(thing)
            gone = SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", {"ref": thing, "when": _time(change.at)})
            SubElement(gone, f"{{{TOMBSTONES}}}comment").text = _sentence(change, wording)
        ids.add(iri)
        entry = SubElement(root, "entry")
        _text(entry, "id", iri)
        _text(entry, "title", _sentence(change, wording))
        _text(entry, "updated", _time(change.at))
        SubElement(entry, "link", {"rel": "alternate", "href": thing})
        SubElement(entry, "link", {"rel": "related", "href": f"{base.iri}dumps/{change.release}/"})
        if record:
            SubElement(entry, "category", {"term": str(record["what"])})
        _text(entry, "summary", _sentence(change, wording))


def _sentence(change: Change, wording: Wording) -> str:
    if change.record is None:
        return f"{wording.release} {change.release}"
    return str(change.record["sentence"][wording.language])


def _address(base: Base, wording: Wording, archive: int | None = None) -> str:
    parameters = {"page": archive} if archive is not None else {}
    said = {"lang": wording.language} if wording.by_link else {}
    query = urlencode({**parameters, **said})
    return f"{base.iri}feed.atom" + (f"?{query}" if query else "")


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text.translate(_NO_XML)


def _time(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"
