"""What describes the description, in plain words: a dataset and its files, a measurement of quality, code lists."""

from dataclasses import dataclass

from tvld.iris import PREFIXES
from tvld.serve.web.kinds.reading import DCAT, DCT, SKOS, ContactShown, Reading
from tvld.serve.web.view import Value, by_text

_DCATAP, _DQV, _OA, _VOID = (PREFIXES[prefix] for prefix in ("dcatap", "dqv", "oa", "void"))


@dataclass(frozen=True)
class FileOf:
    """A distribution, where its file is, and how large that is in bytes; None where it is not told."""

    name: Value
    href: str | None
    size: int | None


@dataclass(frozen=True)
class DatasetPage:
    """What a page says of a dataset: whose it is, what it holds in numbers, its files, and what is said of it."""

    description: Value | None
    publisher: Value | None
    licences: tuple[Value, ...]
    issued: Value | None
    modified: Value | None
    languages: tuple[Value, ...]
    laws: tuple[Value, ...]
    contact: ContactShown | None
    entities: Value | None
    triples: Value | None
    vocabularies: tuple[Value, ...]
    files: tuple[FileOf, ...]
    catalogues: tuple[Value, ...]
    measured: tuple[Value, ...]
    reports: tuple[Value, ...]


@dataclass(frozen=True)
class MeasurementPage:
    """What a page says of a measurement of quality: of what, by which metric, in which dimension, what came of it."""

    of: Value | None
    metric: Value | None
    definition: Value | None
    dimension: Value | None
    result: Value | None


@dataclass(frozen=True)
class CodeShown:
    name: Value
    definition: Value | None


@dataclass(frozen=True)
class CodeListPage:
    """What a page says of a code list; `publisher` is None where it is nobody's of whom the data tell."""

    definition: Value | None
    publisher: Value | None
    codes: tuple[CodeShown, ...]


@dataclass(frozen=True)
class CodePage:
    """What a page says of a code; what uses it, the page reads from what points to it."""

    definition: Value | None
    also: tuple[Value, ...]
    lists: tuple[Value, ...]
    membership: frozenset[str]


_MEMBERSHIP = frozenset(SKOS + name for name in ("inScheme", "topConceptOf", "hasTopConcept"))


def dataset(read: Reading, iri: str) -> DatasetPage:
    """Tell of a dataset that is no data store: the description as open data, the vocabulary, the rules."""
    files = read.iris(iri, DCAT + "distribution")
    # The namespace of a vocabulary ends in a sign that its own name may be without.
    used = [name if read.thing(name).named else name.rstrip("#/") for name in read.iris(iri, _VOID + "vocabulary")]
    return DatasetPage(
        description=read.text(iri, DCT + "description"),
        publisher=read.one(iri, DCT + "publisher"),
        licences=read.things(each for file in files for each in read.iris(file, DCT + "license")),
        issued=read.text(iri, DCT + "issued"),
        modified=read.text(iri, DCT + "modified"),
        languages=read.linked(iri, DCT + "language"),
        laws=read.linked(iri, _DCATAP + "applicableLegislation"),
        contact=read.contact(iri),
        entities=read.text(iri, _VOID + "entities"),
        triples=read.text(iri, _VOID + "triples"),
        vocabularies=read.things(used),
        files=tuple(sorted((_file(read, each) for each in files), key=lambda file: by_text(file.name))),
        catalogues=read.things(read.pointing(iri, DCAT + "dataset")),
        measured=read.linked(iri, _DQV + "hasQualityMeasurement"),
        reports=read.things(read.pointing(iri, _OA + "hasTarget")),
    )


def _file(read: Reading, iri: str) -> FileOf:
    size, address = read.text(iri, DCAT + "byteSize"), read.one(iri, DCAT + "downloadURL")
    known = size is not None and size.text.isdigit()
    return FileOf(read.thing(iri), address.href if address else None, int(size.text) if size and known else None)


def measurement(read: Reading, iri: str) -> MeasurementPage:
    """Tell of a measurement of quality."""
    metric = next(iter(read.iris(iri, _DQV + "isMeasurementOf")), None)
    return MeasurementPage(
        of=read.one(iri, _DQV + "computedOn"),
        metric=read.thing(metric) if metric else None,
        definition=read.text(metric, SKOS + "definition") if metric else None,
        dimension=read.one(metric, _DQV + "inDimension") if metric else None,
        result=read.text(iri, _DQV + "value"),
    )


def code_list(read: Reading, iri: str) -> CodeListPage:
    """Tell of a code list."""
    codes = {*read.pointing(iri, SKOS + "inScheme"), *read.iris(iri, SKOS + "hasTopConcept")}
    return CodeListPage(
        definition=_definition(read, iri),
        publisher=read.one(iri, DCT + "publisher"),
        codes=tuple(CodeShown(code, _definition(read, code.iri or "")) for code in read.things(codes)),
    )


def code(read: Reading, iri: str) -> CodePage:
    """Tell of a code of a list."""
    return CodePage(
        definition=_definition(read, iri),
        also=read.texts(iri, SKOS + "altLabel"),
        lists=read.things({*read.iris(iri, SKOS + "inScheme"), *read.iris(iri, SKOS + "topConceptOf")}),
        membership=_MEMBERSHIP,
    )


def _definition(read: Reading, iri: str) -> Value | None:
    return read.text(iri, SKOS + "definition") or read.text(iri, DCT + "description")
