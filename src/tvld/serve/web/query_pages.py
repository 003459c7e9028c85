"""The pages of queries: the workbench, the named queries and each of them. Knows no formats but HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from flask import request

from tvld.formats import GRAPH_FORMATS, RESULT_FORMATS
from tvld.serve.asking import Citation
from tvld.serve.explanation import Explanation
from tvld.serve.languages import preferred
from tvld.serve.parameters import parameters
from tvld.serve.problems import Problem
from tvld.serve.source import NamedQuery, Wording
from tvld.serve.web import asked, workbench
from tvld.serve.web.bars import bars, counted
from tvld.serve.web.frame import page
from tvld.serve.web.language import PARAMETER
from tvld.serve.web.results import Table
from tvld.serve.web.words import WORDS

_INPUTS = {"integer": "number", "iri": "url"}
_EXAMPLE = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?class ?name (COUNT(?thing) AS ?things) WHERE {
  ?thing a ?class .
  OPTIONAL { ?class rdfs:label ?name }
}
GROUP BY ?class ?name
ORDER BY DESC(?things)
"""


@dataclass(frozen=True)
class Question:
    """A named query as a list has it: its name, its words in one language, and its text."""

    name: str
    language: str
    words: Wording
    text: str

    @property
    def opened(self) -> str:
        """The address of the form with this query in it."""
        return _address(query=self.text)

    @property
    def question(self) -> str:
        return self.words.question

    @property
    def asked_by(self) -> str:
        return _large(self.words.asked_by)

    @property
    def note(self) -> str:
        return self.words.note


@dataclass(frozen=True)
class Field:
    """A field of the form for parameters: the variable, what it is in words, its value and its kind of input."""

    name: str
    language: str
    words: str
    value: str
    input: str


def sparql(
    query: str,
    table: Table | None = None,
    problem: Problem | None = None,
    explanation: Explanation | None = None,
    cited: Citation | None = None,
) -> str:
    """Show the form for queries, with the answer of the one that was asked, or why it has none."""
    return page(
        "sparql.html",
        questions=_questions(),
        query=query or _EXAMPLE,
        table=table,
        problem=problem,
        marked=problem.marked() if problem else "",
        explanation=explanation,
        cited=cited,
        bars=bars(table) if table else None,
        downloads=_downloads(query, table) if table else [],
        empty=_address(query=query, explain="empty") if table and table.truth is None and not table.rows else "",
        prefixes=workbench.prefixes(),
        built=workbench.built(),
        plain=request.args.get("form") == "plain",
        settings=workbench.settings(_EXAMPLE),
    )


def queries() -> str:
    return page("queries.html", questions=_questions())


def query(
    named: NamedQuery, text: str, values: Mapping[str, Sequence[str]], table: Table | None, problem: Problem | None
) -> str:
    """Show a named query: its answer, its text with the values that it has now, and a form for others."""
    language, words = named.wording(preferred(WORDS.language))
    drawn: list[int] = []
    if table is not None:
        counts = counted(named.text)
        drawn = [place for place, name in enumerate(table.columns) if name in counts]
        table = replace(table, columns=tuple(_large(words.variables.get(name, name)) for name in table.columns))
    return page(
        "query.html",
        named=Question(named.name, language, words, text),
        text=text,
        fields=_fields(named, values),
        values=urlencode([(n, value) for n, value in request.args.items(multi=True) if n != PARAMETER]),
        table=table,
        bars=bars(table, drawn) if table else None,
        problem=problem,
    )


def _questions() -> list[Question]:
    """List the named queries in the language of the page, or the next best that there is."""
    languages = preferred(WORDS.language)
    named = asked.snapshot().source.queries
    return [Question(name, *each.wording(languages), each.asked) for name, each in named.items()]


def _fields(named: NamedQuery, values: Mapping[str, Sequence[str]]) -> list[Field]:
    """Give the fields of the form: each parameter with the value it has now."""
    found = []
    for each in parameters(named.text):
        language, words = named.wording(preferred(WORDS.language))
        told = words.variables.get(each.name)
        language, called = (language, told) if told else ("en", f"{each.type} {each.words}")
        value = (*values.get(each.name, each.default), "")[0]
        found.append(Field(each.name, language, _large(called), value, _INPUTS.get(each.type, "text")))
    return found


def _large(text: str) -> str:
    return text[:1].upper() + text[1:]


def _downloads(query: str, table: Table) -> list[tuple[str, str]]:
    """List the forms of the whole answer of a query: label, address."""
    formats = GRAPH_FORMATS if table.graph else RESULT_FORMATS
    return [(f.label, _address(query=query, format=f.suffix)) for f in formats]


def _address(**parameters: str) -> str:
    return f"{asked.plain_href('sparql')}?{urlencode(parameters, quote_via=quote, safe='/')}"
