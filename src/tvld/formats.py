"""
THE table of formats: what a graph, a query result or a page can be written as, and under which names it is asked for.

The order of each tuple is the server's own preference, used where a client likes several formats equally.
"""

from collections.abc import Iterable
from dataclasses import dataclass

EU_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
IANA = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True)
class Format:
    """
    One format.

    `name` is the word of the command line, `suffix` that of the address; `also` are other media types it answers to;
    `file_type` is its code in the EU file-type table; `quads` says whether it can hold named graphs.
    """

    name: str
    suffix: str
    media_type: str
    label: str
    file_type: str
    also: tuple[str, ...] = ()
    quads: bool = False

    @property
    def content_type(self) -> str:
        """Give the header value; XML and JSON-based types state their own encoding."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type

    @property
    def media_types(self) -> tuple[str, ...]:
        return (self.media_type, *self.also)


TURTLE = Format("turtle", "ttl", "text/turtle", "Turtle", "RDF_TURTLE", ("application/x-turtle",))
JSONLD = Format("jsonld", "jsonld", "application/ld+json", "JSON-LD", "JSON_LD", ("application/json",))
RDFXML = Format("rdfxml", "rdf", "application/rdf+xml", "RDF/XML", "RDF_XML", ("application/xml", "text/xml"))
NTRIPLES = Format("ntriples", "nt", "application/n-triples", "N-Triples", "RDF_N_TRIPLES", ("text/plain",))
NQUADS = Format("nquads", "nq", "application/n-quads", "N-Quads", "RDF_N_QUADS", quads=True)
TRIG = Format("trig", "trig", "application/trig", "TriG", "RDF_TRIG", ("application/x-trig",), quads=True)
HTML = Format("html", "html", "text/html", "HTML", "HTML", ("application/xhtml+xml",))
CSV = Format("csv", "csv", "text/csv", "CSV", "CSV")

GRAPH_FORMATS = (TURTLE, JSONLD, RDFXML, NTRIPLES, NQUADS, TRIG)
DOCUMENT_FORMATS = (*GRAPH_FORMATS, HTML, CSV)

RESULTS_JSON = Format("json", "srj", "application/sparql-results+json", "SPARQL JSON", "JSON", ("application/json",))
RESULTS_XML = Format(
    "xml", "srx", "application/sparql-results+xml", "SPARQL XML", "XML", ("application/xml", "text/xml")
)
RESULTS_CSV = Format("csv", "csv", "text/csv", "SPARQL CSV", "CSV")
RESULTS_TSV = Format("tsv", "tsv", "text/tab-separated-values", "SPARQL TSV", "TSV")

RESULT_FORMATS = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)

# Files for downloading only. The EU table has no code for Parquet and SQLite: they are octets to it.
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSX = Format("xlsx", "xlsx", _OFFICE, "Excel", "XLSX")
PARQUET = Format("parquet", "parquet", "application/vnd.apache.parquet", "Parquet", "OCTET")
SQLITE = Format("sqlite", "sqlite", "application/vnd.sqlite3", "SQLite", "OCTET")
ZIP = Format("zip", "zip", "application/zip", "ZIP", "ZIP")

DOWNLOAD_FORMATS = (XLSX, PARQUET, SQLITE, ZIP)
GZIP_MEDIA_TYPE = "application/gzip"


def by_name(formats: Iterable[Format], name: str) -> Format | None:
    return next((f for f in formats if f.name == name), None)


def by_suffix(formats: Iterable[Format], suffix: str) -> Format | None:
    return next((f for f in formats if f.suffix == suffix), None)


# What a library packs: the same content everywhere, but bytes that depend on the version of the library.
DERIVED = frozenset({"gz", "zip", "xlsx", "parquet", "sqlite", "hdt"})
# How the files end that tell the sizes and checksums of such files.
DERIVED_FACTS = ".derived.ttl"


def is_derived(name: str) -> bool:
    """Say whether a file of a release is derived: its sums stand in SHA256SUMS.derived, and not in the manifest."""
    return name.rpartition(".")[2] in DERIVED or name.endswith(DERIVED_FACTS)


# The name under which readers of CSV on the Web look for what is said of all tables of a folder.
CSVW = "csv-metadata.json"

_MEDIA_TYPES = {f.suffix: f.media_type for f in (*DOCUMENT_FORMATS, *DOWNLOAD_FORMATS)} | {
    "gz": GZIP_MEDIA_TYPE,
    "hdt": "application/vnd.hdt",
    "json": "application/json",
    "md": "text/markdown",
    "rq": "application/sparql-query",
    "sig": "application/x-ssh-signature",
}


def media_type(name: str) -> str:
    """Give the media type of a file of a release by its name; what has no suffix of ours is plain text."""
    if name.endswith(CSVW):
        return "application/csvm+json"
    return _MEDIA_TYPES.get(name.rpartition(".")[2], "text/plain")
