"""
What a file of a release says of itself: whose it is, its licence, the date of its data, the hash of its content.

It stands where a format has a place for it that is not data: comments of Turtle, TriG and RDF/XML, properties of a
workbook, a table of the SQLite file, key-value metadata of Parquet, the metadata beside the CSV. N-Triples and
N-Quads have none on purpose: they are the canonical form that is hashed. No release is named: the same content
gives the same file in every release.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tvld.model import Organisation, text_in


@dataclass(frozen=True)
class Imprint:
    """
    `publishers` and `licences` without repetition, `modified` the latest date of the data ("": it has none).

    `content` is the SHA-256 of the N-Quads file named `hashed`, which is the canonical form of the graph (RDFC-1.0).
    """

    title: str
    publishers: tuple[str, ...]
    licences: tuple[str, ...]
    modified: str
    base: str
    hashed: str = ""
    content: str = ""

    def of(self, hashed: str, content: str) -> "Imprint":
        return replace(self, hashed=hashed, content=content)

    def facts(self) -> dict[str, str]:
        """Give what is known by name, each on one line, in a fixed order."""
        said = {
            "title": self.title,
            "publisher": "; ".join(self.publishers),
            "licence": " ".join(self.licences),
            "modified": self.modified,
            "base": self.base,
            "content": f"sha256:{self.content} of {self.hashed} (RDFC-1.0)" if self.content else "",
        }
        return {name: " ".join(value.split()) for name, value in said.items() if value}

    def comments(self) -> list[str]:
        return [f"{name}: {value}" for name, value in self.facts().items()]


def imprint(organisations: Iterable[Organisation], base: str) -> Imprint:
    """Say of whom the files with the content of these organisations are."""
    those = list(organisations)
    return Imprint(
        title="Tietovarantojen kuvaus · Beskrivning av informationslager · Description of data stores",
        publishers=tuple(dict.fromkeys(text_in(o.names) for o in those)),
        licences=tuple(dict.fromkeys(o.licence for o in those)),
        modified=max(o.modified for o in those),
        base=base,
    )
