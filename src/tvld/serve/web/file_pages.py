"""
The pages of files: those of the release in use, and of one at its own address. Knows no formats but HTML.

All files of a few organisations stand on one page. Of many organisations these are a list, each leading to its files.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import request

from tvld.errors import NotFound
from tvld.serve.signers import is_signed
from tvld.serve.source import FileEntry
from tvld.serve.timeline import State
from tvld.serve.web import asked
from tvld.serve.web.frame import page
from tvld.serve.web.pages import Part, page_number, part
from tvld.serve.web.view import Value, View, by_text
from tvld.serve.web.words import WORDS

# How many organisations have all their files on the page of the whole.
_WHOLE = 3
# Names alone, as many as there are municipalities: a reader finds one in them by the means of the browser.
_PER_PAGE = 300


@dataclass(frozen=True)
class Listing:
    """
    What a page lists: files, and a part of the organisations that have files of their own, as links to these.

    `whose` is the organisation whose files alone these are; `path` is where this page stands. `few` are the
    organisations, likewise as links, where all their files stand here.
    """

    path: str
    files: Sequence[FileEntry]
    whose: Value | None = None
    part: Part[Value] | None = None
    few: Sequence[Value] = ()


def asked_for() -> tuple[FileEntry, ...]:
    """Give the files that the request asks about: all, or those of an organisation; NotFound where it has none."""
    source = asked.snapshot().source
    files = tuple(source.listed.values())
    if (wanted := request.args.get("organisation")) is None:
        return files
    if not (of_one := tuple(file for file in files if file.organisation == wanted)):
        raise NotFound(f"release {source.name} has no files of an organisation {wanted!r}: see {source.base.iri}dumps/")
    return of_one


def dumps(releases: Sequence[State]) -> str:
    """Show the files of the release in use, and which releases there were."""
    return page(
        "dumps.html",
        listing=_listing("dumps/"),
        releases=releases,
        signed=is_signed(asked.snapshot().source.folder),
    )


def release(states: Sequence[State], before: str | None, after: str | None) -> str:
    """Show one release: its files, since when it was in use, and the notes in the language of the page."""
    source = asked.snapshot().source
    noted = f"notes/{WORDS.language}.md"
    return page(
        "release.html",
        listing=_listing(f"dumps/{source.name}/"),
        states=states,
        before=before,
        after=after,
        notes=noted if noted in source.listed else None,
    )


def _listing(path: str) -> Listing:
    """List the files that the request asks about."""
    here = asked.snapshot()
    files, address, view = asked_for(), asked.plain_href(path), View(here)
    if (wanted := request.args.get("organisation")) is not None:
        return Listing(address, files, whose=view.thing(here.source.base.organisation(wanted)))
    keys = sorted({file.organisation for file in files if file.organisation})
    things = [(key, view.thing(here.source.base.organisation(key))) for key in keys]
    links = sorted([replace(thing, href=f"{address}?organisation={key}") for key, thing in things], key=by_text)
    if len(keys) <= _WHOLE:
        return Listing(address, files, few=links)
    shown = part(links, page_number(), _PER_PAGE)
    # What is of the whole stands on the first page alone.
    return Listing(address, tuple(f for f in files if not f.organisation and shown.number == 1), part=shown)
