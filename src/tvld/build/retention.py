"""
Which releases are kept: the last ones, and the last of each day, month and year. Pure: the time is given.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from tvld.build.inventory import Kept


@dataclass(frozen=True)
class Rules:
    """
    How many releases are kept: the newest ones, and the newest of so many days, months and years.

    None is removed within `days` days of coming into use.
    """

    last: int
    daily: int
    monthly: int
    yearly: int
    days: int


def retained(releases: Collection[Kept], rules: Rules, moment: datetime) -> dict[str, str]:
    """
    Give the ids of the releases to keep, each with why.

    What a link points to and what came into use within `rules.days` days stays in any case. The rest is counted apart
    for each base, newest first; damaged ones count for nothing.
    """
    reasons: dict[str, str] = {}
    for kept in releases:
        if kept.links:
            reasons[kept.id] = ", ".join(kept.links)
        elif moment - kept.since < timedelta(days=rules.days):
            reasons[kept.id] = f"younger than {rules.days} days"
    for base in {kept.base for kept in releases}:
        whole = sorted((k for k in releases if k.base == base and k.fault is None), key=lambda k: k.since, reverse=True)
        for kept in whole[: rules.last]:
            reasons.setdefault(kept.id, f"one of the last {rules.last}")
        for count, word, period in (
            (rules.daily, "day", lambda at: (at.year, at.month, at.day)),
            (rules.monthly, "month", lambda at: (at.year, at.month)),
            (rules.yearly, "year", lambda at: (at.year,)),
        ):
            for kept in _newest_of_each(whole, period)[:count]:
                reasons.setdefault(kept.id, f"the last of its {word}")
    return reasons


def _newest_of_each(newest_first: Collection[Kept], period: Callable[[datetime], tuple[int, ...]]) -> list[Kept]:
    newest: dict[tuple[int, ...], Kept] = {}
    for kept in newest_first:
        newest.setdefault(period(kept.since), kept)
    return list(newest.values())
