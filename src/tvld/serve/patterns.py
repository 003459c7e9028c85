"""
The triple patterns in the text of a query, each as it is written, with where it stands and what it shares with others.

Reads words, no grammar: made for texts that the engine has parsed already. What it does not understand it leaves out,
and a text that does not parse gives what was read until there. Asks nobody anything.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tvld.serve.workers.text import Token, tokens

_DEEPEST = 100
_PATH_SIGNS = frozenset("/|")
_MODIFIERS = frozenset("*+?")
_CLOSING = {"{": "}", "(": ")", "[": "]"}


@dataclass(frozen=True)
class Pattern:
    """
    One triple pattern: its terms as written, its first character's offset, the variables and blank nodes in it.

    `graph` is the term of the GRAPH around it; `required` says that an answer needs a match of it (it stands in no
    OPTIONAL, MINUS or branch of a UNION); `path` is the predicate where it is more than one name.
    """

    subject: str
    predicate: str
    object: str
    start: int
    predicate_start: int
    object_start: int
    names: frozenset[str]
    graph: str | None
    required: bool
    path: bool

    @property
    def text(self) -> str:
        return f"{self.subject} {self.predicate} {self.object}"

    @property
    def group(self) -> str:
        """Write it so that it stands alone: within its GRAPH, where it has one."""
        return f"GRAPH {self.graph} {{ {self.text} }}" if self.graph else self.text


@dataclass(frozen=True)
class Outline:
    """
    What a query is made of: the text before its form, its FROM clauses, its patterns.

    `links` are names that BIND and VALUES tie together; `filtered` says whether FILTER, MINUS or HAVING take rows away.
    """

    prologue: str
    datasets: str
    patterns: tuple[Pattern, ...]
    links: tuple[frozenset[str], ...]
    filtered: bool


def outline(text: str) -> Outline:
    """Read a query; never fails."""
    reader = _Reader(text)
    # Where it ends before it is complete, what was read until there holds.
    with contextlib.suppress(IndexError, RecursionError):
        reader.query()
    return Outline(
        reader.prologue, " ".join(reader.datasets), tuple(reader.patterns), tuple(reader.links), reader.filtered
    )


class _Reader:
    """Goes through the words once; each method begins at the word that it is about and ends behind it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = list(tokens(text))
        self._at = 0
        self.prologue = ""
        self.datasets: list[str] = []
        self.patterns: list[Pattern] = []
        self.links: list[frozenset[str]] = []
        self.filtered = False

    def query(self) -> None:
        while self._word() in {"PREFIX", "BASE"}:
            self._at += 3 if self._word() == "PREFIX" else 2
        self.prologue = self._text[: self._words[self._at].start]
        template = self._word() == "CONSTRUCT" and self._words[self._at + 1].text == "{"
        self._at += 1
        if template:
            self._skip()
        self._head()
        self._group(True, None, 0)
        self.filtered = self.filtered or any(w.text.upper() == "HAVING" for w in self._words[self._at :])

    def _head(self) -> None:
        """Go to the first brace, past what is projected and FROM."""
        while self._sign() != "{":
            if self._word() == "FROM":
                size = 3 if self._words[self._at + 1].text.upper() == "NAMED" else 2
                self.datasets.append(self._span(self._at, self._at + size))
                self._at += size
            elif self._sign() == "(":
                self._skip()
            else:
                self._at += 1

    def _group(self, required: bool, graph: str | None, depth: int) -> None:
        if depth > _DEEPEST:
            raise RecursionError
        self._at += 1
        if self._word() == "SELECT":
            self._head()
            self._group(required, graph, depth + 1)
            while self._sign() != "}":
                self._skip()
        while self._sign() != "}":
            self._part(required, graph, depth + 1)
        self._at += 1

    def _part(self, required: bool, graph: str | None, depth: int) -> None:
        word, sign = self._word(), self._sign()
        if sign == "{":
            first = len(self.patterns)
            self._group(required, graph, depth)
            if self._word() == "UNION":
                while self._word() == "UNION":
                    self._at += 1
                    self._group(required, graph, depth)
                self.patterns[first:] = [replace(p, required=False) for p in self.patterns[first:]]
        elif word in {"OPTIONAL", "MINUS"}:
            self.filtered = self.filtered or word == "MINUS"
            self._at += 1
            self._group(False, graph, depth)
        elif word == "GRAPH":
            self._at += 1
            self._group(required, self._term(), depth)
        elif word == "FILTER":
            self.filtered = True
            self._at += 1
            while self._sign() not in {"(", "{"}:
                self._at += 1
            self._skip()
        elif word in {"BIND", "VALUES"}:
            self._link(word)
        elif sign == ".":
            self._at += 1
        else:
            self._triples(required, graph)

    def _link(self, word: str) -> None:
        first = self._at
        self._at += 1
        self._skip()
        if word == "VALUES":
            self._skip()
        self.links.append(frozenset(self._names(first, self._at)))

    def _triples(self, required: bool, graph: str | None) -> None:
        first = self._at
        subject = self._term()
        while self._sign() not in {".", "}"}:
            verb = self._at
            predicate = self._verb()
            path = self._at > verb + 1
            while True:
                self._at += self._sign() == ","
                value = self._at
                object_ = self._term()
                names = {*self._names(first, first + 1), *self._names(verb, self._at)}
                if self._words[first].text in _CLOSING:
                    names |= {*self._names(first, verb)}
                self.patterns.append(
                    Pattern(
                        subject,
                        predicate,
                        object_,
                        self._words[first].start,
                        self._words[verb].start,
                        self._words[value].start,
                        frozenset(names),
                        graph,
                        required,
                        path,
                    )
                )
                if self._sign() != ",":
                    break
            if self._sign() != ";":
                return
            while self._sign() == ";":
                self._at += 1

    def _verb(self) -> str:
        """Take a variable, a name, or a path."""
        first = self._at
        while True:
            while self._sign() in {"^", "!"}:
                self._at += 1
            self._skip()
            while self._sign() in _MODIFIERS and self._words[self._at].start == self._words[self._at - 1].end:
                self._at += 1
            if self._sign() not in _PATH_SIGNS:
                return self._span(first, self._at)
            self._at += 1

    def _term(self) -> str:
        """Take a subject, an object or the name of a graph."""
        first = self._at
        if self._sign() in {"+", "-"}:
            self._at += 1
        self._skip()
        if self._words[first].kind == "string":
            if self._words[self._at].kind == "tag":
                self._at += 1
            elif self._sign() == "^^":
                self._at += 2
        return self._span(first, self._at)

    def _skip(self) -> None:
        """Go behind a word, or behind the bracket that closes the one that stands here."""
        waiting: list[str] = []
        while True:
            sign = self._sign()
            if sign in _CLOSING:
                waiting.append(_CLOSING[sign])
            elif waiting and sign == waiting[-1]:
                waiting.pop()
            self._at += 1
            if not waiting:
                return

    def _names(self, first: int, end: int) -> Iterator[str]:
        for word in self._words[first:end]:
            if word.kind in {"variable", "blank"}:
                yield word.text.lstrip("?$")

    def _here(self) -> Token:
        return self._words[self._at]

    def _word(self) -> str:
        return self._here().text.upper() if self._here().kind == "word" else ""

    def _sign(self) -> str:
        return self._here().text if self._here().kind == "sign" else ""

    def _span(self, first: int, end: int) -> str:
        return self._text[self._words[first].start : self._words[end - 1].end]
