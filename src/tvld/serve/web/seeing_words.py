"""
The words of the matrix, the network, the charts, the model and what is embedded, in Finnish.

As in `tvld.serve.web.words`, each has an entry in every catalogue of `locale/`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SeeingWords:
    """The words of what is drawn and tabled, in one language."""

    seeing: str = "Kuvina ja taulukkona"
    seeing_short: str = "Kuvina"
    matrix: str = "Tietovarannot ja järjestelmät"
    matrix_help: str = (
        "Rivillä on tietovaranto, sarakkeessa tietojärjestelmä. Merkki kertoo, että tietovarannon tietoja käsitellään"
        " järjestelmässä."
    )
    matrix_one: str = "tietovaranto"
    matrix_many: str = "tietovarantoa"
    matrix_columns: str = "järjestelmää"
    matrix_columns_one: str = "järjestelmä"
    matrix_kind: str = "Järjestelmä lähteessä"
    matrix_single: str = "Nimetty yksin"
    matrix_groups: str = "Nimetty monikossa"
    matrix_rows: str = "Rivien järjestys"
    matrix_rows_area: str = "Palvelualueittain"
    matrix_rows_name: str = "Nimen mukaan"
    matrix_rows_systems: str = "Eniten järjestelmiä ensin"
    matrix_by: str = "Sarakkeiden järjestys"
    matrix_by_stores: str = "Yleisin ensin"
    matrix_by_name: str = "Nimen mukaan"
    matrix_all: str = "Kaikki"
    matrix_show: str = "Näytä"
    matrix_text: str = "Nimessä on"
    matrix_text_help: str = (
        "Teksti rajaa rivit ja sarakkeet: jäljelle jäävät tietovarannot ja järjestelmät, joiden nimessä sen sanat"
        " ovat, ja se, mihin ne liittyvät. Luku sarakkeen päässä järjestää rivit: ensin ne, joiden tietoja "
        "järjestelmässä käsitellään."
    )
    matrix_first: str = "Ensin tässä käsiteltävät"
    matrix_mark: str = "käsitellään"
    matrix_empty: str = "Yksikään tietovaranto ei sovi näihin rajauksiin."
    matrix_systems: str = "Järjestelmiä"
    matrix_more_rows: str = "Rivien sivut"
    matrix_more_columns: str = "Sarakkeiden sivut"
    network: str = "Verkko"
    network_of: str = "Katso verkkona, mihin tämä liittyy"
    network_help: str = (
        "Viiva kertoo, mihin tietovarannon tietoja käytetään ja missä järjestelmissä niitä käsitellään. Jokainen nimi"
        " vie omaan verkkoonsa."
    )
    network_overview: str = (
        "Viiva kertoo, että palvelualueen tietovarantoja käsitellään järjestelmässä. Jokainen nimi vie omaan"
        " verkkoonsa."
    )
    network_text: str = "Sama tekstinä"
    network_page: str = "Kaikki tiedot tästä"
    network_cut: str = "Kuvassa ovat yleisimmät:"
    network_choose: str = "Valitse organisaatio"
    chart_rest: str = "Kaaviossa ovat suurimmat:"
    chart_shared_systems: str = "Järjestelmät, joiden varassa on eniten tietovarantoja"
    chart_shared_purposes: str = "Käyttötarkoitukset, jotka ovat usealla tietovarannolla"
    chart_areas: str = "Tietovarannot palvelualueittain"
    chart_data_groups: str = "Tietoryhmät, joita on usealla tietovarannolla"
    chart_themes: str = "Tietovarannot aiheittain"
    chart_themes_help: str = (
        "Aihe on haun apu, jonka julkaisijat ovat lisänneet. Kysymyksen vastaus kertoo, onko se ehdotettu vai "
        "vahvistettu."
    )
    chart_question: str = "Kysymys, johon tämä vastaa"
    chart_others: str = "Muita kysymyksiä, joiden vastaus on kaavio"
    chart_all_questions: str = "Kaikki kysymykset ja vastaukset"
    chart_unit_stores: str = "Tietovarantoja"
    model: str = "Tietomalli aineistosta"
    model_help: str = (
        "Kuva on piirretty julkaistusta aineistosta: mitä lajeja siinä on, montako kutakin, ja mikä viittaa mihin."
    )
    model_property: str = "Ominaisuus"
    model_values: str = "Arvoja"
    model_target: str = "Arvon laji"
    model_have: str = "Kohteista tällä on"
    model_text: str = "teksti tai luku"
    model_elsewhere: str = "muualla kuvattu"
    use_seeing: str = "Katso kuvina ja taulukoina, mitä tietoja on ja missä järjestelmissä niitä käsitellään."
    share: str = "Jaa ja upota"
    share_link: str = "Pysyvä linkki"
    embed_this: str = "Upota toiselle sivustolle"
    embed_help: str = (
        "Kopioi koodi sivullesi. Kehys näyttää aina voimassa olevat tiedot; siinä ei ole skriptejä eikä evästeitä."
    )
    embed_feed: str = "Tietovarannot JSON Feed -syötteenä"
    embed_from: str = "Lähde"
