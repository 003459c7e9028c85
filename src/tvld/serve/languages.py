"""
The languages of the site, and which of them a reader gets: an Accept-Language header to a choice (RFC 9110, 12.5.4).

Pure: knows nothing of requests, addresses or words.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

# The first is given to who asks for none, or for none of these.
LANGUAGES = ("fi", "sv", "en")
NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}

_RANGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*")


def preferred(tag: str) -> tuple[str, ...]:
    """Give the languages in the order in which a reader of one would take a text that is not in it."""
    return (tag, *(other for other in LANGUAGES if other != tag))


def looked_up(tag: str) -> str | None:
    """Give the language of a tag, or of the tag without its last parts: `sv-FI` is sv (RFC 4647, 3.4); else None."""
    parts = tag.lower().split("-")
    found = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((shorter for shorter in found if shorter in LANGUAGES), None)


@lru_cache(maxsize=512)
def chosen(accept_language: str | None) -> str:
    """
    Choose the language that a reader likes best: `sv-FI` finds sv; what is malformed is passed over.

    A language that is not named has the quality of `*`, and one with the quality 0 is not given.
    """
    ranges = dict(_ranges(accept_language or ""))
    if not ranges:
        return LANGUAGES[0]
    others = ranges.get("*", 0.0)
    rated = [(ranges.get(tag, others), -place, tag) for place, tag in enumerate(LANGUAGES)]
    quality, _, best = max(rated)
    return best if quality > 0 else LANGUAGES[0]


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    """Give each range's language and quality, the best of several ranges of one language last."""
    found = [_RANGE.fullmatch(element) for element in header.split(",")]
    rated = [
        (m.group(1).lower().split("-")[0], float(m.group(2) or 1)) for m in found if m and float(m.group(2) or 1) <= 1
    ]
    yield from sorted(rated, key=lambda each: each[1])
