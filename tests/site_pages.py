"""One address of every kind of page, for tests that look at all of them."""

from pathlib import Path

TEMPLATES = Path(__file__).parents[1] / "src" / "tvld" / "serve" / "web" / "templates"
SHARED = "paatoksenteon-ja-seurannan-valmisteluasiakirjat-ja-paatospoytakirjat"
STORE = "/doc/kaupunki/store/lastensuojelupalvelut"

# By the template that writes the page. Those without a page of their own stand in PARTS.
PAGES = {
    "home.html": "/",
    "kinds/store.html": STORE,
    "kinds/material.html": f"/doc/kaupunki/material/hankintapalvelut-{SHARED}",
    "kinds/system.html": "/doc/kaupunki/system/paatoksenteon-ja-seurannan-tietojarjestelma",
    "kinds/purpose.html": "/doc/kaupunki/purpose/asumisoikeusasiat",
    "kinds/data_group.html": f"/doc/kaupunki/data-group/{SHARED}",
    "kinds/service_area.html": "/doc/kaupunki/service-area/konsernihallinto",
    "kinds/organisation.html": "/doc/kaupunki",
    "kinds/catalogue.html": "/doc/kaupunki/catalog/stores",
    "kinds/cell.html": "/doc/kaupunki/cell/6-4",
    "kinds/source.html": "/doc/kaupunki/source/tietovarannot",
    "thing.html": "/def/system-kind/group",
    "graph.html": "/catalog",
    "embed.html": "/embed/store/kaupunki/lastensuojelupalvelut",
    "search.html": "/search?q=potilas",
    "matrix.html": "/matrix",
    "quality.html": "/quality",
    "network.html": "/network",
    "charts.html": "/charts",
    "model.html": "/model",
    "vocabulary.html": "/ns",
    "rules.html": "/shapes",
    "rule.html": "/shapes/Agent-name",
    "dumps.html": "/dumps/",
    "queries.html": "/queries/",
    "query.html": "/queries/what-is-described",
    "sparql.html": "/sparql",
    "accessibility.html": "/accessibility",
    "problem.html": "/doc/kaupunki/store/no-such-store",
}
# Pieces of other pages, and pages of what the real release has not.
PARTS = {"layout.html", "parts.html", "plain.html", "search_field.html", "matrix_table.html", "chart.html"}
ELSEWHERE = {"files.html", "difference.html", "release.html"}
STATUS = {"problem.html": 404}
