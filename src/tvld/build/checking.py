"""
Tables to what is wrong with them and how good they are, without a release: what a build would say, before it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rdflib import Graph

from tvld.build.distributions import DumpFile
from tvld.build.drafts import Draft, draft, draft_one
from tvld.build.dumps import WHOLE
from tvld.build.findings import Finding, in_order, violations
from tvld.build.harvest import harvested
from tvld.build.harvesters.delivery import Delivery, Page
from tvld.build.organisation import ORGANISATION_FILE
from tvld.build.quality.measurements import Measured
from tvld.build.quality.measuring import measure
from tvld.build.vocabulary import shapes_graph
from tvld.formats import GRAPH_FORMATS
from tvld.iris import Base
from tvld.profiles import CATALOGUES

# What stands for the dumps where a check comes before them, so that none is reported missing.
FORESEEN = tuple(DumpFile(f"{WHOLE}.{f.suffix}", f, 0, "0" * 64, 0) for f in GRAPH_FORMATS)
_RELEASE = "check"


def check(data: Path, base: Base, shapes: Graph | None = None) -> list[Finding]:
    """
    Give all findings of a data folder, or of one organisation's folder.

    Those of the tables and, where these can be read, of the graphs that they become.
    """
    return checked(*drafted(data, base), shapes)


def drafted(folder: Path, base: Base) -> tuple[list[Draft], list[Finding]]:
    """Read a data folder or one organisation's folder; findings of the tables come along."""
    return draft_one(folder, base) if (folder / ORGANISATION_FILE).exists() else draft(folder, base)


def checked(drafts: Sequence[Draft], findings: list[Finding], shapes: Graph | None = None) -> list[Finding]:
    """Add to the findings of the tables those of the graphs, unless the tables are wrong."""
    if not violations(findings):
        rules = shapes or shapes_graph()
        findings = findings + [finding for d in drafts for finding in d.validated(_metadata(d), rules)]
    return in_order(findings)


def measured(drafts: Iterable[Draft], findings: Iterable[Finding] = ()) -> list[Measured]:
    """Score what a build would release; `findings` are those of the check."""
    wrong = {finding.focus for finding in violations(findings) if finding.focus}
    return [
        measure(d.description, d.content + _metadata(d), d.base, files(d.base, _RELEASE, FORESEEN), wrong)
        for d in drafts
    ]


def files(base: Base, release: str, dumps: Iterable[DumpFile]) -> frozenset[str]:
    """Give the addresses at which a release serves files."""
    return frozenset(base.dump(release, dump.name) for dump in dumps)


def delivered(drafts: Iterable[Draft]) -> list[Delivery]:
    """Give the catalogues of a build as harvesters would get them."""
    return [
        Delivery(address, (Page(address, harvested(d.content + _metadata(d), d.key, d.base, which)),))
        for d in drafts
        for which in CATALOGUES
        for address in (d.base.thing(d.key, "catalog", which),)
    ]


def _metadata(d: Draft) -> Graph:
    return d.metadata(_RELEASE, FORESEEN)
