"""
Texts to words, and a word of Finnish, Swedish or English to keys: words of one key are taken for forms of one word.

Cheap, for every search: what is known of a language's words in full is `tvld.build.morphology`, when an index is made.
Index and query are cut alike.
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

LANGUAGES = ("fi", "sv", "en")
# The form of search indices: one that was made in another is not read.
INDEX_FORM = 2

_WORD = re.compile(r"[^\W_]+")
_STEMMERS = {
    tag: snowballstemmer.stemmer(name) for tag, name in (("fi", "finnish"), ("sv", "swedish"), ("en", "english"))
}
# A longer one is no word, and its analysis could take long.
_LONGEST = 80
# Consonant gradation: the strong and the weak grade of a Finnish stem become one. Then `asiakas` and `asiakkaan`,
# `hakemus` and `hakemuksen` differ in their ends alone.
_GRADES = (
    ("kk", "k"), ("pp", "p"), ("tt", "t"), ("nk", "n"), ("ng", "n"), ("mp", "m"), ("mm", "m"), ("lt", "l"), ("ll", "l"),
    ("rt", "r"), ("rr", "r"), ("nt", "n"), ("nn", "n"), ("d", "t"), ("v", "p"),
)  # fmt: skip
_END = re.compile(r"(?<=...)(?:[aeiouy]*ks|[aeiouy]*s|[aeiouy]+)$")


def words(text: str) -> list[str]:
    """Cut a text into its words: letters and digits, lower case, composed."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def folded(text: str) -> str:
    """Leave accents and dots out, as people do who type on other keyboards: `työ` and `tyo` are one."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


@lru_cache(maxsize=50_000)
def keys(word: str) -> frozenset[str]:
    """Give the keys of one word, as `words` cuts it: one for each language, since it is not known which it is in."""
    if len(word) > _LONGEST:
        return frozenset()
    return frozenset({f"fi:{_finnish(word)}", *(f"{tag}:{stem(word, tag)}" for tag in LANGUAGES[1:])})


def stem(word: str, language: str) -> str:
    """Cut the endings off a word, by rule (Snowball)."""
    return str(_STEMMERS[language].stemWord(word))


def _finnish(word: str) -> str:
    # Without its dots a word has the endings of back vowels, which the stemmer knows as well.
    found = stem(folded(word), "fi")
    for one, other in _GRADES:
        found = found.replace(one, other)
    return _END.sub("", found)
