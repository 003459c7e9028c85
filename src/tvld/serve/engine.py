"""
The interface of whatever answers queries: the engine inside tvld, or an existing server.

An engine takes a query text as a client sent it, with the formats that client accepts, and gives finished bytes.
It never gives a partial answer: it raises QuerySyntaxError, QueryRefused, NotAcceptable, QueryLimitExceeded, Busy or
EngineError instead. No object of a query library crosses this line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from tvld.formats import Format
from tvld.serve.spool import Spool


@dataclass(frozen=True)
class Query:
    """
    A query and how its answer may be written.

    `result_format` serves SELECT and ASK, `graph_format` CONSTRUCT and DESCRIBE; None: the client takes none of that
    kind. Which kind a text is, only the engine knows. `default_graphs` and `named_graphs` are those of the protocol
    (SPARQL 1.1 Protocol 2.1.4): where either is given, both replace what FROM says. `spooled` says that an answer too
    large to hold may come in a file.
    """

    text: str
    result_format: Format | None
    graph_format: Format | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    seconds: float | None = None
    spooled: bool = False


@dataclass(frozen=True)
class Answer:
    """
    A whole answer; `kind` is select, ask or graph; `seconds` is what the engine needed.

    The bytes are in `body`, or in `spool` where that is not None, which the query must have allowed.
    """

    format: Format
    kind: str
    body: bytes
    seconds: float
    spool: Spool | None = None


class Engine(Protocol):
    """Answers queries over one release, from many threads at once."""

    def ask(self, query: Query) -> Answer:
        """Answer one query, or raise one of the errors named above."""

    def health(self) -> Mapping[str, object]:
        """Say how the engine is: at least `ready` (bool); the rest are figures for /metrics."""

    def close(self) -> None:
        """End all processes and connections; waits for none."""
