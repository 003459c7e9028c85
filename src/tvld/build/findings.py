"""
One finding: what is wrong or could be better, in words for the person who can mend it.

Intake (tables) and validation (SHACL) both speak in findings; reports are written from them alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tvld.model import Place, Texts

Severity = Literal["violation", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")


@dataclass(frozen=True)
class Finding:
    """
    One finding.

    `rule` is the IRI of a shape, or the code of a table rule (`table/…`). `messages` say in fi and en, those of
    shapes in sv too, what was expected, what was found and what to do. `focus`, `path` and `value` are as in a SHACL
    report.
    """

    severity: Severity
    rule: str
    messages: Texts
    place: Place | None = None
    focus: str | None = None
    path: str | None = None
    value: str | None = None


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort by severity, then place, then rule: the order of every report."""
    return sorted(
        findings,
        key=lambda f: (
            SEVERITIES.index(f.severity),
            (f.place.file, f.place.row or 0, f.place.column or "") if f.place else ("", 0, ""),
            f.rule,
            f.focus or "",
            f.path or "",
            f.value or "",
        ),
    )


def violations(findings: Iterable[Finding]) -> list[Finding]:
    """Keep what stops a release."""
    return [f for f in findings if f.severity == "violation"]
