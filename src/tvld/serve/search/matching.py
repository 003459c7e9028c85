"""
One text and the values that narrow it, as queries to the index: what matches, in which order, with which facets.

Each word is looked for as it is written, as a beginning, in its base forms and as a part of a compound; a word that
nothing has is taken for one that is spelt almost so, or for the two words that it is made of. All words must be found
in a thing; where nothing has them all, some are enough.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest

from tvld import analysis
from tvld.alphabet import place
from tvld.serve.search.answer import FIELDS, Hit, Texts, Value
from tvld.serve.search.inflection import Inflection
from tvld.serve.search.spelling import Spelling

_MOST_WORDS = 10
_MOST_FORMS = 60
_SHORTEST_HALF = 4
# What a match in a name counts: as it is written, in a base form, as a part.
_COLUMNS = "12.0, 9.0, 5.0"
_EXACT, _BEGINNING = 60.0, 6.0
# Values shown of each field.
_VALUES = 12
_ANYWHERE = "{name name_bases name_parts text text_bases text_parts}"


@dataclass(frozen=True)
class OfValues:
    """What is known of values by their numbers, from 1: the places of their fields in FIELDS, the codes of themes."""

    fields: bytes
    themes: Mapping[int, str]


class Matching:
    """One text and the values that narrow it, as SQL over the index."""

    def __init__(
        self,
        database: sqlite3.Connection,
        words: tuple[Spelling, Inflection],
        of_values: OfValues,
        text: str,
        chosen: tuple[int, ...],
    ) -> None:
        """`chosen` are numbers of values."""
        self.database, self.of_values, self.chosen = database, of_values, chosen
        self.spelling, self.inflection = words
        self.taken: dict[str, tuple[str, ...]] = {}
        self.some = False
        self.folded = analysis.folded(" ".join(text.split()))
        parts = [self._word(word) for word in list(dict.fromkeys(analysis.words(text)))[:_MOST_WORDS]]
        found = [part for part in parts if part]
        self.expression = " AND ".join(found)
        self.in_names = (
            " OR ".join(found).replace("{name text}", "{name}").replace("{name_bases text_bases}", "{bases}")
        )
        self.in_names = self.in_names.replace("{name_parts text_parts}", "{parts}").replace(
            _ANYWHERE, "{name bases parts}"
        )
        if found and (len(found) < len(parts) or not self._any(self.expression)):
            self.expression, self.some = " OR ".join(found), self.some or len(parts) > 1
        self.ids = [] if text.strip() and not found else self._ids(chosen)

    def _word(self, word: str) -> str:
        expression = self._expression(word)
        if self._any(expression):
            return expression
        if instead := self.spelling.instead(word):
            self.taken[word] = instead
            return f"({_ANYWHERE}: (" + " OR ".join(map(_quoted, instead)) + "))"
        return self._halves(word)

    def _expression(self, word: str) -> str:
        """Put one word for FTS5: as the beginning of others, and in all its forms, whole or as a part."""
        forms = " OR ".join(map(_quoted, self._forms(word)))
        return (
            f"({{name text}}: {_quoted(word)}* OR {{name_bases text_bases}}: ({forms})"
            f" OR {{name_parts text_parts}}: ({forms}))"
        )

    def _forms(self, word: str) -> list[str]:
        """Give the words of the index that are forms of a word, and itself."""
        known = self.inflection.bases(self.database, word)
        # By rule other words are taken for forms as well.
        keys = sorted(key for key in analysis.keys(word) if not (known and key.startswith("fi:")))
        query = "SELECT DISTINCT word FROM form WHERE key IN (SELECT value FROM json_each(?)) ORDER BY word"
        found = [form for (form,) in self._rows(query, json.dumps(keys))]
        return list(dict.fromkeys([word, *known, *found]))[:_MOST_FORMS]

    def _halves(self, word: str) -> str:
        """Take a compound that nothing has for the two words that it is made of; either, where nothing has both."""
        for cut in range(len(word) - _SHORTEST_HALF, _SHORTEST_HALF - 1, -1):
            halves = (word[:cut], word[cut:])
            if all(self.inflection.same(half) or self.inflection.bases(self.database, half) for half in halves):
                self.taken[word] = halves
                expressions = [self._expression(half) for half in halves]
                both = "(" + " AND ".join(expressions) + ")"
                if self._any(both):
                    return both
                self.some = True
                return "(" + " OR ".join(expressions) + ")"
        return ""

    def _any(self, expression: str) -> bool:
        return bool(self.database.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (expression,)).fetchone())

    def _ids(self, chosen: tuple[int, ...]) -> list[int]:
        """Give the numbers of all that match, in the order in which things are listed."""
        if self.expression:
            found = {number for (number,) in self._rows("SELECT rowid FROM words WHERE words MATCH ?", self.expression)}
        elif not chosen:
            return [number for (number,) in self._rows("SELECT id FROM thing ORDER BY id")]
        else:
            found, chosen = self._having(chosen[0]), chosen[1:]
        return sorted(found.intersection(*(self._having(value) for value in chosen)))

    def _having(self, value: int) -> set[int]:
        return {number for (number,) in self._rows("SELECT thing FROM facet WHERE value = ?", value)}

    def _rows(self, query: str, *values: object) -> sqlite3.Cursor:
        return self.database.execute(query, values)

    def hits(self, first: int, last: int) -> tuple[Hit, ...]:
        """Give a part of what matches, best first: what is so named before what only tells of it."""
        best = self._named()
        named = set(best)
        shown = best[first:last]
        if len(shown) < last - first:
            others = [number for number in self.ids if number not in named]
            shown += others[max(0, first - len(best)) : max(0, last - len(best))]
        return self._told(shown)

    def named(self, most: int) -> tuple[Hit, ...]:
        """Give what matches by its name alone, best first."""
        return self._told(self._named()[:most])

    def _told(self, shown: list[int]) -> tuple[Hit, ...]:
        rows = self._rows(
            "SELECT id, iri, kind, organisation, names, texts, store, facets FROM thing"
            " WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(shown),
        )
        found = {
            number: Hit(iri, kind, organisation, _texts(names), _texts(texts), store, self._themes(facets))
            for number, iri, kind, organisation, names, texts, store, facets in rows
        }
        return tuple(found[number] for number in shown)

    def _named(self) -> list[int]:
        """Give the numbers of those that match by their names, best first."""
        if not self.expression:
            return []
        rows = self._rows(
            f"WITH named AS MATERIALIZED (SELECT rowid AS id, bm25(names, {_COLUMNS}) AS score FROM names"
            " WHERE names MATCH ?) SELECT id FROM named JOIN thing USING(id)"
            " ORDER BY score * weight - (folded = ?) * ? - (substr(folded, 1, ?) = ?) * ?, id",
            self.in_names, self.folded, _EXACT, len(self.folded), self.folded, _BEGINNING,
        )  # fmt: skip
        matching = set(self.ids)
        return [number for (number,) in rows if number in matching]

    def _themes(self, facets: bytes) -> tuple[str, ...]:
        numbers = memoryview(facets).cast("I")
        return tuple(sorted(self.of_values.themes[number] for number in numbers if number in self.of_values.themes))

    def facets(self, chosen: Mapping[str, str]) -> tuple[dict[str, tuple[Value, ...]], dict[str, int]]:
        """
        Count the values of all that matches: of each field the chosen one, then those that most things have.

        And how many values there are of each field.
        """
        counts = self._counts()
        by_field: list[list[tuple[int, int]]] = [[] for _ in FIELDS]
        for number, count in counts.items():
            by_field[self.of_values.fields[number]].append((-count, number))
        most = [number for values in by_field for _, number in nsmallest(_VALUES, values)]
        found: dict[str, list[Value]] = {name: [] for name in FIELDS}
        for value in self._valued([*most, *(number for number in self.chosen if number not in most)], counts, chosen):
            found[value.field].append(value)
        shown = {name: tuple(sorted(values, key=_rank)) for name, values in found.items() if values}
        return shown, {name: len(by_field[FIELDS.index(name)]) for name in shown}

    def values(self, field: str, text: str, chosen: Mapping[str, str]) -> list[Value]:
        """Give all values of one field whose names or codes have a text, by their names."""
        place_of_field, folded = FIELDS.index(field), analysis.folded(text.strip())
        counts = self._counts()
        numbers = [number for number in counts if self.of_values.fields[number] == place_of_field]
        values = (
            value
            for value in self._valued(numbers, counts, chosen)
            if folded in analysis.folded(" ".join((value.code, *(name for _, name in value.names))))
        )
        return sorted(values, key=lambda value: (place(_called(value)), value.code))

    def _counts(self) -> Counter[int]:
        """Count how many of what matches have each value."""
        counts: Counter[int] = Counter()
        if len(self.ids) == self._rows("SELECT COUNT(*) FROM thing").fetchone()[0]:
            counts.update(dict(self._rows("SELECT id, things FROM value")))
            return counts
        numbers = json.dumps(self.ids)
        of_each = self._rows("SELECT facets FROM thing WHERE id IN (SELECT value FROM json_each(?))", numbers)
        for (values,) in of_each:
            counts.update(memoryview(values).cast("I"))
        return counts

    def _valued(self, numbers: list[int], counts: Counter[int], chosen: Mapping[str, str]) -> Iterator[Value]:
        rows = self._rows(
            "SELECT id, field, code, names FROM value WHERE id IN (SELECT value FROM json_each(?))", json.dumps(numbers)
        )
        for number, name, code, names in rows:
            yield Value(name, code, _texts(names), counts[number], chosen.get(name) == code)


def _rank(value: Value) -> tuple[object, ...]:
    return not value.chosen, -value.things, place(_called(value)), value.code


def _called(value: Value) -> str:
    return value.names[0][1] if value.names else value.code


def _quoted(word: str) -> str:
    return f'"{word}"'


def _texts(written: str) -> Texts:
    return tuple((language, text) for language, text in json.loads(written))
