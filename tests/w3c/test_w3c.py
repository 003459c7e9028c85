"""
The W3C's SPARQL 1.1 evaluation and syntax tests over HTTP to a server, beside the same engine called directly.

`pytest tests/w3c --w3c=DIR`, where DIR is the folder `sparql11` of the suite. Nothing may fail over HTTP that passes
directly, apart from queries that ask other servers, which the endpoint refuses.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from tests.w3c.suite import FOLDERS, ROOT, UPDATE_FOLDERS, Case, cases, dataset, expected, told, updates
from tests.web_client import server
from tvld.errors import QuerySyntaxError
from tvld.formats import RESULTS_CSV, RESULTS_JSON, RESULTS_TSV, RESULTS_XML

ENGINE_FORMATS = {
    RESULTS_XML.name: ox.QueryResultsFormat.XML,
    RESULTS_JSON.name: ox.QueryResultsFormat.JSON,
    RESULTS_CSV.name: ox.QueryResultsFormat.CSV,
    RESULTS_TSV.name: ox.QueryResultsFormat.TSV,
}
# Of all tests that do not ask other servers: so many pass directly, and so many over HTTP.
COUNTED: dict[str, tuple[int, int, int]] = {}


@pytest.fixture(scope="session")
def w3c(request: pytest.FixtureRequest) -> Path:
    folder = Path(request.config.getoption("--w3c") or "none given")
    if not (folder / "manifest-all.ttl").is_file():
        pytest.skip("the W3C's test suite is not here: give its folder sparql11 with --w3c=DIR")
    return folder.resolve()


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_fails_over_http_that_passes_directly(w3c: Path, folder: str, tmp_path: Path) -> None:
    by_data: dict[tuple[tuple[Path, ...], tuple[Path, ...]], list[Case]] = {}
    for case in cases(w3c / folder):
        by_data.setdefault((case.data, case.graphs), []).append(case)
    outcomes: dict[str, tuple[bool, bool]] = {}
    refused = []

    for number, group in enumerate(by_data.values()):
        file = tmp_path / f"{number}.nq"
        file.write_text("".join(f"{quad} .\n" for quad in dataset(group[0])))
        store = ox.Store()
        store.load(path=str(file), format=ox.RdfFormat.N_QUADS)
        with endpoint(file) as ask:
            for case in group:
                direct, over_http = passes(case, partial(directly, store)), passes(case, ask)
                if case.asks_others:
                    refused.append((case.name, over_http))
                else:
                    outcomes[case.name] = direct, over_http

    assert outcomes or refused
    print(folder, len(outcomes), "fail directly:", [n for n, (direct, _) in outcomes.items() if not direct])
    COUNTED[folder] = (
        len(outcomes),
        sum(direct for direct, _ in outcomes.values()),
        sum(over_http for _, over_http in outcomes.values()),
    )
    assert [name for name, (direct, over_http) in outcomes.items() if direct and not over_http] == []


def test_as_many_pass_as_were_counted(w3c: Path) -> None:
    if COUNTED.keys() != set(FOLDERS):
        pytest.skip("only part of the suite was run")
    total, direct, over_http = (sum(counts) for counts in zip(*COUNTED.values(), strict=True))
    print(f"{total} tests; directly {direct}, over HTTP {over_http}")

    assert total == 278
    assert direct >= 271
    assert over_http >= direct


def test_every_update_of_the_suite_is_refused(w3c: Path, tmp_path: Path) -> None:
    """Set apart: the engine's library takes updates, this endpoint none, whether they are good or not."""
    (tmp_path / "none.nq").write_text("")
    direct: list[bool] = []
    with server(tmp_path / "none.nq", tmp_path / "log") as live:
        for name, text, good in (update for folder in UPDATE_FOLDERS for update in updates(w3c / folder)):
            direct.append(is_update(text) is good)
            form = "application/x-www-form-urlencoded"
            for reply in (
                live.get(f"/sparql?query={quote(text)}"),
                live.get(f"/sparql?update={quote(text)}"),
                live.get("/sparql", "POST", f"update={quote(text)}".encode(), content_type=form),
                live.get("/sparql", "POST", text.encode(), content_type="application/sparql-update"),
            ):
                assert 400 <= reply.status < 500, (name, reply.text)
        assert json.loads(live.get(f"/sparql?query={quote('ASK { ?s ?p ?o }')}").body)["boolean"] is False

    print(f"{len(direct)} updates; directly {sum(direct)}")
    assert len(direct) == 63
    assert sum(direct) >= 58


def is_update(text: str) -> bool:
    """Ask the engine's library; where the text would fetch something, a sign behind it keeps that from being done."""
    fetches = "LOAD" in text.upper()
    try:
        ox.Store().update(text + ("\n\\" if fetches else ""), base_iri=ROOT)
    except SyntaxError as err:
        return fetches and f"error at {text.count(chr(10)) + 2}:" in str(err)
    except (RuntimeError, OSError):
        # It parses: what it names is not there.
        return True
    return True


@contextmanager
def endpoint(file: Path) -> Iterator[Callable[[Case], object]]:
    """Serve a file of quads; gives a function that asks a test's query over HTTP."""
    with server(file, file.with_suffix(".log")) as live:

        def ask(case: Case) -> object:
            accept = f"{case.format.media_type}, application/n-triples"
            reply = live.get(f"/sparql?query={quote(case.query)}", accept=accept)
            if reply.status != 200:
                assert 400 <= reply.status < 500, (case.name, reply.text)
                # A query may be good and still not be answered: it may name a graph or a function that is not there.
                parses = json.loads(reply.body)["title"] != QuerySyntaxError.title
                return True if case.good is not None and parses else None
            return told(reply.body, "nt" if reply.type == "application/n-triples" else case.format.suffix)

        yield ask


def directly(store: ox.Store, case: Case) -> object:
    """Ask the engine's library in this process."""
    try:
        results = store.query(case.query, base_iri=ROOT)
        if isinstance(results, ox.QueryTriples):
            return told(results.serialize(format=ox.RdfFormat.N_TRIPLES), "nt")
        return told(results.serialize(format=ENGINE_FORMATS[case.format.name]), case.format.suffix)
    except (SyntaxError, RuntimeError, OSError, ValueError):
        return None


def passes(case: Case, ask: Callable[[Case], object]) -> bool:
    """Say whether a test passes; `ask` gives what is told, None where the query is refused."""
    given = ask(case)
    if case.good is not None:
        return (given is not None) is case.good
    return given is not None and given == expected(case)
