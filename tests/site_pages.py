"""
Every kind of page of the site: an address of each, and the sites that have them.

For tests that look at all pages. Every route of the application is here, as a page or with the reason why it is none.
"""

import csv
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.editions import STAMPS, City, tables
from tvld.build.pipeline import build
from tvld.iris import Base

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "src" / "tvld" / "serve" / "web" / "templates"
BASE = Base("http://127.0.0.1:8000/")
SHARED = "paatoksenteon-ja-seurannan-valmisteluasiakirjat-ja-paatospoytakirjat"
STORE = "/doc/kaupunki/store/lastensuojelupalvelut"
_SPARQL = "/sparql?query="


@dataclass(frozen=True)
class Page:
    """
    An address of a kind of page, and the status that it answers with.

    `site` is a key of `Sites.folders`; `{first}` and `{last}` in an address are releases of that site. A page that is
    not `browsed` is given to programs alone that take nothing but HTML: a browser gets a file there.
    """

    address: str
    status: int = 200
    site: str = "real"
    browsed: bool = True


PAGES = {
    "home": Page("/"),
    "home of many": Page("/", site="many"),
    "home of loose data": Page("/", site="loose"),
    "class of loose data": Page("/?class=http%3A%2F%2Fx.example%2FKind", site="loose"),
    "store": Page(STORE),
    "store that is known": Page(STORE, site="many"),
    "material": Page(f"/doc/kaupunki/material/hankintapalvelut-{SHARED}"),
    "system": Page("/doc/kaupunki/system/paatoksenteon-ja-seurannan-tietojarjestelma"),
    "purpose": Page("/doc/kaupunki/purpose/asumisoikeusasiat"),
    "data group": Page(f"/doc/kaupunki/data-group/{SHARED}"),
    "service area": Page("/doc/kaupunki/service-area/konsernihallinto"),
    "organisation": Page("/doc/kaupunki"),
    "organisation that is known": Page("/doc/kaupunki", site="many"),
    "catalogue": Page("/doc/kaupunki/catalog/stores"),
    "description": Page("/doc/kaupunki/catalog/description"),
    "measurement": Page("/doc/kaupunki/catalog/quality-description-scoring"),
    "rules as a dataset": Page("/doc/catalog/catalog/rules"),
    "theme": Page("/describe?iri=http%3A%2F%2Fpublications.europa.eu%2Fresource%2Fauthority%2Fdata-theme%2FHEAL"),
    "cell": Page("/doc/kaupunki/cell/6-4"),
    "source": Page("/doc/kaupunki/source/tietovarannot"),
    "code": Page("/def/system-kind/group"),
    "code list": Page("/def/system-kind"),
    "thing of loose data": Page("/doc/a", site="loose"),
    "described": Page("/describe?iri=http%3A%2F%2Fwww.w3.org%2Fns%2Fdcat%23Dataset"),
    "as it was": Page(f"/memento/{STAMPS[0]}/doc/kaupunki/store/lakipalvelut", site="editions"),
    "catalogues": Page("/catalog"),
    "statements of a catalogue": Page("/catalog?page=1"),
    "catalogue in another profile": Page("/catalog/kaupunki?profile=breg"),
    "catalogue of one": Page("/catalog/kaupunki"),
    "catalogues of many": Page("/catalog", site="many"),
    "open catalogues of many": Page("/catalog/open", site="many"),
    "open catalogue": Page("/catalog/open"),
    "profiles": Page("/catalog?profile=all"),
    "graph": Page("/graph/kaupunki"),
    "statistics": Page("/.well-known/void"),
    "search": Page("/search?q=potilas"),
    "search, narrowed": Page("/search?q=potilas&service-area=kaupunki%2Felinvoimapalvelut"),
    "search, misspelt": Page("/search?q=potials"),
    "search, nothing found": Page("/search?q=xyzzyq"),
    "search of everything": Page("/search"),
    "matrix": Page("/matrix"),
    "matrix, narrowed": Page("/matrix?service-area=kaupunki%2Fkonsernihallinto&size=2"),
    "matrix, searched": Page("/matrix?q=potilas&rows=kaupunki%2Fpotilastietojarjestelma"),
    "matrix of many": Page("/matrix", site="many"),
    "network": Page("/network"),
    "network of many": Page("/network", site="many"),
    "network of one": Page("/network/kaupunki/store/lastensuojelupalvelut"),
    "charts": Page("/charts"),
    "model": Page("/model"),
    "quality": Page("/quality"),
    "quality of many": Page("/quality", site="many"),
    "vocabulary": Page("/ns"),
    "rules": Page("/shapes"),
    "rule": Page("/shapes/Agent-name"),
    "dumps": Page("/dumps/"),
    "dumps of many": Page("/dumps/", site="many"),
    "dumps of one of many": Page("/dumps/?organisation=kaupunki", site="many"),
    "dumps of several": Page("/dumps/", site="editions"),
    "release": Page("/dumps/{last}/", site="editions"),
    "difference": Page("/dumps/{first}...{last}", site="editions"),
    "queries": Page("/queries/"),
    "query": Page("/queries/what-is-described"),
    "query with parameters": Page("/queries/stores-of-a-purpose"),
    "workbench": Page("/sparql"),
    "workbench, a table": Page(_SPARQL + "SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%209"),
    "workbench, numbers": Page(
        _SPARQL + "SELECT%20%3Fc%20(COUNT(*)%20AS%20%3Fn)%20%7B%3Fs%20a%20%3Fc%7D%20GROUP%20BY%20%3Fc"
    ),
    "workbench, yes or no": Page(_SPARQL + "ASK%7B%7D"),
    "workbench, a graph": Page(_SPARQL + "CONSTRUCT%20WHERE%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%209"),
    "workbench, nothing found": Page(_SPARQL + "SELECT%20*%20%7B%3Fs%20a%20%3Chttp%3A%2F%2Fx%2Fy%3E%7D&explain=empty"),
    "workbench, an error": Page(_SPARQL + "SELECT%20%3Fx", 400),
    "embedded store": Page("/embed/store/kaupunki/lastensuojelupalvelut"),
    "embedded matrix": Page("/embed/matrix"),
    "accessibility": Page("/accessibility"),
    "wrong call": Page("/matrix?page=0", 400),
    "not found": Page("/doc/kaupunki/store/no-such-store", 404),
    "not as a page": Page("/feed", 406, browsed=False),
    "withdrawn": Page("/doc/kaupunki/store/taidemuseo", 410, "editions"),
    "search, past the end": Page("/search?q=potilas&page=99", 404),
    "values of a search": Page("/search/values?field=system"),
}
# Those that a browser is given.
BROWSED = {kind: page for kind, page in PAGES.items() if page.browsed}

# Routes that give no page, each with an address that shows it, and why.
NO_PAGE = {
    "/<organisation>/catalog": ("/kaupunki/catalog", "leads to catalog/<organisation>"),
    "/<organisation>/catalog.<suffix>": ("/kaupunki/catalog.html", "leads to catalog/<organisation>"),
    "/id/<path:rest>": ("/id/kaupunki", "leads to the document"),
    "/dumps/latest/<path:name>": ("/dumps/latest/description.ttl", "leads to the file"),
    "/dumps/<release>/<path:name>": ("/dumps/{last}/description.ttl", "a file"),
    "/dumps/allowed_signers": ("/dumps/allowed_signers", "a file"),
    "/api/3": ("/api/3", "JSON for portals"),
    "/api/3/action/<action>": ("/api/3/action/package_list", "JSON for portals"),
    "/api/action/<action>": ("/api/action/package_list", "JSON for portals"),
    "/catalog/<key>/api/3": ("/catalog/open/api/3", "JSON for portals"),
    "/catalog/<key>/api/3/action/<action>": ("/catalog/open/api/3/action/package_list", "JSON for portals"),
    "/catalog/<key>/api/action/<action>": ("/catalog/open/api/action/package_list", "JSON for portals"),
    "/catalog/<key>/data.json": ("/catalog/open/data.json", "JSON for portals"),
    "/data.json": ("/data.json", "JSON for portals"),
    "/embed/oembed": (f"/embed/oembed?url={BASE.iri}matrix", "JSON"),
    "/embed/stores.json": ("/embed/stores.json", "JSON"),
    "/feed.<suffix>": ("/feed.ttl", "RDF alone"),
    "/feed.atom": ("/feed.atom", "Atom"),
    "/feed/<number>": ("/feed/1.ttl", "RDF alone"),
    "/feed/latest/<int:position>/<number>": ("/feed/latest/1/1.ttl", "RDF alone"),
    "/oai": ("/oai?verb=Identify", "XML for harvesters"),
    "/healthz": ("/healthz", "for the operator"),
    "/readyz": ("/readyz", "for the operator"),
    "/metrics": ("/metrics", "for the operator"),
    "/robots.txt": ("/robots.txt", "for crawlers"),
    "/sitemap.xml": ("/sitemap.xml", "for crawlers"),
    "/sitemap-<int:number>.xml": ("/sitemap-1.xml", "for crawlers"),
    "/search/description.xml": ("/search/description.xml", "for browsers"),
    "/search/suggest": ("/search/suggest?q=potilas", "JSON for the search field"),
    "/sparql/terms.json": ("/sparql/terms.json", "JSON for the workbench"),
    "/sparql/things.json": ("/sparql/things.json?q=potilas", "JSON for the workbench"),
    "/static/<path:filename>": ("/static/site.css", "what pages are made of"),
    "/timemap/<format_name>/<path:path>": ("/timemap/json/id/kaupunki", "JSON"),
}
# Routes that give a page of PAGES under another address: by suffix.
TWINS = {
    "/catalog.<suffix>": ("/catalog.html", "catalogues"),
    "/ns.<suffix>": ("/ns.html", "vocabulary"),
    "/shapes.<suffix>": ("/shapes.html", "rules"),
    "/.well-known/void.<suffix>": ("/.well-known/void.html", "statistics"),
    "/search.<suffix>": ("/search.html?q=potilas", "search"),
    "/search/values.<suffix>": ("/search/values.html?field=system", "values of a search"),
    "/matrix.<suffix>": ("/matrix.html", "matrix"),
    "/quality.<suffix>": ("/quality.html", "quality"),
}


@dataclass(frozen=True)
class Sites:
    """What the sites are opened from: folders of releases, or a file of RDF; and the words for places in addresses."""

    folders: Mapping[str, Path]
    names: Mapping[str, Mapping[str, str]]

    def address(self, page: Page) -> str:
        return self.filled(page.address, page.site)

    def filled(self, address: str, site: str = "real") -> str:
        for word, name in self.names[site].items():
            address = address.replace(f"{{{word}}}", name)
        return address


def sites(release: Path, city: City, folder: Path) -> Sites:
    """Give the sites: the real release, releases of a small city, many organisations, loose files."""
    loose = folder / "loose.ttl"
    loose.write_text(_LOOSE, encoding="utf-8")
    folders = {"real": release, "editions": city.out / city.names[-1], "many": _many(folder), "loose": loose}
    names: dict[str, dict[str, str]] = {key: {} for key in folders} | {
        "real": {"last": release.name},
        "editions": {"first": city.names[0], "last": city.names[-1]},
    }
    return Sites(folders, names)


_LOOSE = """
BASE <http://127.0.0.1:8000/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
<id/a> a <http://x.example/Kind> ; rdfs:label "piste"@fi ; <to> <id/b> .
<id/b> a <http://x.example/Kind> ; rdfs:label "toinen"@fi .
"""
_CONTACT = """
[contact]
name = "Kirjaamo"
"name@sv" = "Registratorskontoret"
email = "kirjaamo@example.org"
phone = "+358 16 000 0000"
"""


def _many(folder: Path) -> Path:
    """Build four organisations; of one the tables are the real ones, with what the source leaves out for one store."""
    data = folder / "data"
    shutil.copytree(ROOT / "data", data)
    organisation = data / "kaupunki" / "organisation.toml"
    organisation.write_text(organisation.read_text(encoding="utf-8") + _CONTACT, encoding="utf-8")
    table = data / "kaupunki" / "stores.csv"
    with table.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    said = {"search_keys": "asianumero;nimi", "open_interface": "false", "authority": "asiakirjahallinto"}
    said |= {"retention": "10 vuotta", "name@sv": "Barnskyddets informationslager"}
    for row in rows:
        row |= said if row["key"] == "lastensuojelupalvelut" else {"name@sv": ""}
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]) + (["name@sv"] if "name@sv" not in rows[0] else []))
        writer.writeheader()
        writer.writerows(rows)
    for key in ("kaupunki-b", "kaupunki-c", "kaupunki-d"):
        tables(folder / key, "2026-05-01")
        shutil.move(folder / key / "kaupunki", data / key)
    return build(data, folder / "dist", BASE, tell=lambda _: None).folder
