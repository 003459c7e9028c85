"""
What in the text of a query is likely to take long: told to whoever wrote a query that ran past its time.

Looks at the text alone and asks no engine: it names what is expensive on any data, never how long it took.
"""

from collections.abc import Iterable
from itertools import chain, islice, pairwise

from tvld.serve.patterns import Outline, Pattern, outline
from tvld.serve.workers.text import READ_AT_ONCE, place

_SHOWN = 80
_MOST = 3


def costs(text: str) -> tuple[str, ...]:
    """Give a sentence for each expensive part, the worst first, at most three; none where nothing is known."""
    # Nobody's hands wrote a longer one, and reading it would hold up everybody else.
    if len(text) > READ_AT_ONCE:
        return ()
    read = outline(text)
    return tuple(islice(chain(_products(text, read), _closures(text, read), _everything(text, read)), _MOST))


def _products(text: str, read: Outline) -> Iterable[str]:
    """Find patterns that share no variable with the rest, so that all matches are combined with all."""
    groups: list[tuple[set[str], list[Pattern]]] = []
    parts = [(pattern.names, [pattern]) for pattern in read.patterns if pattern.names]
    for names, patterns in (*parts, *((link, []) for link in read.links)):
        joined, members = set(names), list(patterns)
        apart = []
        for group in groups:
            if group[0] & joined:
                joined |= group[0]
                members += group[1]
            else:
                apart.append(group)
        groups = [*apart, (joined, members)]
    separate = sorted((min(m, key=lambda p: p.start) for _, m in groups if m), key=lambda p: p.start)
    for one, other in pairwise(separate):
        yield (
            f"{_shown(text, one)} and {_shown(text, other)} share no variable, nor do the patterns that hang on them: "
            "every match of one is combined with every match of the other"
        )


def _closures(text: str, read: Outline) -> Iterable[str]:
    for pattern in read.patterns:
        endless = pattern.path and any(sign in pattern.predicate for sign in "*+")
        if endless and pattern.subject[0] in "?$_" and pattern.object[0] in "?$_":
            yield f"{_shown(text, pattern)} is a path of any length with both ends open: say where it begins or ends"


def _everything(text: str, read: Outline) -> Iterable[str]:
    for pattern in read.patterns:
        if all(term[0] in "?$_" for term in (pattern.subject, pattern.predicate, pattern.object)):
            yield f"{_shown(text, pattern)} matches every triple there is: name the property or the class"


def _shown(text: str, pattern: Pattern) -> str:
    line, _, _ = place(text, pattern.start)
    written = " ".join(pattern.text.split())
    return f"`{written if len(written) <= _SHOWN else written[:_SHOWN] + '…'}` (line {line})"
