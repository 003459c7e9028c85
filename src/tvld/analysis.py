"""
A word of Finnish, Swedish or English to what it is found by: its base forms, and the parts of a compound.

Index and query are cut alike, so that `järjestelmiin` meets `tietojärjestelmä`. Finnish morphology is that of Voikko;
what Voikko does not know, and the other languages, are cut down to stems (Snowball).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pyvoikko
import snowballstemmer

LANGUAGES = ("fi", "sv", "en")

_WORD = re.compile(r"[^\W_]+")
_STEMMERS = {
    tag: snowballstemmer.stemmer(name) for tag, name in (("fi", "finnish"), ("sv", "swedish"), ("en", "english"))
}
# A longer one is no word, and its analysis could take long.
_LONGEST = 80
# Parts of fewer letters (endings, "ja") would be found everywhere.
_SHORTEST_PART = 3


@dataclass(frozen=True)
class Forms:
    """What a word is found by: `bases` of the whole of it, and `parts` where it is a compound."""

    bases: frozenset[str]
    parts: frozenset[str]


def words(text: str) -> list[str]:
    """Cut a text into its words: letters and digits, lower case, composed."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def folded(text: str) -> str:
    """Leave accents and dots out, as people do who type on other keyboards: `työ` and `tyo` are one."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


@lru_cache(maxsize=50_000)
def forms(word: str, language: str) -> Forms:
    """Give the forms of one word, as `words` cuts it, in a language of LANGUAGES; another language has none."""
    if len(word) > _LONGEST or language not in _STEMMERS:
        return Forms(frozenset(), frozenset())
    if language != "fi":
        return Forms(frozenset({_stem(word, language)}), frozenset())
    bases: set[str] = set()
    parts: set[str] = set()
    for analysis in pyvoikko.analyse(word):
        bases.add(_joined(analysis.BASEFORM))
        parts.update(_parts(analysis.COMPOUND_PARTS or ()))
    return Forms(frozenset(bases or {_stem(word, "fi")}), frozenset(parts - bases))


def any_forms(word: str) -> Forms:
    """Give the forms of a word in every language: of a query it is not known which it is in."""
    found = [forms(word, language) for language in LANGUAGES]
    return Forms(frozenset().union(*(f.bases for f in found)), frozenset().union(*(f.parts for f in found)))


def _parts(found: tuple["pyvoikko.VoikkoAnalysis", ...]) -> Iterator[str]:
    """Give each run of parts in its base form: of lasten|suojelu|ilmoitus also lastensuojelu and suojeluilmoitus."""
    for start in range(len(found)):
        for end in range(start, len(found)):
            run = "".join(part.FORM for part in found[start:end]) + found[end].BASEFORM
            if len(run) >= _SHORTEST_PART:
                yield _joined(run)


def _joined(form: str) -> str:
    """Leave hyphens out: a form is one word, as `words` cuts it."""
    return "".join(words(form))


def _stem(word: str, language: str) -> str:
    return str(_STEMMERS[language].stemWord(word))
