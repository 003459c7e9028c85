"""
Namespaces, and the addresses of everything that is described (pattern id, doc, def of JHS 193).

Knows names only, no data: an address is made from a base IRI and keys, and read back into the same parts.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from tvld.errors import SettingsError

TVLD = "https://w3id.org/tvld/ns#"
EU = "http://publications.europa.eu/resource/authority/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
XSD = "http://www.w3.org/2001/XMLSchema#"

# The prefixes of every Turtle, JSON-LD and SPARQL text that tvld writes; `shape` and those under the base come with it.
PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcam": "http://purl.org/dc/dcam/",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "dqv": "http://www.w3.org/ns/dqv#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "pv": "https://piveau.eu/ns/voc#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "shape": "https://w3id.org/tvld/shapes#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "sys": "https://data.gov.dk/model/core/itsystem/",
    "tvld": TVLD,
    "vann": "http://purl.org/vocab/vann/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}

# Languages by tag, and their codes in the EU language table.
LANGUAGES = {"fi": "FIN", "sv": "SWE", "en": "ENG", "se": "SME"}

# First segments under the base at which the site answers for itself, whatever the data says there; a test holds them to
# the routes of the application.
SITE = frozenset(
    ".well-known accessibility api catalog charts data.json describe dumps embed feed feed.atom healthz matrix memento "
    "metrics model network oai quality queries readyz robots.txt search sitemap.xml sparql static timemap".split()
)
# First segments at which it tells what the data says.
DESCRIBED = frozenset("id doc def ns shapes graph".split())
# What an organisation's key may not be: these, words that stand beside keys in addresses, and names that stand beside
# keys in the folder of a release.
RESERVED = frozenset(
    {*SITE, *DESCRIBED}
    | set("store material system purpose data-group service-area cell source open latest previous".split())
    | set(
        "bundle catalogs census changes completeness description labels manifest notes report tables void".split(),
    )
)


@dataclass(frozen=True)
class Base:
    """A base IRI: it ends in `/` and may hold a path, without query or fragment."""

    iri: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.iri)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
            raise SettingsError(f"the base IRI must be an absolute http or https address, found {self.iri!r}")
        if not _port_is_sound(self.iri):
            raise SettingsError(f"the port of the base IRI must be a number up to 65535, found {self.iri!r}")
        if not self.iri.endswith("/"):
            raise SettingsError(f"the base IRI must end in '/', found {self.iri!r}: write {self.iri + '/'!r}")

    @property
    def path(self) -> str:
        """Give the path of the base, from `/` to `/`: what every local address begins with."""
        return urlsplit(self.iri).path

    @property
    def host(self) -> str:
        """Give host and port: the name under which releases of this base are signed."""
        return urlsplit(self.iri).netloc

    @property
    def is_loopback(self) -> bool:
        return urlsplit(self.iri).hostname in {"127.0.0.1", "::1", "localhost"}

    def organisation(self, organisation: str) -> str:
        return f"{self.iri}id/{organisation}"

    def thing(self, organisation: str, kind: str, key: str) -> str:
        """Address a thing of one of the kinds in `model.KINDS`."""
        return f"{self.iri}id/{organisation}/{kind}/{key}"

    def code(self, scheme: str, key: str | None = None) -> str:
        """Address a code list of ours, or one of its codes."""
        return f"{self.iri}def/{scheme}" + (f"/{key}" if key else "")

    def graph(self, name: str) -> str:
        """Address a named graph: an organisation's key, `catalog`, `ns` or `shapes`."""
        return f"{self.iri}graph/{name}"

    def dump(self, release: str, file: str) -> str:
        return f"{self.iri}dumps/{release}/{file}"

    def local(self, iri: str) -> str | None:
        """Give the path and query of an address under this base, as a server at any host answers it; else None."""
        return self.path + iri.removeprefix(self.iri) if iri.startswith(self.iri) else None


def _port_is_sound(iri: str) -> bool:
    try:
        return (urlsplit(iri).port or 0) >= 0
    except ValueError:
        return False


def document_of(thing_path: str) -> str:
    """Turn the path of a thing under the base (`id/…`) into the path of its document (`doc/…`)."""
    return "doc/" + thing_path.removeprefix("id/")


def compact(iri: str, prefixes: dict[str, str] | None = None) -> str:
    """Write an IRI with a known prefix where one fits, else in angle brackets."""
    for prefix, namespace in (prefixes or PREFIXES).items():
        rest = iri.removeprefix(namespace)
        if rest != iri and rest and rest.replace("-", "").replace("_", "").isalnum():
            return f"{prefix}:{rest}"
    return f"<{iri}>"
