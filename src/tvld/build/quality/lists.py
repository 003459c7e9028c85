"""
The lists that the Metadata Quality Assessment of data.europa.eu compares values with, as far as it needs them.

Codes of the EU tables are told by their names here, media types of IANA by their form: the whole lists are long, change
every month, and say nothing more about what a catalogue of ours can hold.
"""

import re

from tvld.formats import EU_FILE_TYPE
from tvld.iris import EU

_ACCESS_RIGHTS = frozenset("CONFIDENTIAL NON_PUBLIC NORMAL OP_DATPRO PUBLIC RESTRICTED SENSITIVE".split())
_FILE_TYPES = frozenset(
    """
    7Z AAB AAC AKN4EU AKN4EU_ZIP APK APPX ARC ARCINFO_COV ARC_GZ ARJ ATOM AZW BIN BITS BMP BWF BZIP2 CSS CSV DAPK DBF
    DCR DEB DGN DMG DMP DOC DOCX DTD_SGML DTD_XML DWG DXF E00 EAR ECW EFORMS_XML EPS EPUB ETSI_XML EXE FMX2 FMX3 FMX4
    FMX4_ZIP GDB GEOJSON GEOTIFF GIF GML GMZ GPKG GRID GRID_ASCII GTFS GZIP HDF HDT HTML HTML5 HTML_SIMPL ICS IMMC_XML
    INDD IPA ISO ISO_ZIP JAR JATS JPEG JPEG2000 JS JSON JSON_LD KML KMZ LAS LAZ LEG LHA LPK LZIP LZMA LZO MAP_PRVW
    MAP_SRVC MBOX MDB METS METS_ZIP MHTML MIF_MID MOBI MOP MOV MP3 MPEG2 MPEG4 MPEG4_AVC MRSID MSG_HTTP MSI MXD N3
    NETCDF OAPK OCTET ODB ODC ODF ODG ODP ODS ODT OP_DATPRO OVF OWL PARQUET PDF PDF1X PDFA1A PDFA1B PDFA2A PDFA2B PDFA3
    PDFUA PDFX PDFX1A PDFX2A PDFX4 PL PNG PPS PPSX PPT PPTX PS PSD PWP QGS RAR RDF RDFA RDF_N_QUADS RDF_N_TRIPLES
    RDF_THRIFT RDF_TRIG RDF_TRIX RDF_TURTLE RDF_XML REST RPM RSS RTF SB3 SCHEMA_XML SDMX SGML SHP SKOS_XML SPARQLQ
    SPARQLQRES SQL STL SVG SWM TAB TAB_RSTR TAR TAR_GZ TAR_XZ TIFF TIFF_FX TMX TSV TXT UNGEN WAR WARC WARC_GZ WAV
    WCS_SRVC WEBP WFS_SRVC WIM WMS_SRVC WMTS_SRVC WORLD XHTML XHTML5 XHTML_SIMPL XLIFF XLS XLSB XLSM XLSX XML XSLFO XSLT
    XYZ XZ YAML Z ZIP
    """.split()
)
_NON_PROPRIETARY = frozenset(
    """
    BMP CSV DBF ETSI_XML GEOJSON GPKG GZIP HTML ICS JPEG2000 JSON JSON_LD KML KMZ NETCDF ODS PNG RDF_N_QUADS
    RDF_N_TRIPLES RDF_TRIG RDF_TURTLE RDF_XML RSS RTF TAR TIFF TSV TXT WMS_SRVC XML ZIP
    """.split()
)
_MACHINE_READABLE = frozenset(
    """
    CSV GEOJSON ICS JSON JSON_LD KML KMZ NETCDF ODS RDFA RDF_N_QUADS RDF_N_TRIPLES RDF_THRIFT RDF_TRIG RDF_TRIX
    RDF_TURTLE RDF_XML RSS SHP XLS XLSX XML
    """.split()
)
# RFC 6838, 4.2: the top-level types, and what a name may be made of.
_MEDIA_TYPE = re.compile(
    r"https?://www\.iana\.org/assignments/media-types/"
    r"(?:application|audio|example|font|haptics|image|message|model|multipart|text|video)/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
)
_CREATIVE_COMMONS = re.compile(
    r"http://creativecommons\.org/(?:licenses/(?:by|by-sa|by-nd|by-nc|by-nc-sa|by-nc-nd)/(?:1\.0|2\.0|2\.5|3\.0|4\.0)"
    r"|publicdomain/(?:zero|mark)/1\.0)/"
)
_LICENCES = re.compile(
    re.escape(EU) + r"licence/[A-Z0-9_]+|http://opendatacommons\.org/licenses/(?:odbl|by|pddl)/1\.0/"
    r"|https://opensource\.org/licenses/[A-Za-z0-9.-]+"
)


def is_file_type(iri: str) -> bool:
    """Say whether an IRI is in the EU table of file types."""
    return _code(iri, EU_FILE_TYPE) in _FILE_TYPES


def is_media_type(iri: str) -> bool:
    """Say whether an IRI has the form of a media type of IANA."""
    return _MEDIA_TYPE.fullmatch(iri) is not None


def is_non_proprietary(iri: str) -> bool:
    """Say whether a file type is one that nobody owns."""
    return _code(iri, EU_FILE_TYPE) in _NON_PROPRIETARY


def is_machine_readable(iri: str) -> bool:
    """Say whether a file type is one that a program can read as data."""
    return _code(iri, EU_FILE_TYPE) in _MACHINE_READABLE


def is_access_right(iri: str) -> bool:
    """Say whether an IRI is in the EU table of access rights."""
    return _code(iri, f"{EU}access-right/") in _ACCESS_RIGHTS


def is_known_licence(iri: str) -> bool:
    """Say whether an IRI is in the EU table of licences, or what a licence of it is an exact match of."""
    return any(known.fullmatch(iri) for known in (_CREATIVE_COMMONS, _LICENCES))


def _code(iri: str, table: str) -> str | None:
    return iri.removeprefix(table) if iri.startswith(table) else None
