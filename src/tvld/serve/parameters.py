"""
The parameters of a named query: read from its text, their values checked and bound. Knows no HTTP and no engine.

A parameter is a line of the query that gives a variable its values, with a remark that says what may stand there:

    VALUES ?systemKey { "potilastietojarjestelma" }  # parameter: key, of the information system

What stands in the braces holds where the request names no value. A value is never pasted into the text: it is checked
against its type, made a term, and written by the writer of terms.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from tvld.errors import QueryRefused
from tvld.serve.workers.text import tokens

_LINE = re.compile(
    r"^[ \t]*VALUES[ \t]+\?(?P<name>\w+)[ \t]*\{(?P<terms>[^{}\n]*)\}[ \t]*"
    r"#[ \t]*parameter:[ \t]*(?P<type>\w+)[ \t]*,[ \t]*(?P<words>[^\n]+)$",
    re.MULTILINE,
)
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_LONGEST = 1000
_MOST_VALUES = 50
# What each type takes, in words.
TYPES = {
    "iri": "an absolute IRI",
    "text": f"a text of at most {_LONGEST} characters",
    "key": "a key of the tables: small letters a to z, digits, hyphens between them",
    "integer": "a whole number",
}


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name is that of the variable, `type` one of TYPES, `default` the values in the text."""

    name: str
    type: str
    words: str
    default: tuple[str, ...]


def parameters(text: str) -> tuple[Parameter, ...]:
    """Read the parameters of a query, in the order of its text."""
    return tuple(
        Parameter(m["name"], m["type"], m["words"].strip(), _values(m["terms"]))
        for m in _LINE.finditer(text)
        if m["type"] in TYPES
    )


def bound(text: str, given: Mapping[str, Sequence[str]]) -> str:
    """
    Write a query with other values for some of its parameters, one or several for each.

    Raises QueryRefused naming the parameter that is unknown or whose value is none of its type.
    """
    known = [parameter.name for parameter in parameters(text)]
    if unknown := [name for name in given if name not in known]:
        raise QueryRefused(
            f"the query has no parameter {unknown[0]!r}; it has: {', '.join(known) or 'none'}", available=known
        )

    def write(match: re.Match[str]) -> str:
        name, values = match["name"], given.get(match["name"])
        if values is None or match["type"] not in TYPES:
            return match[0]
        if len(values) > _MOST_VALUES:
            raise QueryRefused(f"parameter {name!r} may be given {_MOST_VALUES} times, found {len(values)} times")
        terms = " ".join(str(_term(name, match["type"], value)) for value in values)
        first, last = match.start("terms") - match.start(), match.end("terms") - match.start()
        return f"{match[0][:first]} {terms} {match[0][last:]}"

    return _LINE.sub(write, text)


def _term(name: str, type_: str, value: str) -> ox.NamedNode | ox.Literal:
    try:
        if type_ == "iri":
            return ox.NamedNode(value)
        if type_ == "integer" and _INTEGER.fullmatch(value):
            return ox.Literal(int(value))
        if type_ == "text" and len(value) <= _LONGEST and value.isprintable():
            return ox.Literal(value)
        if type_ == "key" and len(value) <= _LONGEST and _KEY.fullmatch(value):
            return ox.Literal(value)
    except ValueError:
        # Not an IRI: told below, as for every other type.
        pass
    shown = value if len(value) <= 100 else value[:100] + "…"
    raise QueryRefused(
        f"parameter {name!r} must be {TYPES[type_]}; found {shown!r}", parameter=name, expected=TYPES[type_]
    )


def _values(terms: str) -> tuple[str, ...]:
    """Give the values that stand in the braces as a request would."""
    strip = {"iri": "<>", "string": "\"'", "number": ""}
    return tuple(word.text.strip(strip[word.kind]) for word in tokens(terms) if word.kind in strip)
