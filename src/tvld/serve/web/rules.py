"""The rules as people read them: what each demands and of what, with an example that meets it and one that does not."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from tvld.alphabet import place
from tvld.iris import PREFIXES, compact
from tvld.resources import folder
from tvld.serve.snapshot import Snapshot
from tvld.serve.web.frame import formats, page
from tvld.serve.web.view import Value, View, by_text
from tvld.serve.web.words import WORDS

_SH, _SHAPE = PREFIXES["sh"], PREFIXES["shape"]
# What a rule says beside its conditions.
_NO_CONDITION = frozenset(_SH + name for name in ("path", "severity", "message", "property", "targetClass"))


@dataclass(frozen=True)
class Rule:
    """One rule: `messages` in all languages, that of the page first; `conditions` are names and values in SHACL."""

    name: str
    iri: str
    is_warning: bool
    messages: tuple[Value, ...]
    concerns: tuple[Value, ...]
    path: Value | None
    conditions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Group:
    """The rules of one class; `name` is None for what concerns no class by itself."""

    name: Value | None
    anchor: str
    rules: tuple[Rule, ...]


class Reader:
    """Reads the rules out of their graph, in the language of the page."""

    def __init__(self, snapshot: Snapshot, quads: Collection[ox.Quad]) -> None:
        self._view = View(snapshot)
        self._told: defaultdict[str, defaultdict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
        self._askers: defaultdict[str, set[str]] = defaultdict(set)
        for quad in sorted(quads, key=str):
            if isinstance(quad.subject, ox.NamedNode):
                self._told[quad.subject.value][quad.predicate.value].append(quad.object)
                if quad.predicate.value == _SH + "property" and isinstance(quad.object, ox.NamedNode):
                    self._askers[quad.object.value].add(quad.subject.value)

    def rules(self) -> list[Rule]:
        return [self.rule(iri) for iri in sorted(self._told) if self._told[iri][_SH + "message"]]

    def names(self) -> set[str]:
        return {rule.name for rule in self.rules()}

    def rule(self, iri: str) -> Rule:
        told = self._told[iri]
        askers = {iri, *self._askers[iri]}
        classes = {c for asker in askers for c in self._told[asker][_SH + "targetClass"]}
        path = next((self._short(value) for value in told[_SH + "path"]), None)
        return Rule(
            iri.removeprefix(_SHAPE),
            iri,
            ox.NamedNode(_SH + "Warning") in told[_SH + "severity"],
            tuple(sorted(map(self._view.value, told[_SH + "message"]), key=by_text)),
            tuple(sorted(map(self._view.value, classes), key=by_text)),
            path,
            tuple(self._conditions(iri)),
        )

    def groups(self) -> list[Group]:
        """Give the rules by the first class that they concern, the classes by name; those of no class last."""
        found: defaultdict[Value | None, list[Rule]] = defaultdict(list)
        for rule in self.rules():
            found[rule.concerns[0] if rule.concerns else None].append(rule)
        ordered = sorted(found.items(), key=lambda pair: (pair[0] is None, place(pair[0].text if pair[0] else "")))
        return [Group(name, f"laji-{number}", tuple(rules)) for number, (name, rules) in enumerate(ordered, 1)]

    def _conditions(self, iri: str) -> Iterator[tuple[str, str]]:
        for predicate, values in sorted(self._told[iri].items()):
            if predicate.startswith(_SH) and predicate not in _NO_CONDITION and values:
                yield compact(predicate), ", ".join(sorted(self._short(value).text for value in values))

    def _short(self, term: object) -> Value:
        if isinstance(term, ox.NamedNode):
            return Value(compact(term.value).strip("<>"), iri=term.value)
        return self._view.value(term)


def rules_page(snapshot: Snapshot, quads: Collection[ox.Quad]) -> str:
    """Show all rules by what they concern."""
    groups = Reader(snapshot, quads).groups()
    return page("rules.html", groups=groups, iri=_SHAPE.removesuffix("#"), formats=formats("shapes"))


def rule_page(snapshot: Snapshot, quads: Collection[ox.Quad], name: str) -> str | None:
    """Show one rule with its examples; None where there is no such rule."""
    reader = Reader(snapshot, quads)
    if name not in reader.names():
        return None
    rule = reader.rule(_SHAPE + name)
    examples = [(WORDS.passing, _example(name, "pass")), (WORDS.failing, _example(name, "fail"))]
    return page("rule.html", rule=rule, examples=[(heading, text) for heading, text in examples if text])


def _example(name: str, kind: str) -> str | None:
    """Give the example that travels with the code; a release made by another version may have rules without."""
    file = folder("shapes") / "examples" / f"{name}.{kind}.ttl"
    return file.read_text(encoding="utf-8") if file.is_file() else None
