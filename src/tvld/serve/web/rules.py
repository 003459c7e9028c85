"""The rules as people read them: what each demands and of what, with an example that meets it and one that does not."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from tvld.alphabet import place
from tvld.iris import PREFIXES, compact
from tvld.resources import folder
from tvld.serve.snapshot import Snapshot
from tvld.serve.web.conditions import Condition, Conditions
from tvld.serve.web.frame import formats, page
from tvld.serve.web.view import Value, View, by_text
from tvld.serve.web.words import WORDS

_SH, _SHAPE = PREFIXES["sh"], PREFIXES["shape"]


@dataclass(frozen=True)
class Rule:
    """
    One rule: `messages` in all languages, that of the page first; `path` by its name, with its short IRI as `within`.

    `concerns` are classes, and in words those that a property makes concerned.
    """

    name: str
    iri: str
    is_warning: bool
    messages: tuple[Value, ...]
    concerns: tuple[Value, ...]
    path: Value | None
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Group:
    """The rules of one class; `name` is None for what concerns no class by itself."""

    name: Value | None
    anchor: str
    rules: tuple[Rule, ...]


class Reader:
    """Reads the rules out of their graph, in the language of the page."""

    def __init__(self, snapshot: Snapshot, quads: Collection[ox.Quad]) -> None:
        self._view, self._base = View(snapshot), snapshot.source.base.iri
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
        path = next((self._named(value.value) for value in told[_SH + "path"] if isinstance(value, ox.NamedNode)), None)
        shown = sorted(map(self._view.value, classes), key=by_text)
        return Rule(
            iri.removeprefix(_SHAPE),
            iri,
            ox.NamedNode(_SH + "Warning") in told[_SH + "severity"],
            tuple(sorted(map(self._view.value, told[_SH + "message"]), key=by_text)),
            (*shown, *self._having(askers)),
            path,
            tuple(Conditions(self._told, self._view, self._base).of(iri)),
        )

    def groups(self) -> list[Group]:
        """Give the rules by the first class that they concern, the classes by name; those of no class last."""
        found: defaultdict[Value | None, list[Rule]] = defaultdict(list)
        for rule in self.rules():
            found[next((each for each in rule.concerns if each.iri), None)].append(rule)
        ordered = sorted(found.items(), key=lambda pair: (pair[0] is None, place(pair[0].text if pair[0] else "")))
        return [Group(name, f"laji-{number}", tuple(rules)) for number, (name, rules) in enumerate(ordered, 1)]

    def _having(self, askers: Iterable[str]) -> Iterator[Value]:
        """Say in words whom a rule concerns that is asked of whatever has a property, or is the value of one."""
        for target, words in (("targetSubjectsOf", WORDS.rule_having), ("targetObjectsOf", WORDS.rule_values)):
            properties = {each for asker in askers for each in self._told[asker][_SH + target]}
            for name in sorted(self._view.value(each).text for each in properties):
                yield Value(words.format(name))

    def _named(self, iri: str) -> Value:
        value = self._view.thing(iri)
        return replace(value, within=compact(iri).strip("<>")) if value.named else value


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
