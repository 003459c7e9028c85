"""The words of the search (`tvld.serve.web.search`) that no other page says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SearchWords:
    """Words of one language, in Finnish where nothing else is given."""

    kind_theme: str = "Aihe"
    taken_for_several: str = "Näytetään osumat sanoilla"
    names_in_others: str = (
        "Tietovarantojen, aineistojen ja järjestelmien nimiä ei ole suomeksi. Kielet, joilla ne ovat:"
    )
    walk_by: str = "Selaa aiheittain ja palvelualueittain"
    on_this_site: str = "Tällä sivustolla"
    part_of_store: str = "Tietovarannossa"
    find_value: str = "Nimessä on"
    no_such_value: str = "Mikään nimi ei vastaa hakua."
    back_to_search: str = "Takaisin hakutuloksiin"
    past_the_end: str = "Tulokset loppuvat ennen tätä sivua."
    last_page: str = "Viimeinen sivu"
