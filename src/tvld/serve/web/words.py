"""
Every word of the interface, in one place, in Finnish; in the other languages from the catalogues in `locale/`.

The words of the data come from the release. Templates name words by attribute, and an unknown one is an error: a page
cannot show an empty place. A catalogue has one entry for each word here, with its name as context (gettext's msgctxt).
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import cast

from babel.messages.pofile import read_po
from flask import g, has_request_context
from werkzeug.local import LocalProxy

from tvld.iris import TVLD
from tvld.serve.languages import LANGUAGES
from tvld.serve.web.plain_words import PlainWords
from tvld.serve.web.quality_words import QualityWords
from tvld.serve.web.reader_words import ReaderWords
from tvld.serve.web.rule_words import RuleWords
from tvld.serve.web.search_words import SearchWords
from tvld.serve.web.seeing_words import SeeingWords
from tvld.serve.web.term_words import TermWords
from tvld.serve.web.workbench_words import WorkbenchWords

LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True)
class Words(PlainWords, ReaderWords, SearchWords, SeeingWords, TermWords, RuleWords, QualityWords, WorkbenchWords):
    """The words of one language."""

    language: str = "fi"
    site: str = "Tietovarannot"
    skip: str = "Siirry sisältöön"
    home: str = "Etusivu"
    main_menu: str = "Sivuston osat"
    sparql: str = "SPARQL-kyselyt"
    dumps: str = "Lataukset"
    vocabulary: str = "Sanasto"
    shapes: str = "Säännöt"
    catalogue: str = "Luettelo"
    open_catalogue: str = "Avoimen datan luettelo"
    profiles: str = "Luettelon profiilit"
    service_statistics: str = "Tilastot (VoID)"
    other_formats: str = "Sama tieto muissa muodoissa"
    facts: str = "Tiedot"
    points_here: str = "Tähän viittaavat"
    points_here_help: str = "Kohteet, joiden tiedoissa tämä mainitaan, ja ominaisuus, jonka arvona se on."
    identity: str = "Pysyvä tunniste"
    all_triples: str = "Kaikki väittämät"
    subject: str = "Kohde"
    predicate: str = "Ominaisuus"
    object: str = "Arvo"
    graph: str = "Graafi"
    language_column: str = "Kieli"
    datatype: str = "Tietotyyppi"
    show_all: str = "Näytä kaikki"
    release: str = "Julkaisu"
    modified: str = "Tiedot muuttuneet"
    notice: str = "Huomautus"
    loopback: str = "Tämä on koekäyttö omalla koneella: osoitteet eivät kelpaa julkaistaviksi."
    tagline: str = "Mitä tietoja julkishallinnon organisaatiolla on, mihin niitä käytetään ja missä järjestelmissä."
    store_count: str = "tietovarantoa"
    material_count: str = "tietoaineistoa"
    area_count: str = "palvelualuetta"
    use_data: str = "Käytä tietoja"
    use_sparql: str = "Kysy kaikista tiedoista kerralla SPARQL-kielellä."
    use_dumps: str = "Lataa koko kuvaus: Turtle, JSON-LD, RDF/XML, N-Triples, N-Quads, TriG ja taulukot CSV-muodossa."
    use_catalogue: str = "Luettelo haravoijille DCAT-AP 3.0.1 -muodossa."
    use_profile: str = "Luettelo haravoijille toisessa profiilissa:"
    nothing_restricted: str = (
        "Luettelossa ei ole yhtään tietojoukkoa. Siihen kuuluvat vain ne, joiden on kerrottu olevan rajoitettuja tai "
        "ei-julkisia. Tietovarantojen taulukoissa ei ole saraketta käyttöoikeudelle, eikä sitä päätellä muusta."
    )
    use_documents: str = (
        "Jokainen sivu on saatavilla myös datana: lisää osoitteeseen pääte .ttl, .jsonld, .rdf, .nt, .csv."
    )
    classes: str = "Luokat"
    members: str = "Kohteita"
    subjects: str = "Kuvatut kohteet"
    graphs: str = "Nimetyt graafit"
    page: str = "Sivu"
    previous: str = "Edellinen"
    next: str = "Seuraava"
    file: str = "Tiedosto"
    size: str = "Koko"
    files_whole: str = "Koko kuvaus"
    files_apart: str = "Organisaatioittain"
    files_tables: str = "Taulukot"
    files_terms: str = "Sanasto ja säännöt"
    files_about: str = "Tietoja julkaisusta"
    rows_or_triples: str = "Väittämiä tai rivejä"
    media_type: str = "Mediatyyppi"
    checksum: str = "SHA-256"
    changes: str = "Muutokset"
    no_dumps: str = "Tällä palvelimella ei ole julkaisua, joten ladattavia tiedostoja ei ole."
    query: str = "Kysely"
    run: str = "Suorita"
    query_help: str = "Kysely on SPARQL 1.1 -kieltä. Vastaus näytetään taulukkona tällä sivulla."
    explain: str = "Miksi vastaus on tyhjä?"
    explanation: str = "Miksi näin"
    permalink: str = "Pysyvä linkki tähän vastaukseen"
    set_values: str = "Käytä näitä arvoja"
    questions: str = "Esimerkkikysymyksiä"
    asked_by: str = "Kysyjä"
    answer: str = "Vastaus"
    rows: str = "riviä"
    rows_shown: str = "näytetään ensimmäiset"
    yes: str = "Kyllä"
    no: str = "Ei"
    as_data: str = "Vastaus datana"
    no_rows: str = "Ei yhtään riviä."
    problem: str = "Tämä ei onnistunut"
    problem_details: str = "Lisätiedot"
    not_found: str = "Sivua ei löydy"
    withdrawn: str = "Poistettu käytöstä"
    not_found_help: str = "Tässä osoitteessa ei ole mitään kuvattuna. Etsi etusivulta."
    withdrawn_help: str = "Tässä osoitteessa ollut kohde on poistettu."
    withdrawn_on: str = "Poistettu"
    replaced_by: str = "Korvaava kohde"
    proposed: str = "ehdotettu"
    confirmed: str = "vahvistettu"
    languages: str = "Kieli"
    search: str = "Haku"
    search_button: str = "Hae"
    search_hint: str = "Hae tietovarantoa, aineistoa, järjestelmää…"
    suggestions: str = "Ehdotuksia"
    results: str = "Hakutulokset"
    hits: str = "osumaa"
    hits_one: str = "osuma"
    no_hits: str = "Ei osumia."
    no_hits_help: str = "Kokeile lyhyempää sanaa, sen osaa tai toista sanaa, tai poista rajauksia."
    taken_for: str = "Näytetään osumat sanalla"
    nothing_as_written: str = "mitään ei löytynyt sanalla"
    some_words: str = "Missään ei ole kaikkia sanoja: näytetään kohteet, joissa on osa niistä."
    narrow: str = "Rajaa hakua"
    narrowed_by: str = "Valitut rajaukset"
    take_back: str = "Poista rajaus"
    personal_data_mentioned: str = "Lähde mainitsee henkilötietoja"
    facet_kind: str = "Laji"
    facet_organisation: str = "Organisaatio"
    facet_service_area: str = "Palvelualue"
    facet_purpose: str = "Käyttötarkoitus"
    facet_system: str = "Tietojärjestelmä"
    facet_data_group: str = "Tietoryhmä"
    facet_theme: str = "Aihe"
    facet_personal_data: str = "Henkilötiedot"
    kind_store: str = "Tietovaranto"
    kind_material: str = "Tietoaineisto"
    kind_system: str = "Tietojärjestelmä"
    kind_purpose: str = "Käyttötarkoitus"
    kind_data_group: str = "Tietoryhmä"
    kind_service_area: str = "Palvelualue"
    kind_organisation: str = "Organisaatio"
    kind_term: str = "Sanaston termi"
    releases: str = "Julkaisut"
    in_use_since: str = "Käytössä alkaen"
    release_before: str = "Edellinen julkaisu"
    release_after: str = "Seuraava julkaisu"
    what_changed: str = "Muutokset edelliseen julkaisuun"
    removed: str = "poistettu"
    as_it_was: str = "Tämä on tallenne. Näin tiedot olivat alkaen"
    present: str = "Nykyiset tiedot"


def _in_language(tag: str) -> Words:
    """Read a catalogue; a word that it lacks stays Finnish (a test sees to it that none does)."""
    with (LOCALE / f"{tag}.po").open("rb") as file:
        entries = {str(entry.context): str(entry.string) for entry in read_po(file, locale=tag) if entry.string}
    names = {each.name for each in fields(Words)} - {"language"}
    return Words(language=tag, **{name: text for name, text in entries.items() if name in names})


BY_LANGUAGE = {LANGUAGES[0]: Words(), **{tag: _in_language(tag) for tag in LANGUAGES[1:]}}


def _current() -> Words:
    return BY_LANGUAGE[g.language if has_request_context() and "language" in g else LANGUAGES[0]]


# The words in the language of the request at hand.
WORDS = cast(Words, LocalProxy(_current))

# Values that are words of the tables, by property and value: the name of the word that the interface says for each.
VALUES = {
    (TVLD + "themeStatus", "proposed"): "proposed",
    (TVLD + "themeStatus", "confirmed"): "confirmed",
}
