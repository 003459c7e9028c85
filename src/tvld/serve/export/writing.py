"""
The site as files: every address that pages and data lead to is asked for, and its answer written where its layout says.

What is written is what the application answers, but for links to what only a running server has. Knows no file names
(`addresses`) and no web server (`nginx`, `apache`, `caddy`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path

from tvld.formats import DOCUMENT_FORMATS, GRAPH_FORMATS, HTML, NQUADS, TURTLE, Format
from tvld.iris import document_of
from tvld.serve.export.addresses import Layout, Link, addresses, relinked, spoken, still
from tvld.serve.export.folder import again, put
from tvld.serve.export.sharing import shared
from tvld.serve.export.visitor import Reply, Visitor
from tvld.serve.problems import PROBLEM_FORMATS

BROWSER = "text/html, */*;q=0.1"
_JSON = Format("json", "json", "application/json", "JSON", "JSON")
# What an address is asked for that has no suffix forms of its own.
_ALSO = (*(f for f in DOCUMENT_FORMATS if f is not HTML), _JSON)
# Addresses with a query are many, and few ask for them: those of things of others, and pages of lists.
_ALSO_WITH_QUERY = (TURTLE, NQUADS)
# A withdrawn thing is told of as an error, and to whoever reads RDF as data.
TOMBSTONE_FORMATS = (*PROBLEM_FORMATS, *GRAPH_FORMATS)
# Triples are the same in every language, whatever stands around them.
_THE_SAME = frozenset(format_.media_type for format_ in GRAPH_FORMATS)
_LEADS_ON = (301, 302, 303, 307, 308)


@dataclass
class Written:
    """
    What was written: the Content-Type of every file (named from the folder), where addresses lead on, what is gone.

    `pages` are the addresses that became pages, and the path of these without suffix and language; `spoken` are those
    of all that is told in languages. `linked` are the files of pages with their language, `found` the addresses that
    pages lead to, and `none` those that have no answer.
    """

    types: dict[str, str] = field(default_factory=dict)
    leads: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    spoken: set[str] = field(default_factory=set)
    linked: list[tuple[list[str], str]] = field(default_factory=list)
    found: dict[str, None] = field(default_factory=dict)
    none: set[str] = field(default_factory=set)

    def add(self, other: "Written") -> None:
        """Take in what another process wrote."""
        self.types |= other.types
        self.leads |= other.leads
        self.gone += other.gone
        self.pages |= other.pages
        self.spoken |= other.spoken
        self.linked += other.linked
        self.found |= other.found
        self.none |= other.none


class Writer:
    """Writes the answers of one visitor into a folder, with as many processes as there are processors."""

    def __init__(self, visitor: Visitor, folder: Path, layout: Layout, formats: Iterable[Format]) -> None:
        self.written, self._whole, self._there = Written(), Written(), frozenset[str]()
        self._visitor, self._folder, self._layout = visitor, folder, layout
        self._formats = {f.suffix for f in formats}
        self._left_out = {f.suffix for f in DOCUMENT_FORMATS} - self._formats

    def all(self, roots: Iterable[str]) -> Written:
        """Write these addresses and all that their pages lead to, then the links between them."""
        whole = self._whole = Written()
        waiting = list(dict.fromkeys(filter(self._holds, roots)))
        seen = set(waiting)
        while waiting:
            found: dict[str, None] = {}
            for written in shared(self._write_all, waiting):
                found |= written.found
                whole.add(written)
            waiting = [address for address in found if address not in seen and self._holds(address)]
            seen.update(waiting)
        # What has an answer is known only now.
        self._there = frozenset(seen - whole.none)
        for _ in shared(self._link_all, whole.linked):
            pass
        return whole

    def _write_all(self, addresses: Sequence[str]) -> Written:
        """Write some addresses; say what was written of them."""
        self.written = Written()
        for address in addresses:
            self._write(address)
        self._visitor.rest()
        return self.written

    def _write(self, address: str) -> None:
        """Write what stands at an address; a page still has the links of the live site."""
        reply = self._visitor.ask(address, BROWSER)
        if reply.status == 410:
            self.written.none.add(address)
            self._tombstone(address)
        elif reply.status in _LEADS_ON:
            self._lead_on(address, reply)
        elif reply.status != 200:
            self.written.none.add(address)
        else:
            self._in_languages(address, reply)
            if reply.type == HTML.media_type:
                self._beside(address, reply)

    def _in_languages(self, address: str, reply: Reply) -> None:
        """Write an answer, and where it depends on the language, that to each other reader."""
        varies = "accept-language" in _vary(reply) and reply.type not in _THE_SAME
        if varies:
            self.written.spoken.add(address)
        self._store(address, reply, self._visitor.languages[0] if varies else None)
        for language in self._visitor.languages[1:] if varies else ():
            self._store(address, self._visitor.ask(address, BROWSER, language), language)

    def _store(self, address: str, reply: Reply, language: str | None) -> None:
        """Write one answer under all its names."""
        page = reply.type == HTML.media_type
        files = self._layout.files(address, page=page, language=language)
        if not page:
            self._store_as(files[0], reply)
            for name in files[1:]:
                again(self._folder / files[0], self._folder / name)
        else:
            body = reply.body()
            self.written.found |= dict.fromkeys(addresses(body.decode(), self._visitor.base))
            put(self._folder / files[0], body)
            # Other names are given when its links are written.
            self.written.linked.append((files, language or self._visitor.languages[0]))
            self.written.pages[address] = still(address)
        self.written.types |= dict.fromkeys(files, reply.headers["content-type"])

    def _beside(self, address: str, page: Reply) -> None:
        """Write what an address without suffix forms gives programs: beside the page, with a suffix."""
        if "content-location" in page.headers or "accept" not in _vary(page):
            return
        stem = self._layout.files(address, page=True)[0].removesuffix(f".{HTML.suffix}")
        for format_ in _ALSO_WITH_QUERY if "?" in address else _ALSO:
            if format_.suffix in self._left_out:
                continue
            reply = self._visitor.ask(address, format_.media_type)
            if reply.status == 200 and reply.type == format_.media_type:
                self._store_as(f"{stem}.{format_.suffix}", reply)

    def _link_all(self, pages: Sequence[tuple[list[str], str]]) -> None:
        """Write the links of some pages anew, now that all files are there."""
        for files, language in pages:
            page = (self._folder / files[0]).read_text(encoding="utf-8")
            text = relinked(page, self._visitor.base, partial(self._place, files[0], language))
            put(self._folder / files[0], text.encode())
            for name in files[1:]:
                again(self._folder / files[0], self._folder / name)

    def _place(self, file: str, language: str, link: Link) -> str | None:
        """Give where a link of a page leads to: in the language that it asks for, or that of the page."""
        address = self._whole.leads.get(link.address, link.address)
        if address not in self._there:
            return None
        wanted: str | None = link.language or language
        # Who comes from elsewhere to the first language comes to the plain address.
        if address not in self._whole.spoken or (link.whole and wanted == self._visitor.languages[0]):
            wanted = None
        return self._layout.href(address, file, page=address in self._whole.pages, language=wanted)

    def _holds(self, address: str) -> bool:
        """Say whether an address may have a file."""
        if not self._layout.holds(address):
            return False
        stem, dot, suffix = address.partition("?")[0].rpartition(".")
        return not (dot and "/" not in suffix and suffix in self._left_out and not stem.startswith("dumps/"))

    def _lead_on(self, address: str, reply: Reply) -> None:
        """Write a page that leads on, for servers that know no redirects."""
        base = self._visitor.base
        below = reply.headers["location"].removeprefix(base.path)
        self.written.leads[address] = below
        if self._layout.files(address, page=True)[0] != self._layout.files(below, page=True)[0]:
            file = f"{still(address).removesuffix('/')}/index.html"
            href = escape(self._layout.href(below, file, page=True))
            text = (
                f'<!doctype html>\n<meta charset="utf-8">\n<meta http-equiv="refresh" content="0; url={href}">\n'
                f'<link rel="canonical" href="{href}">\n<title>{escape(below)}</title>\n<a href="{href}">{href}</a>\n'
            )
            put(self._folder / file, text.encode())
            self.written.types[file] = HTML.content_type
        self.written.found[below] = None

    def _tombstone(self, address: str) -> None:
        """Write what is told of a thing that was withdrawn, for servers that can say 410 and for those that cannot."""
        path = document_of(address) if address.startswith("id/") else address
        if path == address:
            self.written.gone.append(path)
            for format_ in TOMBSTONE_FORMATS:
                if format_ is not HTML:
                    name = f"errors/gone/{path}.{format_.suffix}"
                    self._store_as(name, self._visitor.ask(address, format_.media_type))
            for language in self._visitor.languages:
                name = spoken(f"errors/gone/{path}.html", language)
                self._store_as(name, self._visitor.ask(address, HTML.media_type, language))
        self._store_as(f"{address}/index.html", self._visitor.ask(address, HTML.media_type))

    def _store_as(self, name: str, reply: Reply) -> None:
        file = self._folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as target:
            target.writelines(reply.parts)
        self.written.types[name] = reply.headers["content-type"]


def _vary(reply: Reply) -> list[str]:
    return [name.strip() for name in reply.headers.get("vary", "").lower().split(",")]


def counted(written: Written) -> str:
    """Say in words what was written: how many files, and how many of them are pages."""
    kinds = Counter(type_ == HTML.content_type for type_ in written.types.values())
    return f"{kinds.total()} files, {kinds[True]} of them pages"
