"""RDF/XML, some subjects at a time. Knows what XML has no way to write, and refuses it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, cast

import pyoxigraph as ox

from tvld.errors import NotAcceptable
from tvld.iris import PREFIXES
from tvld.serialisation.parts import Part, blocks

# XML 1.0 has no way to write these (section 2.2).
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# An RDF/XML property is an XML name: it must end in a letter and what may follow one.
_XML_LOCAL_NAME = re.compile(r"[^\W\d][\w.\-]*$")
# A prefix in a tag. No text can be taken for one: `<` stands escaped in it.
_PREFIX = re.compile(rb"<([a-z]+):")
_ITS = {"its": "http://www.w3.org/2005/11/its"}
_BATCH = 200


class Document:
    """The body of a document, and then its head: which prefixes the body uses is known when it is written."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self._prefixes = prefixes | {"rdf": PREFIXES["rdf"]}
        self._used = {"rdf"}

    def body(self, parts: Sequence[Part]) -> Iterator[bytes]:
        """Write the merged triples; raises NotAcceptable at the first that XML cannot hold."""
        waiting: list[ox.Triple] = []
        for number, (_, triples) in enumerate(blocks(parts), start=1):
            waiting += triples
            if number % _BATCH == 0:
                yield self._written(waiting)
                waiting = []
        yield self._written(waiting)

    def head(self, comments: Sequence[str]) -> str:
        said = "".join(f"<!-- {comment.replace('--', '- -').removesuffix('-')} -->\n" for comment in comments)
        known = self._prefixes | _ITS
        names = "".join(f' xmlns:{prefix}="{known[prefix]}"' for prefix in sorted(self._used))
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{said}<rdf:RDF{names}>\n'

    def _written(self, triples: list[ox.Triple]) -> bytes:
        for triple in triples:
            _check(triple.predicate.value, triple.object)
        whole = cast(bytes, ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=self._prefixes))
        body = whole[whole.index(b">", whole.index(b"<rdf:RDF")) + 2 : whole.rindex(b"</rdf:RDF>")]
        found = {prefix.decode() for prefix in _PREFIX.findall(body)}
        self._used |= {prefix for prefix in found if prefix in self._prefixes}
        if b' its:dir="' in body:
            self._used.add("its")
        return body


def _check(predicate: str, value: Any) -> None:
    if not _XML_LOCAL_NAME.search(predicate):
        raise NotAcceptable(f"RDF/XML has no way to write the property <{predicate}>: ask for Turtle")
    if isinstance(value, ox.Literal) and _NOT_XML.search(value.value):
        raise NotAcceptable(f"RDF/XML has no way to write a control character in {value}: ask for Turtle")
