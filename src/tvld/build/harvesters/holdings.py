"""
What harvesters hold now against what they would hold after: added, changed, deleted. The memory between two harvests is
one JSON file, a dataset's id and hash for each harvester and catalogue.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tvld.build.findings import Finding, violations
from tvld.build.harvesters import ckan, fdk, piveau, sweden
from tvld.build.harvesters.delivery import Delivery, Verdict, datasets
from tvld.build.harvesters.rules import refusal
from tvld.errors import DataError

HARVESTERS = {module.NAME: module.harvest for module in (ckan, piveau, fdk, sweden)}
# By harvester and catalogue: the hash of every dataset by its id.
Holdings = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Outcome:
    """
    What a harvest would do at one harvester; None where it is not known what that one holds.

    `instead` are the catalogues that are held there where this one is not.
    """

    verdict: Verdict
    offered: int
    added: tuple[str, ...] | None = None
    changed: tuple[str, ...] | None = None
    deleted: tuple[str, ...] | None = None
    instead: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.verdict.harvester} {self.verdict.address}"


def harvest(deliveries: Iterable[Delivery], held: Holdings | None = None) -> list[Outcome]:
    """Replay all harvesters on all deliveries, and compare with what they hold."""
    return [
        _outcome(run(delivery), len(datasets(delivery.whole())), held)
        for delivery in deliveries
        for run in HARVESTERS.values()
    ]


def holdings(outcomes: Iterable[Outcome]) -> Holdings:
    """Give what is held once the harvest is done; where one fails as a whole, nothing of it is known."""
    return {o.key: {taken.id: taken.digest for taken in o.verdict.taken} for o in outcomes}


def write_holdings(held: Holdings) -> bytes:
    return (json.dumps({"holdings": held}, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_holdings(text: bytes, name: str) -> Holdings:
    """Read what `write_holdings` wrote; raises DataError for anything else."""
    try:
        found = json.loads(text)["holdings"]
        return {str(key): {str(i): str(d) for i, d in of.items()} for key, of in found.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as err:
        raise DataError(
            f"{name} does not say what harvesters hold: give a file that `tvld check --harvest --keep FILE` wrote, a "
            "release folder, or the address of a catalogue"
        ) from err


def findings(outcomes: Iterable[Outcome]) -> Iterator[Finding]:
    """Tell what each harvester would do: refusals, then a line of sums, and every dataset that it would delete."""
    empty: set[str] = set()
    for outcome in outcomes:
        verdict = outcome.verdict
        yield from verdict.findings
        if not outcome.offered and verdict.address not in empty:
            empty.add(verdict.address)
            yield refusal("harvest/empty", verdict.address)
        count, offered = len(verdict.taken), outcome.offered
        datasets_fi = "tietojoukon" if count == 1 else "tietojoukkoa"
        fi = f"{verdict.harvester}: ottaisi {count} {datasets_fi}, tarjolla {offered}."
        en = f"{verdict.harvester}: would take {count} of {offered} dataset{'' if offered == 1 else 's'}."
        if outcome.added is not None and outcome.changed is not None and outcome.deleted is not None:
            sums = len(outcome.added), len(outcome.changed), len(outcome.deleted)
            fi += " Uusia {}, muuttuneita {}, poistuvia {}.".format(*sums)
            en += " {} added, {} changed, {} deleted.".format(*sums)
            for gone in outcome.deleted:
                yield refusal("harvest/deleted", gone, harvester=verdict.harvester, what=gone)
        if outcome.instead:
            fi += f" Tätä luetteloa sillä ei vielä ole, vaan: {', '.join(outcome.instead)}."
            en += f" It does not hold this catalogue yet, but: {', '.join(outcome.instead)}."
        yield Finding("info", f"harvest/{verdict.harvester}", (("fi", fi), ("en", en)), focus=verdict.address)


def as_json(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    return [
        {
            "harvester": o.verdict.harvester,
            "catalogue": o.verdict.address,
            "offered": o.offered,
            "taken": [{"id": taken.id, "name": taken.name} for taken in o.verdict.taken],
            "refused": [{"rule": f.rule, "focus": f.focus} for f in violations(o.verdict.findings)],
            "added": o.added,
            "changed": o.changed,
            "deleted": o.deleted,
        }
        for o in outcomes
    ]


def _outcome(verdict: Verdict, offered: int, held: Holdings | None) -> Outcome:
    outcome = Outcome(verdict, offered)
    if held is None:
        return outcome
    before = held.get(outcome.key, {})
    prefix = f"{verdict.harvester} "
    instead = [] if outcome.key in held else [key.removeprefix(prefix) for key in held if key.startswith(prefix)]
    after = {taken.id: taken.digest for taken in verdict.taken}
    if offered and not after:
        # A harvest that fails as a whole changes nothing.
        after = dict(before)
    return Outcome(
        verdict,
        offered,
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(key for key in after.keys() & before.keys() if after[key] != before[key])),
        tuple(sorted(before.keys() - after.keys())),
        tuple(sorted(instead)),
    )
