"""Which words of a text a search found, so that a page can mark them, and the part of a long text that has them."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tvld import analysis

_WORD = re.compile(r"[^\W_]+")
# So many characters of a long text are shown, some of them before the first word that was found.
_SHOWN, _BEFORE = 220, 60
_SHORTEST_STEM, _SHORTEST_WITHIN = 4, 6


@dataclass(frozen=True)
class Piece:
    """A part of a text, and whether it is what was looked for."""

    text: str
    found: bool = False


class Marking:
    """
    The words of one search: as they were written, and those that they were taken for.

    `forms` gives all forms of what a word is a form of, without dots; none where that is not known.
    """

    def __init__(
        self, text: str, taken: Mapping[str, Sequence[str]], forms: Callable[[str], Collection[str]] = lambda _: ()
    ) -> None:
        words = list(dict.fromkeys(analysis.words(text)))
        wanted = list(dict.fromkeys([*words, *(word for words in taken.values() for word in words)]))
        self._beginnings = [analysis.folded(word) for word in words]
        known = {word: forms(word) for word in wanted}
        self._forms = {form for each in known.values() for form in each}
        # What stands within a compound, and at its ends, where shorter words are words of their own as well.
        self._within = tuple(form for form in self._forms if len(form) >= _SHORTEST_WITHIN)
        self._ends = tuple(form for form in self._forms if len(form) >= _SHORTEST_STEM)
        self._keys = frozenset[str]().union(*(_keys(word, bool(each)) for word, each in known.items()))
        unknown = (key for word in words if not known[word] for key in analysis.keys(word))
        stems = {key.partition(":")[2] for key in unknown if key.startswith("fi:")}
        self._stems = [stem for stem in stems if len(stem) >= _SHORTEST_STEM]

    def has(self, word: str) -> bool:
        """Say whether a word of a text is one that was looked for, or holds it."""
        lower = analysis.folded(word)
        if any(map(lower.startswith, self._beginnings)) or lower in self._forms:
            return True
        if lower.startswith(self._ends) or lower.endswith(self._ends) or any(form in lower for form in self._within):
            return True
        keys = analysis.keys(word.lower())
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


def _keys(word: str, known: bool) -> frozenset[str]:
    """Give the keys of a word; not that of Finnish where its forms are known: a rule takes others for them."""
    return frozenset(key for key in analysis.keys(word) if not (known and key.startswith("fi:")))


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
