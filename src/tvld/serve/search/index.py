"""One search index, opened read-only, asked by many threads, each answer bounded in time."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tvld import analysis
from tvld.errors import Busy, CallError
from tvld.serve.search.answer import CLOSED, FIELDS, Found, Hit, Request, Values
from tvld.serve.search.inflection import Inflection
from tvld.serve.search.matching import Matching, OfValues
from tvld.serve.search.spelling import Spelling

LONGEST_TEXT = 200
# Many organisations have things of one name: so many are looked at for names that differ.
_SUGGESTED_THINGS = 400
_SECONDS = 2.0
_STEPS = 20_000


class Index:
    """One search index, read by many threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        words = self._connection().execute("SELECT word, things FROM vocabulary").fetchall()
        self._words = Spelling(words), Inflection(word for word, _ in words)
        values = self._connection().execute("SELECT id, field, code FROM value ORDER BY id").fetchall()
        self._of_values = OfValues(
            bytes([len(FIELDS), *(FIELDS.index(name) for _, name, _ in values)]),
            {number: code for number, name, code in values if name == "theme"},
        )
        # The languages in which what is described has names.
        named = self._connection().execute(
            "SELECT DISTINCT names FROM thing WHERE kind IN ('store', 'material', 'system')"
        )
        self.languages = frozenset(language for (names,) in named for language, _ in json.loads(names))

    @classmethod
    def opened(cls, path: Path) -> Self | None:
        """Open an index; None where it was made in another form, by another version of tvld."""
        database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            (form,) = database.execute("PRAGMA user_version").fetchone()
        finally:
            database.close()
        return cls(path) if form == analysis.INDEX_FORM else None

    def close(self) -> None:
        with self._lock:
            for connection in self._opened:
                connection.close()
            self._opened.clear()

    def search(self, request: Request) -> Found:
        """Answer a request; raises CallError for one that is too long or of an unknown field, Busy past two seconds."""
        _short(request.text)
        with self._bounded() as database:
            chosen = self._chosen(database, request.chosen)
            if chosen is None:
                return Found((), 0)
            matching = Matching(database, self._words, self._of_values, request.text, chosen)
            first = (request.page - 1) * request.size
            hits = matching.hits(first, first + request.size)
            facets, values = matching.facets(dict(request.chosen))
            return Found(hits, len(matching.ids), facets, values, matching.taken, matching.some)

    def values(self, request: Request, field: str, text: str = "") -> Values:
        """
        Give the values of a field among what a request finds, whose names have a text: the page and size it asks for.

        What the field itself is narrowed to stays out of it; raises as `search` does.
        """
        _short(request.text)
        _short(text)
        others = tuple(value for value in request.chosen if value[0] != field)
        with self._bounded() as database:
            chosen = self._chosen(database, others)
            if chosen is None:
                return Values((), 0)
            matching = Matching(database, self._words, self._of_values, request.text, chosen)
            found = matching.values(field, text, dict(request.chosen))
            first = (request.page - 1) * request.size
            return Values(tuple(found[first : first + request.size]), len(found))

    def forms(self, word: str) -> frozenset[str]:
        """Give all forms of what a word is a form of, without dots; of a word that is no known form none."""
        with self._bounded() as database:
            return self._words[1].forms(database, word)

    def suggest(self, text: str, most: int = 8) -> tuple[Hit, ...]:
        """Give the best things for what has been typed so far, each name once."""
        with self._bounded() as database:
            matching = Matching(database, self._words, self._of_values, text[:LONGEST_TEXT], ())
            best = matching.named(_SUGGESTED_THINGS)
            return tuple({hit.names[0]: hit for hit in reversed(best)}.values())[::-1][:most]

    def named(self, text: str, organisation: str = "", most: int = 20) -> tuple[Hit, ...]:
        """Give the best things by their names for what has been typed so far; of one organisation, if it is named."""
        with self._bounded() as database:
            chosen = self._chosen(database, (("organisation", organisation),) if organisation else ())
            if chosen is None:
                return ()
            return Matching(database, self._words, self._of_values, text[:LONGEST_TEXT], chosen).named(most)

    def _chosen(self, database: sqlite3.Connection, chosen: Sequence[tuple[str, str]]) -> tuple[int, ...] | None:
        """Look up the values that narrow a search; None where one of them is of no thing."""
        for name, code in chosen:
            if name not in FIELDS:
                raise CallError(f"a search is narrowed by {', '.join(FIELDS)}; found {name!r}", available=list(FIELDS))
            if code not in CLOSED.get(name, (code,)):
                known = CLOSED[name]
                raise CallError(f"the parameter {name!r} is {', '.join(known)}; found {code!r}", available=list(known))
        found = [
            database.execute("SELECT id FROM value WHERE field = ? AND code = ?", value).fetchone() for value in chosen
        ]
        return None if None in found else tuple(row[0] for row in found)

    @contextmanager
    def _bounded(self) -> Iterator[sqlite3.Connection]:
        database = self._connection()
        end = time.monotonic() + _SECONDS
        database.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        try:
            yield database
        except sqlite3.OperationalError as err:
            if "interrupted" not in str(err):
                raise
            raise Busy(f"the search took longer than {_SECONDS:g} seconds: use more words, or choose a kind") from err
        finally:
            database.set_progress_handler(None, 0)

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = sqlite3.connect(f"{self._path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            self._local.connection = found
            with self._lock:
                self._opened.append(found)
        return found


def _short(text: str) -> None:
    """Refuse what is longer than anybody looks for: a word costs by the square of its length."""
    if len(text) > LONGEST_TEXT:
        raise CallError(f"a search has at most {LONGEST_TEXT} characters; this one has {len(text)}")
