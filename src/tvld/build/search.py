"""
The things that people can find to the search index of a release: `search.sqlite`, an SQLite file with FTS5.

Things are numbered in the order in which they are listed where nothing is looked for. Names and texts stand in the
index as words, as base forms and as parts of compounds (`morphology`), each thing with the values that a search can
be narrowed by. How much each kind weighs is decided here; how a query is put, in `tvld.serve.search`.
"""

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from rdflib import Graph

from tvld import analysis
from tvld.alphabet import place
from tvld.build.findable import Findable, Named, found_in
from tvld.build.morphology import Lexicon, lexicon_of
from tvld.iris import Base
from tvld.model import Description

NAME = "search.sqlite"

# How much a hit of each kind counts beside an equal one of another; equal materials stand in many stores.
_WEIGHTS = {
    "store": 1.4,
    "organisation": 1.4,
    "service-area": 1.3,
    "system": 1.3,
    "theme": 1.25,
    "term": 1.2,
    "purpose": 1.15,
    "data-group": 1.1,
    "material": 0.8,
}
_SCHEMA = """
CREATE TABLE thing(
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, organisation TEXT NOT NULL,
    names TEXT NOT NULL, texts TEXT NOT NULL, store TEXT NOT NULL, folded TEXT NOT NULL, weight REAL NOT NULL,
    facets BLOB NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5(
    name, name_bases, name_parts, text, text_bases, text_parts,
    content='', detail=column, prefix='3', tokenize='unicode61 remove_diacritics 0'
);
CREATE VIRTUAL TABLE names USING fts5(
    name, bases, parts, content='', prefix='3', tokenize='unicode61 remove_diacritics 0'
);
CREATE TABLE value(
    id INTEGER PRIMARY KEY, field TEXT NOT NULL, code TEXT NOT NULL, names TEXT NOT NULL, things INTEGER NOT NULL
);
CREATE UNIQUE INDEX value_code ON value(field, code);
CREATE TABLE facet(value INTEGER NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY(value, thing)) WITHOUT ROWID;
CREATE TABLE vocabulary(word TEXT PRIMARY KEY, things INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE form(key TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY(key, word)) WITHOUT ROWID;
CREATE TABLE inflected(form TEXT NOT NULL, base TEXT NOT NULL, PRIMARY KEY(form, base)) WITHOUT ROWID;
"""


def write_index(path: Path, descriptions: Iterable[Description], ontology: Graph, themes: Graph, base: Base) -> int:
    """Write the index; give the number of things in it. `themes` has the names of the EU data themes."""
    things, named = found_in(descriptions, ontology, themes, base)
    database = sqlite3.connect(path)
    try:
        database.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF;" + _SCHEMA)
        database.execute(f"PRAGMA user_version = {analysis.INDEX_FORM}")
        writing = _Writing(database, named, lexicon_of(_words(things)))
        for number, thing in enumerate(sorted(things, key=_listed), start=1):
            writing.add(number, thing)
        writing.finish()
        for table in ("words", "names"):
            database.execute(f"INSERT INTO {table}({table}) VALUES('optimize')")
        database.commit()
        database.execute("VACUUM")
    finally:
        database.close()
    return len(things)


def _listed(thing: Findable) -> tuple[object, ...]:
    """Order things where nothing is looked for: what weighs most first, then by name."""
    return -_WEIGHTS[thing.kind], place(thing.names[0][1]), place(thing.iri)


class _Writing:
    def __init__(self, database: sqlite3.Connection, named: Named, lexicon: Lexicon) -> None:
        self.database, self.named, self.lexicon = database, named, lexicon
        self.values: dict[tuple[str, str], int] = {}
        self.things: Counter[int] = Counter()
        self.vocabulary: Counter[str] = Counter()

    def add(self, number: int, thing: Findable) -> None:
        facets = sorted({("kind", thing.kind), *thing.facets})
        ids = [self.values.setdefault(facet, len(self.values) + 1) for facet in facets]
        row = (
            number, thing.iri, thing.kind, thing.organisation, _json(thing.names), _json(thing.texts), thing.store,
            analysis.folded(thing.names[0][1]), _WEIGHTS[thing.kind], array("I", ids).tobytes(),
        )  # fmt: skip
        self.database.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        columns = [" ".join(column) for column in (*self._columns(thing.names), *self._columns(thing.texts))]
        self.database.execute(
            "INSERT INTO words(rowid, name, name_bases, name_parts, text, text_bases, text_parts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, *columns),
        )
        self.database.execute(
            "INSERT INTO names(rowid, name, bases, parts) VALUES (?, ?, ?, ?)", (number, *columns[:3])
        )
        self.vocabulary.update(set(" ".join(columns).split()))
        self.database.executemany("INSERT INTO facet VALUES (?, ?)", ((value, number) for value in ids))
        self.things.update(ids)

    def finish(self) -> None:
        self.database.executemany(
            "INSERT INTO value VALUES (?, ?, ?, ?, ?)",
            (
                (number, field_, code, _json(self.named.get((field_, code), ())), self.things[number])
                for (field_, code), number in self.values.items()
            ),
        )
        self.database.executemany("INSERT INTO vocabulary VALUES (?, ?)", sorted(self.vocabulary.items()))
        # What a known word has for forms is known: a rule would only take others for them.
        keys = sorted(
            (key, word)
            for word in self.vocabulary
            for key in analysis.keys(word)
            if not (key.startswith("fi:") and word in self.lexicon.known)
        )
        self.database.executemany("INSERT INTO form VALUES (?, ?)", keys)
        forms = {
            (analysis.folded(form), analysis.folded(base))
            for base, written in self.lexicon.inflected.items()
            for form in written
        }
        self.database.executemany("INSERT INTO inflected VALUES (?, ?)", sorted(forms))

    def _columns(self, texts: Iterable[tuple[str, str]]) -> tuple[list[str], list[str], list[str]]:
        """Give the words, the base forms and the parts of texts."""
        surface: list[str] = []
        bases: list[str] = []
        parts: list[str] = []
        for language, text in texts:
            for word in analysis.words(text):
                found = self.lexicon.forms[language, word]
                surface.append(word)
                bases += found.bases
                parts += found.parts
        return surface, bases, parts


def _words(things: Iterable[Findable]) -> set[tuple[str, str]]:
    return {
        (language, word)
        for thing in things
        for language, text in (*thing.names, *thing.texts)
        for word in analysis.words(text)
    }


def _json(texts: Iterable[tuple[str, str]]) -> str:
    return json.dumps([list(text) for text in texts], ensure_ascii=False)
