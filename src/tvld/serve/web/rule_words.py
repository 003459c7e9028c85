"""
The words in which the conditions of the rules are said, in Finnish; `tvld.serve.web.words` has all others.

As there, each has an entry in every catalogue of `locale/`. What stands in braces is filled in.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class RuleWords:
    """The words of conditions in one language."""

    rule_having: str = "kaikki, joilla on: {0}"
    rule_values: str = "kaikki, mihin tämä ominaisuus viittaa: {0}"
    cond_exactly_one: str = "Tasan yksi arvo"
    cond_exactly: str = "Tasan {0} arvoa"
    cond_at_least_one: str = "Vähintään yksi arvo"
    cond_at_least: str = "Vähintään {0} arvoa"
    cond_at_most_one: str = "Enintään yksi arvo"
    cond_at_most: str = "Enintään {0} arvoa"
    cond_none: str = "Ei yhtään arvoa"
    cond_literal: str = "Teksti, luku tai muu arvo, ei linkki"
    cond_iri: str = "Linkki eli jonkin kohteen osoite, ei teksti"
    cond_thing: str = "Kohde, josta voi kertoa lisää, ei teksti"
    cond_class: str = "Kohteen laji on {0}"
    cond_filled: str = "Ei saa olla tyhjä"
    cond_one_of: str = "Jokin näistä: {0}"
    cond_begins: str = "Osoite alkaa: {0}"
    cond_ends: str = "Osoite päättyy: {0}"
    cond_form: str = "Muoto, josta sääntö sanoo: ”{0}”"
    cond_has: str = "Arvojen joukossa on {0}"
    cond_unique_lang: str = "Enintään yksi arvo kullakin kielellä"
    cond_languages: str = "Kieli on jokin näistä: {0}"
    cond_any: str = "Ainakin yksi näistä pätee: {0}"
    cond_equals: str = "Samat arvot kuin ominaisuudella {0}"
    cond_disjoint: str = "Ei samoja arvoja kuin ominaisuudella {0}"
    cond_min: str = "Luku on vähintään {0}"
    cond_type_lang_string: str = "Teksti, jonka kieli on kerrottu"
    cond_type_string: str = "Teksti, jolle ei ole kerrottu kieltä"
    cond_type_boolean: str = "Kyllä tai ei (true tai false)"
    cond_type_date: str = "Päivä, esimerkiksi 2026-11-22"
    cond_type_date_time: str = "Ajankohta, esimerkiksi 2026-11-22T10:00:00Z"
    cond_type_g_year: str = "Vuosi, esimerkiksi 2026"
    cond_type_g_year_month: str = "Vuosi ja kuukausi, esimerkiksi 2026-11"
    cond_type_duration: str = "Kesto, esimerkiksi P10Y (kymmenen vuotta)"
    cond_type_decimal: str = "Luku"
    cond_type_integer: str = "Kokonaisluku"
    cond_type_non_negative_integer: str = "Kokonaisluku, joka on vähintään 0"
    cond_type_hex_binary: str = "Merkkijono numeroista 0–9 ja kirjaimista a–f"
    cond_type_other: str = "Arvon tietotyyppi on {0}"
