"""A release brought to a server: what readers see meanwhile, what is left afterwards, and the command that does it."""

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from tests.remote_servers import Server, free_port, oxigraph, virtuoso
from tests.test_cli import tvld
from tvld.errors import EngineError, ReleaseError, TvldError
from tvld.formats import RESULTS_CSV, RESULTS_JSON, TURTLE
from tvld.iris import Base
from tvld.serve.engine import Query
from tvld.serve.release import open_release
from tvld.serve.remote import GraphStore, RemoteEngine, load
from tvld.serve.remote.layout import merged_graph, releases_graph
from tvld.serve.source import GraphFile, Source
from tvld.serve.workers import Limits

BASE = "http://example.org/"
# More than one part. Virtuoso takes from a second to a minute to remove 25,000 triples, and nobody knows when.
TRIPLES, PART = 4000, 1500
LIMITS = Limits(seconds=5, workers=2)
# How many triples the default graph and the named ones hold, and how many of them are of release `a`.
WHAT = """SELECT (COUNT(?s) AS ?n) (SUM(IF(STRSTARTS(STR(?s), "http://example.org/a/"), 1, 0)) AS ?a)
{ { ?s <urn:p> ?o } UNION { GRAPH ?g { ?s <urn:p> ?o } } }"""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tvld.serve.remote.loading._PART", PART)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Source]:
    """Releases of which no triple of one is in another."""
    return {name: made(name, tmp_path_factory.mktemp(name)) for name in "abc"}


def made(name: str, folder: Path) -> Source:
    content, catalogue = folder / "content.ttl", folder / "catalog.ttl"
    line = f"<{BASE}{name}/%d> <urn:p> %d ."
    content.write_text("\n".join(line % (i, i) for i in range(TRIPLES)))
    catalogue.write_text(f'<{BASE}description> <http://www.w3.org/ns/dcat#version> "{name}" .')
    files = (
        GraphFile(content, TURTLE, f"{BASE}graph/city", into_default=True),
        GraphFile(catalogue, TURTLE, f"{BASE}graph/catalog", into_default=True),
    )
    return Source(name, Base(BASE), datetime(2026, 1, 1, tzinfo=UTC), files, folder=folder)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    with ExitStack() as stack:

        class Started(dict[str, Server]):
            def __missing__(self, name: str) -> Server:
                context = oxigraph() if name == "oxigraph" else virtuoso(tmp_path_factory.mktemp("virtuoso"))
                self[name] = stack.enter_context(context)
                return self[name]

        yield Started()


@contextmanager
def store_of(server: Server) -> Iterator[GraphStore]:
    login = Path(server.login).read_text().strip() if server.login else ""
    store = GraphStore(server.url, "", login, 120)
    try:
        yield store
    finally:
        store.close()


def bring(source: Source, server: Server, keep: int = 2) -> tuple[str, ...]:
    with store_of(server) as store:
        return load(source, store, keep, tell=lambda _: None).removed


Seen = Counter[tuple[int, int]]


def seen_by(engine: RemoteEngine) -> tuple[int, int]:
    [row] = json.loads(engine.ask(Query(WHAT, RESULTS_JSON, None)).body)["results"]["bindings"]
    return int(row["n"]["value"]), int(row["a"]["value"])


def hammered(engine: RemoteEngine, work: Callable[[], None]) -> Seen:
    """Read without a pause while something is done, and once before and after."""
    seen: Seen = Counter([seen_by(engine)])
    failed: list[TvldError] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            try:
                seen[seen_by(engine)] += 1
            except TvldError as err:
                failed.append(err)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        work()
    finally:
        ended.set()
        for thread in threads:
            thread.join(20)
    assert failed == []
    seen[seen_by(engine)] += 1
    return seen


ALL_A, NONE_A = (2 * TRIPLES, 2 * TRIPLES), (2 * TRIPLES, 0)


def test_readers_of_oxigraph_see_one_release_or_the_other(sources: dict[str, Source]) -> None:
    with oxigraph() as server:
        bring(sources["a"], server)
        engine = RemoteEngine(server.url, sources["a"], LIMITS)
        try:
            for name in "ba":
                seen = hammered(engine, lambda name=name: bring(sources[name], server))  # type: ignore[misc]

                assert set(seen) == {ALL_A, NONE_A}
                assert seen.total() > 10
            assert engine.health()["ready"] is True
            bring(sources["b"], server)
            assert engine.health()["ready"] is False, "another release is there now"
        finally:
            engine.close()


def test_readers_of_virtuoso_see_the_release_that_they_ask_for(sources: dict[str, Source], tmp_path: Path) -> None:
    with virtuoso(tmp_path) as server:
        assert bring(sources["a"], server) == ()
        first = RemoteEngine(server.url, sources["a"], LIMITS)
        assert hammered(first, lambda: bring(sources["b"], server) and None).keys() == {ALL_A}
        second = RemoteEngine(server.url, sources["b"], LIMITS)
        assert seen_by(second) == NONE_A
        assert seen_by(first) == ALL_A, "what is served still is kept"
        # The third takes the place of the first.
        assert bring(sources["c"], server) == ("a",)
        assert seen_by(second) == NONE_A
        assert first.health()["ready"] is False
        with store_of(server) as store:
            left = {triple.subject.value.rpartition("/")[2] for triple in store.read(releases_graph(BASE))}
            assert left == {"b", "c"}
            assert store.read(merged_graph(BASE, "a")) == store.read(f"{merged_graph(BASE, 'a')}/graph/city") == []
        # Going back is loading again, which takes nothing from the one that is served.
        assert bring(sources["b"], server) == ()
        assert seen_by(second) == NONE_A
        first.close()
        second.close()


def test_a_load_that_broke_off_is_no_release_and_is_removed_by_the_next(
    sources: dict[str, Source], running: dict[str, Server]
) -> None:
    server = running["virtuoso"]

    class Breaking:
        """A store that fails at the third writing."""

        def __init__(self, store: GraphStore) -> None:
            self._store, self._left = store, 3

        holds_one = False

        def write(self, *arguments: object, **options: object) -> None:
            self._left -= 1
            if not self._left:
                raise EngineError("the network is gone")
            self._store.write(*arguments, **options)  # type: ignore[arg-type]

        def read(self, graph: str) -> object:
            return self._store.read(graph)

    with store_of(server) as store:
        with pytest.raises(EngineError, match="the network is gone"):
            load(sources["a"], Breaking(store), 2, tell=lambda _: None)  # type: ignore[arg-type]
        assert store.read(f"{merged_graph(BASE, 'a')}/graph/city") != []
        with pytest.raises(EngineError, match="does not hold the release a"):
            RemoteEngine(server.url, sources["a"], LIMITS)

        assert bring(sources["b"], server) == ("a",)
        assert store.read(f"{merged_graph(BASE, 'a')}/graph/city") == []


def test_what_names_no_release_or_holds_blank_nodes_is_not_sent(tmp_path: Path, sources: dict[str, Source]) -> None:
    path = tmp_path / "blank.ttl"
    path.write_text("<urn:a> <urn:b> [] .")
    blank = replace(sources["a"], graph_files=(GraphFile(path, TURTLE, f"{BASE}graph/city"),))
    with oxigraph() as server, store_of(server) as store:
        for source, words in ((replace(sources["a"], folder=None), "is no release"), (blank, "blank node")):
            with pytest.raises(ReleaseError, match=words):
                load(source, store, 2, tell=lambda _: None)


# The command


COUNT = "SELECT (COUNT(?s) AS ?n) { ?s a <https://w3id.org/tvld/ns#DataStore> }"


@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
def test_the_command_brings_the_release(name: str, release: Path, running: dict[str, Server], tmp_path: Path) -> None:
    server = running[name]
    login = ["--engine-login", server.login] if server.login else []
    run = tvld("load", "--release", release, "--engine", server.url, *login, cwd=tmp_path)

    assert run.returncode == 0, run.stderr
    assert f"{release.name}: " in run.stdout
    assert server.url in run.stdout
    engine = RemoteEngine(server.url, open_release(release), LIMITS)
    try:
        assert engine.ask(Query(COUNT, RESULTS_CSV, None)).body.split() == [b"n", b"39"]
    finally:
        engine.close()


def test_tvld_answers_from_the_server(release: Path, running: dict[str, Server], tmp_path: Path) -> None:
    """The whole way: a release in the server, `tvld serve --engine`, a query over HTTP."""
    server, port = running["oxigraph"], free_port()
    with store_of(server) as store:
        load(open_release(release), store, 2, tell=lambda _: None)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TVLD_")}
    command = [sys.executable, "-m", "tvld", "serve", "--release", str(release), "--port", str(port)]
    command += ["--engine", server.url]
    with subprocess.Popen(command, cwd=tmp_path, env=clean, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("Serving")
            url = f"http://127.0.0.1:{port}/"
            with urlopen(f"{url}sparql?query={quote(COUNT)}", timeout=10) as answer:
                assert json.load(answer)["results"]["bindings"][0]["n"]["value"] == "39"
            with urlopen(f"{url}readyz", timeout=10) as answer:
                assert answer.status == 200
            with urlopen(f"{url}metrics", timeout=10) as answer:
                assert b"tvld_engine_connections 2.0" in answer.read()
        finally:
            process.terminate()
            process.wait(20)


def test_a_wrong_call_says_what_to_do(release: Path, running: dict[str, Server], tmp_path: Path) -> None:
    server = running["virtuoso"]
    (tmp_path / "wrong").write_text("dba:wrong")
    (tmp_path / "nobody").write_text("dba")
    (tmp_path / "empty").mkdir()
    there = ["--release", str(release)]
    for arguments, code, words in (
        (there, 2, "name the server by --engine URL"),
        ([*there, "--engine", "http://127.0.0.1:1/x"], 2, "--graph-store"),
        ([*there, "--engine", "127.0.0.1"], 2, "--graph-store"),
        ([*there, "--engine", "http://127.0.0.1:1/query"], 3, "does not answer"),
        ([*there, "--engine", server.url], 3, "--engine-login"),
        ([*there, "--engine", server.url, "--engine-login", "wrong"], 3, "--engine-login"),
        ([*there, "--engine", server.url, "--engine-login", "nobody"], 2, "the colon is missing"),
        ([*there, "--engine", server.url, "--engine-login", "gone"], 2, "gone: cannot be read"),
        (["--release", "empty", "--engine", server.url], 3, "not complete"),
        (["--engine", server.url], 3, "no release here"),
        ([*there, "--engine", server.url, "--keep", "0"], 2, "--keep"),
    ):
        run = tvld("load", *arguments, cwd=tmp_path)

        assert (run.returncode, words in run.stderr) == (code, True), run.stderr
        assert "Traceback" not in run.stderr
        assert "wrong" not in run.stdout
