"""
A release at its own address, as long as it is kept: what it holds, what came before and after, where its checksums are.

What was removed answers 410 with what remains; what never was, 404.
"""

from flask import Blueprint, Response, request

from tvld import history
from tvld.errors import Gone, NotFound
from tvld.formats import GRAPH_FORMATS, HTML
from tvld.serve.answers import SNAPSHOT
from tvld.serve.past import Past
from tvld.serve.replies import REVALIDATE
from tvld.serve.timeline import State, timeline
from tvld.serve.web import asked, file_pages
from tvld.serve.web.representation import Shown, answer


def releases(past: Past) -> Blueprint:
    """Make the route; `past` holds the earlier releases."""
    routes = Blueprint("releases", __name__)

    @routes.get("/dumps/<name>/")
    def release(name: str) -> Response:
        """Tell of one release: a page, or the triples about its versions and its files."""
        here = asked.snapshot()
        states = timeline(here.source)
        mine = [state for state in states if state.release == name and state.folder is not None]
        if not mine or mine[-1].folder is None:
            raise absent(name)
        format_ = asked.choose((HTML, *GRAPH_FORMATS))
        shown = past.shown(here, mine[-1].folder, "")
        # From here on the request sees that release: its footer, its names, its files.
        request.environ[SNAPSHOT] = shown
        before, after = _neighbours(states, name)
        if format_ is HTML:
            page = file_pages.release(mine, before, after)
            response = Response(page, content_type=HTML.content_type)
            response.headers["Cache-Control"] = REVALIDATE
            response.headers["Vary"] = "Accept"
        else:
            base, one = here.source.base, request.args.get("organisation")
            quads = set(shown.record.told(base.dump(name, f"#{one}" if one else "")))
            for file in file_pages.asked_for():
                quads |= shown.record.document(base.dump(name, file.name))
            response = answer(Shown(f"dumps/{name}/", quads, str, suffixed=False))
        response.headers.extend(_links(here.source.name, before, after))
        return response

    return routes


def absent(name: str) -> Gone | NotFound:
    """Say why a release is not here: it was removed, or never was; and which are."""
    source = asked.snapshot().source
    kept = list(dict.fromkeys(state.release for state in reversed(timeline(source)) if state.folder is not None))
    remaining = f"kept are {', '.join(kept)}" if kept else "none is kept"
    gone = history.removed(source.folder.parent).get(name) if source.folder else None
    if gone is None:
        return NotFound(f"there is no release {name!r} here; {remaining}", available=kept)
    return Gone(f"release {name} was removed on {gone:%Y-%m-%d}; {remaining}", date=f"{gone:%Y-%m-%d}", available=kept)


def _neighbours(states: tuple[State, ...], name: str) -> tuple[str | None, str | None]:
    """Give the kept releases that were in use before this one first was, and after it last was."""
    kept = [state.release for state in states if state.folder is not None]
    first, last = kept.index(name), len(kept) - 1 - kept[::-1].index(name)
    return (kept[first - 1] if first else None), (kept[last + 1] if last + 1 < len(kept) else None)


def _links(latest: str, before: str | None, after: str | None) -> list[tuple[str, str]]:
    """Say in the words of RFC 5829 what came before and after, and which release is in use."""
    related = (
        ("predecessor-version", before),
        ("successor-version", after),
        ("latest-version", latest),
    )
    links = [f'<{asked.href(f"dumps/{name}/")}>; rel="{rel}"' for rel, name in related if name is not None]
    return [("Link", link) for link in (*links, f'<{asked.href("dumps/")}>; rel="version-history"')]
