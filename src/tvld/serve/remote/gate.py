"""
What a query must pass before another server is troubled with it. Knows the words of a text and no network.

The text runs in a process of our own over no data: so its kind is known, a mistake is told with its place, an unknown
function is refused, and what would hang or kill a planner does so here first. What is counted here besides are the
words that make a parser call itself: our processes have a large stack, the threads of other servers have a small one.
"""

from dataclasses import replace

from tvld.errors import QueryRefused
from tvld.serve.engine import Answer, Query
from tvld.serve.remote.layout import without_from
from tvld.serve.workers import Limits, WorkerEngine
from tvld.serve.workers.text import place, tokens

# The Oxigraph server (0.5.13) dies of 1,000 MINUSes, BINDs or OPTIONALs and of 2,000 plus signs in one query.
MOST_JOINTS = 400
_WORDS = frozenset("UNION MINUS OPTIONAL BIND FILTER EXISTS GRAPH SELECT".split())
_SIGNS = frozenset(["||", "&&", "!", "+", "-", "*", "/", "|", "^"])


class Gate:
    """Tries queries over no data, in processes of its own."""

    def __init__(self, limits: Limits, base_iri: str) -> None:
        self._base_iri = base_iri
        self._engine = WorkerEngine([], limits, base_iri)

    def pass_(self, query: Query) -> Answer:
        """Give the answer that no data gives, whatever the graphs; raises as engines do."""
        text = without_from(query.text, self._base_iri)
        answer = self._engine.ask(replace(query, text=text, default_graphs=(), named_graphs=()))
        _check_joints(query.text)
        return answer

    def close(self) -> None:
        self._engine.close()


def _check_joints(text: str) -> None:
    if len(text) <= MOST_JOINTS:
        return
    joints = 0
    for token in tokens(text):
        if token.text in _SIGNS or (token.kind == "word" and token.text.upper() in _WORDS):
            joints += 1
            if joints > MOST_JOINTS:
                line, column, found = place(text, token.start)
                raise QueryRefused(
                    f"line {line}, column {column}: more than {MOST_JOINTS} operators and parts in one query: "
                    "ask in several",
                    limit="joints",
                    value=MOST_JOINTS,
                    line=line,
                    column=column,
                    text=found,
                )
