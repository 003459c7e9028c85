"""Processes that answer queries: they share, give way, die, come again, and take no more than they may."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import LONG, asking, chain, number
from tests.processes import children, confined, descriptors, eventually, limit_of, living, zygote_of
from tvld.errors import Busy, QueryLimitExceeded, QueryRefused, TvldError
from tvld.serve.engine import Engine
from tvld.serve.source import GraphFile
from tvld.serve.workers import Limits, WorkerEngine


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


def test_a_worker_holds_nothing_that_it_could_reach_out_with(engine: WorkerEngine) -> None:
    workers = children(zygote_of(os.getpid()))

    assert len(workers) == 2
    for pid in workers:
        assert eventually(lambda pid=pid: limit_of(pid, "Max open files") == ["0", "0"])
        assert limit_of(pid, "Max core file size") == ["0", "0"]
        # Of its two threads the one that answers has the filter.
        assert eventually(lambda pid=pid: confined(pid))
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


def test_the_kernel_ends_a_query_without_help(engine: WorkerEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tvld.serve.workers.engine._GRACE_SECONDS", 30)
    started = time.monotonic()

    with pytest.raises(QueryLimitExceeded, match="1 s"):
        asking(engine)(LONG)
    assert time.monotonic() - started < 10


def test_a_worker_that_the_kernel_does_not_end_is_ended_all_the_same(engine: WorkerEngine) -> None:
    """A stopped process gets no alarm."""
    zygote = zygote_of(os.getpid())
    assert eventually(lambda: len(children(zygote)) == engine.health()["workers"])
    for worker in children(zygote):
        # Not before it has tied itself to its parent: stopped, it could not.
        assert eventually(lambda pid=worker: limit_of(pid, "Max open files") == ["0", "0"])
        os.kill(worker, signal.SIGSTOP)

    with pytest.raises(QueryLimitExceeded, match=r"0\.2 s"):
        asking(engine)("ASK {}", seconds=0.2)


def test_the_clock_of_a_query_stops_with_its_answer(engine: WorkerEngine) -> None:
    for _ in range(4):
        asking(engine)("ASK {}", seconds=0.1)
    time.sleep(0.3)

    assert engine.health()["started"] == 2


def test_no_other_process_gets_a_descriptor_of_the_engine(file: GraphFile) -> None:
    count = [sys.executable, "-c", "import os; print(len(os.listdir('/proc/self/fd')))"]
    before = subprocess.check_output(count, close_fds=False)
    engine = WorkerEngine([file], Limits())
    try:
        asking(engine)("ASK {}")
        assert subprocess.check_output(count, close_fds=False) == before
    finally:
        engine.close()


def test_memory_returns_to_its_level(file: GraphFile) -> None:
    def held() -> int:
        return sum(
            int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
            for pid in children(zygote_of(os.getpid()))
        )

    # Time enough for a busy machine: it is memory that is looked at.
    engine = WorkerEngine([file], Limits(seconds=30, slice_seconds=0.05, memory_mib=256))
    try:
        before = held()
        rows = "?a ?b ?c . ?d <http://e/next> ?f FILTER(STRLEN(STR(?d)) <= 12)"
        assert number(asking(engine)(f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT * {{ {rows} }} }}")) == 300_000
        # The worker that had grown has gone, and another has come.
        assert eventually(lambda: engine.health()["started"] == 3)
        assert eventually(lambda: held() < before + 40)
    finally:
        engine.close()


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
    engine = WorkerEngine([file], Limits(workers=1, seconds=1, queue=2, queue_seconds=5))
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
    # One runs and two wait; nobody else's time is taken.
    assert took < 4.5


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
