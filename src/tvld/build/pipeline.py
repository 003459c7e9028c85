"""
The build in order: tables, model, graph, dumps, metadata, validation, release. Paths and addresses are arguments.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import Graph

from tvld.build import release
from tvld.build.aids import UNAIDED, Aids
from tvld.build.catalogues import write_catalogues
from tvld.build.census import write_census
from tvld.build.checking import FORESEEN
from tvld.build.checking import files as served
from tvld.build.downloads import BUNDLE_NAME, Downloads, bundle_file, derived_facts, of_nobody, write_downloads
from tvld.build.drafts import Draft, draft
from tvld.build.findings import SEVERITIES, Finding, in_order, violations
from tvld.build.fingerprints import fingerprint
from tvld.build.inputs import inputs, tool
from tvld.build.lineage import previous
from tvld.build.notes import write_notes
from tvld.build.quads import quads
from tvld.build.quality.account import sums, write_account
from tvld.build.quality.measuring import measure
from tvld.build.report import write as write_report
from tvld.build.search import NAME as SEARCH
from tvld.build.search import write_index
from tvld.build.statistics import statistics_of_graph
from tvld.build.vocabulary import labels_graph, ontology_graph, questions, shapes_graph
from tvld.checksums import sha256
from tvld.errors import DataError
from tvld.formats import DERIVED_FACTS, GRAPH_FORMATS, NQUADS, NTRIPLES, TURTLE
from tvld.iris import PREFIXES, TVLD, Base
from tvld.model import text_in
from tvld.serialisation import write

Tell = Callable[[str], None]
REPORTS = {"report.ttl": "turtle", "report.json": "json", "report.html": "html"}


@dataclass(frozen=True)
class Release:
    """What a build gave: the release's id and folder, whether it is new, and its findings (no violation among them)."""

    id: str
    folder: Path
    new: bool
    findings: tuple[Finding, ...]


def content_of(data: Path, base: Base) -> list[ox.Quad]:
    """Give the content of all organisations as quads, without a release; raises DataError where tables are wrong."""
    drafts, findings = draft(data, base)
    _stop_at(findings)
    return [quad for d in drafts for quad in d.quads()]


def unchanged(
    data: Path, out: Path, base: Base, link: str = release.CURRENT, extras: Sequence[str] = ()
) -> Path | None:
    """
    Give the current release where it is whole, was made from just these inputs and has these extras (`Aids.extras`):
    nothing need be built.
    """
    folder_now = release.current(out, link)
    if folder_now is None or not release.whole(folder_now):
        return None
    found = release.manifest(folder_now)
    made = (found.get("base"), found.get("tool"), found.get("extras", []), found.get("inputs"))
    return folder_now if made == (base.iri, tool(), list(extras), inputs(data)) else None


def build(
    data: Path,
    out: Path,
    base: Base,
    tell: Tell,
    dry_run: bool = False,
    link: str = release.CURRENT,
    aids: Aids = UNAIDED,
) -> Release:
    """
    Make a checked release in `out` and point `link` to it; with `dry_run` only find out what would be made.

    Raises DataError with all findings where one is a violation: then nothing in `out` changes. Raises OutsideError
    where the folder cannot be written.
    """
    tell(f"reading {data}")
    drafts, findings = draft(data, base)
    _stop_at(findings)
    making = _Making(data, base, drafts, findings, tell, aids)
    if dry_run:
        making.follow(out, link)
        making.validate_foreseen()
        target = out / making.release_id
        return Release(making.release_id, target, not target.exists(), tuple(making.findings))
    with release.releases(out):
        making.follow(out, link)
        target = out / making.release_id
        new = not release.whole(target)
        if not new:
            making.validate_foreseen()
        release.publish(out, making.release_id, making.fill, link, aids.sign)
    tell(f"{'wrote' if new else 'nothing new:'} {target}")
    return Release(making.release_id, target, new, tuple(making.findings))


@dataclass(frozen=True)
class _Written:
    """What a build wrote: the files to take away, the graphs of `graph/catalog`, what the manifest tells of files."""

    files: Downloads
    catalog: Sequence[Graph]
    statistics: Sequence[Graph]
    entries: Mapping[str, Mapping[str, Any]]


class _Making:
    """A release in the making: knows its id, fills its folder."""

    def __init__(
        self, data: Path, base: Base, drafts: list[Draft], findings: list[Finding], tell: Tell, aids: Aids
    ) -> None:
        self.data, self.base, self.drafts, self.findings = data, base, drafts, findings
        self.tell, self.aids = tell, aids
        self.shapes, self.ontology, self.labels, self.questions = (
            shapes_graph(),
            ontology_graph(),
            labels_graph(),
            questions(),
        )
        self.said = self._said()
        self.previous: Path | None = None
        self.release_id = self._release_id()

    def follow(self, out: Path, link: str) -> None:
        """Learn which release this one follows, and so its id: what comes before is part of what it is."""
        before = previous(out, link, self.base, self.said)
        self.previous = out / before if before else None
        self.release_id = self._release_id()

    def _release_id(self) -> str:
        """Name a release by its latest `modified`, what it says and what it follows: decisions/0002-release-id.md."""
        named = f"{self.said}\n{self.previous.name if self.previous else ''}\n"
        return f"{self._modified()}-{hashlib.sha256(named.encode()).hexdigest()[:12]}"

    def _said(self) -> str:
        """
        Hash all that a release says, whatever came before it.

        Sorted N-Quads without blank nodes are their own canonical form (RDFC-1.0 changes nothing in them).
        """
        digest = hashlib.sha256(f"{self.base.iri}\n{tool()}\n".encode())
        digest.update("".join(f"with {extra}\n" for extra in self.aids.extras).encode())
        for d in self.drafts:
            digest.update(write(d.quads(), NQUADS))
            digest.update(write(quads(d.metadata("")), NTRIPLES))
        for graph in (self.shapes, self.ontology, self.labels):
            digest.update(write(quads(graph), NTRIPLES))
        digest.update("".join(f"{name}\n{text}\n" for name, text in self.questions.items()).encode())
        return digest.hexdigest()

    def _modified(self) -> str:
        return max(d.description.organisation.modified for d in self.drafts)

    def validate_foreseen(self) -> None:
        """Check what a build would make, or has made already."""
        self.validate([d.metadata(self.release_id, FORESEEN) for d in self.drafts])

    def validate(self, metadata: Sequence[Graph]) -> None:
        self.tell(f"checking {sum(len(d.content) for d in self.drafts)} triples")
        for d, about in zip(self.drafts, metadata, strict=True):
            self.findings = [*self.findings, *d.validated(about, self.shapes)]
        self.findings = in_order(self.findings)
        _stop_at(self.findings)

    def fill(self, target: Path) -> dict[str, Any]:
        """Write all files of the release into `target`; give the head of its manifest."""
        # The index waits for a process of its own most of its time: it is made beside the rest.
        with ThreadPoolExecutor(1) as beside:
            indexed = beside.submit(self._write_index, target)
            written = self._write_files(target)
            indexed.result()
        self._write_derived_facts(target, written)
        return self._manifest(target, written)

    def _write_index(self, target: Path) -> None:
        if not self.aids.search:
            return
        described = [d.description for d in self.drafts]
        write_index(target / SEARCH, described, self.ontology, self.drafts[0].codes, self.base)

    def _write_files(self, target: Path) -> "_Written":
        """Write all but what tells of derived files, and those that are made of the rest."""
        self.tell("writing dumps")
        files = write_downloads(self.drafts, self.data, self.ontology, self.shapes, target, self.tell)
        files = files.with_bundle(bundle_file()) if self.aids.bundle else files
        before = self.previous.name if self.previous else None
        metadata = [d.metadata(self.release_id, files.of[d.key], before) for d in self.drafts]
        statistics = [d.statistics(self.release_id, files.of[d.key]) for d in self.drafts]
        self.validate([about + counted for about, counted in zip(metadata, statistics, strict=True)])
        measured = [
            measure(d.description, d.content + about, d.base, served(self.base, self.release_id, files.of[d.key]))
            for d, about in zip(self.drafts, metadata, strict=True)
        ]
        catalog = [*metadata, *statistics, of_nobody(files, self.drafts, self.release_id), sums(measured, self.base)]
        _write_turtle(target / "catalog.ttl", catalog)
        _write_turtle(target / "labels.ttl", [self.labels])
        catalogues = self._write_catalogues(target, metadata)
        (target / "queries").mkdir()
        for name, text in self.questions.items():
            (target / "queries" / f"{name}.rq").write_text(text, encoding="utf-8")
        for name, format_name in REPORTS.items():
            (target / name).write_bytes(write_report(self.findings, format_name))
        if self.previous:
            write_notes(self.previous, target, self.release_id, self.base)
        entries = files.entries() | catalogues | write_account(measured, self.base, target)
        return _Written(files, catalog, statistics, entries)

    def _write_derived_facts(self, target: Path, written: "_Written") -> None:
        """Write the bundle, which is made of all that is there, and what is told and counted of derived files."""
        files = written.files
        if self.aids.bundle is not None:
            # Only now: it is made by copies of this process, in which no other thread may be at work.
            self.tell("writing the bundle")
            self.aids.bundle(target, self._head(), target / BUNDLE_NAME)
            files = files.with_bundle(bundle_file(target / BUNDLE_NAME))
        weights = derived_facts(files, self.drafts, self.release_id)
        _write_turtle(target / f"catalog{DERIVED_FACTS}", [weights])
        _write_turtle(target / "void.ttl", [*written.statistics, *self._counted([*written.catalog, weights])])
        write_census(target, self.base)

    def _counted(self, catalog: Sequence[Graph]) -> Iterator[Graph]:
        """Count the graphs of the endpoint that hold no content."""
        own = {"ns": TVLD, "shapes": PREFIXES["shape"]}
        for name, graph in (("ns", self.ontology), ("shapes", self.shapes)):
            dumps = [f"{name}.{f.suffix}" for f in GRAPH_FORMATS]
            yield statistics_of_graph(name, [graph], self.base, self.release_id, dumps, own[name])
        dumps = ["catalog.ttl", f"catalog{DERIVED_FACTS}"]
        yield statistics_of_graph("catalog", catalog, self.base, self.release_id, dumps, self.base.iri)

    def _write_catalogues(self, target: Path, metadata: Sequence[Graph]) -> dict[str, dict[str, Any]]:
        files: dict[str, dict[str, Any]] = {}
        for d, about in zip(self.drafts, metadata, strict=True):
            dumps = self.base.dump(self.release_id, "")
            files |= write_catalogues(d.content + about, d.key, self.base, dumps, target)
        return files

    def _head(self) -> dict[str, Any]:
        """Say what the release is, in the words of its manifest, before all of it is there."""
        organisations = [d.description.organisation for d in self.drafts]
        return {
            "release": self.release_id,
            "previous": self.previous.name if self.previous else None,
            "said": self.said,
            "base": self.base.iri,
            "publishable": not self.base.is_loopback,
            "modified": self._modified(),
            "tool": tool(),
            "extras": list(self.aids.extras),
            "organisations": [
                {"key": o.key, "iri": self.base.organisation(o.key), "name": text_in(o.names)} for o in organisations
            ],
            # In the order of their addresses, whatever order the rows have.
            "withdrawn": sorted((t for d in self.drafts for t in d.tombstones()), key=lambda t: str(t["iri"])),
        }

    def _manifest(self, target: Path, written: "_Written") -> dict[str, Any]:
        about_catalog = fingerprint(written.catalog, self.base.graph("catalog"))
        return self._head() | {
            "content": sha256(target / "description.nq"),
            "doors": self._proven(target),
            "validation": {severity: sum(f.severity == severity for f in self.findings) for severity in SEVERITIES},
            "inputs": inputs(self.data),
            "graphs": {**written.files.graphs(self.base), self.base.graph("catalog"): about_catalog},
            "files": dict(written.entries),
        }

    def _proven(self, target: Path) -> dict[str, Any]:
        if self.aids.prove is None:
            return {}
        self.tell("comparing dumps, documents, endpoint and site")
        return dict(self.aids.prove(target, self.base))


def _write_turtle(path: Path, graphs: Iterable[Graph]) -> None:
    path.write_bytes(write((quad for graph in graphs for quad in quads(graph)), TURTLE))


def _stop_at(findings: Iterable[Finding]) -> None:
    found = in_order(findings)
    if wrong := violations(found):
        raise DataError(f"{len(wrong)} violation{'' if len(wrong) == 1 else 's'}: nothing was released", found)
