"""
What there is in a release, counted: the kinds of its things with their properties, and the uses of every term.

A build counts once and writes the counts down; whoever shows a release without them counts its triples. Knows neither
tables nor pages.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from tvld.census.kinds import Kind, Property, kinds_of
from tvld.census.terms import Tally, tally_of
from tvld.errors import ReleaseError
from tvld.iris import Base

__all__ = ("NAME", "Census", "Kind", "Property", "Tally", "census_of", "read_census", "written")

NAME = "census.json"
# The vocabulary and the rules define terms and do not use them.
_DEFINING = ("ns", "shapes")
# What a release says of itself uses terms, and is no part of the model of the data.
_METADATA = "catalog"
# How many things show the use of a term.
_EXAMPLES = 3


@dataclass(frozen=True)
class Census:
    """The kinds of things in the content, those with the most things first, and the uses of terms in all graphs."""

    kinds: tuple[Kind, ...]
    terms: Tally


def census_of(quads: Iterable[ox.Quad], base: Base) -> Census:
    """Count quads, each in the graph that it belongs to; what several graphs say counts once."""
    defining = {ox.NamedNode(base.graph(name)) for name in _DEFINING}
    metadata = ox.NamedNode(base.graph(_METADATA))
    content: set[ox.Triple] = set()
    about: set[ox.Triple] = set()
    for quad in quads:
        if quad.graph_name not in defining:
            (about if quad.graph_name == metadata else content).add(quad.triple)
    return Census(kinds_of(content), tally_of(chain(content, about - content), _EXAMPLES))


def written(census: Census) -> str:
    """Write a census as JSON, the same for the same counts."""
    return json.dumps(asdict(census), ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def read_census(path: Path) -> Census:
    """Read what `written` wrote; raises ReleaseError for anything else."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Census(tuple(map(_kind, told["kinds"])), _tally(told["terms"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as err:
        raise ReleaseError(f"{path}: is no census of a release: {err!r}; build the release again") from err


def _kind(told: dict[str, Any]) -> Kind:
    properties = (
        Property(**{**each, "targets": tuple((iri, count) for iri, count in each["targets"])})
        for each in told["properties"]
    )
    return Kind(told["iri"], told["things"], tuple(properties))


def _tally(told: dict[str, Any]) -> Tally:
    shown_by = {iri: tuple(things) for iri, things in told["shown_by"].items()}
    return Tally(dict(told["classes"]), dict(told["properties"]), shown_by)
