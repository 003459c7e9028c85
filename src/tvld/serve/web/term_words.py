"""
The words of the vocabulary and the rules, in Finnish; `tvld.serve.web.words` has all others.

As there, each has an entry in every catalogue of `locale/`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class TermWords:
    """The words of these pages in one language."""

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
