"""
The W3C's SPARQL 1.1 evaluation and syntax tests through the endpoint, beside the same engine called directly.

`pytest tests/w3c --w3c=DIR`, where DIR is the folder `sparql11` of the suite. Nothing may fail over HTTP that passes
directly, apart from queries that ask other servers, which the endpoint refuses.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from tests.w3c.suite import FOLDERS, Case, base_of, cases, dataset, expected, told
from tests.web_client import site
from tvld.errors import QuerySyntaxError
from tvld.formats import NQUADS, RESULTS_CSV, RESULTS_JSON, RESULTS_TSV, RESULTS_XML
from tvld.iris import Base
from tvld.serve.source import GraphFile, Source
from tvld.settings import Settings

SETTINGS = Settings(log_requests=False, workers=1, cache_mib=0)
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
        file.write_text("".join(f"{quad} .\n" for quad in dataset(group[0], w3c / folder)))
        store = ox.Store()
        store.load(path=str(file), format=ox.RdfFormat.N_QUADS)
        with endpoint(file, base_of(w3c / folder)) as ask:
            for case in group:
                direct = passes(case, w3c / folder, partial(directly, store, base_of(w3c / folder)))
                over_http = passes(case, w3c / folder, ask)
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


@contextmanager
def endpoint(file: Path, base: str) -> Iterator[Callable[[Case], object]]:
    """Serve a file of quads; gives a function that asks a test's query over the application."""
    graph_files = (GraphFile(file, NQUADS),)
    source = Source(name="w3c", base=Base(base), since=datetime(2026, 1, 1, tzinfo=UTC), graph_files=graph_files)
    with site(source, SETTINGS) as (get, _):

        def ask(case: Case) -> object:
            path = base.removeprefix("http://127.0.0.1:8000")
            accept = f"{case.format.media_type}, application/n-triples"
            reply = get(f"{path}sparql?query={quote(case.query)}", accept=accept)
            if reply.status != 200:
                assert 400 <= reply.status < 500, (case.name, reply.text)
                # A query may be good and still not be answered: it may name a graph or a function that is not there.
                parses = json.loads(reply.body)["title"] != QuerySyntaxError.title
                return True if case.good is not None and parses else None
            return told(reply.body, "nt" if reply.type == "application/n-triples" else case.format.suffix)

        yield ask


def directly(store: ox.Store, base: str, case: Case) -> object:
    """Ask the engine's library in this process."""
    try:
        results = store.query(case.query, base_iri=base)
        if isinstance(results, ox.QueryTriples):
            return told(results.serialize(format=ox.RdfFormat.N_TRIPLES), "nt")
        return told(results.serialize(format=ENGINE_FORMATS[case.format.name]), case.format.suffix)
    except (SyntaxError, RuntimeError, OSError, ValueError):
        return None


def passes(case: Case, folder: Path, ask: Callable[[Case], object]) -> bool:
    """Say whether a test passes; `ask` gives what is told, None where the query is refused."""
    given = ask(case)
    if case.good is not None:
        return (given is not None) is case.good
    return given is not None and given == expected(case, folder)
