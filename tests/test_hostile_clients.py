"""What no client can do to the server: whatever it sends, the others are answered and no process is lost."""

import socket
import time
from collections.abc import Iterator

import pytest

from tests import hostility
from tests.test_hostile_queries import GENERATED, HOSTILE, SERVICES
from tests.web_client import Server, alive, descendants, server

# The time limit of a query and its wait are those of the settings; a second more is what an answer may take.
LIMIT = 1.0
BOUND = 2 * LIMIT + 1
# Some 15 MB: more than any buffer between the server and a client that does not read.
EVERYTHING = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 30000"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile")
    data = folder / "chain.nt"
    line = '<http://e/n{0}> <http://e/next> <http://e/n{1}> .\n<http://e/n{0}> <http://e/label> "label {0}"@fi .\n'
    data.write_text("".join(line.format(i, i + 1) for i in range(1500)))
    with server(data, folder / "log", query_seconds=LIMIT) as started:
        yield started


def small(running: Server) -> bool:
    status, seconds = hostility.ask(running.port, f"ASK {{}} # {time.perf_counter_ns()}")
    return status == 200 and seconds < BOUND


@pytest.mark.parametrize("name", hostility.ODD)
def test_an_odd_request_is_refused_and_the_next_is_answered(running: Server, name: str) -> None:
    request, expected = hostility.ODD[name]

    assert hostility.raw(running.port, request, 3) in expected
    assert small(running)


def test_every_hostile_query_is_answered_in_time(running: Server) -> None:
    texts = {path.stem: path.read_text() for path in HOSTILE} | GENERATED
    assert len(texts) > 25

    for name, text in texts.items():
        status, seconds = hostility.ask(running.port, text)
        assert status in (200, 400, 504), (name, status)
        assert seconds < BOUND, (name, seconds)
    assert small(running)


def test_two_hundred_at_once_are_answered_or_told_to_come_back(running: Server) -> None:
    mixed = [f"SELECT * {{ ?s <http://e/label> ?o }} LIMIT 5 # {n}" for n in range(180)]
    mixed += [f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?{n} }}" for n in range(20)]

    counts, longest = hostility.at_once(running.port, mixed)

    assert counts.keys() <= {200, 503, 504}
    assert counts[504] <= 20
    assert longest < BOUND + 2, "on a machine that two hundred threads of ours are busy on"
    assert small(running)


def test_connections_left_half_open_and_answers_left_unread_hold_nobody_up(running: Server) -> None:
    with hostility.half_open(running.port, 100), hostility.slow_readers(running.port, 10, EVERYTHING):
        # The ten are queries too: until they have been answered, small ones share the processes with them.
        time.sleep(2)
        for number in range(20):
            assert running.get(f"/sparql?query=ASK%7B%7D%23{number}").status == 200
            assert running.get(f"/describe?iri=http://e/n{number}", accept="text/turtle").status == 200
            assert small(running), "by POST, with a body of its own"


def test_more_half_requests_than_there_are_threads_for_leave_documents_and_queries_by_get(running: Server) -> None:
    with hostility.half_open(running.port, 300):
        time.sleep(0.5)
        assert running.get("/sparql?query=ASK%7B%7D%23more").status == 200
        assert running.get("/describe?iri=http://e/n1", accept="text/turtle").status == 200
        assert hostility.ask(running.port, "ASK {} # more")[0] in (200, 503)
    assert small(running)


def test_nobody_is_reached_from_a_query(running: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        address = f"http://127.0.0.1:{canary.getsockname()[1]}/"
        for text in (
            f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}",
            f"SELECT * FROM <{address}> {{ ?s ?p ?o }}",
            f"SELECT * FROM NAMED <{address}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
            f"LOAD <{address}>",
        ):
            assert hostility.ask(running.port, text)[0] == 400
        for text in SERVICES:
            assert hostility.ask(running.port, text.replace("$", address))[0] == 400
        assert hostility.ask(running.port, "ASK {}", path=f"/sparql?default-graph-uri={address}")[0] == 400
        with pytest.raises(TimeoutError):
            canary.accept()


def test_no_process_is_lost_and_memory_comes_back(running: Server) -> None:
    before = descendants(running.process.pid)
    level = hostility.memory(before)
    for path in HOSTILE[:4]:
        hostility.ask(running.port, path.read_text())
    time.sleep(1)

    after = descendants(running.process.pid)
    assert len(after) == len(before)
    assert all(map(alive, after))
    assert hostility.memory(after) < level + 40
