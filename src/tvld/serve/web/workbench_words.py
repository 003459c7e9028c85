"""
The words of the SPARQL page and of its workbench, in Finnish; `tvld.serve.web.words` has all others.

As there, each has an entry in every catalogue of `locale/`. YASGUI speaks English alone: `YASGUI` tells which of these
words stands for which of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

YASGUI: Mapping[str, str] = MappingProxyType(
    {
        "Run query": "run_query",
        "Share query": "share_query",
        "Close tab": "close_tab",
        "Download Results": "download_answer",
        "Download result": "download_answer",
        "Show all": "show_all",
        "cURL": "curl_line",
        "This line is invalid. Expected:": "expected_here",
    }
)


@dataclass(frozen=True)
class WorkbenchWords:
    """The words of this page in one language."""

    query_intro: str = "Kysy kaikista tiedoista kerralla. Valitse valmis kysymys tai kirjoita oma SPARQL-kysely."
    editor_keys: str = (
        "Ctrl + välilyönti ehdottaa sanoja, myös kohteita niiden nimellä. Ctrl + Enter suorittaa kyselyn, sarkain"
        " siirtyy pois kentästä. Kysely säilyy välilehdellään tässä selaimessa: F2 nimeää välilehden, Delete sulkee"
        " sen."
    )
    editor_missing: str = (
        "Työpöytää, joka ehdottaa sanoja, ei ole koottu tähän asennukseen. Kyselyt toimivat silti: kirjoita kenttään."
    )
    help_of_workbench: str = "Näppäimet ja pelkkä lomake"
    plain_form: str = "Käytä pelkkää lomaketta"
    full_workbench: str = "Käytä työpöytää"
    tabs_of_queries: str = "Kyselyt välilehdillä"
    tab_name: str = "Välilehden nimi"
    add_tab: str = "Uusi kysely"
    close_tab: str = "Sulje välilehti"
    run_query: str = "Suorita kysely"
    share_query: str = "Jaa kysely"
    link_of_query: str = "Kyselyn osoite"
    curl_line: str = "curl-komento"
    expected_here: str = "Rivi ei kelpaa. Tässä voisi olla:"
    as_table: str = "Taulukko"
    as_bars: str = "Kuvio"
    as_raw: str = "Vastaus sellaisenaan"
    sort_by: str = "Järjestä"
    no_chart: str = (
        "Tästä vastauksesta ei saa kuviota: siihen tarvitaan yksi sarake lukuja ja yksi, joka erottaa rivit."
    )
    download_answer: str = "Lataa vastaus"
    unreachable: str = "Palvelin ei vastannut. Kysely on tallessa: yritä hetken päästä uudelleen."
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
