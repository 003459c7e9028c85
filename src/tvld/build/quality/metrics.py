"""
THE register of the points of the Metadata Quality Assessment (MQA) of data.europa.eu: 405 in five dimensions.

Names of metrics are those of piveau's vocabulary, weights those of its `pv:trueScore`; `looks_at` is the property that
a metric reads. Knows no graph: `tvld.build.quality.scoring` asks the questions.
"""

from dataclasses import dataclass
from typing import Literal

from tvld.iris import PREFIXES
from tvld.model import Texts

Kind = Literal["dataset", "distribution"]


@dataclass(frozen=True)
class Dimension:
    """A group of metrics."""

    key: str
    names: Texts

    @property
    def points(self) -> int:
        return sum(metric.points for metric in METRICS if metric.dimension == self.key)

    @property
    def iri(self) -> str:
        return PREFIXES["pv"] + self.key

    @property
    def scoring(self) -> str:
        """Give the IRI of the metric that sums up the dimension."""
        return f"{PREFIXES['pv']}{self.key}Scoring"


@dataclass(frozen=True)
class Metric:
    """
    One question and what a yes is worth.

    `field` of organisation.toml earns it for the description, `column` of stores.csv for a store; without them nothing
    in the tables can (None), or the build sees to it (`BUILT`).
    """

    key: str
    dimension: str
    points: int
    of: Kind
    looks_at: str
    names: Texts
    field: str | None = None
    column: str | None = None

    @property
    def iri(self) -> str:
        return PREFIXES["pv"] + self.key


BUILT = ""
SCORING = PREFIXES["pv"] + "scoring"
DIMENSIONS = (
    Dimension("findability", (("fi", "Löydettävyys"), ("sv", "Sökbarhet"), ("en", "Findability"))),
    Dimension("accessibility", (("fi", "Saavutettavuus"), ("sv", "Tillgänglighet"), ("en", "Accessibility"))),
    Dimension("interoperability", (("fi", "Yhteentoimivuus"), ("sv", "Interoperabilitet"), ("en", "Interoperability"))),
    Dimension("reusability", (("fi", "Uudelleenkäytettävyys"), ("sv", "Återanvändbarhet"), ("en", "Reusability"))),
    Dimension("contextuality", (("fi", "Asiayhteys"), ("sv", "Sammanhang"), ("en", "Contextuality"))),
)


def _of_dataset(
    key: str,
    dimension: str,
    points: int,
    looks_at: str,
    names: str,
    field: str | None = BUILT,
    column: str | None = None,
) -> Metric:
    return Metric(key, dimension, points, "dataset", looks_at, _names(names), field, column)


def _of_distribution(key: str, dimension: str, points: int, looks_at: str, names: str, field: str = BUILT) -> Metric:
    return Metric(key, dimension, points, "distribution", looks_at, _names(names), field)


def _names(text: str) -> Texts:
    """Read names in Finnish, Swedish and English."""
    return tuple(zip(("fi", "sv", "en"), text.split(" | "), strict=True))


METRICS = (
    _of_dataset(
        "keywordAvailability", "findability", 30, "dcat:keyword", "avainsanat | nyckelord | keywords", "keywords"
    ),
    _of_dataset("categoryAvailability", "findability", 30, "dcat:theme", "aihe | tema | category", column="themes"),
    _of_dataset(
        "spatialAvailability", "findability", 20, "dct:spatial", "alue | område | geographic coverage", "spatial"
    ),
    _of_dataset(
        "temporalAvailability", "findability", 20, "dct:temporal", "ajanjakso | tidsperiod | time coverage", "temporal"
    ),
    _of_distribution(
        "accessUrlStatusCode",
        "accessibility",
        50,
        "dcat:accessURL",
        "osoite vastaa | adressen svarar | access address answers",
    ),
    _of_distribution(
        "downloadUrlAvailability",
        "accessibility",
        20,
        "dcat:downloadURL",
        "latausosoite | nedladdningsadress | download address",
    ),
    _of_distribution(
        "downloadUrlStatusCode",
        "accessibility",
        30,
        "dcat:downloadURL",
        "latausosoite vastaa | nedladdningsadressen svarar | download address answers",
    ),
    _of_distribution("formatAvailability", "interoperability", 20, "dct:format", "tiedostomuoto | filformat | format"),
    _of_distribution(
        "mediaTypeAvailability", "interoperability", 10, "dcat:mediaType", "mediatyyppi | medietyp | media type"
    ),
    _of_distribution(
        "formatMediaTypeVocabularyAlignment",
        "interoperability",
        10,
        "dct:format",
        "muoto ja tyyppi luetteloista | format och typ ur listorna | format and type from the lists",
    ),
    _of_distribution(
        "formatMediaTypeNonProprietary",
        "interoperability",
        20,
        "dct:format",
        "muoto, jota kukaan ei omista | format som ingen äger | non-proprietary format",
    ),
    _of_distribution(
        "formatMediaTypeMachineInterpretable",
        "interoperability",
        20,
        "dct:format",
        "koneluettava muoto | maskinläsbart format | machine-readable format",
    ),
    _of_dataset(
        "dcatApCompliance",
        "interoperability",
        30,
        "rdf:type",
        "DCAT-AP:n mukainen | följer DCAT-AP | DCAT-AP compliance",
        column=BUILT,
    ),
    _of_dataset(
        "accessRightsAvailability",
        "reusability",
        10,
        "dct:accessRights",
        "käyttöoikeus | åtkomsträttigheter | access rights",
    ),
    _of_dataset(
        "accessRightsVocabularyAlignment",
        "reusability",
        5,
        "dct:accessRights",
        "käyttöoikeus luettelosta | åtkomsträttigheter ur listan | access rights from the list",
    ),
    _of_distribution(
        "licenceAvailability", "reusability", 20, "dct:license", "käyttölupa | licens | licence", "licence"
    ),
    _of_distribution(
        "knownLicence", "reusability", 10, "dct:license", "tunnettu käyttölupa | känd licens | known licence", "licence"
    ),
    _of_dataset(
        "contactPointAvailability",
        "reusability",
        20,
        "dcat:contactPoint",
        "yhteystieto | kontaktuppgift | contact point",
        "contact",
    ),
    _of_dataset(
        "publisherAvailability", "reusability", 10, "dct:publisher", "julkaisija | utgivare | publisher", column=BUILT
    ),
    _of_distribution(
        "rightsAvailability", "contextuality", 5, "dct:rights", "käyttöehdot | användningsvillkor | rights"
    ),
    _of_distribution(
        "byteSizeAvailability", "contextuality", 5, "dcat:byteSize", "tiedoston koko | filens storlek | file size"
    ),
    _of_dataset(
        "dateIssuedAvailability",
        "contextuality",
        5,
        "dct:issued",
        "julkaisupäivä | utgivningsdatum | date of issue",
        "issued",
    ),
    _of_dataset(
        "dateModifiedAvailability",
        "contextuality",
        5,
        "dct:modified",
        "muutospäivä | ändringsdatum | date of modification",
        "modified",
    ),
)
MOST = sum(metric.points for metric in METRICS)
# What a dataset can reach that has nothing to download.
MOST_WITHOUT_FILES = sum(metric.points for metric in METRICS if metric.of == "dataset")

# What a score is called, from the best: the lowest number of points that has the name.
RATINGS: tuple[tuple[str, int, Texts], ...] = (
    ("excellent", 351, (("fi", "erinomainen"), ("sv", "utmärkt"), ("en", "excellent"))),
    ("good", 221, (("fi", "hyvä"), ("sv", "bra"), ("en", "good"))),
    ("sufficient", 121, (("fi", "riittävä"), ("sv", "tillräcklig"), ("en", "sufficient"))),
    ("bad", 0, (("fi", "heikko"), ("sv", "dålig"), ("en", "bad"))),
)


def rating(points: int) -> tuple[str, Texts]:
    """Name a score."""
    return next((key, names) for key, least, names in RATINGS if points >= least)
