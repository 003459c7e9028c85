"""The pages that people read: a template and what it shows. Knows no formats but HTML."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import request

from tvld.difference import prose
from tvld.difference.account import Account, Section
from tvld.difference.wording import Words as LanguageWords
from tvld.errors import NotFound
from tvld.formats import DOCUMENT_FORMATS
from tvld.iris import PREFIXES
from tvld.serve.problems import Problem
from tvld.serve.web import asked
from tvld.serve.web.findings import AllValues, Findings
from tvld.serve.web.frame import formats, page
from tvld.serve.web.kinds import plain
from tvld.serve.web.kinds.publishing import held, stores_of
from tvld.serve.web.kinds.reading import Reading
from tvld.serve.web.sharing import sharing_of_store
from tvld.serve.web.structured import structured
from tvld.serve.web.view import Subject, View, subjects
from tvld.serve.web.words import WORDS

_PER_PAGE = 100
# Subjects with all that is told of each: as many as keep a page below 100 kB.
_TOLD_PER_PAGE = 20
# How many organisations the first page shows with all their stores.
_WHOLE = 3
_TVLD, _DCAT = PREFIXES["tvld"], PREFIXES["dcat"]
_DATA = (("JSON", "json"), ("CSV", "csv"), ("Turtle", "ttl"), ("JSON-LD", "jsonld"))
Item = TypeVar("Item")


@dataclass(frozen=True)
class Part(Generic[Item]):
    """One page of a list; `number` counts from 1, `pages` is at least 1."""

    items: Sequence[Item]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class Told:
    """A difference in the words of a language; `sections` are empty where they would be too long for a page."""

    account: Account
    words: LanguageWords
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        return prose.title(self.account, self.words)

    @property
    def summary(self) -> list[str]:
        too_many = bool(self.account.events) and not self.sections
        return [*prose.summary(self.account, self.words), *([self.words.too_many] if too_many else [])]


@dataclass(frozen=True)
class Ways:
    """Other ways to fetch a catalogue, as labels and addresses; `statements` is where all that it says is shown."""

    profiles: Sequence[tuple[str, str]]
    doors: Sequence[tuple[str, str]]
    statements: str = ""


def page_number() -> int:
    """Read `?page=`, from 1; raises NotFound for what is no such number."""
    text = request.args.get("page", "1")
    if not text.isascii() or not text.isdigit() or int(text) < 1 or len(text) > 9:
        raise NotFound(f"pages are numbered from 1; found {text!r}")
    return int(text)


def part(items: Sequence[Item], number: int, size: int = _PER_PAGE) -> Part[Item]:
    """Cut one page of `size` items out of a list; raises NotFound past its end."""
    pages = max(1, -(-len(items) // size))
    if number > pages:
        raise NotFound(f"there are {pages} pages here; page {number} is past the end")
    return Part(items[(number - 1) * size : number * size], number, pages, len(items))


def thing(iri: str, quads: Collection[ox.Quad], parts: Sequence[str] = (), suffixed: bool = False) -> str:
    """Show one thing and its parts: facts, links both ways, every triple; with `suffixed`, links to other formats."""
    here = asked.snapshot()
    view = View(here)
    stem, _ = asked.split(request.path.lstrip("/"), DOCUMENT_FORMATS)
    # Loose RDF files are shown as they are: what they leave out says nothing of what is not known.
    in_words = plain(Reading(here.record, view), iri) if here.source.folder is not None else None
    return page(
        in_words.template if in_words else "thing.html",
        plain=in_words,
        subject=view.subject(iri, quads),
        told=[view.subject(part, quads) for part in parts],
        triples=view.triples(quads),
        structured=structured(here.record, iri),
        sharing=sharing_of_store(iri),
        formats=formats(stem) if suffixed else [],
    )


def catalogue(title: str, path: str, thing: str, ways: Ways) -> str:
    """Show in plain words a catalogue (its IRI as a thing) where harvesters fetch it, and the ways to do so."""
    here = asked.snapshot()
    view = View(here)
    return page(
        "catalogue.html",
        iri=here.source.base.iri + path,
        title=title,
        thing=view.thing(thing),
        plain=plain(Reading(here.record, view), thing),
        ways=ways,
        formats=formats(path),
    )


def catalogues(title: str, path: str, each: Sequence[tuple[str, str]], number: int, ways: Ways) -> str:
    """Show organisations with their catalogues (IRIs), as a page of links: what these list would fill thousands."""
    view = View(asked.snapshot())
    shown = part(each, number)
    return page(
        "catalogues.html",
        iri=asked.snapshot().source.base.iri + path,
        title=title,
        part=shown,
        things=[replace(view.thing(whose), href=view.href(catalogue)[0]) for whose, catalogue in shown.items],
        ways=ways,
        formats=formats(path),
        path=asked.href(path),
    )


def graph(
    title: str,
    iri: str,
    path: str,
    quads: Collection[ox.Quad],
    number: int,
    lead: Sequence[str] = (),
    query: str = "",
) -> str:
    """
    Show a graph of many subjects, a page of them at a time, each with all its triples.

    `lead` are paragraphs that say what it is; `query` stays in the links to its other pages and formats.
    """
    onward = f"{asked.href(path)}?{query}&" if query else f"{asked.href(path)}?"
    told_of = subjects(quads)
    shown = part(told_of, number, _TOLD_PER_PAGE)
    view = View(asked.snapshot(), _places(iri, told_of, number, onward))
    chosen = set(shown.items)
    by_subject: dict[str, list[ox.Quad]] = {subject: [] for subject in shown.items}
    others = []
    for quad in quads:
        name = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else None
        if name is None:
            others.append(quad)
        elif name in chosen:
            by_subject[name].append(quad)
    told = _apart(view.subject(subject, about) for subject, about in by_subject.items())
    listed = [quad for about in by_subject.values() for quad in about] + (others if number == 1 else [])
    return page(
        "graph.html",
        iri=iri,
        title=title,
        told=told,
        part=shown,
        triples=view.triples(listed),
        formats=[(label, f"{there}?{query}" if query else there, type_) for label, there, type_ in formats(path)],
        path=onward,
        lead=lead,
    )


def _places(iri: str, told_of: Sequence[str], number: int, onward: str) -> dict[str, str]:
    """Say on which page of a graph each part of it is told of: an address cannot, for a part has that of the whole."""
    parts = [(place // _TOLD_PER_PAGE + 1, part) for place, part in enumerate(told_of) if part.startswith(f"{iri}#")]
    return {
        part: f"#{part.partition('#')[2]}" if page == number else f"{onward}page={page}#{part.partition('#')[2]}"
        for page, part in parts
    }


def _apart(told: Iterable[Subject]) -> list[Subject]:
    """Give each subject of a page an anchor of its own: parts of different documents may be called the same."""
    seen: Counter[str] = Counter()
    apart = []
    for subject in told:
        seen[subject.anchor] += 1
        times = seen[subject.anchor]
        apart.append(replace(subject, anchor=f"{subject.anchor}-{times}") if times > 1 else subject)
    return apart


def home(number: int, class_iri: str | None) -> str:
    """Show what there is: organisations with their stores, or the classes and subjects of loose RDF files."""
    here = asked.snapshot()
    view = View(here)
    if here.source.folder is not None:
        organisations = here.usage.by_name(here.usage.organisations, WORDS.language)
        return _front(Reading(here.record, view), organisations, number)
    found = here.record.instances(class_iri) if class_iri else here.record.subjects()
    shown = part(found, number)
    return page(
        "files.html",
        part=shown,
        things=[view.thing(iri) for iri in shown.items],
        chosen=view.thing(class_iri) if class_iri else None,
        classes=[(view.thing(iri), count) for iri, count in here.record.classes().items()],
        graphs=here.record.graph_names(),
    )


def difference(told: Told, formats: Sequence[tuple[str, str, str]]) -> str:
    """Show what differs between two releases, in the language of its words; names lead to what is still described."""
    here = asked.snapshot()
    return page(
        "difference.html",
        told=told,
        formats=formats,
        described=lambda iri: here.record.knows(iri) and here.source.base.local(iri),
    )


def problem(told: Problem) -> str:
    """Show what went wrong; of what was withdrawn, by its name, what replaces it."""
    successor = str(told.details.get("replaced_by") or "")
    return page("problem.html", problem=told, successor=View(asked.snapshot()).thing(successor) if successor else None)


def _front(read: Reading, organisations: Sequence[str], number: int) -> str:
    """Show the stores of a few organisations, or a page of many organisations with their numbers of stores."""
    if len(organisations) <= _WHOLE:
        whole = [(read.thing(iri), held(read, iri)) for iri in organisations]
        return page("home.html", whole=whole, part=None, many=(), foreign=read.foreign)
    shown = part(organisations, number)
    many = stores_of(read, shown.items)
    return page("home.html", whole=(), part=shown, many=many, foreign=read.foreign)


def search(found: Findings) -> str:
    """Show the results of a search."""
    return page(
        "search.html",
        findings=found,
        searched=found.request.text,
        narrowed=found.request.chosen,
        formats=_as_data("search", _DATA),
    )


def values(found: AllValues) -> str:
    """Show all values of a field, a page at a time."""
    return page(
        "search_values.html",
        found=found,
        searched=found.request.text,
        narrowed=found.request.chosen,
        formats=_as_data("search/values", _DATA[:1]),
    )


def _as_data(path: str, formats: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give where what this request asks for is as data: longer pages, from the first."""
    query = urlencode([(name, value) for name, value in request.args.items() if name not in {"page", "size"}])
    there = [] if asked.still() else formats
    return [(name, asked.href(f"{path}.{suffix}") + (f"?{query}" if query else "")) for name, suffix in there]


def quality(told: Mapping[str, Any], shown: Mapping[str, Any]) -> str:
    """Show what a release says of its quality."""
    return page("quality.html", told=told, **shown)
