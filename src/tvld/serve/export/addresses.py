"""
Where an address of the site stands among files, and how the links of a page are written anew for there.

Two layouts: one for a web server, under whose names every address of the site is found again, and one for reading
without any. Pure: knows texts alone.
"""

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tvld.iris import Base, compact, document_of

# What needs a running server: asked for with a query of one's own, or about the server itself.
_LIVE_ONLY = re.compile(r"(?:sparql|search|healthz|readyz|metrics|oai|api/.*)(?:[?].*)?")
# What tells of the release that an archive is part of, and the files that lie in the archive under other names.
_OF_RELEASE = re.compile(r"dumps(?:/.*)?|.*data[.]json")
# The attribute values of our templates stand in double quotes, and a quote inside is written as an entity.
_LINK = re.compile(r'(<(?:a|form|img|link|script)\b[^>]*? (?:href|src|action)=")([^"]*)(")')
_ANCHOR = re.compile(
    r'(?P<item><li>\s*)?<a\b(?P<tag>[^>]*? href="(?P<href>[^"]*)"[^>]*)>(?P<text>.*?)</a>(?P<end>\s*</li>)?', re.S
)
_HEAD_LINK = re.compile(r'<link\b[^>]*? href="([^"]*)"[^>]*>\n?')
_SAFE = "/:@!$&'()*+,;=-._~"


class Layout(Protocol):
    """
    Where things stand: `files` for a page or data, `href` for a link to an address from one of these files.

    `holds` says whether an address has a place there at all.
    """

    def holds(self, address: str) -> bool: ...

    def files(self, address: str, *, page: bool) -> list[str]: ...

    def href(self, address: str, file: str) -> str: ...


class Served:
    """
    Names for a web server: data at its own address, a page also as the index of a folder of its name.

    So `doc/x` and `doc/x.ttl` are both found by a server that knows nothing but files.
    """

    def __init__(self, base: Base) -> None:
        self._base = base

    def holds(self, address: str) -> bool:
        return not _LIVE_ONLY.fullmatch(address)

    def files(self, address: str, *, page: bool) -> list[str]:
        path = still(address)
        if not page:
            return [path]
        if path == "" or path.endswith("/"):
            return [f"{path}index.html"]
        stem = path.removesuffix(".html")
        return [path] if stem != path else [f"{stem}.html", f"{stem}/index.html"]

    def href(self, address: str, file: str) -> str:
        return self._base.path + quote(still(address), safe=_SAFE)


class Bundled:
    """Names for reading without a server: one file a page, and links from file to file."""

    def holds(self, address: str) -> bool:
        return not _LIVE_ONLY.fullmatch(address) and not _OF_RELEASE.fullmatch(address)

    def files(self, address: str, *, page: bool) -> list[str]:
        path = still(document_of(address) if address.startswith("id/") else address)
        if not page:
            return [path]
        return [f"{path}index.html" if path == "" or path.endswith("/") else f"{path.removesuffix('.html')}.html"]

    def href(self, address: str, file: str) -> str:
        path, _, _ = address.partition("?")
        page = "?" in address or "." not in path.rpartition("/")[2]
        target = self.files(address, page=page)[0]
        folder = PurePosixPath(file).parent
        return quote(posixpath.relpath(target, folder), safe=_SAFE)


def still(address: str) -> str:
    """
    Give the path, below the base, of an address that may have a query; decoded, as files are named.

    The keys of things hold no dot, so what stands for a query never meets one of them.
    """
    path, _, query = address.partition("?")
    path = unquote(path)
    if not query:
        return path
    values = parse_qsl(query, keep_blank_values=True)
    place = PurePosixPath(path or "pages")
    stem, suffix = str(place.with_suffix("")), place.suffix
    if [name for name, _ in values] == ["page"] and values[0][1].isdigit():
        return f"{stem}/page.{values[0][1]}{suffix}"
    words = re.sub(r"[^A-Za-z0-9]+", "-", "-".join(compact(value).strip("<>") for _, value in values)).strip("-")
    return f"{stem}/{words[-60:].strip('-')}.{hashlib.sha256(query.encode()).hexdigest()[:8]}{suffix}"


def addresses(page: str, base: Base) -> Iterator[str]:
    """Give the addresses below the base that a page links to, in order, without fragments."""
    for match in _LINK.finditer(page):
        if (found := inside(unescape(match.group(2)), base)) is not None:
            yield found[0]


def inside(href: str, base: Base) -> tuple[str, str] | None:
    """Split a link into address below the base and fragment; None for what leads elsewhere or stays on the page."""
    if href.startswith("#"):
        return None
    parts = urlsplit(href)
    below = base.local(href) if parts.netloc else href
    if below is None or not below.startswith(base.path):
        return None
    address, _, fragment = below.removeprefix(base.path).partition("#")
    # The first page of a list stands at the address of the list.
    return address.removesuffix("?page=1"), f"#{fragment}" if fragment else ""


def relinked(page: str, base: Base, place: Callable[[str], str | None]) -> str:
    """
    Write the links of a page anew; `place` gives the new address, None where there is nothing to lead to.

    A link to nothing becomes its text; a format that is not there goes from the list of formats.
    """

    def target(href: str) -> str | None:
        found = inside(unescape(href), base)
        if found is None:
            return href
        new = place(found[0])
        return None if new is None else escape(new + found[1])

    def anchor(match: re.Match[str]) -> str:
        if target(match["href"]) is not None:
            return match[0]
        item, end = match["item"] or "", match["end"] or ""
        return "" if item and end and " type=" in match["tag"] else f"{item}<span>{match['text']}</span>{end}"

    def link(match: re.Match[str]) -> str:
        new = target(match[2])
        return match[1] + (match[2] if new is None else new) + match[3]

    page = _HEAD_LINK.sub(lambda match: match[0] if target(match[1]) is not None else "", page)
    return _LINK.sub(link, _ANCHOR.sub(anchor, page))
