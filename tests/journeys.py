"""
A reader who follows links: from the first page of a site to every kind of page that it leads to, in one language.

Reads pages as a browser does: links, forms as they stand, what scripts would ask for, and what frames would show.
"""

import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from tests.site_pages import BASE
from tests.web_client import Get, Reply

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
# So many addresses of a kind are followed: things of one kind have one template, and other links.
_PER_KIND = 2
_PARAMETERS = 2
# Data that is told in words or with names of one language: it keeps that of the page.
_IN_WORDS = re.compile(r"/matrix[.]|/search[./]|/sparql/|/embed/|[.]{3}.*[.](?:md|txt)")
# Files of a release, of which some are HTML as they were written.
_FILE = re.compile(r"/dumps/[^/?]+/[^?]")
_FRAME = re.compile(r'<iframe src="([^"]+)"')


@dataclass(frozen=True)
class Link:
    """Where a page leads: `type` is the media type that is promised, `spoken` a link to the page in a language."""

    address: str
    type: str = ""
    spoken: bool = False
    by: str = "a"


class Seen(HTMLParser):
    """What a browser takes out of a page; all addresses are whole."""

    def __init__(self, at: str, text: str) -> None:
        super().__init__()
        self.language, self.canonical = "", ""
        self.ids: Counter[str] = Counter()
        self.links: list[Link] = []
        self.identities: list[str] = []
        self.copied: set[str] = set()
        self._whole = partial(urljoin, at)
        self._form: tuple[str, list[tuple[str, str]]] | None = None
        self._select = self._named = ""
        self._text: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if "data-copy" in told:
            self.copied.add(tag)
        if "id" in told:
            self.ids[told["id"]] += 1
        if tag == "html":
            self.language = told.get("lang", "")
        elif tag == "a" and "href" in told:
            self._lead(told["href"], told.get("type", ""), spoken=told.get("hreflang") == told.get("lang", "-"))
        elif tag == "link" and told.get("rel") == "canonical":
            self.canonical = told["href"]
        elif tag == "link":
            self._lead(told["href"], told.get("type", ""), spoken="hreflang" in told, by="link")
        elif tag in ("script", "img") and "src" in told:
            self._lead(told["src"], by=tag)
        elif tag == "meta" and told.get("property") == "og:image":
            self._lead(told["content"], by="meta")
        self._field(tag, told)
        if "data-suggest" in told:
            # What static/search.js asks.
            language = {"lang": told["data-language"]} if "data-language" in told else {}
            self._lead(f"{told['data-suggest']}?{urlencode({'q': 'tieto', **language})}", by="suggest")
        if "data-workbench" in told:
            values = json.loads(told["data-workbench"]).values()
            for value in values:
                if isinstance(value, str) and value.startswith("/"):
                    self._lead(value, by="workbench")
        if tag in ("code", "textarea"):
            self._text = []

    def _field(self, tag: str, told: dict[str, str]) -> None:
        if tag == "form":
            self._form = (told.get("action", ""), [])
        elif self._form is None:
            return
        elif tag == "input" and "name" in told and told.get("type") not in ("checkbox", "radio"):
            self._form[1].append((told["name"], told.get("value", "")))
        elif tag in ("select", "textarea"):
            self._named, self._select = told.get("name", ""), ""
        elif tag == "option" and ("selected" in told or not self._select):
            self._select = told.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("code", "textarea") and self._text is not None:
            text, self._text = "".join(self._text), None
            self.identities.append(text.strip())
            for address in _FRAME.findall(text):
                self._lead(unescape(address), by="frame")
            self._select = text
        if self._form and tag in ("select", "textarea") and self._named:
            self._form[1].append((self._named, self._select))
        elif self._form and tag == "form":
            action, values = self._form
            self._lead(f"{action}?{urlencode(values)}", by="form")
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _lead(self, address: str, type_: str = "", *, spoken: bool = False, by: str = "a") -> None:
        self.links.append(Link(self._whole(address), type_, spoken, by))


@dataclass
class Journey:
    """
    A walk through one site in one language that a link chose, while the browser likes another.

    `faults` say what a reader would stumble over, `reached` are the kinds of pages that were seen, `asked` counts the
    addresses that were followed. With `data`, what is no page is asked for too.
    """

    get: Get
    routes: Map
    language: str
    other: str
    data: bool
    faults: list[str] = field(default_factory=list)
    reached: set[tuple[str, ...]] = field(default_factory=set)
    asked: Counter[tuple[str, ...]] = field(default_factory=Counter)
    _pages: dict[str, Seen] = field(default_factory=dict)
    _fragments: set[tuple[str, str, str]] = field(default_factory=set)

    def walk(self) -> "Journey":
        """Follow the links from the first page, until each kind was followed often enough."""
        waiting = deque([(Link(f"{BASE.iri}?lang={self.language}"), "the reader")])
        followed: set[str] = set()
        while waiting:
            link, source = waiting.popleft()
            address, fragment = urldefrag(link.address)
            kind = self.kind(address)
            if fragment:
                self._fragments.add((source, address, fragment))
            again = address in followed or self.asked[(*kind, link.type)] >= _PER_KIND
            if again or not address.startswith(BASE.iri) or link.spoken:
                continue
            followed.add(address)
            self.asked[(*kind, link.type)] += 1
            waiting.extend((onward, address) for onward in self._follow(link, address, source))
        for source, address, fragment in sorted(self._fragments):
            page = self._pages.get(address)
            if page and fragment not in page.ids:
                self.faults.append(f"{source} leads to #{fragment}, which is not in {address}")
        return self

    def kind(self, address: str) -> tuple[str, ...]:
        """Say of which kind an address is: its route, the kind of thing that it names, its suffix and parameters."""
        parts = urlsplit(address)
        path = parts.path
        try:
            rule = str(self.routes.bind("").match(path, return_rule=True)[0].rule)
        except HTTPException as err:
            rule = type(err).__name__
        segments = path.strip("/").split("/")
        thing = segments[2] if segments[0] in ("id", "doc") and len(segments) > 2 else segments[0]
        suffix = re.search(r"\.[a-z]+$", path)
        names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True) if name != "lang"}
        # Filters can be put together in very many ways.
        told = sorted(names) if len(names) <= _PARAMETERS else ["…"]
        return (rule, thing, suffix.group() if suffix else "", *told)

    def is_page(self, address: str) -> bool:
        """Say whether a browser gets a page at an address."""
        reply = self._ask(address)
        if "location" in reply.headers:
            reply = self._ask(urljoin(address, reply.headers["location"]))
        return reply.type == "text/html" and not _FILE.search(address)

    def _follow(self, link: Link, address: str, source: str) -> Iterator[Link]:
        """Ask for what a link leads to; gives the links from there."""
        for_readers = link.by in ("a", "form", "frame", "suggested") and link.type in ("", "text/html")
        is_page = for_readers and not _FILE.search(address)
        if not (is_page or self.data or link.by == "suggest"):
            return
        asked, reply = address, self._ask(address)
        for _ in range(3):
            if "location" not in reply.headers:
                break
            address = urljoin(address, reply.headers["location"])
            reply = self._ask(address)
        if reply.status >= 300:
            self.faults.append(f"{source} leads to {link.address}, which answers {reply.status}")
        elif reply.type != "text/html" and "lang=" in link.address and not _IN_WORDS.search(link.address):
            self.faults.append(f"{source} leads to data in a language: {link.address}")
        elif link.type and reply.type != link.type:
            self.faults.append(f"{source} promises {link.type} at {link.address}, which is {reply.type}")
        elif link.by == "suggest":
            yield from (Link(found, by="suggested") for found in json.loads(reply.text)[3])
        elif is_page and reply.type == "text/html":
            # What another site shows is for its own readers: it is read, and left.
            links = self._read(address, reply, source, self.other if link.by == "frame" else self.language)
            # A browser keeps the fragment of what it was sent on from.
            self._pages[asked] = self._pages[address]
            yield from () if link.by == "frame" else links

    def _read(self, address: str, reply: Reply, source: str, language: str) -> list[Link]:
        page = self._pages[address] = Seen(address, reply.text)
        self.reached.add(self.kind(address))
        if page.language != language or reply.headers["content-language"] != language:
            self.faults.append(f"{source} leads to {address} in {page.language}")
        if twice := [name for name, times in page.ids.items() if times > 1]:
            self.faults.append(f"{address} has twice the id {twice}")
        for identity in page.identities:
            if "lang=" in identity and not _FRAME.search(identity):
                self.faults.append(f"{address} tells an identifier with a language: {identity}")
        if page.copied - {"code", "pre"}:
            self.faults.append(f"{address} gives a button to copy {page.copied}")
        told = re.search(r'<([^>]*)>; rel="canonical"', reply.headers.get("link", ""))
        if told and told.group(1) != page.canonical:
            self.faults.append(f"{address} is {page.canonical} as a page and {told.group(1)} in its header")
        return page.links

    def _ask(self, address: str) -> Reply:
        below = "/" + address.removeprefix(BASE.iri)
        return self.get(below, accept=BROWSER, accept_language=self.other)
