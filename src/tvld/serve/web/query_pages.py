"""The pages of queries: the workbench, the named queries and each of them. Knows no formats but HTML."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import request

from tvld.formats import GRAPH_FORMATS, RESULT_FORMATS
from tvld.serve.asking import Citation
from tvld.serve.explanation import Explanation
from tvld.serve.problems import Problem
from tvld.serve.source import NamedQuery
from tvld.serve.web import asked, workbench
from tvld.serve.web.bars import bars
from tvld.serve.web.frame import page
from tvld.serve.web.results import Table

_EXAMPLE = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?class ?name (COUNT(?thing) AS ?things) WHERE {
  ?thing a ?class .
  OPTIONAL { ?class rdfs:label ?name }
}
GROUP BY ?class ?name
ORDER BY DESC(?things)
"""


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
        query=query or _EXAMPLE,
        table=table,
        problem=problem,
        marked=problem.marked() if problem else "",
        explanation=explanation,
        cited=cited,
        bars=bars(table) if table else None,
        downloads=_downloads(query, table) if table else [],
        prefixes=workbench.prefixes(),
        editor=workbench.built(),
        terms=asked.plain_href(workbench.TERMS),
    )


def queries() -> str:
    return page("queries.html")


def query(named: NamedQuery, text: str, fields: Sequence[Mapping[str, str]]) -> str:
    """Show a named query: its text with the values it has now, and a form for others."""
    return page("query.html", named=named, text=text, fields=fields, values=request.query_string.decode("latin-1"))


def _downloads(query: str, table: Table) -> list[tuple[str, str]]:
    """List the forms of the whole answer of a query: label, address."""
    formats = GRAPH_FORMATS if table.graph else RESULT_FORMATS
    address = asked.plain_href("sparql")
    return [(f.label, f"{address}?{urlencode({'query': query, 'format': f.suffix})}") for f in formats]
