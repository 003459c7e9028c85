"""
The words of the SPARQL page, the vocabulary and the rules, in Finnish; `tvld.serve.web.words` has all others.

As there, each has an entry in every catalogue of `locale/`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class TermWords:
    """The words of these pages in one language."""

    query_intro: str = "Kysy kaikista tiedoista kerralla. Valitse valmis kysymys tai kirjoita oma SPARQL-kysely."
    editor_keys: str = (
        "Ctrl + välilyönti ehdottaa sanoja, myös kohteita niiden nimellä. Ctrl + Enter suorittaa kyselyn, sarkain"
        " siirtyy pois kentästä."
    )
    things_named: str = "Kohteet"
    editor_missing: str = (
        "Sanoja ehdottavaa muokkainta ei ole koottu tähän asennukseen. Kyselyt toimivat silti: kirjoita kenttään."
    )
    short_names: str = "Lyhenteet"
    short_names_help: str = "Kirjoita tarvitsemasi rivit kyselyn alkuun."
    download_as: str = "Lataa koko vastaus"
    as_chart: str = "Vastaus kuviona"
    chart_first: str = "Kuviossa ovat ensimmäiset rivit:"
    question_help: str = "Vastaus on haettu tällä SPARQL-kyselyllä. Sen voi avata muokattavaksi."
    questions_intro: str = (
        "Kysymyksiä, joita tietovarannoista esitetään. Jokaisella on vastaus näistä tiedoista, myös tiedostona."
    )
    open_query: str = "Avaa muokattavaksi"
    term_classes: str = "Luokat"
    term_properties: str = "Ominaisuudet"
    other_terms: str = "Muiden sanastojen termit, joita käytetään"
    other_terms_help: str = "Omia termejä on vain sille, mitä muut sanastot eivät vielä sano."
    term: str = "Termi"
    name: str = "Nimi"
    uses: str = "Käyttökertoja"
    unused: str = "Termiä ei käytetä näissä tiedoissa."
    examples: str = "Esimerkkejä"
    is_class: str = "Luokka"
    is_property: str = "Ominaisuus"
    other_languages: str = "Muilla kielillä"
    version: str = "Versio"
    history: str = "Muutoshistoria"
    diagram: str = "Kaavio"
    diagram_help: str = "Luokat ja ominaisuudet, jotka yhdistävät niitä. Samat tiedot ovat tekstinä alla."
    diagram_as_text: str = "Kaavio tekstinä"
    rules_intro: str = (
        "Säännöt, jotka kuvauksen on täytettävä ennen julkaisemista. Virhe estää julkaisemisen, huomautus ei."
    )
    rule: str = "Sääntö"
    violation: str = "Virhe"
    warning: str = "Huomautus"
    rule_asks: str = "Koskee"
    rule_path: str = "Ominaisuus"
    rule_demands: str = "Ehdot"
    passing: str = "Esimerkki, joka täyttää säännön"
    failing: str = "Esimerkki, joka rikkoo säännön"
    rules_of_all: str = "Muut säännöt"
