"""The words of the page about quality (`tvld.serve.web.quality`)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class QualityWords:
    """Words of one language, in Finnish where nothing else is given."""

    quality: str = "Laatu"
    quality_lead: str = (
        "Näin data.europa.eu pisteyttää metatiedot, laskettuna ennen kuin kukaan haravoi niitä. Enintään"
        " 405 pistettä tietojoukkoa kohden."
    )
    quality_catalogues: str = "Luettelojen pisteet"
    quality_measure: str = "Mitä mitataan"
    quality_mean: str = "Keskiarvo"
    quality_points: str = "Pisteitä"
    quality_most: str = "Enintään"
    quality_rating: str = "Arvosana"
    quality_datasets: str = "Tietojoukkoja"
    quality_missing: str = "Puuttuvat pisteet"
    quality_how: str = "Miten pisteet saa"
    quality_what: str = "Mikä puuttuu"
    quality_all: str = "Kaikki pisteet saatu."
    quality_store_limit: str = (
        "Tietovarannolla, josta ei ole ladattavaa aineistoa, voi olla enintään 185 pistettä: loput 220 "
        "mittaavat ladattavia tiedostoja. Se on rehellinen tulos, sillä kuvaus kertoo tietovarannosta "
        "mutta ei sisällä sen tietoja."
    )
    completeness: str = "Mitä laki kysyy"
    completeness_lead: str = (
        "Tiedonhallintalain (906/2019) 5 ja 28 §:n tiedot, jotka taulukoissa on tietovarannoittain. "
        "Tyhjä ei tarkoita ei: tietoa ei vain ole vielä."
    )
    completeness_field: str = "Tieto"
    completeness_section: str = "Pykälä"
    completeness_known: str = "Tiedossa"
    completeness_where: str = "Missä täytetään"
    completeness_nowhere: str = "taulukoissa ei ole saraketta"
    completeness_stores: str = "Tietovarannoittain"
    completeness_lacking: str = "Puuttuu"
