"""What no query can do to the engine: every one ends at its limit, and the next is answered."""

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import asking, chain
from tvld.errors import QueryLimitExceeded, QueryRefused, TvldError
from tvld.serve.workers import Limits, WorkerEngine

HOSTILE = sorted((Path(__file__).parent / "data" / "queries").glob("*.rq"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerEngine]:
    limits = Limits(seconds=0.5, memory_mib=256, answer_mib=4)
    engine = WorkerEngine([chain(tmp_path_factory.mktemp("chain"))], limits)
    yield engine
    engine.close()


GENERATED = {
    "string bomb": "SELECT ?v36 { BIND('xxxxxxxxxxxxxxxx' AS ?v0) "
    + " ".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1})" for i in range(36))
    + " }",
    "a long list": "ASK { (" + "1 " * 5000 + ") ?p ?o }",
    "a long path": "ASK { ?a <urn:a>" + "/<urn:a>" * 6000 + " ?b }",
    "a path of choices": "ASK { ?a <urn:a>" + "|<urn:a>" * 6000 + " ?b }",
    "nested closures": "SELECT * { ?a " + "(" * 60 + "<http://e/next>" + ")*" * 60 + " ?b }",
    "nested groups": "SELECT * " + "{" * 64 + "}" * 64,
    "nested EXISTS": "ASK {" + "FILTER EXISTS {" * 60 + "}" * 60 + "}",
    "nested OPTIONAL": "ASK {" + "OPTIONAL { ?a ?b ?c " * 60 + "}" * 60 + "}",
    "many OPTIONALs": "SELECT * {" + "OPTIONAL { ?a ?b ?c }" * 2500 + "}",
    "many UNIONs": "SELECT * { {}" + "UNION {}" * 7000 + "}",
    "many MINUSes": "SELECT * {" + "MINUS {}" * 7000 + "}",
    "many BINDs": "SELECT * {" + "".join(f"BIND(1 AS ?v{i})" for i in range(3200)) + "}",
    "many negations": "ASK { FILTER(" + "!" * 60_000 + "true) }",
    "many ORs": "ASK { FILTER(true" + "||true" * 10_000 + ") }",
    "a long sum": "ASK { FILTER(1" + "+1" * 30_000 + ") }",
    "a hundred patterns": "SELECT * {" + "".join(f"?a{i} ?b{i} ?a{i + 1} ." for i in range(100)) + "} ORDER BY ?a0",
    "a large regex": "ASK { FILTER REGEX('" + "a" * 30_000 + "', '(((a{1,99}){1,99}){1,99})+$') }",
    "a mistake at the end of much": "SELECT * {" + "BIND(1 AS ?x)" * 4500,
}

# Odd, but harmless: these are answered.
SERVED = {"nested groups", "nested EXISTS", "nested OPTIONAL", "many negations", "many ORs", "a large regex"}


def test_there_are_hostile_queries() -> None:
    assert len(HOSTILE) == 12
    assert GENERATED.keys() > SERVED


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_a_hostile_query_ends_at_its_limit(engine: WorkerEngine, path: Path) -> None:
    text = path.read_text()
    started = time.monotonic()

    with pytest.raises(QueryLimitExceeded) as refusal:
        asking(engine)(text)

    assert time.monotonic() - started < 2
    assert refusal.value.details["limit"] in text.splitlines()[0].removeprefix("# ended by: ").split()
    assert b"true" in asking(engine)("ASK {}").body


@pytest.mark.parametrize("name", GENERATED)
def test_no_text_hurts_the_engine(engine: WorkerEngine, name: str) -> None:
    started = time.monotonic()

    with contextlib.nullcontext() if name in SERVED else contextlib.suppress(QueryRefused, QueryLimitExceeded):
        assert asking(engine)(GENERATED[name]).body

    assert time.monotonic() - started < 2
    assert b"true" in asking(engine)("ASK {}").body


def test_no_worker_reaches_out(engine: WorkerEngine) -> None:
    """The second text hides SERVICE from whoever takes `<#>` for an IRI; then the worker has no socket to ask with."""
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        address = f"http://127.0.0.1:{canary.getsockname()[1]}/"
        for text in (
            f"SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}",
            f"ASK {{ FILTER(?a <#>'''\n ?b) SERVICE <{address}> {{ ?s ?p ?o }} FILTER(1 <#>'''\n 2) }}",
            f"SELECT * FROM <{address}> {{ ?s ?p ?o }}",
            f"LOAD <{address}>",
        ):
            try:
                asking(engine)(text)
            except TvldError:
                continue
        with pytest.raises(TimeoutError):
            canary.accept()
