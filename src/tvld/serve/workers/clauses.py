"""
The names in the text of a query, written out, and which of them FROM and FROM NAMED hold (SPARQL 1.1 Query 13.2).

Knows the words of a text, no store. What does not parse is left for the parser to complain of.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urljoin

from tvld.errors import QueryRefused
from tvld.serve.workers.text import Token, tokens

# Without this word there is nothing to read: most queries are told so by one look.
FROM = re.compile("from", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)")
_SHOWN = 10


@dataclass(frozen=True)
class Clauses:
    """The graphs that a query names: those merged as its default graph, and those it may ask by name."""

    default: tuple[str, ...]
    named: tuple[str, ...]


class Mention(NamedTuple):
    """
    A name behind the prologue, between two offsets of the text.

    `iri` is None where a prefix is missing; `clause` is `default` behind FROM, `named` behind FROM NAMED (the offsets
    hold these words too), else empty.
    """

    start: int
    end: int
    iri: str | None
    clause: str = ""


def mentions(text: str, base_iri: str | None) -> Iterator[Mention]:
    """Give all names of a query, resolved against BASE and PREFIX."""
    words = list(tokens(text))
    base, prefixes = base_iri or "", dict[str, str]()
    at = 0
    while at < len(words):
        word = words[at].text.upper() if words[at].kind == "word" else ""
        following = words[at + 1 : at + 3]
        if word == "BASE" and following:
            base = _resolved(following[0], base, prefixes) or base
            at += 1
        elif word == "PREFIX" and len(following) == 2:
            prefixes[following[0].text] = _resolved(following[1], base, prefixes) or ""
            at += 2
        elif word == "FROM" and following:
            named = following[0].text.upper() == "NAMED"
            for name in following[1:] if named else following[:1]:
                iri = _resolved(name, base, prefixes)
                yield Mention(words[at].start, name.end, iri, "named" if named else "default")
            at += 1 + named
        elif words[at].kind in {"iri", "prefixed"}:
            yield Mention(words[at].start, words[at].end, _resolved(words[at], base, prefixes))
        at += 1


def clauses(
    text: str,
    base_iri: str | None,
    default_graphs: Sequence[str],
    named_graphs: Sequence[str],
    there: Collection[str],
) -> Clauses | None:
    """
    Say which graphs are asked: those of the protocol, else those of FROM and FROM NAMED; None where neither names any.

    Raises QueryRefused for a graph that is not among those that are `there`.
    """
    if default_graphs or named_graphs:
        asked = Clauses(tuple(dict.fromkeys(default_graphs)), tuple(dict.fromkeys(named_graphs)))
    elif (found := _of_text(text, base_iri) if FROM.search(text) else None) is None:
        return None
    else:
        asked = found
    for name in (*asked.default, *asked.named):
        if name not in there:
            raise QueryRefused(_unknown(name, there), graph=name)
    return asked


def _of_text(text: str, base_iri: str | None) -> Clauses | None:
    """Read FROM and FROM NAMED; None without them, or where the parser must speak."""
    found = [mention for mention in mentions(text, base_iri) if mention.clause]
    if not found or any(mention.iri is None for mention in found):
        return None
    default, named = (dict.fromkeys(str(m.iri) for m in found if m.clause == kind) for kind in ("default", "named"))
    return Clauses(tuple(default), tuple(named))


def _unknown(name: str, there: Collection[str]) -> str:
    names = sorted(there)
    shown = ", ".join(f"<{n}>" for n in names[:_SHOWN]) or "none"
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return (
        f"<{name}> is not a graph of this dataset, and graphs are not fetched from elsewhere; "
        f"its named graphs are: {shown}{more}"
    )


def _resolved(token: Token, base: str, prefixes: dict[str, str]) -> str | None:
    """Write out an IRI or a prefixed name; None for what is neither, or has no prefix: the query does not parse."""
    if token.kind == "iri":
        iri = _ESCAPED.sub(_unescaped, token.text[1:-1])
        return urljoin(base, iri) if base else iri
    prefix, colon, local = token.text.partition(":")
    if token.kind != "prefixed" or prefix + colon not in prefixes:
        return None
    return prefixes[prefix + colon] + _ESCAPED.sub(_unescaped, local)


def _unescaped(match: re.Match[str]) -> str:
    number = match.group(1) or match.group(2)
    return chr(int(number, 16)) if number else match.group(3)
