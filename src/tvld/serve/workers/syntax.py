"""
What only the engine's parser can say of a text: where and why it does not parse, in words, and whether it asks others.
Runs in a worker only.

The parser tells the furthest place that it looked at, which may be lines after the mistake: looking for a keyword, it
reads as many characters as the keyword has. So the text is cut after each word until the first word is found with
which the parser cannot go on.
"""

import random
import re
from dataclasses import dataclass

import pyoxigraph as ox

from tvld.errors import QuerySyntaxError
from tvld.iris import PREFIXES
from tvld.serve.workers.text import SERVICE, Token, place, service_refused, tokens

_POSITION = re.compile(r"error at (\d+):\d+")
# What the engine says in whole sentences is about meaning; the rest of its list is about signs and keywords.
_SENTENCE = re.compile(r"(?:expected |one of |, )([A-Z][A-Za-z]+(?: [\w*]+){2,})")
# Longer than any keyword, so that a look ahead from before the cut never reaches the last line.
_PADDING = " " * 60 + "\n"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class _Mistake:
    offset: int
    message: str


def explain(text: str, base_iri: str | None, told: str) -> QuerySyntaxError:
    """Make the error for a query that the engine's parser refused with the message `told`."""
    words = list(tokens(text))
    mistake = _mistake(words, _first_bad(text, words, base_iri), text, told)
    line, column, found = place(text, mistake.offset)
    return QuerySyntaxError(f"line {line}, column {column}: {mistake.message}", line=line, column=column, text=found)


def refuse_hidden_service(text: str, base_iri: str | None) -> None:
    """
    Raise QueryRefused for a query that asks another server, however that is written.

    The parser knows no end of words and takes `SERVICE:x` for SERVICE and a name, `<#>` for a sign and a comment. So
    the letters are exchanged for others that are a word of no language: if the parser comes as far as before, they
    were part of a name, a string or a comment; if not, they were the word.
    """
    other = "".join(random.SystemRandom().choices("bdfghjkmpqtvwxyz", k=len("service")))
    hidden = SERVICE.sub(
        lambda found: "".join(o.upper() if f.isupper() else o for f, o in zip(found[0], other, strict=True)), text
    )
    if _reached(text, base_iri) != _reached(hidden, base_iri):
        raise service_refused()


def _reached(text: str, base_iri: str | None) -> str:
    """Say how far the parser comes in a text; nothing of it is run."""
    try:
        # No text goes on with this sign, so that none is ever run.
        ox.Store().query(text + "\n\\", base_iri=base_iri)
    except SyntaxError as err:
        position = _POSITION.search(str(err))
        return position[0] if position else ""
    except (RuntimeError, OSError, ValueError) as err:
        raise service_refused() from err
    raise service_refused()


def _first_bad(text: str, words: list[Token], base_iri: str | None) -> int:
    """Give the index of the first word that no query goes on with; the number of words where there is none."""
    empty = ox.Store()
    good, bad = 0, len(words) + 1
    while bad - good > 1:
        middle = (good + bad) // 2
        if _goes_on(empty, text[: words[middle - 1].end], base_iri):
            good = middle
        else:
            bad = middle
    return good


def _goes_on(empty: ox.Store, start: str, base_iri: str | None) -> bool:
    """Say whether some query begins like this: the parser accepts it or misses something at its very end."""
    try:
        empty.query(start + _PADDING, base_iri=base_iri)
    except SyntaxError as err:
        position = _POSITION.search(str(err))
        if position is None:
            return True
        return int(position[1]) > start.count("\n") + 1
    except (RuntimeError, OSError, ValueError):
        # It parses: what it calls is another matter.
        return True
    return True


def _mistake(words: list[Token], bad: int, text: str, told: str) -> _Mistake:
    for word in words[: bad + 1]:
        if word.kind == "string" and not _closed(word.text):
            return _Mistake(word.start, f"the string that begins here with {word.text[:1]} is never closed")
    if bad < len(words):
        return _bad_word(words, words[bad])
    if sentence := _SENTENCE.search(told):
        return _Mistake(words[-1].start if words else 0, sentence.group(1).strip())
    opened: list[Token] = []
    for word in words:
        if word.kind == "sign" and word.text in "{([":
            opened.append(word)
        elif word.kind == "sign" and opened and _BRACKETS.get(word.text) == opened[-1].text:
            opened.pop()
    if opened:
        line, column, _ = place(text, opened[-1].start)
        message = f"the query ends, but the {opened[-1].text!r} of line {line}, column {column} is never closed"
    else:
        message = "the query ends before it is complete"
    return _Mistake(len(text.rstrip()), message)


def _bad_word(words: list[Token], word: Token) -> _Mistake:
    if word.kind == "prefixed" and (missing := _undeclared(words, word)):
        return _Mistake(word.start, missing)
    if word.kind == "iri":
        return _Mistake(word.start, f"{word.text} is not an absolute IRI: write it whole, or say BASE <…> at the top")
    return _Mistake(word.start, f"{word.text[:60]!r} does not fit here")


def _undeclared(words: list[Token], name: Token) -> str | None:
    """Say which PREFIX line is missing, if the prefix of a name is declared nowhere before it."""
    prefix = name.text.partition(":")[0] + ":"
    for at, word in enumerate(words):
        if word.start >= name.start:
            break
        if word.kind == "word" and word.text.upper() == "PREFIX" and words[at + 1].text == prefix:
            return None
    namespace = PREFIXES.get(prefix[:-1])
    known = (
        f": add PREFIX {prefix} <{namespace}>" if namespace else f": add a line PREFIX {prefix} <…> with its namespace"
    )
    return f"the prefix {prefix} of {name.text[:60]} is not declared{known}"


def _closed(string: str) -> bool:
    quote = string[:3] if string[:3] in {'"""', "'''"} else string[:1]
    return len(string) >= 2 * len(quote) and string.endswith(quote)
