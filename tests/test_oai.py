"""OAI-PMH 2.0: verbs, errors, dates, deletions, and lists that are whole or are refused."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, fromstring, tostring

import oaipmh_scythe
import pyoxigraph as ox
import pytest
import sickle
from lxml import etree

from tests.editions import BASE, STORES, City, edition
from tests.web_client import Get, Server, server, site
from tvld.build.release import releases, remove
from tvld.serve.oai import repository
from tvld.serve.release import open_release

OAI = "{http://www.openarchives.org/OAI/2.0/}"
STORE = f"{BASE.iri}id/kaupunki/store/"
DESCRIPTION = f"{BASE.iri}id/kaupunki/catalog/description"
FORMATS = {"oai_dc", "dcat_ap", "dcat-ap-2", "suojattudata", "breg"}


def asked(get: Get, **arguments: str) -> Element:
    query = urlencode({name.rstrip("_"): value for name, value in arguments.items()})
    reply = get(f"/oai?{query}")
    assert reply.status == 200, reply.text
    assert reply.headers["content-type"] == "text/xml; charset=utf-8"
    return fromstring(reply.body)


def error(root: Element) -> str | None:
    found = root.find(OAI + "error")
    return None if found is None else found.get("code")


def headers(root: Element) -> dict[str, str | None]:
    """Give the status of each record by its identifier."""
    return {str(h.findtext(OAI + "identifier")): h.get("status") for h in root.iter(OAI + "header")}


def harvested(get: Get, **arguments: str) -> Iterator[Element]:
    """Ask for a list to its end."""
    root = asked(get, verb="ListRecords", **arguments)
    while True:
        assert error(root) is None
        yield root
        token = root.find(f"{OAI}ListRecords/{OAI}resumptionToken")
        if token is None or not token.text:
            return
        root = asked(get, verb="ListRecords", resumptionToken=token.text)


def test_a_repository_says_what_it_is(city: City) -> None:
    identify = asked(city.get, verb="Identify").find(OAI + "Identify")

    assert identify is not None
    assert [e.tag.removeprefix(OAI) for e in identify] == [
        "repositoryName",
        "baseURL",
        "protocolVersion",
        "adminEmail",
        "earliestDatestamp",
        "deletedRecord",
        "granularity",
    ]
    assert identify.findtext(OAI + "baseURL") == f"{BASE.iri}oai"
    assert identify.findtext(OAI + "deletedRecord") == "persistent"


def test_what_is_gone_is_told_as_deleted(city: City) -> None:
    there = ["arkistopalvelut", "lakipalvelut", "maakuntamuseo"]

    found = headers(asked(city.get, verb="ListIdentifiers", metadataPrefix="oai_dc"))

    assert found == {DESCRIPTION: None, **{STORE + key: None for key in there}, STORE + "taidemuseo": "deleted"}
    record = asked(city.get, verb="GetRecord", identifier=STORE + "taidemuseo", metadataPrefix="dcat_ap")
    assert headers(record) == {STORE + "taidemuseo": "deleted"}
    assert not list(record.iter(OAI + "metadata"))


@pytest.mark.parametrize("prefix", ["dcat_ap", "dcat-ap-2", "breg"])
def test_a_record_is_what_the_catalogue_says_of_the_dataset(get: Get, prefix: str) -> None:
    profile = {"dcat_ap": "dcat-ap-3"}.get(prefix, prefix)
    body = get(f"/catalog.nt?profile={profile}").body
    told = {quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)}
    mine = {t for t in told if t.subject == ox.NamedNode(DESCRIPTION)}

    root = asked(get, verb="GetRecord", identifier=DESCRIPTION, metadataPrefix=prefix)
    metadata = root.find(f".//{OAI}metadata")
    assert metadata is not None
    record = {q.triple for q in ox.parse(tostring(metadata[0]), format=ox.RdfFormat.RDF_XML)}

    assert mine <= record <= told
    assert len(mine) > 10
    # Its files come with it; no other dataset does.
    typed = {t.subject.value for t in record if t.object == ox.NamedNode("http://www.w3.org/ns/dcat#Dataset")}
    assert typed == {DESCRIPTION}


def test_dublin_core_tells_what_the_catalogue_tells(get: Get) -> None:
    root = asked(get, verb="GetRecord", identifier=STORE + "kirjastopalvelut", metadataPrefix="oai_dc")
    dc = "{http://purl.org/dc/elements/1.1/}"

    assert {e.text for e in root.iter(dc + "title")} >= {"Kirjastopalvelujen tietovaranto"}
    assert [e.text for e in root.iter(dc + "identifier")] == [STORE + "kirjastopalvelut"]
    assert [e.text for e in root.iter(dc + "type")] == ["Dataset"]
    assert {e.text for e in root.iter(dc + "publisher")} >= {"Kaupunki"}
    # Nothing is said of a store's files, licence or rights, for nothing is known.
    assert not [*root.iter(dc + "format"), *root.iter(dc + "rights")]


def test_what_is_withdrawn_is_no_dataset_to_a_portal(city: City) -> None:
    gone = ox.NamedNode(STORE + "taidemuseo")
    for path in ("/catalog.nt", "/catalog/kaupunki.nt", "/catalog.nt?profile=dcat-ap-2"):
        told = list(ox.parse(city.get(path).body, format=ox.RdfFormat.N_TRIPLES))
        names = {q.predicate.value.rpartition("/")[2] for q in told if q.subject == gone}
        assert names == {"identifier", "isReplacedBy", "adms#status"}, path
        assert not [q for q in told if q.object == gone], path
        # By the rules of CKAN and piveau: whatever is typed so.
        assert len({q.subject for q in told if q.object == ox.NamedNode("http://www.w3.org/ns/dcat#Dataset")}) == 4
    assert city.get("/doc/kaupunki/store/taidemuseo", accept="text/turtle").status == 410
    tombstone = [
        q for q in ox.parse(city.get("/graph/kaupunki.nt").body, format=ox.RdfFormat.N_TRIPLES) if q.subject == gone
    ]
    assert [q for q in tombstone if q.object == ox.NamedNode("https://w3id.org/tvld/ns#Tombstone")]


def test_sets_divide_the_records(city: City) -> None:
    specs = [e.text for e in asked(city.get, verb="ListSets").iter(OAI + "setSpec")]

    assert specs == ["stores", "open", "organisation", "organisation:kaupunki"]
    found = {
        spec: headers(asked(city.get, verb="ListIdentifiers", metadataPrefix="dcat_ap", set=str(spec)))
        for spec in specs
    }
    assert list(found["open"]) == [DESCRIPTION]
    assert len(found["stores"]) == len(found["organisation:kaupunki"]) == 5


@pytest.mark.parametrize(
    ("times", "found"),
    [
        ({"from_": "2000-01-01"}, 5),
        ({"until": "2000-01-01"}, 0),
        ({"until": "2999-01-01T00:00:00Z"}, 5),
        ({"from_": "{last}"}, 4),
        ({"from_": "{last}", "until": "{last}"}, 4),
        ({"from_": "{day}", "until": "{day}"}, 4),
        ({"until": "{first}"}, 1),
    ],
)
def test_a_harvester_gets_what_has_changed_since(city: City, times: dict[str, str], found: int) -> None:
    root = asked(city.get, verb="ListIdentifiers", metadataPrefix="dcat_ap")
    dates = sorted({str(e.text) for e in root.iter(OAI + "datestamp")})
    named = {"first": dates[0], "last": dates[-1], "day": dates[-1][:10]}
    asked_for = {name: value.format(**named) for name, value in times.items()}

    root = asked(city.get, verb="ListIdentifiers", metadataPrefix="dcat_ap", **asked_for)

    # A store that was never changed keeps the date on which it came; on that day it may have been the last, too.
    expected = 5 if found == 4 and "{day}" in times.values() and dates[0][:10] == dates[-1][:10] else found
    assert len(headers(root)) == expected
    assert error(root) == (None if found else "noRecordsMatch")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Explain"}, "badVerb"),
        ({"verb": "Identify", "set": "open"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "resumptionToken": "x"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2026"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2026-02-30"}, "badArgument"),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2026-01-02", "until": "2026-01-01"},
            "badArgument",
        ),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2026-01-02", "until": "2026-01-03T00:00:00Z"},
            "badArgument",
        ),
        ({"verb": "ListRecords", "metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
        ({"verb": "GetRecord", "identifier": DESCRIPTION, "metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
        ({"verb": "GetRecord", "identifier": DESCRIPTION, "metadataPrefix": "suojattudata"}, "cannotDisseminateFormat"),
        ({"verb": "GetRecord", "identifier": STORE + "olematon", "metadataPrefix": "oai_dc"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": "x"}, "idDoesNotExist"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "closed"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "suojattudata"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "resumptionToken": "bm9uZQ"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "ääkköset"}, "badResumptionToken"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
    ],
)
def test_mistakes_are_told_in_the_words_of_the_protocol(city: City, arguments: dict[str, str], code: str) -> None:
    root = asked(city.get, **arguments)

    assert error(root) == code
    request = root.find(OAI + "request")
    assert request is not None
    assert bool(request.attrib) == (code not in ("badVerb", "badArgument"))


def test_an_argument_given_twice_is_a_mistake(city: City) -> None:
    twice = fromstring(city.get("/oai?verb=GetRecord&identifier=a&identifier=b&metadataPrefix=oai_dc").body)

    assert error(twice) == "badArgument"


def test_post_is_answered_as_get_is(city: City) -> None:
    body = urlencode({"verb": "GetRecord", "identifier": DESCRIPTION, "metadataPrefix": "oai_dc"}).encode()

    posted = city.get("/oai", method="POST", body=body, content_type="application/x-www-form-urlencoded")

    assert posted.status == 200
    assert headers(fromstring(posted.body)) == {DESCRIPTION: None}


def test_a_list_that_was_begun_goes_on_through_a_new_release_until_its_own_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "PER_PART", 2)
    out = tmp_path / "dist"
    first = edition(out, "2026-05-01")
    with site(open_release(out / "current")) as (get, holder):
        parts = harvested(get, metadataPrefix="dcat_ap")
        before = headers(next(parts))
        begun = asked(get, verb="ListRecords", metadataPrefix="oai_dc")
        token = begun.findtext(f"{OAI}ListRecords/{OAI}resumptionToken")

        edition(out, "2026-05-02", {"taidemuseo": STORES["taidemuseo"]})
        holder.change_to(open_release(out / "current"))
        for part in parts:
            before |= headers(part)
        now = {k: v for part in harvested(get, metadataPrefix="dcat_ap") for k, v in headers(part).items()}

        # The list of the first release, whole; and that of the second.
        assert before == dict.fromkeys([DESCRIPTION, *(STORE + key for key in STORES)])
        assert now == {**before, STORE + "lakipalvelut": "deleted", STORE + "maakuntamuseo": "deleted"}
        with releases(out):
            remove(out, first)
        assert error(asked(get, verb="ListRecords", resumptionToken=str(token))) == "badResumptionToken"


def test_a_damaged_catalogue_is_an_error_and_never_a_shorter_list(city: City, tmp_path: Path) -> None:
    shutil.copytree(city.out / city.names[0], tmp_path / "dist" / city.names[0])
    with site(open_release(tmp_path / "dist" / city.names[0])) as (get, _):
        file = tmp_path / "dist" / city.names[0] / "catalogs" / "kaupunki.ttl"
        file.write_text(file.read_text().replace("taidemuseo", "museo"))

        assert get("/oai?verb=ListRecords&metadataPrefix=dcat_ap").status == 503


def test_the_time_of_an_answer_is_not_later_than_a_release_that_is_not_served_yet(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    edition(out, "2026-05-01")
    with site(open_release(out / "current")) as (get, holder):
        edition(out, "2026-05-02", {"taidemuseo": STORES["taidemuseo"]})
        told = asked(get, verb="ListIdentifiers", metadataPrefix="oai_dc").findtext(OAI + "responseDate")
        holder.change_to(open_release(out / "current"))

        since = headers(asked(get, verb="ListIdentifiers", metadataPrefix="oai_dc", from_=str(told)))

    assert since.keys() >= {DESCRIPTION, STORE + "lakipalvelut", STORE + "maakuntamuseo"}


# What OAI-PMH.xsd leaves to other schemas: simple Dublin Core as its text has it (fifteen elements, each a text that
# may tell its language, in any order), and RDF/XML, which other tests read.
_DUBLIN_CORE = "title creator subject description publisher contributor date type format identifier source language "
_DUBLIN_CORE += "relation coverage rights"
_METADATA = {
    "dc": """<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://purl.org/dc/elements/1.1/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" elementFormDefault="qualified">
 <import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>
 <complexType name="text"><simpleContent><extension base="string"><attribute ref="xml:lang"/></extension>
 </simpleContent></complexType>"""
    + "".join(f'<element name="{name}" type="dc:text"/>' for name in _DUBLIN_CORE.split())
    + "</schema>",
    "oai_dc": """<schema xmlns="http://www.w3.org/2001/XMLSchema"
 targetNamespace="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
 <import namespace="http://purl.org/dc/elements/1.1/" schemaLocation="dc.xsd"/>
 <element name="dc"><complexType><choice minOccurs="0" maxOccurs="unbounded">"""
    + "".join(f'<element ref="dc:{name}"/>' for name in _DUBLIN_CORE.split())
    + "</choice></complexType></element></schema>",
    "xml": """<schema xmlns="http://www.w3.org/2001/XMLSchema"
 targetNamespace="http://www.w3.org/XML/1998/namespace"><attribute name="lang" type="language"/></schema>""",
    "rdf": """<schema xmlns="http://www.w3.org/2001/XMLSchema"
 targetNamespace="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><element name="RDF"><complexType><sequence>
 <any processContents="skip" minOccurs="0" maxOccurs="unbounded"/></sequence><anyAttribute processContents="skip"/>
 </complexType></element></schema>""",
    "all": """<schema xmlns="http://www.w3.org/2001/XMLSchema">
 <import namespace="http://www.openarchives.org/OAI/2.0/" schemaLocation="OAI-PMH.xsd"/>
 <import namespace="http://www.openarchives.org/OAI/2.0/oai_dc/" schemaLocation="oai_dc.xsd"/>
 <import namespace="http://www.w3.org/1999/02/22-rdf-syntax-ns#" schemaLocation="rdf.xsd"/></schema>""",
}


@pytest.fixture(scope="module")
def schema(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    official = request.config.getoption("--oai-xsd")
    if not official:
        pytest.skip("the schema of OAI-PMH is not here: give --oai-xsd FILE")
    folder = tmp_path_factory.mktemp("xsd")
    # The copy that travels with pyoai does not look into metadata; with the schemas above it can.
    text = Path(official).read_text(encoding="utf-8").replace('processContents="skip"', 'processContents="strict"')
    (folder / "OAI-PMH.xsd").write_text(text, encoding="utf-8")
    for name, text in _METADATA.items():
        (folder / f"{name}.xsd").write_text(text, encoding="utf-8")
    return etree.XMLSchema(etree.parse(folder / "all.xsd"))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "verb=Nothing",
        "verb=Identify",
        "verb=Identify&verb=Identify",
        "verb=ListSets",
        "verb=ListMetadataFormats",
        f"verb=ListMetadataFormats&identifier={DESCRIPTION}",
        "verb=ListIdentifiers&metadataPrefix=oai_dc",
        "verb=ListIdentifiers&metadataPrefix=oai_dc&from=2026-01-01&until=2026-12-31&set=organisation:kaupunki",
        "verb=ListIdentifiers&metadataPrefix=oai_dc&from=yesterday",
        "verb=ListIdentifiers&metadataPrefix=oai_dc&until=1999-01-01T00:00:00Z",
        "verb=ListIdentifiers&metadataPrefix=n%C3%A5got&set=n%20n",
        "verb=ListIdentifiers&resumptionToken=nothing",
        *(f"verb=ListRecords&metadataPrefix={prefix}" for prefix in sorted(FORMATS)),
        *(f"verb=GetRecord&metadataPrefix={prefix}&identifier={DESCRIPTION}" for prefix in sorted(FORMATS)),
        f"verb=GetRecord&metadataPrefix=oai_dc&identifier={STORE}taidemuseo",
        "verb=GetRecord&metadataPrefix=oai_dc&identifier=not%20an%20address",
    ],
)
def test_the_schema_of_the_protocol_has_nothing_against_an_answer(
    city: City, schema: etree.XMLSchema, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(repository, "PER_PART", 2)
    answer = etree.fromstring(city.get(f"/oai?{query}").body)

    schema.assertValid(answer)
    if (token := answer.findtext(f"*/{OAI}resumptionToken")) is not None:
        following = city.get(f"/oai?verb={answer[1].get('verb')}&resumptionToken={token}").body
        schema.assertValid(etree.fromstring(following))


def test_the_schema_is_broken_by_what_the_protocol_forbids(city: City, schema: etree.XMLSchema) -> None:
    body = city.get(f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={DESCRIPTION}").body
    broken = [
        body.replace(b"<responseDate>", b"<requestDate>").replace(b"</responseDate>", b"</requestDate>"),
        body.replace(b"dc:title>", b"dc:name>").replace(b"dc:title ", b"dc:name "),
        body.replace(b"<datestamp>20", b"<datestamp>x"),
    ]

    assert len({body, *broken}) == 4
    assert [schema.validate(etree.fromstring(text)) for text in (body, *broken)] == [True, False, False, False]


@pytest.fixture(scope="module")
def live(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(release, tmp_path_factory.mktemp("oai") / "log") as running:
        yield running


def test_sickle_harvests_everything(live: Server) -> None:
    client = sickle.Sickle(f"http://127.0.0.1:{live.port}/oai")

    assert {f.metadataPrefix for f in client.ListMetadataFormats()} == FORMATS
    assert len(list(client.ListRecords(metadataPrefix="oai_dc"))) == 40
    assert len(list(client.ListIdentifiers(metadataPrefix="dcat-ap-2", set="stores"))) == 40
    assert client.GetRecord(identifier=DESCRIPTION, metadataPrefix="oai_dc").metadata["type"] == ["Dataset"]
    with pytest.raises(sickle.oaiexceptions.NoRecordsMatch):
        client.ListRecords(metadataPrefix="oai_dc", until="2000-01-01")


def test_scythe_harvests_everything(live: Server) -> None:
    with oaipmh_scythe.Scythe(f"http://127.0.0.1:{live.port}/oai") as client:
        records = list(client.list_records(metadata_prefix="dcat_ap"))
        sets = [set_.setSpec for set_ in client.list_sets()]

    assert len(records) == 40
    assert sets[:2] == ["stores", "open"]
