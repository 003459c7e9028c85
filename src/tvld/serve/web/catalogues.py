"""
What harvesters fetch: the catalogues, in every format and profile, whole or by pages (docs/harvesting.md).

Profiles are chosen as in Content Negotiation by Profile (W3C Working Draft, 26 Nov 2019), by header or by query; pages
are views of Hydra, whose links hold the release, so that no page of another can come between.
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, request

from tvld.errors import CallError, NotAcceptable
from tvld.formats import DOCUMENT_FORMATS, HTML, Format, by_suffix
from tvld.iris import PREFIXES, RDF_TYPE, RDFS_LABEL
from tvld.profiles import DCAT_AP_3, PROFILES, SUOJATTUDATA, Profile, by_iri, by_key
from tvld.serialisation import write
from tvld.serve.catalogues import Catalogues, Page, Quads
from tvld.serve.replies import REVALIDATE
from tvld.serve.web import asked, pages
from tvld.serve.web.language import PARAMETER, canonical
from tvld.serve.web.representation import Shown, answer, moved
from tvld.serve.web.things import described
from tvld.serve.web.words import WORDS

HYDRA = "http://www.w3.org/ns/hydra/core#"
PROF = "http://www.w3.org/ns/dx/prof/"
ALTR = "http://www.w3.org/ns/dx/connegp/altr#"
_XSD_INTEGER = ox.NamedNode(PREFIXES["xsd"] + "integer")
_ACCEPTED = re.compile(r"<([^<>]*)>[ \t]*(?:;[ \t]*q=([0-9.]+))?")
_DATASET = ox.NamedNode(PREFIXES["dcat"] + "dataset")
_LARGEST = 1000
_PARAMETERS = frozenset({"profile", "_profile", "page", "size", "release", PARAMETER})


@dataclass(frozen=True)
class _Asked:
    """Which catalogue is asked for, and how: `stem` is its path without suffix."""

    stem: str
    profile: Profile
    by_query: bool = False
    suffix: Format | None = None
    release: str | None = None

    @property
    def key(self) -> str:
        """Give the organisation, `open`, or nothing for all organisations."""
        return self.stem.removeprefix("catalog").removeprefix("/")

    @property
    def query(self) -> dict[str, object]:
        """Give the parameters that name the profile, however it was asked for, unless it is the first."""
        return {} if self.profile is DCAT_AP_3 else {"profile": self.profile.key}

    def address(self, suffix: str = "", **parameters: object) -> str:
        """Give the address, as any host answers it, in a format and with further parameters."""
        return asked.href(self.stem + (f".{suffix}" if suffix else ""), **self.query, **parameters)


def catalogues(size: int) -> Blueprint:
    """Make the routes; `size` is how many datasets a page has where none is asked for."""
    routes = Blueprint("catalogues", __name__)

    @routes.get("/catalog")
    @routes.get("/catalog.<suffix>")
    @routes.get("/catalog/<name>")
    def catalogue(name: str = "", suffix: str = "") -> Response:
        """Give the full catalogue (of all organisations, or of one), or the open-data one."""
        path = "catalog" + (f".{suffix}" if suffix else "") + (f"/{name}" if name else "")
        stem, format_ = asked.split(path, DOCUMENT_FORMATS)
        if (suffix and format_ is None) or unknown(stem.removeprefix("catalog").removeprefix("/")):
            return described(path)
        if unread := request.args.keys() - _PARAMETERS:
            raise CallError(f"a catalogue has no {', '.join(sorted(unread))}: it has {', '.join(sorted(_PARAMETERS))}")
        if "all" in (request.args.get("profile"), request.args.get("_profile")):
            return _profiles(stem, format_)
        wanted = _Asked(stem, *_profile(), format_, request.args.get("release"))
        found = Catalogues.of(asked.snapshot().source, wanted.release)
        if asked.choose(DOCUMENT_FORMATS, format_) is HTML:
            return _page(found, wanted)
        if "page" not in request.args:
            return _written(found.whole(wanted.key, wanted.profile), wanted)
        return _paged(found, wanted, _number("size", size))

    @routes.get("/<organisation>/catalog")
    @routes.get("/<organisation>/catalog.<suffix>")
    def of_organisation(organisation: str, suffix: str = "") -> Response:
        """Lead to where the catalogue of an organisation stands."""
        tail = f".{suffix}" if suffix else ""
        known = not suffix or by_suffix(DOCUMENT_FORMATS, suffix)
        if not known or unknown(organisation) or organisation in ("", "open"):
            return described(f"{organisation}/catalog{tail}")
        query = request.query_string.decode()
        return moved(asked.href(f"catalog/{organisation}{tail}") + (f"?{query}" if query else ""), 308)

    return routes


def unknown(key: str) -> bool:
    """Say whether there is no such catalogue."""
    source = asked.snapshot().source
    return source.folder is None or (key not in ("", "open") and key not in Catalogues.of(source).organisations)


def _profile() -> tuple[Profile, bool]:
    """Give the profile asked for, and whether the address names it; raises CallError or NotAcceptable with the list."""
    available = [profile.key for profile in PROFILES]
    named = request.args.get("profile", request.args.get("_profile"))
    if named is not None:
        profile = by_key(named) or by_iri(named)
        if profile is None:
            raise CallError(
                f"there is no profile {named!r} here: there are {', '.join(available)}", available=available
            )
        return profile, True
    accepted = _ACCEPTED.findall(request.headers.get("Accept-Profile", ""))
    if not accepted:
        return DCAT_AP_3, False
    rated = [(_quality(quality), profile) for iri, quality in accepted if (profile := by_iri(iri))]
    best = max((quality for quality, _ in rated), default=0.0)
    if not best:
        iris = [profile.iri for profile in PROFILES]
        raise NotAcceptable(f"none of the profiles asked for is here: there are {', '.join(iris)}", available=iris)
    return next(profile for quality, profile in rated if quality == best), False


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _number(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= _LARGEST:
        raise CallError(f"{name} must be a whole number from 1 to {_LARGEST}, found {text!r}")
    return int(text)


def _paged(found: Catalogues, wanted: _Asked, size: int) -> Response:
    page = found.page(wanted.key, wanted.profile, pages.page_number(), size)
    suffix = wanted.suffix.suffix if wanted.suffix else ""

    def address(number: int) -> str:
        parameters = {"page": number, "size": size, "release": found.release}
        return asked.absolute(wanted.address(suffix, **parameters))

    steps = {"first": 1, "previous": page.number - 1, "next": page.number + 1, "last": page.pages}
    links = {name: address(number) for name, number in steps.items() if 1 <= number <= page.pages}
    view = address(page.number)
    response = _written(page.quads | _view(found.base.iri + wanted.stem, view, page, links), wanted)
    for name, iri in links.items():
        # What Hydra calls previous is prev among the registered relations of links.
        response.headers.add("Link", f'<{found.base.local(iri)}>; rel="{"prev" if name == "previous" else name}"')
    response.headers["Content-Location"] = str(found.base.local(view))
    return response


def _view(collection: str, view: str, page: Page, links: dict[str, str]) -> Quads:
    """Describe a page for clients of Hydra: links as IRIs, and the number of all datasets wherever they look for it."""
    told = [(view, RDF_TYPE, HYDRA + "PartialCollectionView"), (collection, RDF_TYPE, HYDRA + "Collection")]
    told += [(collection, HYDRA + "view", view), *((view, HYDRA + name, iri) for name, iri in links.items())]
    quads = {ox.Quad(ox.NamedNode(s), ox.NamedNode(p), ox.NamedNode(o)) for s, p, o in told}
    total = ox.Literal(str(page.total), datatype=_XSD_INTEGER)
    return quads | {ox.Quad(ox.NamedNode(s), ox.NamedNode(HYDRA + "totalItems"), total) for s in (collection, view)}


def _written(quads: Quads, wanted: _Asked) -> Response:
    """Write a catalogue as data, and say in headers which profile it is in and what else there is."""
    format_ = asked.choose(DOCUMENT_FORMATS, wanted.suffix)
    response = Response(write(quads, format_), content_type=format_.content_type)
    _headed(response, wanted, format_)
    return response


def _page(found: Catalogues, wanted: _Asked) -> Response:
    title = WORDS.open_catalogue if wanted.key == "open" else WORDS.catalogue
    whose = [wanted.key] if wanted.key not in ("", "open") else found.organisations
    which = "open" if wanted.key == "open" else "stores"
    keys = {found.base.organisation(key): key for key in whose}
    by_name = asked.snapshot().usage.by_name(keys, WORDS.language)
    each = [(iri, found.base.thing(keys[iri], "catalog", which)) for iri in by_name]
    in_use = found.release == asked.snapshot().source.name and wanted.profile is DCAT_AP_3
    number = pages.page_number()
    if in_use and len(each) > 1:
        text = pages.catalogues(title, wanted.stem, each, number, _ways(wanted))
    elif in_use and each and "page" not in request.args:
        statements = "" if asked.still() else asked.href(wanted.stem, page=1)
        text = pages.catalogue(title, wanted.stem, each[0][1], replace(_ways(wanted), statements=statements))
    else:
        quads = found.whole(wanted.key, wanted.profile)
        text = _graph_page(title, found.base.iri + wanted.stem, quads, wanted, number)
    response = Response(text, content_type=HTML.content_type)
    _headed(response, wanted, HTML)
    return response


def _ways(wanted: _Asked) -> pages.Ways:
    """List the profiles of a catalogue, and the interfaces that give it otherwise; as files there are no queries."""
    under = f"catalog/{wanted.key}/" if wanted.key else ""
    doors = {"LDES": "feed.trig", "Atom": "feed.atom", "ckanext-dcat": f"{under}data.json", "VoID": ".well-known/void"}
    files = [(label, asked.href(path)) for label, path in doors.items()]
    if asked.still():
        return pages.Ways(profiles=[], doors=files)
    asking = [("OAI-PMH 2.0", asked.href("oai", verb="Identify"))]
    asking.append(("CKAN", asked.href(f"{under}api/3/action/package_list")))
    profiles = [(profile.label, replace(wanted, profile=profile).address()) for profile in PROFILES]
    return pages.Ways(profiles, [*asking, *files])


def _graph_page(title: str, iri: str, quads: Quads, wanted: _Asked, number: int) -> str:
    """Show a catalogue in its profile, with links that stay in it."""
    lead = [WORDS.use_catalogue]
    if wanted.profile is not DCAT_AP_3:
        lead = [f"{WORDS.use_profile} {wanted.profile.label}."]
    if wanted.profile is SUOJATTUDATA and not any(quad.predicate == _DATASET for quad in quads):
        lead.append(WORDS.nothing_restricted)
    return pages.graph(title, iri, wanted.stem, quads, number, lead=lead, query=urlencode(wanted.query))


def _headed(response: Response, wanted: _Asked, format_: Format) -> None:
    base = asked.snapshot().source.base
    headers = response.headers
    headers["Cache-Control"] = REVALIDATE
    vary = ([] if wanted.suffix else ["Accept"]) + ([] if wanted.by_query else ["Accept-Profile"])
    if vary:
        headers["Vary"] = ", ".join(vary)
    headers["Content-Location"] = wanted.address(format_.suffix)
    headers["Content-Profile"] = f"<{wanted.profile.iri}>"
    links = [
        f'<{canonical() if format_ is HTML else base.iri + wanted.stem}>; rel="canonical"',
        f'<{wanted.profile.iri}>; rel="profile"',
        f'<{base.path}.well-known/void>; rel="describedby"',
    ]
    links += [_alternate(wanted.address(f.suffix), wanted.profile, f) for f in DOCUMENT_FORMATS]
    for profile in PROFILES:
        if profile is not wanted.profile:
            links.append(_alternate(replace(wanted, profile=profile).address(), profile))
        links.append(f'<{PROF}Profile>; rel="type"; token="{profile.key}"; anchor="{profile.iri}"')
    for link in links:
        headers.add("Link", link)


def _alternate(address: str, profile: Profile, format_: Format | None = None) -> str:
    type_ = f'; type="{format_.media_type}"' if format_ else ""
    return f'<{address}>; rel="alternate"{type_}; profile="{profile.iri}"'


def _profiles(stem: str, suffix: Format | None) -> Response:
    """List the profiles of a catalogue, and where it is in each and in every format (alternate representations)."""
    base = asked.snapshot().source.base
    me = base.iri + stem
    quads: Quads = set()

    def tell(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        quads.add(ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value))

    for profile in PROFILES:
        tell(profile.iri, RDF_TYPE, ox.NamedNode(PROF + "Profile"))
        tell(profile.iri, RDFS_LABEL, ox.Literal(profile.label))
        tell(profile.iri, PROF + "hasToken", ox.Literal(profile.key))
        for format_ in DOCUMENT_FORMATS:
            there = asked.absolute(_Asked(stem, profile).address(format_.suffix))
            default = profile is DCAT_AP_3 and format_ is DOCUMENT_FORMATS[0]
            tell(me, ALTR + ("hasDefaultRepresentation" if default else "hasRepresentation"), ox.NamedNode(there))
            tell(there, RDF_TYPE, ox.NamedNode(ALTR + "Representation"))
            tell(there, PREFIXES["dct"] + "format", ox.Literal(format_.media_type))
            tell(there, PREFIXES["dct"] + "conformsTo", ox.NamedNode(profile.iri))
    shown = Shown(stem, quads, lambda: pages.graph(WORDS.profiles, me, stem, quads, 1), me, suffixed=False)
    return answer(shown, suffix)
