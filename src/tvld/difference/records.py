"""
A difference as JSON: counts, and an object an event with its sentence in every language. Schema: docs/differences.md.

Streamed: the events come in the order of the addresses of their things, an object a line.
"""

import json
from collections.abc import Iterator
from typing import Any

from tvld.difference.account import Account
from tvld.difference.content import Content
from tvld.difference.events import Event, Thing, Value
from tvld.difference.sentences import plain, sentence
from tvld.difference.words import LANGUAGES


def records(account: Account) -> Iterator[bytes]:
    """Yield the whole as UTF-8 JSON, ended by a newline."""
    head = json.dumps(_head(account), ensure_ascii=False, indent=2).removesuffix("\n}")
    yield f'{head},\n  "changes": ['.encode()
    separator = "\n"
    for event in account.difference.events() if not account.too_many else ():
        yield f"{separator}    {json.dumps(record(event), ensure_ascii=False)}".encode()
        separator = ",\n"
    yield b"]\n}\n" if separator == "\n" else b"\n  ]\n}\n"


def record(event: Event) -> dict[str, Any]:
    """Give one event as an object of JSON; what it has not is left out."""
    told = {
        "what": event.what,
        "thing": _thing(event.thing),
        "organisation": _iri(event.organisation),
        "service_area": _iri(event.area),
        "store": _iri(event.store),
        "property": event.property,
        "predicate": event.predicate,
        "before": _value(event.before),
        "after": _value(event.after),
        "date": event.date,
        "replaced_by": event.successor and _thing(event.successor),
        "sentence": {tag: plain(sentence(event, words), words) for tag, words in LANGUAGES.items()},
    }
    return {name: value for name, value in told.items() if value is not None}


def _head(account: Account) -> dict[str, Any]:
    difference = account.difference
    graphs = account.counts.graphs.items()
    return {
        "before": _end(difference.before),
        "after": _end(difference.after),
        "organisation": difference.organisation,
        "same": account.same,
        "told": not account.too_many,
        "triples": {"added": account.counts.added, "removed": account.counts.removed},
        "graphs": {iri: {"added": added, "removed": removed} for iri, (added, removed) in graphs},
        "things": {t.kind: {"added": t.added, "removed": t.removed, "changed": t.changed} for t in account.tallies},
        "derived": account.derived,
    }


def _end(content: Content) -> dict[str, str]:
    return {"release": content.release, "base": content.base.iri, "content": content.sha256}


def _iri(thing: Thing | None) -> str | None:
    return thing.iri if thing else None


def _thing(thing: Thing) -> dict[str, Any]:
    return {"iri": thing.iri, "kind": thing.kind, "names": {tag or "und": name for tag, name in thing.names}}


def _value(value: Value | None) -> dict[str, Any] | None:
    if value is None:
        return None
    if value.thing is not None:
        return _thing(value.thing)
    told = {"text": value.text, "language": value.language, "datatype": value.datatype}
    return {name: part for name, part in told.items() if part is not None}
