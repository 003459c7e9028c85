"""
The site as files: every address that pages and data lead to is asked for, and its answer written where its layout says.

What is written is what the application answers, but for links to what only a running server has. Knows no file names
(`addresses`) and no web server (`nginx`, `apache`, `caddy`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from tvld.formats import DOCUMENT_FORMATS, GRAPH_FORMATS, HTML, NQUADS, TURTLE, Format
from tvld.iris import document_of
from tvld.serve.export.addresses import Layout, addresses, relinked, still
from tvld.serve.export.folder import again, put
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

    `pages` are the addresses with a query that became files, and the path of these without suffix.
    """

    types: dict[str, str] = field(default_factory=dict)
    leads: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)


class Writer:
    """Writes the answers of one visitor into a folder."""

    def __init__(self, visitor: Visitor, folder: Path, layout: Layout, formats: Iterable[Format]) -> None:
        self.written = Written()
        self._visitor, self._folder, self._layout = visitor, folder, layout
        self._formats = {f.suffix for f in formats}
        self._left_out = {f.suffix for f in DOCUMENT_FORMATS} - self._formats
        self._there: dict[str, bool] = {}

    def all(self, roots: Iterable[str]) -> Written:
        """Write these addresses and all that their pages lead to."""
        waiting = list(dict.fromkeys(roots))
        seen = set(waiting)
        for address in waiting:
            fresh = [a for a in self._write(address) if a not in seen]
            seen.update(fresh)
            waiting.extend(dict.fromkeys(fresh))
        return self.written

    def _write(self, address: str) -> list[str]:
        """Write what stands at an address; give the addresses that it leads to."""
        reply = self._visitor.ask(address, BROWSER)
        if reply.status == 410:
            self._tombstone(address)
            return []
        if reply.status in _LEADS_ON:
            return self._lead_on(address, reply)
        if reply.status != 200:
            return []
        if reply.type != HTML.media_type:
            self._store(address, reply)
            return []
        page = reply.body().decode()
        found = [a for a in addresses(page, self._visitor.base) if self._is_there(a)]
        files = self._layout.files(address, page=True)
        text = relinked(page, self._visitor.base, lambda a: self._place(a, files[0]))
        put(self._folder / files[0], text.encode())
        for name in files[1:]:
            again(self._folder / files[0], self._folder / name)
        self.written.types |= dict.fromkeys(files, reply.headers["content-type"])
        if "?" in address:
            self.written.pages[address] = still(address)
        if "content-location" not in reply.headers and "accept" in reply.headers.get("vary", "").lower().split(", "):
            self._other_formats(address, files[0].removesuffix(".html"))
        return found

    def _place(self, address: str, file: str) -> str | None:
        return self._layout.href(address, file) if self._is_there(address) else None

    def _is_there(self, address: str) -> bool:
        """Say whether an address has an answer that a file can hold."""
        if address not in self._there:
            self._there[address] = self._found(address)
        return self._there[address]

    def _found(self, address: str) -> bool:
        if not self._layout.holds(address):
            return False
        stem, dot, suffix = address.partition("?")[0].rpartition(".")
        if dot and "/" not in suffix and suffix in self._left_out and not stem.startswith("dumps/"):
            return False
        return self._visitor.ask(address, BROWSER).status < 400

    def _other_formats(self, address: str, stem: str) -> None:
        """Write what an address without suffix forms gives programs: beside the page, with a suffix."""
        for format_ in _ALSO_WITH_QUERY if "?" in address else _ALSO:
            if format_.suffix in self._left_out:
                continue
            reply = self._visitor.ask(address, format_.media_type)
            if reply.status == 200 and reply.type == format_.media_type:
                self._store_as(f"{stem}.{format_.suffix}", reply)

    def _lead_on(self, address: str, reply: Reply) -> list[str]:
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
        return [below]

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
