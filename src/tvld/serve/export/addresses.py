"""
Where an address of the site stands among files, and how the links of a page are written anew for there.

Two layouts: one for a web server, under whose names every address of the site is found again, and one for reading
without any. Pure: knows texts alone.
"""

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tvld.iris import Base, compact, document_of

# What needs a running server (`left_out` says why).
_LIVE_ONLY = re.compile(
    r"(?:sparql(?:/.*)?|search(?:[./].*)?|healthz|readyz|metrics|oai|(?:catalog/[^/]+/)?api/.*|memento/.*|timemap/.*"
    r"|embed/oembed|dumps/[^/]+[.]{3}[^/]+)(?:[?].*)?"
)
# What tells of the release that an archive is part of, and the files that lie in the archive under other names.
_OF_RELEASE = re.compile(
    r"dumps(?:/.*)?|.*data[.]json|(?:[^/]+/)?catalog(?:[/.].*)?|feed(?:[/.].*)?|quality(?:[.].*)?|[.]well-known/.*"
)
# The attribute values of our templates stand in double quotes, and a quote inside is written as an entity.
_LINK = re.compile(r'(<(?:a|form|img|link|script)\b[^>]*? (?:href|src|action)=")([^"]*)(")')
_ANCHOR = re.compile(
    r'(?P<item><li>\s*)?<a\b(?P<tag>[^>]*? href="(?P<href>[^"]*)"[^>]*)>(?P<text>.*?)</a>(?P<end>\s*</li>)?', re.S
)
_HEAD_LINK = re.compile(r'<link\b[^>]*? href="([^"]*)"[^>]*>\n?')
_SAFE = "/:@!$&'()*+,;=-._~"


class Layout(Protocol):
    """
    Where things stand: `files` for an answer, `href` for a link from one of these files.

    `holds` says whether an address has a place there at all. `language` is None for what is not in languages; of a
    language there is a file with its tag before the suffix, and the first of all has the plain names too.
    """

    def holds(self, address: str) -> bool: ...

    def files(self, address: str, *, page: bool, language: str | None = None) -> list[str]: ...

    def href(self, address: str, file: str, *, page: bool, language: str | None = None) -> str: ...


class Served:
    """
    Names for a web server: data at its own address, a page also as the index of a folder of its name.

    So `doc/x` and `doc/x.ttl` are both found by a server that knows nothing but files. Links lead to the page in the
    language of the page that they stand on.
    """

    def __init__(self, base: Base, languages: Sequence[str]) -> None:
        self._base, self._languages = base, languages

    def holds(self, address: str) -> bool:
        return not _LIVE_ONLY.fullmatch(address)

    def files(self, address: str, *, page: bool, language: str | None = None) -> list[str]:
        path = still(address)
        if not page:
            plain = [path]
        elif path == "" or path.endswith("/"):
            plain = [f"{path}index.html"]
        else:
            stem = path.removesuffix(".html")
            plain = [path] if stem != path else [f"{stem}.html", f"{stem}/index.html"]
        if language is None or len(self._languages) == 1:
            return plain
        return [spoken(plain[0], language), *(plain if language == self._languages[0] else ())]

    def href(self, address: str, file: str, *, page: bool, language: str | None = None) -> str:
        alone = language is None or len(self._languages) == 1
        target = still(address) if alone else self.files(address, page=page, language=language)[0]
        return self._base.path + quote(target, safe=_SAFE)


class Bundled:
    """Names for reading without a server: one file a page and language, and links from file to file."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = languages

    def holds(self, address: str) -> bool:
        return not _LIVE_ONLY.fullmatch(address) and not _OF_RELEASE.fullmatch(address)

    def files(self, address: str, *, page: bool, language: str | None = None) -> list[str]:
        path = still(document_of(address) if address.startswith("id/") else address)
        if page:
            path = f"{path}index.html" if path == "" or path.endswith("/") else f"{path.removesuffix('.html')}.html"
        return [path if language in (None, self._languages[0]) else spoken(path, str(language))]

    def href(self, address: str, file: str, *, page: bool, language: str | None = None) -> str:
        target = self.files(address, page=page, language=language)[0]
        return quote(posixpath.relpath(target, PurePosixPath(file).parent), safe=_SAFE)


@dataclass(frozen=True)
class Link:
    """A link below the base: its address, the language that it asks for, its fragment; `whole`: it names the host."""

    address: str
    language: str | None
    fragment: str
    whole: bool


def spoken(file: str, language: str) -> str:
    """Give the name of a file in a language: its tag before the suffix."""
    stem, _, suffix = file.rpartition(".")
    return f"{stem}.{language}.{suffix}"


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
    """Give the addresses below the base that a page links to, in order, without fragments and languages."""
    for match in _LINK.finditer(page):
        if (found := inside(unescape(match.group(2)), base)) is not None:
            yield found.address


def inside(href: str, base: Base) -> Link | None:
    """Take a link apart; None for what leads elsewhere or stays on the page."""
    if href.startswith("#"):
        return None
    parts = urlsplit(href)
    below = base.local(href) if parts.netloc else href
    if below is None or not below.startswith(base.path):
        return None
    address, _, fragment = below.removeprefix(base.path).partition("#")
    path, _, query = address.partition("?")
    values = query.split("&") if query else []
    language = next((value.removeprefix("lang=") for value in values if value.startswith("lang=")), None)
    # The first page of a list stands at the address of the list.
    left = "&".join(value for value in values if value != "page=1" and not value.startswith("lang="))
    return Link(f"{path}?{left}" if left else path, language, f"#{fragment}" if fragment else "", bool(parts.netloc))


def relinked(page: str, base: Base, place: Callable[[Link], str | None]) -> str:
    """
    Write the links of a page anew; `place` gives the new address, None where there is nothing to lead to.

    A link to nothing becomes its text; a format that is not there goes from the list of formats.
    """
    origin = base.iri.removesuffix(base.path)

    def target(href: str) -> str | None:
        found = inside(unescape(href), base)
        if found is None:
            return href
        new = place(found)
        if new is None:
            return None
        # What names the host does so for those who read the page from elsewhere.
        return escape((origin if found.whole and new.startswith("/") else "") + new + found.fragment)

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
