"""
The catalogue files of a release: of each organisation the full catalogue and the open-data one, in every profile and as
the two forms of JSON that CKAN portals read. What is asked of a server later is made here once.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rdflib import Graph, Namespace

from tvld.build.ckan import listing, packages
from tvld.build.graph import DCAT
from tvld.build.harvest import harvested
from tvld.build.profiles import in_profile
from tvld.build.quads import quads
from tvld.formats import TURTLE
from tvld.iris import PREFIXES, Base
from tvld.profiles import CATALOGUES, FOLDER, PROFILES, file_of, listing_of, packages_of
from tvld.serialisation import write

SPDX = Namespace(PREFIXES["spdx"])


def write_catalogues(
    release: Graph, organisation: str, base: Base, dumps: str, target: Path
) -> dict[str, dict[str, Any]]:
    """
    Write the catalogues of one organisation below `target`; give what the manifest says of each file.

    `release` is content and metadata merged; `dumps` is the address of the release's own files.
    """
    (target / FOLDER).mkdir(exist_ok=True)
    about: dict[str, dict[str, Any]] = {}
    cuts = {which: harvested(release, organisation, base, which) for which in CATALOGUES}
    # Both list the description, and nothing else has files.
    sums = _sha1(cuts["open"], dumps, target)
    for which, cut in cuts.items():
        for profile in PROFILES:
            graph = in_profile(cut, profile, sums)
            name = file_of(organisation, which, profile)
            (target / name).write_bytes(write(quads(graph), TURTLE))
            about[name] = {"triples": len(graph), "datasets": _datasets(graph), "profile": profile.iri}
        for name, entries in (
            (packages_of(organisation, which), packages(cut, organisation)),
            (listing_of(organisation, which), listing(cut)),
        ):
            _write_json(target / name, entries)
            about[name] = {"datasets": len(entries)}
    return about


def _datasets(graph: Graph) -> int:
    return len(set(graph.objects(None, DCAT.dataset)))


def _sha1(cut: Graph, dumps: str, target: Path) -> Mapping[str, str]:
    """Give the SHA-1 of every file of the release that has a checksum at all, by its address."""
    sums = {}
    for distribution in cut.subjects(SPDX.checksum):
        address = str(cut.value(distribution, DCAT.downloadURL))
        if address.startswith(dumps):
            with (target / address.removeprefix(dumps)).open("rb") as file:
                sums[address] = hashlib.file_digest(file, "sha1").hexdigest()
    return sums


def _write_json(path: Path, entries: list[dict[str, Any]]) -> None:
    path.write_text(json.dumps(entries, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
