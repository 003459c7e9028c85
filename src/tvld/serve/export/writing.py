"""
The site as files: every address that pages and data lead to is asked for, and its answer written where its layout says.

What is written is what the application answers, but for links to what only a running server has. Knows no file names
(`addresses`) and no web server (`nginx`, `apache`, `caddy`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from tvld.formats import DOCUMENT_FORMATS, GRAPH_FORMATS, HTML, NQUADS, TURTLE, Format
from tvld.iris import document_of
from tvld.serve.export.addresses import Layout, addresses, relinked, still
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
_LEADS_ON = (301, 302, 303, 307, 308)


@dataclass
class Written:
    """
    What was written: the Content-Type of every file (named from the folder), where addresses lead on, what is gone.

    `pages` are the addresses with a query that became files, and the path of these without suffix. `linked` are the
    files of pages, `found` the addresses that pages lead to, and `none` those that have no answer.
    """

    types: dict[str, str] = field(default_factory=dict)
    leads: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    linked: list[list[str]] = field(default_factory=list)
    found: dict[str, None] = field(default_factory=dict)
    none: set[str] = field(default_factory=set)

    def add(self, other: "Written") -> None:
        """Take in what another process wrote."""
        self.types |= other.types
        self.leads |= other.leads
        self.gone += other.gone
        self.pages |= other.pages
        self.linked += other.linked
        self.found |= other.found
        self.none |= other.none


class Writer:
    """Writes the answers of one visitor into a folder, with as many processes as there are processors."""

    def __init__(self, visitor: Visitor, folder: Path, layout: Layout, formats: Iterable[Format]) -> None:
        self.written, self._there = Written(), frozenset[str]()
        self._visitor, self._folder, self._layout = visitor, folder, layout
        self._formats = {f.suffix for f in formats}
        self._left_out = {f.suffix for f in DOCUMENT_FORMATS} - self._formats

    def all(self, roots: Iterable[str]) -> Written:
        """Write these addresses and all that their pages lead to, then the links between them."""
        whole = Written()
        waiting = list(dict.fromkeys(roots))
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
        elif reply.type != HTML.media_type:
            self._store(address, reply)
        else:
            self._page(address, reply)

    def _page(self, address: str, reply: Reply) -> None:
        body = reply.body()
        self.written.found |= dict.fromkeys(addresses(body.decode(), self._visitor.base))
        files = self._layout.files(address, page=True)
        put(self._folder / files[0], body)
        self.written.linked.append(files)
        self.written.types |= dict.fromkeys(files, reply.headers["content-type"])
        if "?" in address:
            self.written.pages[address] = still(address)
        if "content-location" not in reply.headers and "accept" in reply.headers.get("vary", "").lower().split(", "):
            self._other_formats(address, files[0].removesuffix(".html"))

    def _link_all(self, pages: Sequence[list[str]]) -> None:
        """Write the links of some pages anew, now that all files are there."""
        for files in pages:
            page = (self._folder / files[0]).read_text(encoding="utf-8")
            text = relinked(page, self._visitor.base, lambda a, file=files[0]: self._place(a, file))  # type: ignore[misc]
            put(self._folder / files[0], text.encode())
            for name in files[1:]:
                again(self._folder / files[0], self._folder / name)

    def _place(self, address: str, file: str) -> str | None:
        return self._layout.href(address, file) if address in self._there else None

    def _holds(self, address: str) -> bool:
        """Say whether an address may have a file."""
        if not self._layout.holds(address):
            return False
        stem, dot, suffix = address.partition("?")[0].rpartition(".")
        return not (dot and "/" not in suffix and suffix in self._left_out and not stem.startswith("dumps/"))

    def _other_formats(self, address: str, stem: str) -> None:
        """Write what an address without suffix forms gives programs: beside the page, with a suffix."""
        for format_ in _ALSO_WITH_QUERY if "?" in address else _ALSO:
            if format_.suffix in self._left_out:
                continue
            reply = self._visitor.ask(address, format_.media_type)
            if reply.status == 200 and reply.type == format_.media_type:
                self._store_as(f"{stem}.{format_.suffix}", reply)

    def _lead_on(self, address: str, reply: Reply) -> None:
        """Write a page that leads on, for servers that know no redirects."""
        base = self._visitor.base
        below = reply.headers["location"].removeprefix(base.path)
        self.written.leads[address] = below
        if self._layout.files(address, page=True)[0] != self._layout.files(below, page=True)[0]:
            file = f"{still(address).removesuffix('/')}/index.html"
            href = escape(self._layout.href(below, file))
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
                self._store_as(f"errors/gone/{path}.{format_.suffix}", self._visitor.ask(address, format_.media_type))
        self._store_as(f"{address}/index.html", self._visitor.ask(address, HTML.media_type))

    def _store(self, address: str, reply: Reply) -> None:
        self._store_as(self._layout.files(address, page=False)[0], reply)

    def _store_as(self, name: str, reply: Reply) -> None:
        file = self._folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as target:
            target.writelines(reply.parts)
        self.written.types[name] = reply.headers["content-type"]


def counted(written: Written) -> str:
    """Say in words what was written: how many files, and how many of them are pages."""
    kinds = Counter(type_ == HTML.content_type for type_ in written.types.values())
    return f"{kinds.total()} files, {kinds[True]} of them pages"
