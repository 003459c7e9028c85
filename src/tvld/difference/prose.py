"""
An account as plain text and as Markdown (CommonMark), in a language.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from tvld.difference.account import Account, Section
from tvld.difference.sentences import Piece, plain
from tvld.difference.wording import Words

# What means something to a reader of Markdown, HTML included.
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|&~])")


def text(account: Account, words: Words) -> str:
    """Write for a terminal: headings set out, a sentence a line."""
    lines = [title(account, words), "", *summary(account, words)]
    for section in account.sections(words):
        lines += ["", *_outlined(section, words, 0)]
    return "\n".join(lines) + "\n"


def markdown(account: Account, words: Words) -> str:
    """Write as Markdown: names lead to what they name."""
    lines = [f"# {_escaped(title(account, words))}", "", *summary(account, words)]
    if account.tallies:
        lines += ["", *_table(account, words)]
    for section in account.sections(words):
        lines += _headed(section, words, 2)
    return "\n".join(lines) + "\n"


def heading(piece: Piece, words: Words) -> str:
    """Write a heading: a name needs no quotation marks there, but its language is said."""
    other = piece.language and piece.language != words.language
    return f"{piece.text} ({piece.language})" if other else piece.text


def title(account: Account, words: Words) -> str:
    return words.title.format(before=account.difference.before.release, after=account.difference.after.release)


def summary(account: Account, words: Words) -> list[str]:
    """Say how much differs, in sentences."""
    if account.same:
        return [words.same]
    said = [words.counts.format(added=account.counts.added, removed=account.counts.removed)]
    if account.derived:
        said.append(words.derived.format(count=account.derived))
    if account.too_many:
        said.append(words.too_many)
    return said


def _outlined(section: Section, words: Words, depth: int) -> Iterator[str]:
    yield "  " * depth + heading(section.heading, words)
    for told in section.sentences:
        yield "  " * (depth + 1) + "- " + plain(told, words)
    for part in section.parts:
        yield from _outlined(part, words, depth + 1)


def _headed(section: Section, words: Words, level: int) -> Iterator[str]:
    yield from ("", f"{'#' * level} {_escaped(heading(section.heading, words))}")
    if section.sentences:
        yield ""
    for told in section.sentences:
        yield "- " + _linked(told, words)
    for part in section.parts:
        yield from _headed(part, words, level + 1)


def _linked(pieces: Sequence[Piece], words: Words) -> str:
    return "".join(_link(piece, words) for piece in pieces)


def _link(piece: Piece, words: Words) -> str:
    told = _escaped(plain([piece], words))
    return f"[{told}](<{piece.iri}>)" if piece.iri else told


def _table(account: Account, words: Words) -> Iterable[str]:
    yield "| " + " | ".join(words.table) + " |"
    yield "|---|---:|---:|---:|"
    for tally in account.tallies:
        yield f"| {words.groups[tally.kind]} | {tally.added} | {tally.removed} | {tally.changed} |"


def _escaped(text_: str) -> str:
    return _MARKS.sub(r"\\\1", text_)
