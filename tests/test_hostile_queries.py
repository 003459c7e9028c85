"""What no query can do to the engine: every one ends at its limit, and the next is answered."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import asking, chain
from tvld.errors import QueryLimitExceeded, QueryRefused
from tvld.serve.workers import Limits, WorkerEngine
from tvld.serve.workers.text import READ_AT_ONCE

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


# SERVICE as the engine's parser takes it, which knows no end of words and no IRI where a sign may stand.
SERVICES = (
    "SELECT * { SERVICE SILENT <$> { ?s ?p ?o } }",
    "ASK { SERVICESILENT<$> { ?s ?p ?o } }",
    "PREFIX : <$> ASK { SERVICE:x { ?s ?p ?o } }",
    "PREFIX : <$> SELECT * { ?s ?p ?o . sErViCeSiLeNt:x { ?s ?p ?o } }",
    "ASK { FILTER(?a <#>'''\n ?b) SERVICE <$> { ?s ?p ?o } FILTER(1 <#>'''\n 2) }",
    "ASK { FILTER(?a <#>'''\n ?b) SERVICE SILENT <$> { ?s ?p ?o } FILTER(1 <#>'''\n 2) }",
    "ASK { FILTER EXISTS { ?a ?b ?c . SERVICE SILENT <$> { ?s ?p ?o } } }" + " #" + " " * READ_AT_ONCE,
)
# The letters alone are no reason to refuse anything.
NO_SERVICES = (
    "ASK { ?service ?p 'SERVICE <$> {}' } # SERVICE <$> {}",
    "PREFIX service: <$> PREFIX Service: <urn:> ASK { service:x Service:SERVICE ?service , ?Service }",
    "ASK { ?s ?p <$service> } #" + " " * READ_AT_ONCE,
)


@pytest.mark.parametrize("text", SERVICES)
def test_no_service_is_asked_however_it_is_written(engine: WorkerEngine, text: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.1)
        with pytest.raises(QueryRefused, match="SERVICE is refused"):
            asking(engine)(text.replace("$", f"http://127.0.0.1:{canary.getsockname()[1]}/"))
        with pytest.raises(TimeoutError):
            canary.accept()


@pytest.mark.parametrize("text", NO_SERVICES)
def test_a_name_or_a_string_may_read_service(engine: WorkerEngine, text: str) -> None:
    assert asking(engine)(text.replace("$", "http://e/")).body


def test_no_worker_reaches_out(engine: WorkerEngine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        address = f"http://127.0.0.1:{canary.getsockname()[1]}/"
        for text in (f"SELECT * FROM <{address}> {{ ?s ?p ?o }}", f"LOAD <{address}>"):
            with pytest.raises(QueryRefused):
                asking(engine)(text)
        with pytest.raises(TimeoutError):
            canary.accept()


REACHING = {"a socket": "import socket; socket.socket()", "another program": "os.execv('/', ['/'])"}


@pytest.mark.skipif(os.uname().machine not in {"x86_64", "aarch64"}, reason="only for these is there a filter of calls")
@pytest.mark.parametrize("what", REACHING)
def test_the_kernel_ends_a_worker_that_asks_for_what_it_has_given_up(what: str) -> None:
    begin = "import os, socket; from tvld.serve.workers.confinement import filter_calls; filter_calls(); "
    ended = [
        subprocess.run([sys.executable, "-c", begin + rest], check=False) for rest in ("os.getpid()", REACHING[what])
    ]

    assert [process.returncode for process in ended] == [0, -signal.SIGSYS]


def test_a_long_text_is_not_read_by_the_process_that_answers_http(engine: WorkerEngine) -> None:
    """Words, not blanks: cutting them up takes time, and would take it from everybody."""
    started = time.process_time()
    for _ in range(10):
        with contextlib.suppress(QueryRefused, QueryLimitExceeded):
            asking(engine)(GENERATED["a mistake at the end of much"])

    assert time.process_time() - started < 0.1
    with pytest.raises(QueryRefused, match="read-only: INSERT"):
        asking(engine)("INSERT DATA { <urn:a> <urn:b> " + ", ".join(["1"] * 90) + " }" + " " * READ_AT_ONCE)
    with pytest.raises(QueryRefused, match="nested more than 64"):
        asking(engine)("ASK " + "{" * 65 + "}" * 65 + " " * READ_AT_ONCE)
