"""Which words of a text a search found, so that a page can mark them, and the part of a long text that has them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tvld import analysis

_WORD = re.compile(r"[^\W_]+")
# So many characters of a long text are shown, some of them before the first word that was found.
_SHOWN, _BEFORE = 220, 60
_SHORTEST_STEM = 4


@dataclass(frozen=True)
class Piece:
    """A part of a text, and whether it is what was looked for."""

    text: str
    found: bool = False


class Marking:
    """The words of one search: as they were written, and those that they were taken for."""

    def __init__(self, text: str, taken: Mapping[str, Sequence[str]]) -> None:
        self._words = list(dict.fromkeys(analysis.words(text)))
        self._taken = {word for words in taken.values() for word in words}

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset[str]().union(*(analysis.keys(word) for word in {*self._words, *self._taken}))

    @cached_property
    def _stems(self) -> list[str]:
        """What a compound is found by."""
        stems = {key.partition(":")[2] for word in self._words for key in analysis.keys(word) if key.startswith("fi:")}
        return [stem for stem in stems if len(stem) >= _SHORTEST_STEM]

    def has(self, word: str) -> bool:
        """Say whether a word of a text is one that was looked for, or holds it."""
        lower = word.lower()
        if any(lower.startswith(wanted) for wanted in self._words):
            return True
        keys = analysis.keys(lower)
        finnish = next((key for key in keys if key.startswith("fi:")), "")
        return not self._keys.isdisjoint(keys) or any(stem in finnish for stem in self._stems)

    def pieces(self, text: str) -> list[Piece]:
        """Cut a text into what was found and what stands between."""
        return list(self._cut(text))

    def excerpt(self, texts: Iterable[tuple[str, str]]) -> tuple[str, list[Piece]] | None:
        """Give the language and the pieces of the first text that has a word of the search; None where none has."""
        for language, text in texts:
            for match in _WORD.finditer(text):
                if self.has(match.group()):
                    return language, self.pieces(_around(text, match.start()))
        return None

    def _cut(self, text: str) -> Iterator[Piece]:
        end = 0
        for match in _WORD.finditer(text):
            if self.has(match.group()):
                if match.start() > end:
                    yield Piece(text[end : match.start()])
                yield Piece(match.group(), True)
                end = match.end()
        if end < len(text):
            yield Piece(text[end:])


def _around(text: str, place: int) -> str:
    """Cut a long text to what stands around a place, at the ends of words."""
    if len(text) <= _SHOWN:
        return text
    start = max(0, place - _BEFORE)
    start = text.find(" ", start, place) + 1 if start else 0
    end = min(len(text), start + _SHOWN)
    end = text.rfind(" ", place, end) if end < len(text) else end
    end = end if end > place else min(len(text), start + _SHOWN)
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
