"""
What a rule demands, in plain words: each constraint of its shape as a sentence, the same in SHACL beside it.

Knows the components of SHACL (https://www.w3.org/TR/shacl/, section 4) that the rules use, and no templates. A
component without words here is shown in SHACL alone; a test sees to it that none in use is.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from babel import Locale

from tvld.iris import PREFIXES, compact
from tvld.serve.web.figures import locale
from tvld.serve.web.view import View
from tvld.serve.web.words import VALUES, WORDS

_SH, _RDF, _XSD = (PREFIXES[prefix] for prefix in ("sh", "rdf", "xsd"))
# Who is asked, of what, how gravely and in which words: no conditions.
_ABOUT = ("path", "severity", "message", "property", "targetClass", "targetSubjectsOf", "targetObjectsOf")
_CHOICE = re.compile(r"\^?(?P<before>[^()\[\]*+?|]*)\((?P<choices>[\w|]+)\)\$")
_START = re.compile(r"\^(?P<start>https?\??:/[^()\[\]*+?|]+)(?:\[[^\]]+\](?:\+|\{\d\})|\.\+)\$?")
_END = re.compile(r"(?P<end>/[\w/-]+)\$")
_FILLED = r"\S"

Told = Mapping[str, Mapping[str, Sequence[object]]]


@dataclass(frozen=True)
class Condition:
    """A condition in words, None where it has none; and as the shape has it."""

    words: str | None
    technical: str


class Conditions:
    """
    Says the conditions of shapes, in the language of the page.

    `told` are their triples by subject and predicate; code lists of ours stand under `base`.
    """

    def __init__(self, told: Told, view: View, base: str) -> None:
        self._told, self._view, self._base = told, view, base.rstrip("/")
        self._saying: list[str] = []

    def of(self, iri: str) -> list[Condition]:
        """Say the conditions of a shape, those of one component beside each other."""
        told, found = self._components(iri), []
        least, most = (self._text(told.get(name, ())) for name in ("minCount", "maxCount"))
        if least and least == most:
            found.append(Condition(_number("exactly", least), f"sh:minCount {least}, sh:maxCount {most}"))
            told = {name: values for name, values in told.items() if name not in ("minCount", "maxCount")}
        if "qualifiedValueShape" in told:
            shape, number = told.pop("qualifiedValueShape"), self._text(told.pop("qualifiedMinCount", ()))
            technical = f"sh:qualifiedMinCount {number}, sh:qualifiedValueShape {self._short(shape)}"
            found.append(Condition(f"{_number('at_least', number)}: {self._shapes(shape)}", technical))
        for name, values in sorted(told.items()):
            say = _SAY.get(name)
            found.append(Condition(say(self, iri, values) if say else None, f"sh:{name} {self._short(values)}"))
        return found

    def _components(self, iri: str) -> dict[str, list[object]]:
        return {
            predicate.removeprefix(_SH): list(values)
            for predicate, values in self._told.get(iri, {}).items()
            if predicate.startswith(_SH) and values and predicate.removeprefix(_SH) not in _ABOUT
        }

    def _said(self, iri: str) -> str:
        """Say all of a shape that another asks of a value, or of a property; of one that asks for itself its name."""
        if iri in self._saying:
            return compact(iri)
        self._saying.append(iri)
        words = ", ".join(each.words or each.technical for each in self.of(iri))
        self._saying.pop()
        path = next(iter(self._told.get(iri, {}).get(_SH + "path", ())), None)
        return f"{self._name(path)}: {words}" if path else words

    def _shapes(self, values: Sequence[object]) -> str:
        return ", ".join(self._said(value.value) for value in values if isinstance(value, ox.NamedNode))

    def _list(self, values: Sequence[object]) -> Iterator[object]:
        """Give the members of the RDF list that a component leads to."""
        place, passed = next(iter(values), None), set[str]()
        while isinstance(place, ox.NamedNode) and place.value not in (_RDF + "nil", *passed):
            passed.add(place.value)
            told = self._told.get(place.value, {})
            yield from told.get(_RDF + "first", ())
            place = next(iter(told.get(_RDF + "rest", ())), None)

    def _names(self, values: Sequence[object]) -> str:
        return ", ".join(sorted(map(self._name, values)))

    def _name(self, term: object) -> str:
        """Give the name of a thing, or a text as it is."""
        if isinstance(term, ox.NamedNode) and term.value.startswith(_XSD):
            return _datatype(term)
        return self._view.value(term).text

    def _message(self, iri: str) -> str:
        told = [self._view.value(text) for text in self._told[iri].get(_SH + "message", ())]
        best = [text for text in told if text.language == WORDS.language] or told
        return best[0].text if best else ""

    def _pattern(self, iri: str, values: Sequence[object]) -> str:
        pattern = self._text(values)
        if pattern == _FILLED:
            return WORDS.cond_filled
        if found := _CHOICE.fullmatch(pattern):
            return WORDS.cond_one_of.format("; ".join(sorted(self._choices(iri, **found.groupdict()))))
        if found := _START.fullmatch(pattern):
            return WORDS.cond_begins.format(found["start"].replace("\\", "").replace("https?", "http(s)"))
        if found := _END.fullmatch(pattern):
            return WORDS.cond_ends.format(found["end"])
        return WORDS.cond_form.format(self._message(iri))

    def _choices(self, iri: str, before: str, choices: str) -> Iterator[str]:
        """Name what a pattern lets choose: codes of a list by their names, words of the tables in those of the site."""
        path = next((v.value for v in self._told[iri].get(_SH + "path", ()) if isinstance(v, ox.NamedNode)), "")
        start = (self._base if before.startswith("/") else "") + before.replace("\\", "")
        for choice in choices.split("|"):
            word = VALUES.get((path, choice))
            thing = self._view.thing(start + choice) if start else None
            yield getattr(WORDS, word) if word else thing.text if thing and thing.named else choice

    def _text(self, values: Sequence[object]) -> str:
        texts = [value.value for value in values if isinstance(value, ox.Literal)]
        return texts[0] if texts else ""

    def _short(self, values: Sequence[object]) -> str:
        listed = [item for value in values for item in (list(self._list([value])) or [value])]
        return ", ".join(
            sorted(compact(v.value) if isinstance(v, ox.NamedNode) else getattr(v, "value", str(v)) for v in listed)
        )


def _number(name: str, number: str) -> str:
    """Say a number of values: `exactly`, `at_least` or `at_most` so many."""
    if number == "0" and name != "at_least":
        return WORDS.cond_none
    one, many = {
        "exactly": (WORDS.cond_exactly_one, WORDS.cond_exactly),
        "at_least": (WORDS.cond_at_least_one, WORDS.cond_at_least),
        "at_most": (WORDS.cond_at_most_one, WORDS.cond_at_most),
    }[name]
    return one if number == "1" else many.format(number)


def _datatype(term: object) -> str:
    name = term.value if isinstance(term, ox.NamedNode) else ""
    told = {
        "langString": WORDS.cond_type_lang_string,
        "string": WORDS.cond_type_string,
        "boolean": WORDS.cond_type_boolean,
        "date": WORDS.cond_type_date,
        "dateTime": WORDS.cond_type_date_time,
        "gYear": WORDS.cond_type_g_year,
        "gYearMonth": WORDS.cond_type_g_year_month,
        "duration": WORDS.cond_type_duration,
        "decimal": WORDS.cond_type_decimal,
        "integer": WORDS.cond_type_integer,
        "nonNegativeInteger": WORDS.cond_type_non_negative_integer,
        "hexBinary": WORDS.cond_type_hex_binary,
    }
    return told.get(name.removeprefix(_XSD).removeprefix(_RDF), WORDS.cond_type_other.format(compact(name)))


def _language(term: object) -> str:
    tag = term.value if isinstance(term, ox.Literal) else ""
    return str(Locale.parse(locale()).languages.get(tag, tag))


def _node_kind(values: Sequence[object]) -> str | None:
    told = {"Literal": WORDS.cond_literal, "IRI": WORDS.cond_iri, "BlankNodeOrIRI": WORDS.cond_thing}
    return next((told.get(v.value.removeprefix(_SH)) for v in values if isinstance(v, ox.NamedNode)), None)


_Say = Callable[[Conditions, str, Sequence[object]], str | None]
_SAY: Mapping[str, _Say] = {
    "minCount": lambda told, _, values: _number("at_least", told._text(values)),
    "maxCount": lambda told, _, values: _number("at_most", told._text(values)),
    "nodeKind": lambda _, __, values: _node_kind(values),
    "datatype": lambda _, __, values: ", ".join(map(_datatype, values)),
    "class": lambda told, _, values: WORDS.cond_class.format(told._names(values)),
    "pattern": lambda told, iri, values: told._pattern(iri, values),
    "hasValue": lambda told, _, values: WORDS.cond_has.format(told._names(values)),
    "uniqueLang": lambda *_: WORDS.cond_unique_lang,
    "languageIn": lambda told, _, values: WORDS.cond_languages.format(", ".join(map(_language, told._list(values)))),
    "in": lambda told, _, values: WORDS.cond_one_of.format(told._names(list(told._list(values)))),
    "node": lambda told, _, values: told._shapes(values),
    "or": lambda told, _, values: WORDS.cond_any.format(
        " · ".join(told._shapes([each]) for each in told._list(values))
    ),
    "equals": lambda told, _, values: WORDS.cond_equals.format(told._names(values)),
    "disjoint": lambda told, _, values: WORDS.cond_disjoint.format(told._names(values)),
    "minInclusive": lambda told, _, values: WORDS.cond_min.format(told._text(values)),
}
