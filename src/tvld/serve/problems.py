"""
THE shape of an error answer: problem details of RFC 9457, the same members whatever went wrong.

Knows errors and their words; the web room decides whether a problem is written as JSON, text or a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tvld.errors import TvldError
from tvld.formats import HTML, Format
from tvld.serve.workers.text import AROUND, CUT

TYPES = "https://w3id.org/tvld/errors#"

PROBLEM_JSON = Format("problem", "json", "application/problem+json", "Problem", "JSON", ("application/json",))
PLAIN = Format("text", "txt", "text/plain", "Text", "TXT")
# A program gets JSON unless it names another.
PROBLEM_FORMATS = (PROBLEM_JSON, HTML, PLAIN)


@dataclass(frozen=True)
class Problem:
    """One thing that went wrong; `instance` is the path asked for, `details` are further members."""

    status: int
    kind: str
    title: str
    detail: str
    instance: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def members(self) -> dict[str, Any]:
        """Give the members of the JSON object, those of RFC 9457 first."""
        standard = {
            "type": TYPES + self.kind,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": self.instance,
        }
        return standard | {name: value for name, value in self.details.items() if name not in standard}

    def text(self) -> str:
        """Write it for a terminal: where a place in a text is told, the line itself with a mark below."""
        lines = [f"{self.status} {self.title}", self.detail]
        shown = self.details
        if marked := self.marked():
            lines += ["", *(f"  {line}" for line in marked.split("\n")), ""]
            shown = {name: value for name, value in shown.items() if name not in ("line", "column", "text")}
        lines += [f"{name}: {_plain(value)}" for name, value in shown.items() if value is not None]
        return "\n".join(lines).rstrip("\n") + "\n"

    def marked(self) -> str:
        """Give the line that the problem is in, and a caret below its column; empty where none is told."""
        line, column = self.details.get("text"), self.details.get("column")
        return f"{line}\n{_up_to(line, column)}^" if line and column else ""


def problem_of(error: TvldError, instance: str) -> Problem:
    return Problem(error.status, type(error).__name__, error.title, str(error), instance, error.details)


def problem_of_status(status: int, detail: str, instance: str, **details: Any) -> Problem:
    """Make a problem of what only HTTP can refuse: a body too large, a precondition that fails."""
    phrase = HTTPStatus(status).phrase
    return Problem(status, phrase.title().replace(" ", ""), phrase, detail, instance, details)


def _up_to(line: str, column: int) -> str:
    """Give the blank that leads to a column (from 1) of a line, of which the start may be cut off."""
    before = line[: column - 1] if column - 1 <= AROUND else line[: AROUND + len(CUT)]
    return "".join("\t" if sign == "\t" else " " for sign in before)


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
