"""
A base form of Finnish to the forms in which people write it: `tuki` to `tuen`, `tukea`, `tuesta`, `tukiin`.

Read out of Voikko's transducer, which turns forms to analyses: walked along all paths whose analysis has the base form.
Knows of the transducer what any has (states, symbols of input and output, flags) and Voikko's tags. Of possessives only
that of the second person is given (`tuestasi`), of clitics none: the others are joined to the same forms, and
`tvld.serve.search.inflection` takes them off.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

# What a flag asks: its kind, its name, its value (Beesley and Karttunen, "Finite State Morphology", 7).
_FLAG = re.compile(r"@([PNRDCU])\.([^.@]+)(?:\.([^@]+))?@")
# Where an analysis goes on to what is not asked for: another part of a compound, clitics, the other possessives,
# comparison, participles, and what Voikko gives for spelling alone.
_OTHER = frozenset(
    "[Bc] [Bh] [Fkaan] [Fkin] [Fko] [O1m] [O1y] [O2m] [O3] [Cc] [Cs] [Ra] [Re] [Rm] [Rt] [Ru] [Rv] - '".split()
)
# The base form stands from the first tag, what of it a derived word has other than its source from the second, each
# up to the third, behind which the form stands: `[Xp]terve[X]terve[Xj]ys[X]y[Sg][Ny]den`.
_BASE, _DERIVED, _FORM = "[Xp]", "[Xj]", "[X]"
# Parts of a name in its base form.
_JOINT = "="
# So many letters at its end may a form have otherwise than the base form: `lapsi`, `lasten`.
_CHANGING = 4
# Shorter words stand in Voikko's lexicon themselves.
_SHORTEST_DERIVED = 6
# Clitics that have no tag.
_CLITIC = re.compile(r"(?:p[aä]s?|p[aä]h[aä]n|h[aä]n)$")


class _Place(Enum):
    """Where in an analysis a path is."""

    BEFORE = 0
    BASE = 1  # in the base form that is asked for
    SOURCE = 2  # in the base form of what that is derived from
    STEM = 3  # in the part of the form that derived base forms begin with
    FORM = 4  # behind the base form: any form of it


_Flags = tuple[tuple[str, bool, str | None], ...]
# An input letter, a flag, an output, the state that follows.
_Step = tuple[str, re.Match[str] | None, str, int]


class Paradigms:
    """The forms of base forms, by one transducer: `rules` lead from a state by an input to states and outputs."""

    def __init__(self, rules: Mapping[int, Mapping[Any, Sequence[tuple[int, Any, float]]]], final: Mapping[int, float]):
        self._rules, self._final = rules, final
        self._steps: dict[int, list[_Step]] = {}

    def of(self, base: str) -> list[str]:
        """Give the forms of a base form in lower case, in order; none where it is unknown."""
        found: set[str] = set()
        same = max(1, len(base) - _CHANGING)
        # A state, what was read so far, flags, the place in the analysis, how many letters of the base form it has.
        waiting: list[tuple[int, str, _Flags, _Place, int]] = [(0, "", (), _Place.BEFORE, 0)]
        seen = set(waiting)
        while waiting:
            state, text, flags, place, told = waiting.pop()
            if text.endswith("p") and text[:-1] in found:
                continue  # a clitic begins
            if place is _Place.FORM and state in self._final:
                found.add(text)
            for letter, flag, output, to in self._from(state):
                if letter and len(text) < same and letter != base[len(text)]:
                    continue
                held = _flagged(flag, flags) if flag else flags
                if held is None:
                    continue
                for then in _followed(output, base, place, told):
                    step = (to, text + letter, held, *then)
                    if step not in seen:
                        seen.add(step)
                        waiting.append(step)
        return sorted(form for form in found if _CLITIC.sub("", form) not in found - {form})

    def _from(self, state: int) -> list[_Step]:
        """Give the steps from a state, read once."""
        steps = self._steps.get(state)
        if steps is None:
            # Those that read nothing stand last and are gone first: a form is known before what is longer.
            steps = self._steps[state] = sorted(_steps(self._rules.get(state, {})), key=lambda step: not step[0])
        return steps


def _steps(rules: Mapping[Any, Sequence[tuple[int, Any, float]]]) -> Iterator[_Step]:
    for symbol, targets in rules.items():
        letter = "" if symbol.is_epsilon() else symbol.get_symbol()
        flag = _FLAG.fullmatch(symbol.get_symbol()) if symbol.is_epsilon() else None
        for to, output, _ in targets:
            told = "" if output.is_epsilon() else output.get_symbol()
            if told not in _OTHER:
                yield letter, flag, told, to


def _followed(output: str, base: str, place: _Place, told: int) -> Iterator[tuple[_Place, int]]:
    """Follow the analysis by one output: where it may be now; nowhere, if it is of another word."""
    if output in (_BASE, _DERIVED):
        if place is (_Place.BEFORE if output == _BASE else _Place.STEM):
            yield _Place.BASE, told
            if len(base) >= _SHORTEST_DERIVED:
                yield _Place.SOURCE, told
    elif output == _FORM:
        if place is _Place.SOURCE:
            yield _Place.STEM, told
        elif place is _Place.BASE and told == len(base):
            yield _Place.FORM, told
    elif not output or output.startswith("[") or place in (_Place.SOURCE, _Place.FORM):
        yield place, told
    elif place in (_Place.BASE, _Place.STEM):
        if output == _JOINT and place is _Place.BASE:
            yield place, told
        elif base[told : told + 1] == output.lower():
            yield place, told + 1


def _flagged(flag: re.Match[str], flags: _Flags) -> _Flags | None:
    """Set or ask a flag; None where the path is closed."""
    kind, name, value = flag.groups()
    held = next((each for each in flags if each[0] == name), None)
    others = tuple(each for each in flags if each[0] != name)
    if kind in "PN":
        return tuple(sorted((*others, (name, kind == "P", value))))
    if kind == "C":
        return others
    agrees = held is not None and (value is None or (held[2] == value) is held[1])
    if kind == "U":
        return tuple(sorted((*others, (name, True, value)))) if held is None or agrees else None
    return flags if agrees is (kind == "R") else None
