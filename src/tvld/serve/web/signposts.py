"""
Where on the site something is that a search asks for by its kind: `ändamål` to all purposes, `matrix` to the matrix.

The words are those of the interface in all its languages; the data is looked through elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tvld import analysis
from tvld.serve.search import KINDS
from tvld.serve.web import asked
from tvld.serve.web.words import BY_LANGUAGE, WORDS

# The names of words, and the paths where they lead.
_PLACES = {
    "catalogue": "catalog",
    "matrix": "matrix",
    "network": "network",
    "model": "model",
    "seeing": "charts",
    "quality": "quality",
    "questions": "queries/",
    "sparql": "sparql",
    "dumps": "dumps/",
    "vocabulary": "ns",
    "shapes": "shapes",
    "accessibility": "accessibility",
}
_KINDS = {f"kind_{kind.replace('-', '_')}": kind for kind in KINDS}
_SHORTEST_PART = 6
_MOST_WORDS = 3


@dataclass(frozen=True)
class Signpost:
    """A part of the site, by its name in the language of the page."""

    name: str
    address: str


def to(text: str) -> list[Signpost]:
    """Give the parts of the site whose names have all words of a text."""
    words = analysis.words(text)
    if not 0 < len(words) <= _MOST_WORDS:
        return []
    return [
        Signpost(getattr(WORDS, name), address)
        for name, address in _addresses()
        if any(all(_has(named, word) for word in words) for named in _named(name))
    ]


def _addresses() -> Iterator[tuple[str, str]]:
    for name, path in _PLACES.items():
        if name != "quality" or "quality.json" in asked.snapshot().source.listed:
            yield name, asked.href(path)
    for name, kind in _KINDS.items():
        yield name, f"{asked.href('search')}?kind={kind}"


@cache
def _named(name: str) -> tuple[tuple[str, ...], ...]:
    """Give the words that a part is called by, in each language."""
    return tuple(tuple(analysis.words(str(getattr(each, name)))) for each in BY_LANGUAGE.values())


def _has(named: tuple[str, ...], word: str) -> bool:
    keys = analysis.keys(word)
    return any(
        not keys.isdisjoint(analysis.keys(other)) or (len(word) >= _SHORTEST_PART and word in other) for other in named
    )
