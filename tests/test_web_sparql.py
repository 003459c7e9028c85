"""SPARQL over HTTP: the protocol's formats, the form for people, the description of the service, the named queries."""

import json
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from tests.web_client import Get, Reply, site
from tvld.formats import GRAPH_FORMATS, RESULT_FORMATS, TURTLE
from tvld.serialisation import read
from tvld.serve.release import open_release
from tvld.settings import Settings

STORES = "PREFIX tvld: <https://w3id.org/tvld/ns#> SELECT ?s { ?s a tvld:DataStore } ORDER BY ?s"
CONSTRUCT = "CONSTRUCT WHERE { ?s a <https://w3id.org/tvld/ns#DataStore> }"
THEME = "http://publications.europa.eu/resource/authority/data-theme/"
NAMELESS = "https://elsewhere.example/nameless"
FORM = "application/x-www-form-urlencoded"


def asked(query: str) -> str:
    return f"/sparql?query={quote(query)}"


def test_all_ways_of_asking_give_the_same_answer(get: Get) -> None:
    replies = [
        get(asked(STORES)),
        get("/sparql", "POST", f"query={quote(STORES)}".encode(), content_type=FORM),
        get("/sparql", "POST", STORES.encode(), content_type="application/sparql-query"),
        get("/sparql", "QUERY", STORES.encode(), content_type="application/sparql-query"),
    ]

    assert len({reply.body for reply in replies}) == 1
    assert len(json.loads(replies[0].body)["results"]["bindings"]) == 39
    assert all(reply.headers["vary"].startswith("Accept") for reply in replies)


@pytest.mark.parametrize("format_", [*RESULT_FORMATS, *GRAPH_FORMATS], ids=lambda f: f.media_type)
def test_every_format_can_be_asked_for(get: Get, format_: object) -> None:
    query = STORES if format_ in RESULT_FORMATS else CONSTRUCT

    reply = get(asked(query), accept=format_.media_type)  # type: ignore[attr-defined]

    assert (reply.status, reply.type) == (200, format_.media_type)  # type: ignore[attr-defined]
    assert b"store/hankintapalvelut" in reply.body


def test_a_repeated_question_costs_a_304(get: Get) -> None:
    first = get(asked(STORES))

    assert get(asked(STORES), if_none_match=first.headers["etag"]).status == 304
    # The same bytes under another address are the same state.
    assert get(asked(STORES) + "&x=1").headers["etag"] == first.headers["etag"]
    assert "etag" not in get("/sparql", "POST", STORES.encode(), content_type="application/sparql-query").headers


def test_a_query_of_no_text_describes_the_service(get: Get) -> None:
    quads = list(read(get("/sparql").body, TURTLE))

    sd = "http://www.w3.org/ns/sparql-service-description#"
    service = ox.NamedNode("http://127.0.0.1:8000/sparql")
    told = {(q.predicate.value.removeprefix(sd), q.object.value) for q in quads if q.subject == service}
    assert ("endpoint", service.value) in told
    assert ("supportedLanguage", f"{sd}SPARQL11Query") in told
    assert len([1 for name, _ in told if name == "resultFormat"]) == len(RESULT_FORMATS) + len(GRAPH_FORMATS)
    graphs = {q.object.value for q in quads if q.predicate.value == f"{sd}name"}
    assert graphs == {f"http://127.0.0.1:8000/graph/{name}" for name in ("kaupunki", "catalog", "ns", "shapes")}


def test_the_description_of_the_service_tells_how_large_each_graph_is(get: Get) -> None:
    described = ox.Store()
    described.extend(read(get("/sparql").body, TURTLE))
    prefixes = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX void: <http://rdfs.org/ns/void#>"
    told = described.query(
        prefixes + " SELECT ?name ?size { { ?d sd:defaultGraph/void:triples ?size } "
        "UNION { ?d sd:namedGraph ?g . ?g sd:name ?name ; sd:graph/void:triples ?size } }"
    )
    sizes = {row["name"].value if row["name"] else "": int(row["size"].value) for row in told}

    assert len(sizes) == 5
    for name, size in sizes.items():
        graph = f"?default-graph-uri={quote(name)}&" if name else "?"
        counted = get(f"/sparql{graph}query={quote('SELECT (COUNT(*) AS ?n) { ?s ?p ?o }')}", accept="text/csv")
        assert counted.text == f"n\r\n{size}\r\n", name
        assert size > 100


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 200, ["<textarea", "/queries/what-is-described"]),
        (STORES, 200, ["39 riviä", 'href="/id/kaupunki/store/hankintapalvelut"']),
        (
            f"SELECT DISTINCT ?t ?none {{ ?s <http://www.w3.org/ns/dcat#theme> ?t BIND(<{NAMELESS}> AS ?none) }}",
            200,
            [f'class="name" lang="fi">Terveys</a> <code class="iri">{THEME}HEAL</code>', f">{NAMELESS}</a></td>"],
        ),
        ("ASK {}", 200, ["Kyllä"]),
        ("ASK { FILTER(false) }", 200, ["Ei"]),
        ("SELECT ?x { ?x a <http://h/none> }", 200, ["Ei yhtään riviä"]),
        (CONSTRUCT, 200, ["39 riviä", ">https://w3id.org/tvld/ns#DataStore</a></td>"]),
        ('SELECT ("<b>" AS ?x) ("7"^^<http://h/t>  AS ?y) (BNODE() AS ?z) {}', 200, ["&lt;b&gt;", "http://h/t", "_:"]),
        ('SELECT ("hej"@sv AS ?x) ?unbound {}', 200, ['<span lang="sv">hej</span>', "<td></td>"]),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 1001", 200, ["1001 riviä; näytetään ensimmäiset 1000"]),
        ("SELEC", 400, ["Tämä ei onnistunut", "line 1", "SELEC</textarea>"]),
        ("DROP ALL", 400, ["Tämä ei onnistunut", "read-only"]),
    ],
)
def test_the_form_answers_with_a_page(get: Get, query: str, status: int, words: list[str]) -> None:
    reply = get(asked(query) if query else "/sparql", accept="text/html,application/xml;q=0.9,*/*;q=0.8")

    assert (reply.status, reply.type) == (status, "text/html")
    for word in words:
        assert word in reply.text


def test_every_named_query_has_a_page_a_text_and_an_answer(get: Get, release: Path) -> None:
    files = sorted((release / "queries").glob("*.rq"))
    assert len(files) >= 12

    for file in files:
        name = file.stem
        assert get(f"/queries/{name}.rq").text == file.read_text()
        page = get(f"/queries/{name}", accept="text/html").text
        assert 'action="/sparql"' in get("/sparql", accept="text/html").text
        assert f"/sparql?query={quote(file.read_text()[:20], safe='/')}" in page
        answer = get(f"/queries/{name}")
        assert answer.status == 200, name
        assert answer.headers["content-location"] == f"/queries/{name}.srj"
        assert json.loads(answer.body)["results"]["bindings"], name


def test_another_site_may_ask(get: Get) -> None:
    preflight = get(
        "/sparql", "OPTIONS", origin="https://else.example", access_control_request_method="POST",
        access_control_request_headers="content-type",
    )  # fmt: skip

    assert preflight.status == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "Content-Type" in preflight.headers["access-control-allow-headers"]
    assert "ETag" in get(asked("ASK {}")).headers["access-control-expose-headers"]


def test_an_equal_query_runs_once_however_it_is_sent(get: Get) -> None:
    def spared() -> float:
        figure = "tvld_engine_spared_by_keeping "
        return float(next(line for line in get("/metrics").text.splitlines() if line.startswith(figure)).split()[1])

    query = STORES + " # asked twice"
    before = spared()
    first = get(asked(query))
    again = get("/sparql", "POST", f"query={quote(query)}".encode(), content_type=FORM)

    assert again.body == first.body
    assert spared() == before + 1


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("address", ["/sparql?query=\xff", "/sparql?query=%ff", "/?page=\xe4", "/describe?iri=\xe4"])
def test_an_address_that_is_no_text_is_told_so(get: Get, address: str, accept: str) -> None:
    assert get(address, accept=accept).status in (400, 404)


def test_what_varies_is_never_kept(get: Get) -> None:
    address = asked("SELECT (STRUUID() AS ?x) {}")
    one, other = get(address), get(address)

    assert one.body != other.body
    assert one.headers["cache-control"] == "no-store"
    assert "etag" not in one.headers


def test_slow_queries_leave_threads_for_documents_and_bursts_of_small_ones_flow(release: Path) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with site(open_release(release), Settings(log_requests=False, threads=8, workers=2, query_seconds=3)) as (get, _):
        replies: list[Reply] = []

        def ask(query: str) -> None:
            replies.append(get(asked(query)))

        def at_once(queries: list[str]) -> list[int]:
            threads = [threading.Thread(target=ask, args=(query,)) for query in queries]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return [reply.status for reply in replies]

        assert at_once([f"ASK {{}} # {number}" for number in range(20)]) == [200] * 20
        replies.clear()
        background = threading.Thread(target=at_once, args=([slow + "#1", slow + "#2"],))
        background.start()
        time.sleep(0.8)

        started = time.monotonic()
        refused = get(asked("ASK {}"))
        document = get("/doc/kaupunki")
        seconds = time.monotonic() - started
        background.join()

        assert (refused.status, refused.type) == (503, "application/problem+json")
        assert int(refused.headers["retry-after"]) >= 1
        assert document.status == 200
        assert seconds < 1.5
        assert 504 in {reply.status for reply in replies} <= {503, 504}
        assert get(asked("ASK {}")).status == 200
