"""
A named query as its file has it: the question in several languages, who asks it, what its variables are, its text.

The file begins with remarks: the question in English, who asks it, what its columns and parameters are called, what
else there is to know; then the same in other languages, each line with a language tag:

    # Which data stores are used for a given purpose?
    # Asked by: a citizen who wants to know where data about social welfare are held.
    # Words: ?purposeKey key of the purpose; ?store data store; ?name name
    # @fi Mitä tietovarantoja käytetään tiettyyn tarkoitukseen?
    # @fi Asked by: asukas, joka haluaa tietää, missä sosiaalihuollon tietoja on.
    # @fi Words: ?purposeKey käyttötarkoituksen avain; ?store tietovaranto; ?name nimi
"""

import re
from collections.abc import Iterable
from itertools import takewhile

from tvld.serve.source import NamedQuery, Wording

# The language of the remarks without a tag.
_LANGUAGE = "en"
_TAGGED = re.compile(r"#[ \t]*@(?P<tag>[a-z]{2,3})[ \t]+(?P<remark>\S.*)")
_SAID = re.compile(r"(?P<what>Asked by|Words|Note):[ \t]*(?P<text>.*)")
_VARIABLE = re.compile(r"\?(?P<name>\w+)[ \t]+(?P<words>[^;?]+)")


def named_query(name: str, text: str) -> NamedQuery:
    """Read a named query; what its remarks leave out is empty."""
    lines = text.splitlines()
    remarks = list(takewhile(lambda line: line.startswith("#"), lines))
    by_language: dict[str, list[str]] = {_LANGUAGE: []}
    for line in remarks:
        tagged = _TAGGED.fullmatch(line)
        tag, remark = (tagged["tag"], tagged["remark"]) if tagged else (_LANGUAGE, line.removeprefix("#"))
        by_language.setdefault(tag, []).append(remark.strip())
    plain = [line for line in remarks if not _TAGGED.fullmatch(line) and not line.startswith("# Words:")]
    body = text.split("\n", len(remarks))[-1] if remarks else text
    return NamedQuery(
        name,
        {tag: _wording(said) for tag, said in by_language.items()},
        text,
        "".join(f"{line}\n" for line in plain) + body,
    )


def _wording(remarks: Iterable[str]) -> Wording:
    """Read the remarks of one language: first the question; what is not marked as anything else is a note."""
    question, *others = list(remarks) or [""]
    said: dict[str, str] = {}
    for remark in others:
        found = _SAID.fullmatch(remark)
        what, text = (found["what"], found["text"]) if found else ("Note", remark)
        said[what] = f"{said[what]} {text}" if what in said else text
    variables = {found["name"]: found["words"].strip() for found in _VARIABLE.finditer(said.get("Words", ""))}
    return Wording(question, said.get("Asked by", ""), said.get("Note", ""), variables)
