"""The life of the processes that answer queries: they share, give way, die, come again, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engines import asking, chain, number
from tvld.errors import Busy, DataError, EngineError, QueryLimitExceeded, QueryRefused, TvldError
from tvld.formats import TURTLE
from tvld.serve.engine import Engine
from tvld.serve.source import GraphFile
from tvld.serve.workers import Limits, WorkerEngine

LONG = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> GraphFile:
    return chain(tmp_path_factory.mktemp("chain"))


@pytest.fixture
def engine(file: GraphFile) -> Iterator[WorkerEngine]:
    engine = WorkerEngine([file], Limits(seconds=1, slice_seconds=0.05, memory_mib=256))
    yield engine
    engine.close()


def test_an_engine_is_an_engine(engine: WorkerEngine) -> None:
    as_interface: Engine = engine

    assert as_interface.health()["ready"] is True
    assert as_interface.health()["quads"] == 3000


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def living(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def zygote_of(parent: int) -> int:
    """Find the zygote of the newest engine of a process, whichever of its threads started it."""
    found = []
    for task in Path(f"/proc/{parent}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return max(pid for pid in found if b"tvld.serve.workers.zygote" in Path(f"/proc/{pid}/cmdline").read_bytes())


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def limit_of(pid: int, name: str) -> list[str]:
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    return next(line.removeprefix(name).split()[:2] for line in lines if line.startswith(name))


def eventually(true: Callable[[], bool], seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    return true()


def test_a_worker_holds_nothing_that_it_could_reach_out_with(engine: WorkerEngine) -> None:
    workers = children(zygote_of(os.getpid()))

    assert len(workers) == 2
    for pid in workers:
        assert eventually(lambda pid=pid: limit_of(pid, "Max open files") == ["0", "0"])
        assert limit_of(pid, "Max core file size") == ["0", "0"]
        assert 256 < int(limit_of(pid, "Max address space")[0]) >> 20 < 2048
        held = sorted(str(fd.readlink()).partition(":")[0] for fd in Path(f"/proc/{pid}/fd").iterdir())
        assert held == sorted(["/dev/null", "/dev/null", f"/proc/{pid}/statm", "pipe", "socket"])


def test_killed_workers_are_replaced_without_leaving_anything_behind(engine: WorkerEngine) -> None:
    zygote = zygote_of(os.getpid())
    asking(engine)("ASK {}")

    def held() -> tuple[int, int]:
        return descriptors(os.getpid()), descriptors(zygote)

    assert eventually(lambda: engine.health()["idle"] == 2)
    before = held()
    for turn in range(20):
        with pytest.raises(QueryLimitExceeded):
            asking(engine)(LONG if turn % 2 else "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c", seconds=0.05)
    assert eventually(lambda: engine.health()["idle"] == 2)
    assert engine.health()["started"] == 22
    assert held() == before
    assert all(living(pid) for pid in children(zygote))
    assert len(children(zygote)) == 2


def test_a_worker_that_dies_idle_is_noticed_by_nobody(engine: WorkerEngine) -> None:
    for worker in children(zygote_of(os.getpid())):
        os.kill(worker, signal.SIGKILL)
        assert b"true" in asking(engine)("ASK {}").body

    assert eventually(lambda: engine.health()["idle"] == 2)


def test_memory_returns_to_its_level(engine: WorkerEngine) -> None:
    def held() -> int:
        return sum(
            int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
            for pid in children(zygote_of(os.getpid()))
        )

    before = held()
    rows = "?a ?b ?c . ?d <http://e/next> ?f FILTER(STRLEN(STR(?d)) <= 12)"
    assert number(asking(engine)(f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT * {{ {rows} }} }}")) == 300_000
    # The worker that had grown has gone, and another has come.
    assert eventually(lambda: engine.health()["started"] == 3)
    assert eventually(lambda: held() < before + 40)


def test_small_queries_flow_while_long_ones_run(file: GraphFile) -> None:
    limits = Limits(workers=2, seconds=1.5, queue_seconds=2, slice_seconds=0.05)
    engine = WorkerEngine([file], limits)
    told: list[str] = []

    def ask_long() -> None:
        try:
            asking(engine)(LONG)
        except TvldError as err:
            told.append(type(err).__name__)

    threads = [threading.Thread(target=ask_long) for _ in range(4)]
    try:
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        times = []
        for _ in range(50):
            started = time.monotonic()
            assert b"true" in asking(engine)("ASK {}").body
            times.append(time.monotonic() - started)
            time.sleep(0.01)
        assert engine.health()["long"] == 1
        assert engine.health()["moved"] >= 3
        assert sorted(times)[25] < 0.1
        assert max(times) < 1
        for thread in threads:
            thread.join(10)
    finally:
        engine.close()
    # Each ran its time or waited its time; none was forgotten.
    assert len(told) == 4
    assert set(told) <= {"QueryLimitExceeded", "Busy"}


def test_too_many_at_once_are_told_to_come_back(file: GraphFile) -> None:
    engine = WorkerEngine([file], Limits(workers=1, seconds=1, queue=2, queue_seconds=1))
    told: list[TvldError] = []

    def ask_long() -> None:
        try:
            asking(engine)(LONG)
        except TvldError as err:
            told.append(err)

    threads = [threading.Thread(target=ask_long) for _ in range(30)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    took = time.monotonic() - started
    try:
        assert b"true" in asking(engine)("ASK {}").body
    finally:
        engine.close()
    busy = [err for err in told if isinstance(err, Busy)]
    assert len(told) == 30
    assert {type(err) for err in told} == {Busy, QueryLimitExceeded}
    assert len(busy) > 20
    assert all(err.details["retry_after"] >= 1 for err in busy)
    assert took < 3.5


def test_a_mistake_in_the_data_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("<urn:a> <urn:b> 1 .\n<urn:a> <urn:b> .\n")

    for file, words in ((path, "broken.ttl:2"), (tmp_path / "absent.ttl", "absent.ttl: cannot be read")):
        with pytest.raises(DataError, match=words):
            WorkerEngine([GraphFile(file, TURTLE)], Limits())


def test_closing_leaves_no_process_and_no_descriptor(file: GraphFile) -> None:
    before = descriptors(os.getpid())
    engine = WorkerEngine([file], Limits(seconds=5))
    zygote = zygote_of(os.getpid())
    pids = [zygote, *children(zygote)]
    told: list[BaseException] = []

    def ask_long() -> None:
        try:
            asking(engine)(LONG)
        except EngineError as err:
            told.append(err)

    thread = threading.Thread(target=ask_long)
    thread.start()
    time.sleep(0.3)
    engine.close()
    thread.join(5)

    assert len(pids) == 3
    assert not [pid for pid in pids if living(pid)]
    assert [str(err) for err in told] == ["the engine is closed"]
    assert descriptors(os.getpid()) == before
    assert engine.health()["ready"] is False
    with pytest.raises(EngineError, match="closed"):
        asking(engine)("ASK {}")
    engine.close()


def test_the_end_of_the_zygote_is_told(engine: WorkerEngine) -> None:
    zygote = zygote_of(os.getpid())
    workers = children(zygote)

    os.kill(zygote, signal.SIGKILL)

    assert eventually(lambda: engine.health()["ready"] is False)
    with pytest.raises(EngineError, match="has ended"):
        asking(engine)("ASK {}")
    assert eventually(lambda: not any(living(pid) for pid in workers))


SERVER = """
import sys, threading, time
from pathlib import Path
from tvld.formats import NTRIPLES
from tvld.serve.source import GraphFile
from tvld.serve.workers import Limits, WorkerEngine
made = []
def make():
    made.append(WorkerEngine([GraphFile(Path(sys.argv[1]), NTRIPLES)], Limits()))
thread = threading.Thread(target=make)
thread.start()
thread.join()
time.sleep(0.3)
print(made[0].health()["ready"], flush=True)
time.sleep(60)
"""


def test_nothing_outlives_the_process_that_serves(file: GraphFile) -> None:
    """The engine is made in a thread that ends, as at a change of releases: that is not the end of the engine."""
    with subprocess.Popen([sys.executable, "-c", SERVER, str(file.path)], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "True\n"
        zygote = zygote_of(server.pid)
        pids = [zygote, *children(zygote)]
        server.kill()

    assert len(pids) == 3
    assert eventually(lambda: not any(living(pid) for pid in pids))


def test_an_overflowing_stack_is_told_and_hurts_nobody_else(file: GraphFile) -> None:
    """With the cheap checks out of the way, texts reach the parser that it cannot bear."""
    limits = Limits(seconds=5, text_kib=40_000, depth=10**7, patterns=10**7)
    engine = WorkerEngine([file], limits)
    try:
        with pytest.raises(QueryRefused, match="nested too deeply"):
            asking(engine)("ASK { FILTER(" + "!" * 2_000_000 + "true) }")
        assert b"true" in asking(engine)("ASK {}").body
    finally:
        engine.close()
