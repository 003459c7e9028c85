"""
The accessibility statement that Act 306/2019 asks for, in the order of Commission Implementing Decision (EU) 2018/1523.

Its dates are those of the assessment of this software, written here by whoever made it: no request and no build makes
them up. Who publishes the site, and how to reach them, comes from the data.
"""

from dataclasses import dataclass
from datetime import date

from tvld import __version__
from tvld.serve.web import asked
from tvld.serve.web.frame import page
from tvld.serve.web.kinds.reading import Reading
from tvld.serve.web.view import View
from tvld.serve.web.words import WORDS

PREPARED = date(2026, 11, 22)
REVIEWED = date(2026, 11, 23)
# More publishers are no list of contacts: the first page leads to each.
_LISTED = 20


@dataclass(frozen=True)
class Authority:
    """Where the supervisory authority is reached: its site and its form for complaints are in the reader's language."""

    site: str
    complaint: str
    email: str = "saavutettavuus@traficom.fi"
    phone: str = "+358 29 534 5000"


_SITE = "https://www.saavutettavuusvaatimukset.fi"
AUTHORITY = {
    "fi": Authority(_SITE, f"{_SITE}/fi/kayttajan-oikeudet/tee-saavutettavuuskantelu-tai-pyyda-selvitysta"),
    "sv": Authority(
        "https://www.tillganglighetskrav.fi",
        f"{_SITE}/sv/dina-rattigheter/lamna-en-tillganglighetsklagan-eller-be-om-en-utredning",
    ),
    "en": Authority(
        "https://www.webaccessibility.fi",
        f"{_SITE}/en/user-rights/submit-complaint-web-accessibility-or-request-clarification",
    ),
}


def statement() -> str:
    """Show the statement, and whom to tell of shortcomings."""
    here = asked.snapshot()
    read = Reading(here.record, View(here))
    found = here.usage.by_name(here.usage.organisations, WORDS.language)
    listed = found if len(found) <= _LISTED else []
    return page(
        "accessibility.html",
        publishers=[(read.thing(iri), read.contact_of(iri)) for iri in listed],
        how_many=len(found),
        authority=AUTHORITY[WORDS.language],
        prepared=PREPARED.isoformat(),
        reviewed=REVIEWED.isoformat(),
        version=__version__,
    )
