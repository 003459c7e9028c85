"""The pages in a real Chromium: accessible by WCAG 2.2 A and AA."""

from collections.abc import Mapping

import pytest

from tests.browser_suite import LONGEST, WIDTHS, chromium, told
from tests.site_pages import BROWSED, Sites
from tests.web_client import Server, origin
from tvld.serve.languages import LANGUAGES

_SCHEMES = ("light", "dark")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_breaks_a_rule_of_accessibility(
    served: Mapping[str, Server], sites: Sites, language: str, request: pytest.FixtureRequest
) -> None:
    browser, all_of_them = chromium(), request.config.getoption("--every-view")
    views = [
        {
            "origin": origin(served, page.site),
            "address": sites.address(page),
            "status": page.status,
            "language": language,
            "javascript": javascript,
        }
        for place, page in enumerate(BROWSED.values())
        for javascript in (True, False)
        # Otherwise each page in each language, with scripts or without in turns: both at least once.
        if all_of_them or javascript == ((place + LANGUAGES.index(language)) % 2 == 0)
    ]
    plan = {"chromium": browser, "widths": WIDTHS, "schemes": _SCHEMES, "views": views}
    found = told("audit.mjs", plan, LONGEST / 3)

    assert found["runs"] == len(views) * len(WIDTHS) * len(_SCHEMES)
    assert len(views) == len(BROWSED) * (2 if all_of_them else 1)
    assert not found["faults"], "\n".join(map(str, found["faults"]))
