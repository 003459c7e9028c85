"""
The text of a query cut into words, and the cheap questions that are asked before any process is troubled with it.

Knows the lexical rules of SPARQL (1.1, 19.8) and no grammar: what it says of a text holds for words outside strings,
IRIs, comments and names. A text that does not parse passes here and is told so by the worker.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tvld.errors import QueryRefused
from tvld.serve.workers.limits import Limits

_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_LETTER = r"[^\W\d_]"
# Bounded, so that a long row of names without a colon is not looked through again from each of them.
_PREFIX = rf"(?:{_LETTER}[\w·‿⁀.-]{{0,100}}+(?<!\.))?:"
_LOCAL_PART = r"[\w·‿⁀:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"

# A string that is never closed is taken to its end in one step: nothing is looked at twice, however odd the text.
_TOKEN = re.compile(
    rf"""
    (?P<space>  [ \t\r\n]++ | \#[^\r\n]*+ )
  | (?P<iri>    <(?:[^<>"{{}}|^`\\\x00-\x20]|{_ESCAPE})*+> )
  | (?P<string> \"\"\"(?:[^"\\]|\\.|"(?!""))*+(?:\"\"\")? | '''(?:[^'\\]|\\.|'(?!''))*+(?:''')?
              | "(?:[^"\\\r\n]|\\.)*+"? | '(?:[^'\\\r\n]|\\.)*+'? )
  | (?P<variable> [?$]\w++ )
  | (?P<blank>  _:\w(?:[\w·.-]*[\w·-])? )
  | (?P<prefixed> {_PREFIX}(?:(?:{_LOCAL_PART})(?:\.*(?:{_LOCAL_PART}))*+)? )
  | (?P<tag>    @[A-Za-z]++(?:-[A-Za-z0-9]++)*+ )
  | (?P<number> (?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)[eE][+-]?[0-9]++ | [0-9]*\.[0-9]++ | [0-9]++ )
  | (?P<word>   {_LETTER}\w*+ )
  | (?P<sign>   && | \|\| | != | <= | >= | \^\^ | . )
    """,
    re.VERBOSE | re.DOTALL,
)

# The common case is decided by one look each, without cutting the text into words.
_FORM = re.compile(
    r"(?:\s++|\#[^\r\n]*+|(?:BASE\s*+<[^>]*+>)|(?:PREFIX\s++[^\s:<#]*+:\s*+<[^>]*+>))*+([A-Za-z]++)", re.IGNORECASE
)
_LINE_END = re.compile(r"\r\n|\r|\n")
SERVICE = re.compile("service", re.IGNORECASE)

# Longer texts are cut into words by a worker: here that would hold up everybody else, for 50 ms at 64 KiB.
READ_AT_ONCE = 8 * 1024

# A line is shown whole unless it is much longer than lines are; then so much of it each side, and a mark of the cut.
AROUND = 100
CUT = "…"

_KINDS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "graph", "DESCRIBE": "graph"}
_UPDATES = frozenset("INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD WITH".split())
_BRACKETS = {")": "(", "]": "[", "}": "{"}


class Token(NamedTuple):
    """One word of a query; `kind` is a group of the pattern above, `start` an offset into the text."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def tokens(text: str) -> Iterator[Token]:
    """Cut a text into words, leaving out spaces and comments. Never fails: what fits nothing is a sign."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        if kind != "space":
            yield Token(kind, match.group(), match.start())


def place(text: str, offset: int) -> tuple[int, int, str]:
    """Give line and column (from 1, in characters) of an offset, and the text of that line, or what is around."""
    before = _LINE_END.split(text[:offset])
    line = _LINE_END.split(before[-1] + text[offset:], maxsplit=1)[0]
    column = len(before[-1])
    start, end = max(0, column - AROUND), column + AROUND
    around = (CUT if start else "") + line[start:end] + (CUT if end < len(line) else "")
    return len(before), column + 1, around


def check(text: str, limits: Limits) -> str | None:
    """
    Refuse what no worker should see; give the kind of the query, None where only a worker can say.

    Raises QueryRefused: a text that is empty, too long or no text at all, and what `check_words` says of a short one.
    """
    _check_characters(text, limits)
    return check_words(text, limits) if len(text) <= READ_AT_ONCE else _KINDS.get(_first_look(text))


def check_words(text: str, limits: Limits) -> str | None:
    """
    Refuse what the engine should not be asked; give the kind of the query, None where only the parser can say.

    Raises QueryRefused: brackets too deep, too many patterns, an update, SERVICE.
    """
    opened = text.count("{") + text.count("(") + text.count("[")
    separators = text.count(".") + text.count(";") + text.count(",")
    if opened > limits.depth or separators > limits.patterns:
        _check_shape(text, limits)
    if SERVICE.search(text):
        _refuse_service(text)
    word = _first_look(text)
    if word not in _KINDS:
        word = _form(text)
    if word in _UPDATES:
        raise QueryRefused(f"this endpoint is read-only: {word} is an update, and only queries are answered")
    return _KINDS.get(word)


def _first_look(text: str) -> str:
    """Give the first word, in capitals, behind a prologue that is written as they mostly are."""
    form = _FORM.match(text)
    return form.group(1).upper() if form else ""


def _check_characters(text: str, limits: Limits) -> None:
    if not text.strip():
        raise QueryRefused("the query is empty: send a SPARQL query, such as SELECT * WHERE { ?s ?p ?o } LIMIT 10")
    try:
        length = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError as err:
        raise QueryRefused(f"the query is not Unicode text: {err.reason}") from err
    if length > limits.text_kib * 1024:
        raise QueryRefused(
            f"the query is {-(-length // 1024)} KiB long; at most {limits.text_kib} KiB are taken",
            limit="text_kib",
            value=limits.text_kib,
        )
    if (nul := text.find("\0")) >= 0:
        line, column, _ = place(text, nul)
        raise QueryRefused(f"line {line}, column {column}: the query holds a NUL character", line=line, column=column)


def _check_shape(text: str, limits: Limits) -> None:
    """Bound nesting, and what separates triple patterns: `.`, `;` and `,` outside of parentheses."""
    open_brackets: list[str] = []
    patterns = 0
    for token in tokens(text):
        if token.kind != "sign":
            continue
        if token.text in "{([":
            open_brackets.append(token.text)
            if len(open_brackets) > limits.depth:
                _refuse_at(text, token, f"brackets are nested more than {limits.depth} deep", "depth", limits.depth)
        elif token.text in _BRACKETS:
            if open_brackets and open_brackets[-1] == _BRACKETS[token.text]:
                open_brackets.pop()
        elif token.text in ".;," and open_brackets[-1:] != ["("]:
            patterns += 1
            if patterns > limits.patterns:
                what = f"more than {limits.patterns} triple patterns in one query: ask in several"
                _refuse_at(text, token, what, "patterns", limits.patterns)


def _refuse_at(text: str, token: Token, what: str, limit: str, value: int) -> None:
    line, column, found = place(text, token.start)
    raise QueryRefused(
        f"line {line}, column {column}: {what}", limit=limit, value=value, line=line, column=column, text=found
    )


def _refuse_service(text: str) -> None:
    for token in tokens(text):
        if token.kind == "word" and token.text.upper() in {"SERVICE", "SERVICESILENT"}:
            line, column, found = place(text, token.start)
            raise service_refused(f"line {line}, column {column}: ", line=line, column=column, text=found)


def service_refused(where: str = "", **details: object) -> QueryRefused:
    """Make the error for a query that would ask another server."""
    return QueryRefused(
        f"{where}SERVICE is refused: this endpoint answers from its own data and never asks another server; "
        "send that part of the query to the other server yourself",
        **details,
    )


def _form(text: str) -> str:
    """Give the word after the prologue, in capitals: what is asked to be done."""
    rest = tokens(text)
    for token in rest:
        word = token.text.upper()
        if token.kind == "word" and word == "BASE":
            next(rest, None)
        elif token.kind == "word" and word == "PREFIX":
            next(rest, None)
            next(rest, None)
        else:
            return word if token.kind == "word" else ""
    return ""
