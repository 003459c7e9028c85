"""Requests to OAI-PMH and the XML of their answers: six verbs, and errors in the protocol's own words."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

from tvld.formats import RDFXML
from tvld.iris import PREFIXES
from tvld.serialisation import write
from tvld.serve.oai.dublin_core import elements
from tvld.serve.oai.repository import (
    FORMATS,
    OAI_DC,
    OPEN,
    ORGANISATION,
    STORES,
    Header,
    Part,
    Refused,
    Repository,
    Wanted,
    checked,
    instant,
)

OAI = "http://www.openarchives.org/OAI/2.0/"
DC, ELEMENTS = "http://www.openarchives.org/OAI/2.0/oai_dc/", "http://purl.org/dc/elements/1.1/"
_RDF, _XSI = PREFIXES["rdf"], "http://www.w3.org/2001/XMLSchema-instance"
_XML = "http://www.w3.org/XML/1998/namespace"
_SCHEMAS = {
    OAI: "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd",
    DC: "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
}
_RDF_SCHEMA = "http://www.openarchives.org/OAI/2.0/rdf.xsd"
for _prefix, _namespace in {**PREFIXES, "oai_dc": DC, "dc": ELEMENTS, "xsi": _XSI}.items():
    register_namespace(_prefix, _namespace)

_TIME = "%Y-%m-%dT%H:%M:%SZ"
# What each verb may be asked with, and what it must be asked with.
_LIST = ({"from", "until", "set", "metadataPrefix", "resumptionToken"}, {"metadataPrefix"})
_ARGUMENTS = {
    "Identify": (set[str](), set[str]()),
    "ListMetadataFormats": ({"identifier"}, set[str]()),
    "ListSets": ({"resumptionToken"}, set[str]()),
    "GetRecord": ({"identifier", "metadataPrefix"}, {"identifier", "metadataPrefix"}),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
}
# Of what the protocol lets names of formats and sets be made (its schema, metadataPrefixType and setSpecType).
_SIGNS = r"[A-Za-z0-9\-_.!~*'()]+"
_SYNTAX = {"metadataPrefix": re.compile(_SIGNS), "set": re.compile(rf"{_SIGNS}(?::{_SIGNS})*")}
_NO_XML = {code: None for code in (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF)}

Arguments = Mapping[str, Sequence[str]]


class Envelope:
    """
    One request over a repository, answered.

    `wording` names the sets in words: a title, and the titles of sets by their specs; `contact` is an e-mail address.
    """

    def __init__(self, repository: Repository, now: datetime, wording: Mapping[str, str], contact: str) -> None:
        self._repository, self._now, self._wording, self._contact = repository, now, wording, contact

    def answer(self, arguments: Arguments) -> bytes:
        """Write the answer to arguments by name, each with all values that it was given."""
        root = Element("OAI-PMH", {"xmlns": OAI, f"{{{_XSI}}}schemaLocation": f"{OAI} {_SCHEMAS[OAI]}"})
        # What came into use and is not served yet must be found by whoever goes on from this time.
        ahead = self._repository.feed.ahead
        _text(root, "responseDate", min(self._now, ahead or self._now).strftime(_TIME))
        request = _text(root, "request", f"{self._repository.source.base.iri}oai")
        try:
            verb, given = _read(arguments)
            body = self._verbs[verb](given)
        except Refused as refused:
            if refused.code not in ("badVerb", "badArgument"):
                request.attrib.update({name: values[0] for name, values in arguments.items()})
            _text(root, "error", str(refused)).set("code", refused.code)
        else:
            request.attrib.update({"verb": verb, **given})
            root.append(body)
        return bytes(tostring(root, encoding="utf-8", xml_declaration=True))

    @property
    def _verbs(self) -> dict[str, Callable[[Mapping[str, str]], Element]]:
        return {
            "Identify": self._identify,
            "ListMetadataFormats": self._formats,
            "ListSets": self._sets,
            "GetRecord": self._record_alone,
            "ListIdentifiers": lambda given: self._list("ListIdentifiers", given),
            "ListRecords": lambda given: self._list("ListRecords", given),
        }

    def _identify(self, _: Mapping[str, str]) -> Element:
        body = Element("Identify")
        for name, text in (
            ("repositoryName", self._wording["title"]),
            ("baseURL", f"{self._repository.source.base.iri}oai"),
            ("protocolVersion", "2.0"),
            ("adminEmail", self._contact),
            ("earliestDatestamp", self._repository.earliest.strftime(_TIME)),
            ("deletedRecord", "persistent"),
            ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        ):
            _text(body, name, text)
        return body

    def _formats(self, given: Mapping[str, str]) -> Element:
        prefixes = self._repository.prefixes(given["identifier"]) if "identifier" in given else list(FORMATS)
        if not prefixes:
            raise Refused("noMetadataFormats", f"there is no metadata of {given['identifier']}")
        body = Element("ListMetadataFormats")
        for prefix in prefixes:
            format_ = SubElement(body, "metadataFormat")
            _text(format_, "metadataPrefix", prefix)
            _text(format_, "schema", _SCHEMAS[DC] if prefix == OAI_DC else _RDF_SCHEMA)
            _text(format_, "metadataNamespace", DC if prefix == OAI_DC else _RDF)
        return body

    def _sets(self, given: Mapping[str, str]) -> Element:
        if "resumptionToken" in given:
            raise Refused("badResumptionToken", "the list of sets is never cut")
        body = Element("ListSets")
        for spec in self._repository.sets:
            set_ = SubElement(body, "set")
            _text(set_, "setSpec", spec)
            _text(set_, "setName", self._wording[spec])
        return body

    def _record_alone(self, given: Mapping[str, str]) -> Element:
        prefix = checked(Wanted(given["metadataPrefix"]), {}).prefix
        header = self._repository.header(given["identifier"])
        if prefix not in self._repository.prefixes(header.identifier):
            raise Refused("cannotDisseminateFormat", f"{header.identifier} cannot be had as {prefix}")
        body = Element("GetRecord")
        _record(body, self._repository, header, prefix)
        return body

    def _list(self, verb: str, given: Mapping[str, str]) -> Element:
        repository, token = self._repository, given.get("resumptionToken")
        if token is not None:
            repository, wanted = repository.resumed(token)
        else:
            wanted = Wanted(given["metadataPrefix"], given.get("set"), given.get("from"), given.get("until"))
            wanted = checked(wanted, repository.sets)
        part = repository.part(wanted)
        body = Element(verb)
        for header in part.headers:
            if verb == "ListRecords":
                _record(body, repository, header, wanted.prefix)
            else:
                _header(body, header)
        _token(body, part)
        return body


def sets_in_words(repository: Repository, stores: str, open_: str, organisations: Mapping[str, str]) -> dict[str, str]:
    """Name the sets: `stores` and `open_` as catalogues are called, organisations by key."""
    named = {STORES: stores, OPEN: open_, ORGANISATION: ", ".join(organisations.values())}
    return {spec: named.get(spec) or organisations[key or ""] for spec, key in repository.sets.items()}


def _read(arguments: Arguments) -> tuple[str, dict[str, str]]:
    """Give the verb and its arguments; raises Refused."""
    verbs = arguments.get("verb", [])
    if len(verbs) != 1 or verbs[0] not in _ARGUMENTS:
        raise Refused(
            "badVerb", f"there must be one verb, of {', '.join(_ARGUMENTS)}; found {', '.join(verbs) or 'none'}"
        )
    known, needed = _ARGUMENTS[verbs[0]]
    given = {name: values[0] for name, values in arguments.items() if name != "verb"}
    if repeated := [name for name, values in arguments.items() if len(values) > 1]:
        raise Refused("badArgument", f"given more than once: {', '.join(repeated)}")
    if unknown := sorted(given.keys() - known):
        raise Refused("badArgument", f"{verbs[0]} has no argument {', '.join(unknown)}")
    if "resumptionToken" in given:
        if len(given) > 1:
            raise Refused("badArgument", "a resumptionToken stands alone")
    elif missing := sorted(needed - given.keys()):
        raise Refused("badArgument", f"{verbs[0]} needs {', '.join(missing)}")
    for name in ("from", "until"):
        if name in given:
            instant(given[name])
    for name, syntax in _SYNTAX.items():
        if name in given and not syntax.fullmatch(given[name]):
            raise Refused("badArgument", f"{name} holds signs that none has: found {given[name][:80]!r}")
    return verbs[0], given


def _record(body: Element, repository: Repository, header: Header, prefix: str) -> None:
    record = SubElement(body, "record")
    _header(record, header)
    if header.gone:
        return
    quads = repository.about(header.identifier, prefix)
    metadata = SubElement(record, "metadata")
    if prefix != OAI_DC:
        metadata.append(fromstring(write(quads, RDFXML)))
        return
    core = SubElement(metadata, f"{{{DC}}}dc", {f"{{{_XSI}}}schemaLocation": f"{DC} {_SCHEMAS[DC]}"})
    for name, text, language in elements(header.identifier, quads):
        element = SubElement(core, f"{{{ELEMENTS}}}{name}")
        element.text = text.translate(_NO_XML)
        if language:
            element.set(f"{{{_XML}}}lang", language)


def _header(parent: Element, header: Header) -> None:
    element = SubElement(parent, "header", {"status": "deleted"} if header.gone else {})
    _text(element, "identifier", header.identifier)
    _text(element, "datestamp", header.date.strftime(_TIME))
    for spec in header.sets:
        _text(element, "setSpec", spec)


def _token(body: Element, part: Part) -> None:
    if part.token is not None:
        attributes = {"completeListSize": str(part.total), "cursor": str(part.cursor)}
        SubElement(body, "resumptionToken", attributes).text = part.token or None


def _text(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = text.translate(_NO_XML)
    return element
