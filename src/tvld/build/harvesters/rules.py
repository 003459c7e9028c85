"""
The register of what harvesters refuse or stumble over: a code, how grave it is, and what to say in Finnish and English.

Where each rule was read: ckanext-dcat 2.4.4 (harvesters/rdf.py, base.py, CKAN's validators of tags); piveau
importing-rdf (DownloadSource.kt, Hydra.kt, RdfExtensions.kt); fdk-rdf-parser 2.9.0; DCAT-AP-SE, docs/harvesting.md.
"""

from dataclasses import dataclass
from typing import Any

from tvld.build.findings import Finding, Severity
from tvld.model import Texts


@dataclass(frozen=True)
class Rule:
    """One rule; `stops` the whole harvest, not only the dataset."""

    code: str
    severity: Severity
    messages: Texts
    stops: bool = False


def _rule(code: str, severity: Severity, fi: str, en: str, stops: bool = False) -> Rule:
    return Rule(code, severity, (("fi", fi), ("en", en)), stops)


_ALL = (
    _rule(
        "ckan/type",
        "violation",
        "CKAN ei lue tyyppiä {what}: anna RDF-muoto, kuten text/turtle tai application/rdf+xml.",
        "CKAN cannot read the type {what}: give an RDF type, such as text/turtle or application/rdf+xml.",
        stops=True,
    ),
    _rule(
        "ckan/size",
        "violation",
        "Tiedosto on {what} tavua, ja CKAN ottaa enintään 52428800: anna luettelo sivuina (?page=1).",
        "The file has {what} bytes, and CKAN takes 52428800 at most: give the catalogue in pages (?page=1).",
        stops=True,
    ),
    _rule(
        "ckan/loop",
        "violation",
        "Sivu johtaa takaisin aiempaan sivuun: CKAN:n haravointi ei lopu koskaan.",
        "A page leads back to an earlier one: the harvest of CKAN never ends.",
        stops=True,
    ),
    _rule(
        "ckan/title",
        "violation",
        "Tietojoukolla ei ole otsikkoa (dct:title): CKAN:n koko haravointi keskeytyy.",
        "A dataset has no title (dct:title): the whole harvest of CKAN fails.",
        stops=True,
    ),
    _rule(
        "ckan/relative",
        "violation",
        "Osoite on suhteellinen: CKAN tekee siitä tunnisteen file:///…, joka muuttuu.",
        "The address is relative: CKAN makes an id file:///… of it, which changes.",
    ),
    _rule(
        "ckan/keyword",
        "violation",
        "CKAN hylkää tietojoukon avainsanan {what} takia: sallittuja ovat kirjaimet, numerot, välilyönti ja - _ ., "
        "pituus 2–100 merkkiä. Vaihda avainsana.",
        "CKAN refuses the dataset because of the keyword {what}: letters, digits, spaces and - _ . are taken, from 2 "
        "to 100 of them. Choose another keyword.",
    ),
    _rule(
        "ckan/distribution",
        "warning",
        "Jakelulla ei ole osoitetta: CKAN antaa sille joka kerta uuden tunnisteen.",
        "A distribution has no address: CKAN gives it a new id at every harvest.",
    ),
    _rule(
        "ckan/same-title",
        "warning",
        "Kahdella tietojoukolla on sama otsikko: CKAN antaa toiselle nimen {what}.",
        "Two datasets have the same title: CKAN calls the other one {what}.",
    ),
    _rule(
        "piveau/type",
        "violation",
        "piveau keskeyttää: {what} ei ole RDF-tyyppi.",
        "piveau fails: {what} is no RDF type.",
        stops=True,
    ),
    _rule(
        "piveau/total",
        "violation",
        "Sivulla ei ole kokonaislukua hydra:totalItems: piveau keskeyttää.",
        "A page has no integer hydra:totalItems: piveau fails.",
        stops=True,
    ),
    _rule(
        "piveau/next",
        "violation",
        "Seuraavan sivun linkin hydra:next on oltava osoite: piveau jää ensimmäiselle sivulle ja poistaa loput.",
        "The link hydra:next must be an address: piveau stays at the first page and deletes the rest.",
        stops=True,
    ),
    _rule(
        "piveau/identifiers",
        "warning",
        "Tietojoukolla on monta tunnistetta (dct:identifier): piveau valitsee niistä minkä tahansa.",
        "The dataset has several identifiers (dct:identifier): piveau takes any of them.",
    ),
    _rule(
        "piveau/same-identifier",
        "violation",
        "Kahdella tietojoukolla on sama tunniste {what}: piveaussa toinen korvaa toisen.",
        "Two datasets have the same identifier {what}: in piveau one overwrites the other.",
    ),
    _rule(
        "piveau/nameless",
        "violation",
        "Tietojoukolla ei ole osoitetta eikä tunnistetta: piveau ohittaa sen.",
        "The dataset has neither an address nor an identifier: piveau passes it over.",
    ),
    _rule(
        "piveau/open-cut",
        "warning",
        "Tietojoukosta johtaa linkki toiseen tietojoukkoon tai luetteloon, {what}: piveau ottaa senkin tiedot tähän.",
        "The dataset leads to another dataset or catalogue, {what}: piveau takes that one in as well.",
    ),
    _rule(
        "fdk/address",
        "violation",
        "Tietojoukolla ei ole osoitetta: fdk ohittaa sen.",
        "The dataset has no address: fdk passes it over.",
    ),
    _rule(
        "fdk/publisher",
        "warning",
        "Julkaisijalla ei ole nimeä (foaf:name): fdk ei näytä julkaisijaa.",
        "The publisher has no name (foaf:name): fdk shows none.",
    ),
    _rule(
        "fdk/code",
        "warning",
        "Arvo {what} on tekstiä: fdk ymmärtää koodin vain osoitteena.",
        "The value {what} is a text: fdk understands a code as an address only.",
    ),
    _rule(
        "fdk/period",
        "warning",
        "Ajanjaksolla ei ole alkua eikä loppua (dcat:startDate, dcat:endDate): fdk ei lue sitä.",
        "The period has neither a start nor an end (dcat:startDate, dcat:endDate): fdk does not read it.",
    ),
    _rule(
        "sweden/blank",
        "violation",
        "Solmulla ei ole osoitetta: Ruotsin portaali vaatii sen luettelolta, tietojoukolta, jakelulta, julkaisijalta "
        "ja yhteystiedolta.",
        "The node has no address: Sweden's portal demands one of catalogue, dataset, distribution, publisher, contact.",
    ),
    _rule(
        "sweden/address",
        "violation",
        "Osoite ei ole ehyt ja täydellinen (RFC 3987): {what}",
        "The address is not legal and absolute (RFC 3987): {what}",
    ),
    _rule(
        "sweden/licence",
        "warning",
        "Ruotsin portaali tuntee CC BY 4.0:n vain muodossa http://creativecommons.org/licenses/by/4.0/; löytyi {what}",
        "Sweden's portal knows CC BY 4.0 only as http://creativecommons.org/licenses/by/4.0/; found {what}",
    ),
    _rule(
        "sweden/contact",
        "warning",
        "Sama solmu on julkaisija ja yhteystieto: Ruotsin portaali pitää ne erillään.",
        "One node is publisher and contact: Sweden's portal keeps them apart.",
    ),
    _rule(
        "harvest/empty",
        "warning",
        "Täällä ei ole yhtään tietojoukkoa: tarkista, että osoite on luettelon, kuten …/catalog.ttl tai "
        "…/catalog/open.ttl.",
        "There is no dataset here: see that the address is that of a catalogue, such as …/catalog.ttl or "
        "…/catalog/open.ttl.",
    ),
    _rule(
        "harvest/deleted",
        "warning",
        "{harvester} poistaisi tietojoukon, joka sillä nyt on: {what}",
        "{harvester} would delete a dataset that it holds now: {what}",
    ),
)
RULES = {rule.code: rule for rule in _ALL}


def refusal(code: str, focus: object, path: str | None = None, **values: Any) -> Finding:
    """Make the finding of a rule; `values` fill the places of its messages."""
    rule = RULES[code]
    return Finding(
        rule.severity,
        f"harvest/{code}" if not code.startswith("harvest/") else code,
        tuple((tag, text.format(**values)) for tag, text in rule.messages),
        focus=str(focus),
        path=path,
        value=None if "what" not in values else str(values["what"]),
    )
