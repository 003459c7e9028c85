"""
A word as people write it to the words of the index that it is a form of, by the forms that the build wrote down.

What changes in Finnish is the end: of a compound the last part, before clitics and behind the possessive, of which the
build wrote that of the second person. So `omaishoidontuestanikin` is `omaishoidon` and a form of `tuki`.
"""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from tvld import analysis

_SHORTEST = 2
_CLITIC = re.compile(r"(?:kin|kaan|ko|han|pa)$")
_POSSESSIVE = re.compile(r"(?:ni|mme|nne|nsa)$")
_POSSESSIVE_OF_THIRD = re.compile(r"(?<=([aeiouy]))\1n$")
_WRITTEN_POSSESSIVE = "si"


class Inflection:
    """The words of an index by their forms; `words` are all its words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[str, list[str]] = defaultdict(list)
        for word in words:
            self._words[analysis.folded(word)].append(word)
        self.bases = lru_cache(maxsize=20_000)(self._bases)

    def same(self, word: str) -> tuple[str, ...]:
        """Give the words of the index that are written so, dots apart."""
        return tuple(self._words.get(analysis.folded(word), ()))

    def _bases(self, database: sqlite3.Connection, word: str) -> tuple[str, ...]:
        """Give the base forms of a word that are in the index; none where it is no form that was written down."""
        for reading in _readings(analysis.folded(word)):
            tails = [reading[start:] for start in range(max(1, len(reading) - _SHORTEST + 1))]
            found = database.execute(
                "SELECT form, base FROM inflected WHERE form IN (SELECT value FROM json_each(?)) ORDER BY form, base",
                (json.dumps(tails),),
            )
            wholes = {reading.removesuffix(form) + base for form, base in found}
            if known := [word for whole in sorted(wholes) for word in self._words.get(whole, ())]:
                return tuple(known)
        return ()

    def forms(self, database: sqlite3.Connection, word: str) -> frozenset[str]:
        """Give all forms, without dots, of what a word is a form of; none for a word that is no known form."""
        found: set[str] = set()
        for base in map(analysis.folded, self.bases(database, word)):
            tails = json.dumps([base[start:] for start in range(max(1, len(base) - _SHORTEST + 1))])
            # The longest tail is the last part of the compound.
            rows = database.execute(
                "SELECT base, form FROM inflected WHERE base ="
                " (SELECT base FROM inflected WHERE base IN (SELECT value FROM json_each(?))"
                " ORDER BY length(base) DESC LIMIT 1)",
                (tails,),
            )
            found |= {base.removesuffix(tail) + form for tail, form in rows}
        return frozenset(found)


def _readings(word: str) -> Iterator[str]:
    """Give a word, and what it is without a clitic, with the possessive in the form that was written down."""
    for text in dict.fromkeys((word, _CLITIC.sub("", word))):
        yield text
        for possessive in (_POSSESSIVE, _POSSESSIVE_OF_THIRD):
            if possessive.search(text):
                yield possessive.sub(_WRITTEN_POSSESSIVE, text)
