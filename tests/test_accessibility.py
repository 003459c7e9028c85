"""The pages in a real Chromium: accessible by WCAG 2.2 A and AA, valid, walked through with the keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser_suite import chromium, told
from tests.site_pages import ELSEWHERE, PAGES, PARTS, STATUS, STORE, TEMPLATES
from tests.web_client import Server, server
from tvld.serve.languages import LANGUAGES


@pytest.fixture(scope="module")
def served(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(release, tmp_path_factory.mktemp("accessibility") / "log") as running:
        yield running


def origin(served: Server) -> str:
    return f"http://127.0.0.1:{served.port}"


def test_every_kind_of_page_is_looked_at() -> None:
    written = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    assert written == {*PAGES, *PARTS, *ELSEWHERE}, "give the address of a new kind of page in tests/site_pages.py"


def test_no_page_breaks_a_rule_of_accessibility(served: Server, request: pytest.FixtureRequest) -> None:
    browser, all_of_them = chromium(), request.config.getoption("--every-view")
    views = [
        {"address": address, "language": language, "javascript": javascript, "status": STATUS.get(template, 200)}
        for place, (template, address) in enumerate(PAGES.items())
        for turn, language in enumerate(LANGUAGES)
        for javascript in (True, False)
        # Otherwise each page in one language, in turns, and each language with scripts and without.
        if all_of_them or (place % len(LANGUAGES) == turn and javascript == (place % 2 == 0))
    ]
    widths, schemes = ((320, 1280), ("light", "dark"))
    plan = {"origin": origin(served), "chromium": browser, "widths": widths, "schemes": schemes, "views": views}
    found = told("audit.mjs", plan, 1500 if all_of_them else 300)

    assert found["runs"] == len(views) * len(widths) * len(schemes)
    assert len(views) >= len(PAGES)
    assert found["faults"] == []


def test_a_store_page_can_be_used_with_the_keyboard_alone(served: Server) -> None:
    plan = {"origin": origin(served), "chromium": chromium(), "address": STORE, "word": "potilas"}
    walk = told("keyboard.mjs", plan, 120)

    stops = walk["stops"]
    assert stops[0]["tag"] == "a"
    assert walk["skipped"] == "main", "the first stop leads past the navigation"
    assert len(stops) == walk["reachable"] > 30, "every control is reached once, and the walk ends"
    assert [stop["place"] for stop in stops] == sorted(stop["place"] for stop in stops), "in the order of reading"
    assert [stop["name"] for stop in stops if not (stop["outlined"] and stop["seen"])] == [], "where one is, is seen"
    assert walk["chosen"]["role"] == "option"
    assert walk["chosen"]["selected"] == "true"
    assert walk["closed"], "Escape closes the suggestions"
    assert walk["arrived"].removeprefix("/doc").removeprefix("/id").startswith("/kaupunki/")


def test_pages_are_valid_html(served: Server) -> None:
    chromium()
    texts = {
        f"{template} {language}": served.get(address, Accept="text/html", Accept_Language=language).text
        for template, address in PAGES.items()
        for language in LANGUAGES
    }
    faults = told("validate.mjs", texts, 300)

    assert faults.keys() == texts.keys()
    assert {name: found for name, found in faults.items() if found} == {}


def test_lighthouse_finds_little_to_better_on_a_store_page(served: Server, request: pytest.FixtureRequest) -> None:
    browser = chromium()
    if not request.config.getoption("--every-view"):
        pytest.skip("Lighthouse runs with --every-view")
    found = told("lighthouse.mjs", {"origin": origin(served), "chromium": browser, "address": STORE}, 300)

    assert found["scores"].keys() >= {"performance", "accessibility", "best-practices", "seo"}
    assert {name: score for name, score in found["scores"].items() if score < 95} == {}, found["poor"]
