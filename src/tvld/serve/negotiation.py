"""
Which of several formats a client gets: an Accept header and what is offered, to a choice (RFC 9110, 12.5.1).

Pure: knows nothing of requests, addresses or bodies.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from tvld.formats import Format

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
# A comma inside a quoted string separates nothing; one that is never closed takes all the rest, in one pass.
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.?)*(?:"|$))+')
_PARAMETER = re.compile(rf"[ \t]*;[ \t]*(?:({_TOKEN})[ \t]*=[ \t]*({_TOKEN}|{_QUOTED}))?")
_RANGE = re.compile(rf"[ \t]*({_TOKEN})(?:/({_TOKEN}))?")
# RFC 9110 allows three digits and a leading zero; `.2` and longer fractions are sent all the same.
_QUALITY = re.compile(r"(?:0|1)?(?:\.\d*)?")


class _Fit(IntEnum):
    """How exactly a range names a format."""

    ANYTHING = 1
    TYPE = 2
    ALSO = 3
    EXACT = 4


@dataclass(frozen=True)
class _Range:
    """One media range of the header; parameters other than q are left out: no format here depends on one."""

    type: str
    subtype: str
    quality: float

    def fit(self, offer: Format) -> _Fit | None:
        name = f"{self.type}/{self.subtype}"
        if name == offer.media_type:
            return _Fit.EXACT
        if name in offer.also:
            return _Fit.ALSO
        if name == "*/*":
            return _Fit.ANYTHING
        # The other names of a format are for those who ask by that name: text/* is not yet a wish for N-Triples.
        if self.subtype == "*" and offer.media_type.startswith(f"{self.type}/"):
            return _Fit.TYPE
        return None


def negotiate(accept: str | None, offers: Sequence[Format]) -> Format | None:
    """
    Choose the offer that the client likes best; None if it takes none of them.

    The most specific range that fits an offer decides its quality (0: not acceptable). Between offers of one quality
    a format asked for by name goes before one that only a wildcard covers, then the earlier offer wins. Malformed
    parts are ignored; a header that is absent, empty or malformed throughout takes anything.
    """
    ranges = _ranges(accept or "")
    if not ranges:
        return offers[0] if offers else None
    best: tuple[float, _Fit] = (0.0, _Fit.ANYTHING)
    chosen = None
    for offer in offers:
        rating = _rating(ranges, offer)
        if rating is not None and rating[0] > 0 and (chosen is None or rating > best):
            best, chosen = rating, offer
    return chosen


def accepts(accept: str | None, media_types: Iterable[str]) -> bool:
    """Say whether the client names one of the media types itself, not by a wildcard, with a quality above 0."""
    wanted = set(media_types)
    return any(r.quality > 0 and f"{r.type}/{r.subtype}" in wanted for r in _ranges(accept or ""))


def _rating(ranges: Iterable[_Range], offer: Format) -> tuple[float, _Fit] | None:
    fitting = [(fit, r.quality) for r in ranges if (fit := r.fit(offer)) is not None]
    if not fitting:
        return None
    fit, quality = max(fitting)
    return quality, fit


@lru_cache(maxsize=512)
def _ranges(accept: str) -> tuple[_Range, ...]:
    return tuple(_parse(accept))


def _parse(accept: str) -> Iterator[_Range]:
    for element in _ELEMENT.findall(accept):
        matched = _RANGE.match(element)
        if matched is None:
            continue
        main, sub = matched.group(1).lower(), (matched.group(2) or "").lower()
        # A bare `*` is what old Java clients write for `*/*`.
        if not sub and main == "*":
            sub = "*"
        quality = _quality(element, matched.end())
        if sub and quality is not None and (main != "*" or sub == "*"):
            yield _Range(main, sub, quality)


def _quality(element: str, position: int) -> float | None:
    """Read the q of one element, 1 where it has none; None if the rest of the element is malformed."""
    quality = 1.0
    while position < len(element) and element[position:].strip(" \t"):
        parameter = _PARAMETER.match(element, position)
        if parameter is None:
            return None
        position = parameter.end()
        if (parameter.group(1) or "").lower() == "q":
            value = parameter.group(2)
            if not _QUALITY.fullmatch(value) or value == "." or float(value) > 1:
                return None
            quality = float(value)
    return quality
