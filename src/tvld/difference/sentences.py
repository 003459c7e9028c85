"""
Events to sentences in a language: pieces of text, of which names keep their own language and address.

A name is given in the reader's language where it has one there, else in Finnish or the first it has, and marked.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from string import Formatter

from tvld.difference.events import Event, Thing, Value
from tvld.difference.properties import OF_THINGS
from tvld.difference.wording import Words
from tvld.iris import compact

# A longer value is cut in a sentence; it stands whole in the JSON and in the triples.
_LONGEST = 200
# What would move the cursor of a reader or break a line.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Piece:
    """Part of a sentence: words of ours, or with `quoted` a name or value, with its language and address if any."""

    text: str
    quoted: bool = False
    language: str | None = None
    iri: str | None = None


Sentence = tuple[Piece, ...]


def sentence(event: Event, words: Words) -> Sentence:
    """Tell an event in a sentence that stands alone."""
    phrase = _phrase(event, words)
    if "{thing}" not in phrase:
        phrase = "{thing}: " + phrase
    return _merged(_pieces(phrase + ".", event, words))


def line(event: Event, words: Words) -> Sentence:
    """Tell an event under a heading that names its thing already."""
    phrase = _phrase(event, words)
    pieces = _merged(_pieces(phrase + ".", event, words))
    first = pieces[0]
    return pieces if first.quoted else (replace(first, text=first.text[0].upper() + first.text[1:]), *pieces[1:])


def named(thing: Thing, words: Words) -> Piece:
    """Give the name of a thing, or its address where it has none."""
    names = dict(thing.names)
    if not names:
        return Piece(thing.iri, iri=thing.iri)
    language = next((tag for tag in (words.language, "fi") if tag in names), thing.names[0][0])
    return Piece(_short(names[language]), True, language or None, thing.iri)


def plain(pieces: Sequence[Piece], words: Words) -> str:
    """Write a sentence as text: names in quotation marks, with their language where it is not the reader's."""
    return "".join(_marked(piece, words) for piece in pieces)


def _marked(piece: Piece, words: Words) -> str:
    if not piece.quoted:
        return piece.text
    opening, closing = words.quotes
    mark = f" ({piece.language})" if piece.language and piece.language != words.language else ""
    return f"{opening}{piece.text}{closing}{mark}"


def _phrase(event: Event, words: Words) -> str:
    if event.what in OF_THINGS:
        return words.events[event.what]
    assert event.property is not None
    patterns = {"gained": words.gained, "lost": words.lost, "changed": words.changed}
    return words.phrases.get((event.property, event.what), patterns[event.what])


def _pieces(template: str, event: Event, words: Words) -> Iterator[Piece]:
    for text, place, _, _ in Formatter().parse(template):
        if text:
            yield Piece(text)
        if place == "thing":
            yield Piece(words.leads[event.thing.kind] + " ")
            yield named(event.thing, words)
        elif place == "successor" and event.successor:
            yield named(event.successor, words)
        elif place == "date":
            yield Piece(_date(event.date or "", words))
        elif place == "noun":
            yield from _pieces(_noun(event, words), event, words)
        elif place == "predicate":
            yield Piece(compact(event.predicate or ""))
        elif place in ("before", "after"):
            value = event.before if place == "before" else event.after
            assert value is not None
            yield _value(event.property or "", value, words)


def _noun(event: Event, words: Words) -> str:
    noun = words.properties[event.property or ""]
    value = event.after or event.before
    if event.property != "name" or value is None or value.language == "fi":
        return noun
    language = value.language or ""
    return words.named_in.get(language) or words.named_in_other.format(language=language)


def _value(property_: str, value: Value, words: Words) -> Piece:
    if value.thing is not None:
        return named(value.thing, words)
    if word := words.values.get((property_, value.text)):
        return Piece(word)
    if value.datatype and value.datatype.endswith("#date"):
        return Piece(_date(value.text, words))
    return Piece(_short(value.text), True, value.language)


def _date(text: str, words: Words) -> str:
    """Write an xsd:date as people do; what is none stays as it is."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-\d\d", text):
        return text
    year, month, day = (int(part) for part in text.split("-"))
    named_month = words.months[month - 1] if words.months else month
    return words.date.format(year=year, month=named_month, day=day)


def _short(text: str) -> str:
    told = _CONTROL.sub(" ", text)
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1].rstrip() + "…"


def _merged(pieces: Iterator[Piece]) -> Sentence:
    """Put neighbouring words of ours together."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and not piece.quoted and not piece.iri and not merged[-1].quoted and not merged[-1].iri:
            merged[-1] = Piece(merged[-1].text + piece.text)
        else:
            merged.append(piece)
    return tuple(merged)
