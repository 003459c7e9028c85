"""
A release as one archive to read without a server: pages that link to each other as files, data beside them, tables.

The same release gives the same archive wherever the same zlib packs it: names are sorted, times are those of nobody.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from tvld.errors import OutsideError
from tvld.formats import CSV, HTML, JSONLD, TURTLE, is_derived
from tvld.iris import document_of
from tvld.serve.export.addresses import Bundled
from tvld.serve.export.folder import put
from tvld.serve.export.visitor import Visitor, visitor
from tvld.serve.export.writing import Writer
from tvld.serve.languages import LANGUAGES
from tvld.serve.source import Source
from tvld.settings import Settings

FORMATS = (HTML, TURTLE, JSONLD, CSV)
_DATA = ("description.ttl", "description.nq", "ns.ttl", "shapes.ttl")
_TIME = (1980, 1, 1, 0, 0, 0)
_READ_ME = """\
{name}
{base}

Suomeksi
Tämä paketti on tietovarantojen kuvaus luettavaksi ilman palvelinta. Avaa selaimella index.html.
Jokaisen sivun vieressä on sama tieto datana (.ttl, .jsonld, .csv); taulukot ovat kansiossa tables,
koko kuvaus kansiossa data, kysymykset ja vastaukset kansiossa queries.

På svenska
Det här paketet är beskrivningen av informationslagren att läsas utan server. Öppna index.html i en webbläsare.
Bredvid varje sida finns samma uppgifter som data (.ttl, .jsonld, .csv); tabellerna finns i mappen tables,
hela beskrivningen i mappen data, frågor och svar i mappen queries.

In English
This archive is the description of the data stores, to be read without a server. Open index.html in a browser.
Beside each page the same is there as data (.ttl, .jsonld, .csv); the tables are in the folder tables,
the whole description in the folder data, questions and answers in the folder queries.
"""


def write_bundle(source: Source, settings: Settings, file: Path, languages: Sequence[str] = LANGUAGES) -> int:
    """
    Write the archive of a release to a file, as a whole or not at all; give how many files are in it.

    It is of the content: what tells of the files of the release is left out, for it may be one of them.
    """
    beside = file.with_name(f".{file.name}.writing")
    try:
        with tempfile.TemporaryDirectory(prefix="tvld-") as made:
            folder = Path(made)
            with visitor(_of_content(source), settings, languages) as asked:
                Writer(asked, folder, Bundled(languages), FORMATS).all(_roots(asked))
            _add_files(source, folder)
            file.parent.mkdir(parents=True, exist_ok=True)
            count = _pack(folder, beside)
        beside.replace(file)
    except OSError as err:
        raise OutsideError(f"{err.filename or file}: the archive cannot be written: {err.strerror or err}") from err
    finally:
        beside.unlink(missing_ok=True)
    return count


def _of_content(source: Source) -> Source:
    """Leave out what is known only when all files are there: the same before and after."""
    files = tuple(file for file in source.graph_files if not is_derived(file.path.name))
    return replace(source, graph_files=files, listed={}, statistics=None, search=None, census=None)


def _roots(asked: Visitor) -> Iterable[str]:
    """Give the addresses of the content: of the release itself the archive tells nothing, for it is part of it."""
    base, record = asked.base, asked.snapshot.record
    yield from ("", "ns", "shapes", "queries/")
    for iri in record.subjects():
        if iri.startswith(f"{base.iri}id/"):
            yield document_of(iri.removeprefix(base.iri))
        elif iri.startswith(f"{base.iri}def/"):
            yield iri.removeprefix(base.iri)


def _add_files(source: Source, folder: Path) -> None:
    put(folder / "README.txt", _READ_ME.format(name=source.name, base=source.base.iri).encode())
    if source.folder is None:
        return
    for path in sorted(source.folder.glob("tables/*.csv")):
        put(folder / "tables" / path.name, path.read_bytes())
    for name in _DATA:
        put(folder / "data" / name, (source.folder / name).read_bytes())


def _pack(folder: Path, file: Path) -> int:
    paths = sorted((p.relative_to(folder).as_posix(), p) for p in folder.rglob("*") if p.is_file())
    with zipfile.ZipFile(file, "w") as archive:
        for name, path in paths:
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with path.open("rb") as read, archive.open(entry, "w") as write:
                shutil.copyfileobj(read, write)
    return len(paths)
