"""The languages in which a difference is told: Finnish, Swedish and English, each whole."""

from collections.abc import Mapping

from tvld.difference.english import EN
from tvld.difference.finnish import FI
from tvld.difference.swedish import SV
from tvld.difference.wording import Words
from tvld.errors import CallError

LANGUAGES: Mapping[str, Words] = {words.language: words for words in (FI, SV, EN)}


def words_in(language: str) -> Words:
    """Give the words of a language; raises CallError naming those there are."""
    if language not in LANGUAGES:
        raise CallError(f"differences are told in {', '.join(LANGUAGES)}; asked for was {language!r}")
    return LANGUAGES[language]
