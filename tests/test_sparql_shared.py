"""Equal queries are answered once: while they run, and after; what varies and what failed is asked again."""

import threading
from collections.abc import Callable

import pytest

from tvld.errors import Busy
from tvld.formats import RESULTS_CSV, RESULTS_JSON
from tvld.serve.engine import Answer, Query
from tvld.serve.shared import Shared, varies


class Counting:
    """An engine that counts what it is asked, and answers when it is let."""

    def __init__(self, size: int = 10) -> None:
        self.asked: list[str] = []
        self.let = threading.Event()
        self.let.set()
        self.begun = threading.Semaphore(0)
        self.size = size
        self.error: Exception | None = None

    def ask(self, query: Query) -> Answer:
        self.asked.append(query.text)
        self.begun.release()
        assert self.let.wait(10)
        if self.error:
            raise self.error
        return Answer(query.result_format or RESULTS_JSON, "select", b"x" * self.size, 0.0)

    def health(self) -> dict[str, object]:
        return {"ready": True}

    def close(self) -> None:
        self.asked.append("closed")


def query(text: str, **more: object) -> Query:
    return Query(text, RESULTS_JSON, None, **more)  # type: ignore[arg-type]


def at_once(count: int, what: Callable[[], object]) -> list[object]:
    ended: list[object] = []

    def run() -> None:
        try:
            ended.append(what())
        except Busy as err:
            ended.append(str(err))

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return ended


def test_an_answer_is_kept_for_the_same_text_graphs_and_format_alone() -> None:
    engine = Counting()
    shared = Shared(engine, 1 << 20)
    others = [query("B"), query("A", default_graphs=("urn:g",)), query("A", named_graphs=("urn:g",))]
    others.append(Query("A", RESULTS_CSV, None))

    for _ in range(3):
        for asked in (query("A"), *others):
            assert shared.ask(asked).body == b"x" * 10

    assert len(engine.asked) == 1 + len(others)
    assert shared.health()["spared_by_keeping"] == 2 * (1 + len(others))


@pytest.mark.parametrize("error", [None, Busy("full", retry_after=3)])
def test_equal_queries_under_way_run_once(error: Exception | None) -> None:
    engine = Counting()
    engine.error = error
    engine.let.clear()
    shared = Shared(engine, 0)
    timer = threading.Timer(0.3, engine.let.set)
    timer.start()

    ended = at_once(8, lambda: shared.ask(query("A")).body)

    timer.join()
    assert ended == [str(error) if error else b"x" * 10] * 8
    assert engine.asked == ["A"]
    assert shared.health()["spared_by_joining"] == 7
    engine.error = None
    assert shared.ask(query("A")).body == b"x" * 10, "an error is not kept"
    assert engine.asked == ["A", "A"]


def test_what_is_kept_is_bounded_and_the_least_asked_goes_first() -> None:
    engine = Counting(size=1000)
    shared = Shared(engine, 20_000)
    for number in range(100):
        shared.ask(query(f"{number}"))
        shared.ask(query("0"))

    assert engine.asked == [str(number) for number in range(100)]
    assert 10_000 < int(str(shared.health()["kept_bytes"])) <= 20_000
    engine.size = 3000
    shared.ask(query("large"))
    shared.ask(query("large"))
    assert engine.asked[100:] == ["large", "large"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("SELECT (NOW() AS ?t) {}", None),
        ("SELECT (rand ( ) AS ?t) {}", None),
        ("ASK {FILTER(UUID()!=1)}", None),
        ("ASK {}", 2.0),
    ],
)
def test_what_varies_or_has_a_time_of_its_own_is_asked_each_time(text: str, seconds: float | None) -> None:
    engine = Counting()
    shared = Shared(engine, 1 << 20)

    shared.ask(query(text, seconds=seconds))
    shared.ask(query(text, seconds=seconds))

    assert engine.asked == [text, text]
    assert varies(text) or seconds
    assert not varies("SELECT ?now ?random { ?now <urn:uuid> ?random }")


def test_closing_it_closes_the_engine() -> None:
    engine = Counting()
    Shared(engine, 0).close()

    assert engine.asked == ["closed"]
