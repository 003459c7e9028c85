"""
THE table of profiles: in which application profiles a catalogue is given, and in which file of a release each stands.

Knows names only. Profile tokens and IRIs are those of Content Negotiation by Profile (W3C Working Draft, 26 Nov 2019).
"""

from dataclasses import dataclass
from typing import Literal

Which = Literal["stores", "open"]
# The full catalogue of an organisation, and the one of open data: the description and its dumps.
CATALOGUES: tuple[Which, ...] = ("stores", "open")
FOLDER = "catalogs"


@dataclass(frozen=True)
class Profile:
    """One profile: `key` is the word of `?profile=`, `iri` names it in headers and data."""

    key: str
    iri: str
    label: str


DCAT_AP_3 = Profile("dcat-ap-3", "https://semiceu.github.io/DCAT-AP/releases/3.0.1/", "DCAT-AP 3.0.1")
DCAT_AP_2 = Profile("dcat-ap-2", "https://semiceu.github.io/DCAT-AP/releases/2.1.1/", "DCAT-AP 2.1.1")
# The portal's own namespace names its profile: DCAT-AP 3 for data that is not open.
SUOJATTUDATA = Profile("suojattudata", "http://suojattudata.suomi.fi/ns#", "suojattudata.suomi.fi")
BREG = Profile("breg", "https://semiceu.github.io/BRegDCAT-AP/releases/2.1.0/", "BRegDCAT-AP 2.1.0")

# The first is what a client gets that asks for none.
PROFILES = (DCAT_AP_3, DCAT_AP_2, SUOJATTUDATA, BREG)


def by_key(key: str) -> Profile | None:
    return next((p for p in PROFILES if p.key == key), None)


def by_iri(iri: str) -> Profile | None:
    """Find a profile by its IRI; a final slash is neither here nor there."""
    return next((p for p in PROFILES if p.iri.rstrip("/") == iri.rstrip("/")), None)


def file_of(organisation: str, which: Which, profile: Profile) -> str:
    """Name the file of a release that holds a catalogue: the default profile is not named in it."""
    return _file(organisation, which, "" if profile is DCAT_AP_3 else profile.key, "ttl")


def packages_of(organisation: str, which: Which) -> str:
    """Name the file that holds a catalogue as CKAN's packages."""
    return _file(organisation, which, "ckan", "json")


def listing_of(organisation: str, which: Which) -> str:
    """Name the file that holds a catalogue as ckanext-dcat's JSON."""
    return _file(organisation, which, "dcat", "json")


def _file(organisation: str, which: Which, word: str, suffix: str) -> str:
    parts = (organisation, "" if which == "stores" else which, word, suffix)
    return f"{FOLDER}/" + ".".join(part for part in parts if part)
