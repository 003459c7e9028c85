"""
Every word of the interface, in one place. Finnish alone so far; the words of the data come from the release.

Templates name words by attribute, and an unknown one is an error: a page cannot show an empty place.
"""

from dataclasses import dataclass

from tvld.iris import TVLD


@dataclass(frozen=True)
class Words:
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
    size: str = "Koko (tavua)"
    media_type: str = "Mediatyyppi"
    triples: str = "Väittämiä"
    checksum: str = "SHA-256"
    changes: str = "Muutokset"
    in_other_languages: str = "Samat muutokset muilla kielillä"
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


WORDS = Words()

# Values that are words of the tables, by property and value, as the interface says them.
VALUES = {
    (TVLD + "themeStatus", "proposed"): "ehdotettu",
    (TVLD + "themeStatus", "confirmed"): "vahvistettu",
}
