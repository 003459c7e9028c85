"""
Graphs to dump files: the whole of a release and each organisation apart, the vocabulary and the rules, in every graph
format.

Of a whole nothing is held a second time: its files are written subject by subject. The N-Quads come first, since their
hash stands in the others.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tvld.build.derived.gzipped import packed
from tvld.build.distributions import DESCRIPTION, DumpFile
from tvld.build.fingerprints import count_published
from tvld.build.imprint import Imprint
from tvld.checksums import sha256
from tvld.formats import GRAPH_FORMATS, NQUADS
from tvld.serialisation import write_to
from tvld.serialisation.parts import Part, copied

WHOLE = "description"
# The canonical form first, for the others tell its hash.
_ORDER = (NQUADS, *(f for f in GRAPH_FORMATS if f is not NQUADS))


def write_dumps(
    parts: Mapping[str, Part], folder: Path, imprints: Mapping[str, Imprint]
) -> tuple[list[DumpFile], dict[str, list[DumpFile]]]:
    """
    Write all graph dumps of the content (organisation key to graph); give those of the whole, and of each organisation.

    Where there is only one organisation, the dump of the whole is its own. `imprints` are by the same keys and WHOLE.
    """
    if len(parts) == 1:
        whole = write_graph([copied(part) for part in parts.values()], WHOLE, folder, imprints[WHOLE], pack=True)
        return whole, dict.fromkeys(parts, whole)
    whole = write_graph(list(parts.values()), WHOLE, folder, imprints[WHOLE], pack=True)
    return whole, {key: write_graph([copied(part)], key, folder, imprints[key]) for key, part in parts.items()}


def write_graph(
    parts: Sequence[Part], stem: str, folder: Path, imprint: Imprint, holds: str = DESCRIPTION, pack: bool = False
) -> list[DumpFile]:
    """
    Write `<stem>.<suffix>` in every graph format, with the imprint where the format has a place for it.

    With `pack` every file also as `.gz`. Raises DataError where a graph cannot be published.
    """
    count = count_published(parts)
    dumps: list[DumpFile] = []
    for format_ in _ORDER:
        path = folder / f"{stem}.{format_.suffix}"
        with path.open("wb") as target:
            write_to(target, parts, format_, imprint.comments())
        dumps.append(DumpFile(path.name, format_, path.stat().st_size, sha256(path), count, holds))
        if format_ is NQUADS:
            imprint = imprint.of(path.name, dumps[0].sha256)
    return dumps + [packed(dump, folder) for dump in dumps if pack]
