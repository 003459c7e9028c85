"""The pages in a real Chromium: walked through with the keyboard, used, read, valid."""

from collections.abc import Mapping

import pytest

from tests.browser_suite import LONGEST, WIDTHS, chromium, told
from tests.site_pages import BROWSED, PAGES, STORE, Sites
from tests.web_client import Server, origin
from tvld.serve.languages import LANGUAGES


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_can_be_used_with_the_keyboard_alone(
    served: Mapping[str, Server], sites: Sites, width: int, request: pytest.FixtureRequest
) -> None:
    browser, all_of_them = chromium(), request.config.getoption("--every-view")
    walks = [
        {"name": kind, "origin": origin(served, page.site), "address": sites.address(page)}
        for place, (kind, page) in enumerate(BROWSED.items())
        if all_of_them or kind in ("home", "store", "matrix") or (place + width // 320) % 4 == 0
    ]
    search = {"origin": origin(served), "address": STORE, "word": "potilas"}
    plan = {"chromium": browser, "width": width, "walks": walks, "search": search}
    walk = told("keyboard.mjs", plan, LONGEST / 6)

    assert walk["walks"].keys() >= {"home", "store", "matrix"}
    assert len(walk["walks"]) == len(walks) >= len(BROWSED) // 4
    for kind, found in walk["walks"].items():
        stops = found["stops"]
        assert stops[0]["tag"] == "a" or "embedded" in kind, f"{kind}: the first stop leads past the navigation"
        assert len(stops) == found["reachable"], f"{kind}: every control is reached once, and the walk ends"
        assert [stop["place"] for stop in stops] == sorted(stop["place"] for stop in stops), f"{kind}: in order"
        hidden = [stop for stop in stops if not (stop["outlined"] and stop["seen"] and stop["open"])]
        assert hidden == [], f"{kind}: where one is, is seen, and lies under nothing"
        assert found["covered"] == [], f"{kind}: nor does it on the way back"
    assert walk["skipped"] == "main", "the first stop leads past the navigation"
    assert walk["chosen"]["role"] == "option"
    assert walk["chosen"]["selected"] == "true"
    assert walk["closed"], "Escape closes the suggestions"
    assert walk["arrived"].removeprefix("/doc").removeprefix("/id").startswith("/kaupunki/")


def test_using_a_field_moves_nobody(served: Mapping[str, Server], sites: Sites) -> None:
    """WCAG 3.2.2, On Input: a page may change in place, but neither it nor the focus goes away."""
    kinds = ("matrix", "matrix of many", "query with parameters", "search, narrowed", "charts")
    pages = [{"name": k, "origin": origin(served, PAGES[k].site), "address": sites.address(PAGES[k])} for k in kinds]
    plan = {"chromium": chromium(), "pages": pages, "matrix": {"origin": origin(served), "address": "/matrix"}}
    found = told("inputs.mjs", plan, LONGEST / 6)

    assert found["fields"].keys() == set(kinds)
    assert {field["name"] for field in found["fields"]["matrix of many"]} >= {"q", "organisation", "rows", "by"}
    assert {field["name"] for field in found["fields"]["matrix"]} >= {"q", "service-area", "system", "rows", "by"}
    gone = [(kind, field) for kind, fields in found["fields"].items() for field in fields if not field["stayed"]]
    assert gone == []
    ordered, typed, by_column = (found["matrix"][name] for name in ("ordered", "typed", "sorted"))
    assert (ordered["same"], ordered["focus"], ordered["query"]) == (True, "m-rows", "?rows=name")
    assert (len(ordered["rows"]), ordered["rows"]) == (39, sorted(ordered["rows"], key=str.casefold))
    assert (typed["same"], typed["focus"], typed["query"]) == (True, "m-q", "?q=potilas&rows=name")
    assert (len(typed["rows"]), typed["columns"], typed["said"][:2], typed["copied"] > 0) == (7, 2, "7 ", True)
    assert by_column["query"].endswith("rows=kaupunki%2Fpotilastietojarjestelma")
    assert by_column["sorted"].startswith("potilastietojärjestelmä")


def test_texts_of_pictures_can_be_read(served: Mapping[str, Server]) -> None:
    addresses = ("/model", "/ns", "/network", "/network/kaupunki/store/lastensuojelupalvelut")
    views = [{"origin": origin(served), "address": a, "language": tag} for a in addresses for tag in LANGUAGES]
    found = told("texts.mjs", {"chromium": chromium(), "views": views}, LONGEST / 12)

    assert len(found) == len(views)
    assert all(view["texts"] >= 4 for view in found)
    assert [view for view in found if view["faults"]] == []


def test_pages_are_valid_html(served: Mapping[str, Server], sites: Sites) -> None:
    chromium()
    texts = {
        f"{kind} {language}": served[page.site]
        .get(sites.address(page), Accept="text/html", Accept_Language=language)
        .text
        for kind, page in PAGES.items()
        for language in LANGUAGES
    }
    faults = told("validate.mjs", texts, 600)

    assert faults.keys() == texts.keys()
    assert not any(faults.values()), "\n".join(f"{name}: {found}" for name, found in faults.items() if found)


def test_lighthouse_finds_little_to_better_on_a_store_page(
    served: Mapping[str, Server], request: pytest.FixtureRequest
) -> None:
    browser = chromium()
    if not request.config.getoption("--every-view"):
        pytest.skip("Lighthouse runs with --every-view")
    found = told("lighthouse.mjs", {"origin": origin(served), "chromium": browser, "address": STORE}, 300)

    assert found["scores"].keys() >= {"performance", "accessibility", "best-practices", "seo"}
    assert {name: score for name, score in found["scores"].items() if score < 95} == {}, found["poor"]
