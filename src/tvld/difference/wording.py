"""
What a language must have words for, so that a difference can be told in it: nouns, and a phrase for every change.

Templates name their places in braces: `thing`, `before`, `after`, `noun`, `predicate`, `date`, `successor`. Names stand
beside a noun that takes the ending, so that none of them has to be inflected.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """
    The words of one language.

    `leads`: a thing before its name, at the start of a sentence; `groups`: headings. `properties`: nouns as they stand
    in `gained`, `lost` and `changed`, which follow the thing and a colon; `phrases`: where a property has words of its
    own, by (property, what); one with `thing` in it is a whole sentence.
    `events`: what happened to a thing as a whole. `values`: words for values of the tables, by (property, value).
    `named_in`: the noun of a name in another language than Finnish.
    """

    language: str
    quotes: tuple[str, str]
    leads: Mapping[str, str]
    groups: Mapping[str, str]
    events: Mapping[str, str]
    properties: Mapping[str, str]
    gained: str
    lost: str
    changed: str
    phrases: Mapping[tuple[str, str], str]
    values: Mapping[tuple[str, str], str]
    named_in: Mapping[str, str]
    named_in_other: str
    title: str
    same: str
    counts: str
    derived: str
    too_many: str
    table: tuple[str, str, str, str]
    first: str
    date: str
    months: tuple[str, ...] = ()
