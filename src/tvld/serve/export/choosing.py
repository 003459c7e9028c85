r"""
Content negotiation as steps that a web server can do: each looks at a text and gives another, by regular expressions.

The same choice as `tvld.serve.negotiation` (RFC 9110, 12.5.1), from the same table of formats. A server's own room
(`nginx`, `apache`, `caddy`) writes the steps in its language. How it goes:

1. For every media range that matters (`text/turtle`, `text/*`, `*/*`, …) its quality is read from the header, in
   thousandths: `0900`; empty where the range is not there.
2. For every format the most specific range that is there decides: `ttl:09004/` is quality 0.9 by its own name (4), by
   another name (3), by its type (2) or by anything (1).
3. The formats of an offer are compared digit by digit, and the first that has the best rating is chosen.

In the expressions `{p}` makes a repetition possessive where the server backtracks, so that a hostile header is read in
linear time; characters that mean something in a configuration file are written by number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from tvld.formats import Format

_SIGNS = r"!#$%&\x27*+.^_\x60|~0-9A-Za-z-"
_TOKEN = rf"[{_SIGNS}]+{{p}}"
_QUOTED = r"\x22(?:[^\x22\x5c]|\x5c.)*{p}\x22"
_NAME_BUT_Q = rf"(?:[{_SIGNS.replace('A-Za-z', 'A-PR-Za-pr-z')}][{_SIGNS}]*{{p}}|[Qq][{_SIGNS}]+{{p}})"
_PARAMETERS = rf"(?:[ \t]*;[ \t]*{{p}}(?:{_NAME_BUT_Q}[ \t]*=[ \t]*(?:{_TOKEN}|{_QUOTED}))?)*"
_Q = r"[ \t]*;[ \t]*[Qq][ \t]*=[ \t]*"
# Whole elements before the one that is looked for; a quoted string in them may hold commas.
# A type is a token, and not the star alone.
_TYPE = rf"(?:[{_SIGNS.replace('*', '')}][{_SIGNS}]*{{p}}|[*][{_SIGNS}]+{{p}})"
_BEFORE = r"^(?:(?:[^,\x22]+{p}|\x22(?:[^\x22\x5c]|\x5c.)*{p}\x22)*{p},)*?[ \t]*"
_END = r"[ \t]*(?:,|$)"
_ONE, _LESS, _NONE = r"1(?:[.]0*)?", r"0?[.](\d)(\d?)(\d?)\d*", r"0[.]?"
_FOUR, _DIGITS = r"(\d\d\d\d)\d*", "9876543210"


@dataclass(frozen=True)
class Step:
    """
    One step: the value of `name` is that of the first rule whose expression is found in `source`, else `default`.

    `source` names earlier values as `<name>`, the header as `<accept>`; in a value `<1>` is the expression's first
    group. Expressions do not mind the case of letters.
    """

    name: str
    source: str
    rules: tuple[tuple[str, str], ...]
    default: str = ""


@dataclass(frozen=True)
class Offer:
    """
    The formats that one kind of address has, in the order of the site's own preference.

    The value of this name is the suffix of the one chosen; `fallback` where the client takes none.
    """

    name: str
    formats: tuple[Format, ...]
    fallback: str = ""


def steps(offers: Sequence[Offer], backtracks: bool) -> list[Step]:
    """
    Give all steps for these offers, in order.

    A server whose expressions cannot refer back to a group (they are those that do not backtrack) tells qualities apart
    to hundredths, the others to thousandths.
    """
    p = "+" if backtracks else ""
    found = list(_readings(offers))
    for offer in offers:
        found += _by_digits(offer) if backtracks else _by_levels(offer)
    return [Step(s.name, s.source, tuple((e.replace("{p}", p), v) for e, v in s.rules), s.default) for s in found]


def language_steps(languages: Sequence[str], backtracks: bool) -> list[Step]:
    """
    Give the steps that choose a language by `?lang=`, else by Accept-Language, else the first (RFC 9110, 12.5.4).

    `sv-FI` finds sv; a language that is not named has the quality of `*`. The value is that of `language`; that of
    `kept` is a query which keeps what `?lang=` chose where an address leads on.
    """
    found, ratings = [], ""
    for tag in (*languages, "any"):
        name = "[*]" if tag == "any" else f"{tag}(?:-[a-z0-9]+)*"
        at = f"(?:^|,)[ \t]*{name}"
        rules = (
            (rf"{at}[ \t]*(?:;[ \t]*q[ \t]*=[ \t]*{_ONE})?{_END}", "1000"),
            (rf"{at}{_Q}{_LESS}{_END}", "0<1><2><3>000"),
            (rf"{at}{_Q}{_NONE}{_END}", "0000"),
        )
        found.append(Step(f"l_{tag}", "<accept_language>", rules))
    for tag in languages:
        told = ((rf"^{_FOUR};", f"{tag}:<1>1/"), (rf"^;{_FOUR}", f"{tag}:<1>1/"))
        found.append(Step(f"r_{tag}", f"<l_{tag}>;<l_any>", told))
        ratings += f"<r_{tag}>"
    offer = Offer("liked", (), fallback=languages[0])
    if backtracks:
        found += _digits(offer.name, ratings)
        best = ((r"^0000", offer.fallback), (r"^(\d+) .*?([a-z]+):\1/", "<2>"))
        found.append(Step(offer.name, f"<{offer.name}_5> {ratings}", best, offer.fallback))
    else:
        found.append(Step(offer.name, f",{ratings}", _levels("1"), offer.fallback))
    longer = "(?:-[a-z0-9]+)*"
    by_link = tuple((f"^{tag}{longer},", tag) for tag in languages)
    found.append(Step("language", f"<lang>,<{offer.name}>", (*by_link, ("^[^,]*,(.+)$", "<1>"))))
    found.append(Step("kept", "<lang>", tuple((f"^{tag}{longer}$", f"?lang={tag}") for tag in languages)))
    return found


def _readings(offers: Sequence[Offer]) -> Iterator[Step]:
    """Read the header: is anything in it well formed, which quality has each range, which rating each format."""
    quality = rf"(?:{_Q}(?:{_ONE}|0?[.]\d+|{_NONE}){_PARAMETERS})?{_END}"
    yield Step("any", "<accept>", ((rf"{_BEFORE}(?:[*](?:/[*])?|{_TYPE}/{_TOKEN}){_PARAMETERS}{quality}", "1"),))
    formats = list(dict.fromkeys(f for offer in offers for f in offer.formats))
    for media_range in dict.fromkeys(name for f in formats for name in _ranges(f)):
        yield _quality(media_range)
    for format_ in formats:
        yield _rating(format_)


def _ranges(format_: Format) -> tuple[str, ...]:
    """Give the media ranges that fit a format, from the most specific: its names, its type, anything."""
    names = tuple(name.partition(";")[0] for name in format_.media_types)
    return (*names, f"{format_.media_type.partition('/')[0]}/*", "*/*")


def _slot(media_range: str) -> str:
    return "q_" + re.sub("[^a-z0-9]", "_", media_range.replace("*", "any"))


def _rated(format_: Format) -> str:
    return "r_" + re.sub("[^a-z0-9]", "_", f"{format_.suffix}_{format_.media_type}")


def _quality(media_range: str) -> Step:
    # A bare * is what old Java clients write.
    name = "[*](?:/[*])?" if media_range == "*/*" else re.sub("([.*+])", r"[\1]", media_range)
    found = f"{_BEFORE}{name}{_PARAMETERS}"
    return Step(
        _slot(media_range),
        "<accept>",
        (
            (f"{found}(?:{_Q}{_ONE}{_PARAMETERS})?{_END}", "1000"),
            (f"{found}{_Q}{_LESS}{_PARAMETERS}{_END}", "0<1><2><3>000"),
            (f"{found}{_Q}{_NONE}{_PARAMETERS}{_END}", "0000"),
        ),
    )


def _rating(format_: Format) -> Step:
    """Rate a format by the most specific ranges that are there; several names of one level are all told."""
    ranges = _ranges(format_)
    also = len(format_.also)
    levels = (range(1), range(1, 1 + also), range(1 + also, 2 + also), range(2 + also, 3 + also))
    rules = []
    for fit, level in zip((4, 3, 2, 1), levels, strict=True):
        for size in range(len(level), 0, -1):
            for there in combinations(level, size):
                parts = [_FOUR if i in there else "" if i < level.stop else r"\d*" for i in range(len(ranges))]
                told = "".join(f"{format_.suffix}:<{n}>{fit}/" for n in range(1, size + 1))
                rules.append((f"^{';'.join(parts)}$", told))
    return Step(_rated(format_), ";".join(f"<{_slot(name)}>" for name in ranges), tuple(rules))


def _ratings(offer: Offer) -> str:
    return "".join(f"<{_rated(format_)}>" for format_ in offer.formats)


def _by_digits(offer: Offer) -> Iterator[Step]:
    """Find the best rating of an offer digit by digit, and the first format that has it."""
    name, ratings = offer.name, _ratings(offer)
    yield from _digits(name, ratings)
    best = (
        ("^,", offer.formats[0].suffix),
        ("^1,0000", offer.fallback),
        (r"^1,(\d+) .*?([a-z]+):\1/", "<2>"),
    )
    yield Step(name, f"<any>,<{name}_5> {ratings}", best, offer.fallback)


def _digits(name: str, ratings: str) -> Iterator[Step]:
    """Find the best of some ratings, digit by digit; the last step has all five."""
    yield Step(f"{name}_1", ratings, ((":1", "1"), (":0", "0")))
    for place, digits in ((2, _DIGITS), (3, _DIGITS), (4, _DIGITS), (5, "4321")):
        rules = tuple((rf"^(\d+) .*:(?:\1){digit}", f"<1>{digit}") for digit in digits)
        yield Step(f"{name}_{place}", f"<{name}_{place - 1}> {ratings}", rules)


def _by_levels(offer: Offer) -> Iterator[Step]:
    """Look for one rating after the other, from the best, and take the first format that has it."""
    rules = (("^,", offer.formats[0].suffix), *_levels("4321"))
    yield Step(offer.name, f"<any>,{_ratings(offer)}", rules, offer.fallback)


def _levels(fits: str) -> tuple[tuple[str, str], ...]:
    levels = ["1000", *(rf"0{hundredths:02d}\d" for hundredths in range(99, 0, -1)), "000[1-9]"]
    return tuple((f",.*?([a-z]+):{level}{fit}/", "<1>") for level in levels for fit in fits)
