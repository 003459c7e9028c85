"""The life of an engine: it begins with its data or says why not, ends at once, and leaves nothing behind."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.engines import LONG, asking, chain
from tests.processes import children, confined, descriptors, eventually, living, zygote_of
from tvld.errors import Busy, DataError, EngineError, TvldError
from tvld.formats import TURTLE
from tvld.serve.source import GraphFile
from tvld.serve.workers import Limits, WorkerEngine


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> GraphFile:
    return chain(tmp_path_factory.mktemp("chain"))


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
    # A Ctrl-C in the terminal of the server is not theirs: the server ends them when it has finished.
    own_terminal = all(os.getsid(pid) != os.getsid(0) for pid in pids)
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
    assert own_terminal
    assert eventually(lambda: not [pid for pid in pids if living(pid)])
    assert [str(err) for err in told] == ["the engine is closed"]
    assert descriptors(os.getpid()) == before
    assert engine.health()["ready"] is False
    with pytest.raises(EngineError, match="closed"):
        asking(engine)("ASK {}")
    engine.close()


def ask_long(engine: WorkerEngine, told: list[TvldError]) -> None:
    try:
        asking(engine)(LONG)
    except TvldError as err:
        told.append(err)


def test_a_zygote_that_is_killed_is_followed_by_another(file: GraphFile) -> None:
    """Queries under way are told to come back, new ones wait for the next zygote; and nothing is left over."""
    engine = WorkerEngine([file], Limits(seconds=60, queue_seconds=20))
    before: list[int] = []
    try:
        for _ in range(4):
            zygote = zygote_of(os.getpid())
            workers = children(zygote)
            told: list[TvldError] = []
            thread = threading.Thread(target=ask_long, args=(engine, told))
            thread.start()
            assert eventually(lambda: engine.health()["long"] == 1)
            os.kill(zygote, signal.SIGKILL)
            started = time.monotonic()
            assert b"true" in asking(engine)("ASK {}").body
            thread.join(10)

            assert time.monotonic() - started < 30
            assert [type(err) for err in told] == [Busy]
            assert told[0].details["retry_after"] >= 1
            assert "started anew" in str(told[0])
            assert eventually(lambda: engine.health()["ready"] is True)
            assert engine.health()["idle"] == 2
            assert eventually(lambda pids=(zygote, *workers): not any(map(living, pids)))
            before.append(descriptors(os.getpid()))
        assert engine.health()["restarts"] == 4
        assert len(set(before)) == 1
    finally:
        engine.close()


def test_a_query_hardly_begun_waits_for_the_next_zygote(file: GraphFile) -> None:
    engine = WorkerEngine([file], Limits(seconds=60, queue_seconds=20, slice_seconds=30))
    answers: list[bytes] = []
    try:
        zygote = zygote_of(os.getpid())
        workers = children(zygote)
        # One that is stopped before it is tied to its parent's life would outlive it.
        assert eventually(lambda: all(map(confined, workers)))
        for worker in workers:
            os.kill(worker, signal.SIGSTOP)
        thread = threading.Thread(target=lambda: answers.append(asking(engine)("ASK {}").body))
        thread.start()
        assert eventually(lambda: engine.health()["idle"] == 1)
        os.kill(zygote, signal.SIGKILL)
        thread.join(30)

        assert [b"true" in answer for answer in answers] == [True]
        assert engine.health()["restarts"] == 1
    finally:
        engine.close()


def test_data_that_is_gone_when_it_is_read_anew_is_told_until_it_is_back(tmp_path: Path) -> None:
    given = chain(tmp_path)
    aside = tmp_path / "aside.nt"
    engine = WorkerEngine([given], Limits(seconds=5, queue_seconds=0.5))
    try:
        given.path.rename(aside)
        os.kill(zygote_of(os.getpid()), signal.SIGKILL)
        assert eventually(lambda: engine.health()["restarts"] >= 4, 60)
        with pytest.raises(EngineError, match="cannot be read") as refusal:
            asking(engine)("ASK {}")
        assert refusal.value.details["retry_after"] >= 1
        aside.rename(given.path)
        assert eventually(lambda: engine.health()["ready"] is True, 20)
        assert b"true" in asking(engine)("ASK {}").body
    finally:
        engine.close()


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


def test_nothing_outlives_a_process_that_ends_while_the_data_is_loaded(tmp_path: Path) -> None:
    fifo = tmp_path / "slow.nt"
    os.mkfifo(fifo)

    def opened() -> int | None:
        with contextlib.suppress(OSError):
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        return None

    with subprocess.Popen([sys.executable, "-c", SERVER, str(fifo)]) as server:
        writer: list[int] = []
        assert eventually(lambda: bool(writer or writer.extend(fd for fd in [opened()] if fd is not None) or writer))
        zygote = zygote_of(server.pid)
        server.kill()

    assert eventually(lambda: not living(zygote))
    os.close(writer[0])
