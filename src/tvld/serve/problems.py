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
        lines = [f"{self.status} {self.title}", self.detail]
        lines += [f"{name}: {_plain(value)}" for name, value in self.details.items() if value is not None]
        return "\n".join(lines) + "\n"


def problem_of(error: TvldError, instance: str) -> Problem:
    return Problem(error.status, type(error).__name__, error.title, str(error), instance, error.details)


def problem_of_status(status: int, detail: str, instance: str, **details: Any) -> Problem:
    """Make a problem of what only HTTP can refuse: a body too large, a precondition that fails."""
    phrase = HTTPStatus(status).phrase
    return Problem(status, phrase.title().replace(" ", ""), phrase, detail, instance, details)


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
