"""
What a missing point is called, why it is missing and how it is earned, in Finnish, Swedish and English, as findings.

Of our own description and stores the advice names the field or column to fill; where the tables have none, it says so
and invents none. Of any other dataset it names the property.
"""

from collections.abc import Iterable, Iterator, Mapping

from tvld.build.findings import Finding
from tvld.build.places import Places
from tvld.build.quality.metrics import BUILT, SCORING, rating
from tvld.build.quality.scoring import CatalogueScore, DatasetScore, Result
from tvld.iris import PREFIXES, Base
from tvld.model import Place, Texts

_MISSING: Texts = (
    ("fi", "{points} pistettä jää saamatta: {name}. {how}"),
    ("sv", "{points} poäng saknas: {name}. {how}"),
    ("en", "{points} points are missing: {name}. {how}"),
)
WAYS: Mapping[str, Texts] = {
    "field": (
        ("fi", "Täytä `{what}` tiedostoon organisation.toml."),
        ("sv", "Fyll i `{what}` i filen organisation.toml."),
        ("en", "Fill in `{what}` in organisation.toml."),
    ),
    "known-licence": (
        ("fi", "Kirjoita `licence` organisation.toml-tiedostoon EU:n luettelon tuntemassa muodossa, kuten {what}"),
        ("sv", "Skriv `licence` i organisation.toml i en form som EU:s lista känner, såsom {what}"),
        ("en", "Write `licence` in organisation.toml in a form that the EU list knows, such as {what}"),
    ),
    "column": (
        ("fi", "Täytä sarake `{what}` taulukkoon stores.csv."),
        ("sv", "Fyll i kolumnen `{what}` i tabellen stores.csv."),
        ("en", "Fill in the column `{what}` of stores.csv."),
    ),
    "nowhere": (
        ("fi", "Taulukoissa ei ole tälle paikkaa, eikä sitä päätellä muusta."),
        ("sv", "Tabellerna har ingen plats för detta, och det härleds inte ur annat."),
        ("en", "The tables have no place for it, and it is not inferred from anything else."),
    ),
    "no-files": (
        ("fi", "Tietovarannosta ei ole ladattavaa aineistoa: kuvaus kertoo siitä, mutta ei sisällä sen tietoja."),
        ("sv", "Det finns inget att ladda ner ur informationslagret: beskrivningen berättar om det utan dess data."),
        ("en", "There is nothing to download: the description tells of the data store and does not hold its data."),
    ),
    "silent": (
        ("fi", "Osoite ei vastaa HEAD-pyyntöön koodilla 200–299: {what}"),
        ("sv", "Adressen svarar inte på HEAD med en kod 200–299: {what}"),
        ("en", "The address does not answer HEAD by a code from 200 to 299: {what}"),
    ),
    "rules": (
        ("fi", "Korjaa rikkomukset, jotka `tvld check` kertoo."),
        ("sv", "Rätta de brott som `tvld check` berättar om."),
        ("en", "Mend the violations that `tvld check` tells."),
    ),
    "property": (
        ("fi", "Anna {what}, EU:n luettelon arvona jos sellainen on."),
        ("sv", "Ange {what}, med ett värde ur EU:s lista om en sådan finns."),
        ("en", "Give {what}, with a value of the EU list where there is one."),
    ),
}
_SCORED: Texts = (
    ("fi", "{points} pistettä {most} mahdollisesta: {rating} (Metadata Quality Assessment, enintään 405)."),
    ("sv", "{points} poäng av {most} möjliga: {rating} (Metadata Quality Assessment, högst 405)."),
    ("en", "{points} points of {most} possible: {rating} (Metadata Quality Assessment, 405 at most)."),
)
_MEAN: Texts = (
    ("fi", "Luettelon keskiarvo on {points} pistettä 405:stä, kun tietojoukkoja on {count}: {rating}."),
    ("sv", "Katalogens medeltal är {points} poäng av 405 för {count} datamängder: {rating}."),
    ("en", "The mean of the catalogue is {points} points of 405 over {count} datasets: {rating}."),
)
_CC_BY = "http://creativecommons.org/licenses/by/4.0/"
_STATUS = {"accessUrlStatusCode", "downloadUrlStatusCode"}


def advice(result: Result, dataset: DatasetScore, base: Base | None) -> Texts:
    """Say why a point is missing and how to earn it; `base` where the dataset may be one of ours."""
    kind, what = way(result, dataset, base)
    return tuple((tag, text.format(what=what)) for tag, text in WAYS[kind])


def way(result: Result, dataset: DatasetScore, base: Base | None) -> tuple[str, str]:
    """Give which of WAYS earns a missing point, and what stands in its place `{what}`."""
    metric = result.metric
    ours = base is not None and dataset.iri.startswith(f"{base.iri}id/")
    if result.on is None:
        return ("no-files", "") if ours else ("property", "dcat:distribution")
    if metric.key == "dcatApCompliance":
        return "rules", ""
    if metric.key in _STATUS:
        return "silent", metric.looks_at
    if not ours:
        return "property", metric.looks_at
    if metric.key == "knownLicence":
        return "known-licence", _CC_BY
    of_store = "/store/" in dataset.iri
    place = metric.column if of_store else (metric.field or metric.looks_at)
    if place is None or place == BUILT:
        return "nowhere", ""
    return ("column" if of_store else "field"), place


def findings(scores: Iterable[CatalogueScore], base: Base | None, places: Places | None = None) -> Iterator[Finding]:
    """Tell scores and missing points as remarks: of each catalogue and dataset its points, then what is missing."""
    for catalogue in scores:
        mean = rating(round(catalogue.points))[1]
        yield Finding(
            "info",
            SCORING,
            _filled(_MEAN, mean, points=_number(catalogue.points), count=len(catalogue.datasets)),
            focus=catalogue.iri,
            value=_number(catalogue.points),
        )
    for dataset in {dataset.iri: dataset for catalogue in scores for dataset in catalogue.datasets}.values():
        yield Finding(
            "info",
            SCORING,
            _filled(_SCORED, rating(dataset.points)[1], points=dataset.points, most=dataset.most),
            focus=dataset.iri,
            value=str(dataset.points),
        )
        for result in dataset.missing:
            yield _missing(result, dataset, base, places)


def _missing(result: Result, dataset: DatasetScore, base: Base | None, places: Places | None) -> Finding:
    metric = result.metric
    how = dict(advice(result, dataset, base))
    names = dict(metric.names)
    prefix, _, name = metric.looks_at.partition(":")
    place = places(dataset.iri) if places else None
    kind, what = way(result, dataset, base)
    if place is not None and kind in ("field", "column"):
        place = Place(place.file, place.row, what)
    return Finding(
        "info",
        metric.iri,
        tuple((t, text.format(points=metric.points, name=names[t], how=how[t])) for t, text in _MISSING),
        place=place,
        focus=result.on or dataset.iri,
        path=PREFIXES[prefix] + name,
    )


def _filled(texts: Texts, ratings: Texts, **values: object) -> Texts:
    return tuple((tag, text.format(rating=dict(ratings)[tag], **values)) for tag, text in texts)


def _number(number: float) -> str:
    return f"{number:g}"
