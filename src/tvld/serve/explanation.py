"""
Why a query has no answer: its triple patterns are asked one by one, then more and more of them together.

Asks through an engine like everybody else, under the same limits; knows no HTTP. Where a name is used nowhere in the
data, the nearest that is used is told.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any

from tvld.errors import QueryLimitExceeded, QueryRefused
from tvld.formats import NTRIPLES, RESULTS_JSON
from tvld.iris import compact
from tvld.serve.engine import Answer, Query
from tvld.serve.patterns import Outline, Pattern, outline
from tvld.serve.workers.clauses import mentions
from tvld.serve.workers.text import place

Ask = Callable[[Query], Answer]

# For the whole explanation, and for one question of it.
_SECONDS, _QUESTION_SECONDS = 10.0, 3.0
_MOST_PATTERNS = 40
_NEAREST = 3
_A = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True)
class Tested:
    """One pattern: whether anything matches it (None: not found out in time), and what may have been meant."""

    pattern: str
    line: int
    matches: bool | None
    nearest: tuple[str, ...] = ()
    advice: str = ""


@dataclass(frozen=True)
class Explanation:
    """Whether the answer is empty, why in a sentence, and the patterns in the order of the text."""

    empty: bool
    reason: str
    patterns: tuple[Tested, ...] = ()

    def members(self) -> dict[str, Any]:
        """Give the members of the JSON object."""
        return asdict(self)

    def text(self) -> str:
        lines = [self.reason]
        for tested in self.patterns:
            found = {True: "matches", False: "NO MATCH", None: "not known"}[tested.matches]
            lines.append(f"{found:>9}  line {tested.line}: {tested.pattern}")
            lines += [f"           {tested.advice}"] if tested.advice else []
        return "\n".join(lines) + "\n"


def explain(query: Query, base_iri: str, ask: Ask) -> Explanation:
    """Answer a query, and say why where that gives nothing; raises what the engine raises for the query itself."""
    answer = ask(_as(query, query.text))
    if not _is_empty(answer):
        return Explanation(False, "The answer is not empty: there is nothing to explain.")
    return _Inquiry(query, base_iri, ask).explanation()


def _as(query: Query, text: str, seconds: float | None = None) -> Query:
    return Query(text, RESULTS_JSON, NTRIPLES, query.default_graphs, query.named_graphs, seconds)


def _is_empty(answer: Answer) -> bool:
    if answer.format is NTRIPLES:
        return not answer.body.strip()
    told = json.loads(answer.body)
    return not told["boolean"] if "boolean" in told else not told["results"]["bindings"]


class _Inquiry:
    def __init__(self, query: Query, base_iri: str, ask: Ask) -> None:
        self._query, self._ask = query, ask
        self._outline: Outline = outline(query.text)
        self._iris: Mapping[int, str] = {m.start: m.iri for m in mentions(query.text, base_iri) if m.iri}
        self._until = time.monotonic() + _SECONDS

    def explanation(self) -> Explanation:
        required = [pattern for pattern in self._outline.patterns if pattern.required][:_MOST_PATTERNS]
        tested = tuple(self._tested(pattern) for pattern in required)
        lacking = [t for t in tested if t.matches is False]
        if not tested:
            reason = "No triple pattern of the query has to match, so none is to blame: look at its filters and values."
        elif lacking:
            one = f"The pattern of line {lacking[0].line} matches" if len(lacking) == 1 else "Some patterns match"
            reason = f"{one} nothing in the data, so the whole has no answer."
        elif None in {t.matches for t in tested}:
            reason = "Not all patterns could be tried in time: those that were have matches."
        else:
            reason = self._joins(required, tested)
        return Explanation(True, reason, tested)

    def _joins(self, patterns: list[Pattern], tested: tuple[Tested, ...]) -> str:
        """Find how many of the patterns, from the first on, still have a match together."""
        good, bad = 1, len(patterns) + 1
        while bad - good > 1:
            middle = (good + bad) // 2
            found = self._found(" . ".join(pattern.group for pattern in patterns[:middle]))
            if found is None:
                return "Each pattern has a match; whether all have one together could not be found out in time."
            good, bad = (middle, bad) if found else (good, middle)
        if bad <= len(patterns):
            return (
                f"Each pattern has a match, but the first {bad} have none together: what the pattern of line "
                f"{tested[bad - 1].line} finds is not what those before it find."
            )
        return "All patterns have a match together: FILTER, VALUES, MINUS or HAVING leaves nothing of it."

    def _tested(self, pattern: Pattern) -> Tested:
        line = place(self._query.text, pattern.predicate_start)[0]
        found = self._found(pattern.group)
        nearest, advice = self._meant(pattern) if found is False else ((), "")
        return Tested(" ".join(pattern.text.split()), line, found, nearest, advice)

    def _meant(self, pattern: Pattern) -> tuple[tuple[str, ...], str]:
        """Say what may have been meant: another property, another class, the text in a language."""
        predicate = _A if pattern.predicate == "a" else self._iris.get(pattern.predicate_start)
        if pattern.path or predicate is None:
            return (), ""
        if not self._found(_in(pattern, f"?s <{predicate}> ?o")):
            nearest = self._nearest(predicate, _in(pattern, "?s ?name ?o"))
            return nearest, _advice(f"the property <{predicate}> is used nowhere", nearest)
        class_ = self._iris.get(pattern.object_start)
        if predicate == _A and class_ is not None:
            nearest = self._nearest(class_, _in(pattern, f"?s <{_A}> ?name"))
            return nearest, _advice(f"nothing is a <{class_}>", nearest)
        if pattern.object[0] in "\"'":
            same = _in(pattern, f"{pattern.subject} {pattern.predicate} ?name")
            near = self._names(f"{same} FILTER(ISLITERAL(?name) && STR(?name) = STR({pattern.object}))", _written)
            return near, f"there is such a text as {', '.join(near)}" if near else ""
        return (), ""

    def _nearest(self, iri: str, group: str) -> tuple[str, ...]:
        known = self._names(group, lambda binding: str(binding["value"]))
        by_name: dict[str, list[str]] = {}
        for other in known:
            by_name.setdefault(_local(other).lower(), []).append(other)
        close = get_close_matches(_local(iri).lower(), by_name, n=_NEAREST, cutoff=0.6)
        return tuple(other for name in close for other in by_name[name] if other != iri)[:_NEAREST]

    def _names(self, group: str, read: Callable[[dict[str, Any]], str]) -> tuple[str, ...]:
        text = f"SELECT DISTINCT ?name {self._outline.datasets} WHERE {{ {group} }} LIMIT 1000"
        answer = self._answer(text)
        bindings = json.loads(answer.body)["results"]["bindings"] if answer else []
        return tuple(read(b["name"]) for b in bindings if b["name"]["type"] != "bnode")

    def _found(self, group: str) -> bool | None:
        answer = self._answer(f"ASK {self._outline.datasets} {{ {group} }}")
        return None if answer is None else bool(json.loads(answer.body)["boolean"])

    def _answer(self, text: str) -> Answer | None:
        """Ask a question of our own, with the prologue of the query; None where that takes too long."""
        seconds = min(_QUESTION_SECONDS, self._until - time.monotonic())
        if seconds <= 0.05:
            return None
        try:
            return self._ask(_as(self._query, f"{self._outline.prologue}\n{text}", seconds))
        except (QueryLimitExceeded, QueryRefused):
            # Too long, or a part of the text that means nothing by itself: it is told as not known.
            return None


def _in(pattern: Pattern, triple: str) -> str:
    return f"GRAPH {pattern.graph} {{ {triple} }}" if pattern.graph else triple


def _advice(what: str, nearest: tuple[str, ...]) -> str:
    return what + (f": did you mean {' or '.join(map(compact, nearest))}?" if nearest else "")


def _local(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


def _written(binding: dict[str, Any]) -> str:
    language, datatype = binding.get("xml:lang"), binding.get("datatype")
    mark = f"@{language}" if language else f"^^{compact(datatype)}" if datatype else ""
    return json.dumps(binding["value"], ensure_ascii=False) + mark
