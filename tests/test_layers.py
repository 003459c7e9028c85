"""The house rules that no single module can check about itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "tvld"

# A module may import only from modules to its left. Add a module here first.
ORDER = """
    errors model iris formats profiles settings context process
    serialisation.parts serialisation.turtle serialisation.rdfxml serialisation.json_ld serialisation
    resources analysis alphabet scores signature checksums history census.kinds census.terms census
    difference.content difference.merging difference.properties difference.events difference.pair
    difference.wording difference.finnish difference.swedish difference.english difference.words
    difference.sentences difference.account difference.prose difference.statements difference.records difference
    feed.entities feed.journal feed
    build.findings build.faults build.columns build.workbook build.tables build.entries build.references
    build.organisation build.lossless build.intake build.inputs
    build.graph build.vocabulary build.quads build.imprint build.distributions build.catalogue build.statistics
    build.versions build.records build.harvest
    build.fingerprints build.sheets build.csvw build.derived
    build.profiles build.ckan build.catalogues
    build.places build.validate build.quality build.harvesters build.report build.dumps build.census
    build.listings build.aids build.notes build.release build.lineage
    build.inventory build.retention
    build.drafts build.checking build.downloads build.inflection build.morphology build.findable build.search
    build.pipeline build
    serve.negotiation serve.languages serve.spool serve.engine serve.outcomes serve.source serve.questions serve.release
    serve.rdf_files serve.record
    serve.catalogues serve.ckan serve.search
    serve.workers serve.remote serve.sparql serve.problems serve.conditions serve.traffic serve.kept serve.shared
    serve.patterns serve.parameters serve.costs serve.explanation serve.archive serve.signers serve.usage serve.sitemap
    serve.matrix serve.neighbourhood serve.composition serve.layered serve.drawing serve.snapshot serve.timeline
    serve.feed serve.past
    serve.stream serve.atom serve.oai
    serve.replies serve.lane serve.bodies serve.connections serve.memory serve.asking serve.endpoint serve.giving
    serve.answers
    serve.web serve.server serve.doors serve.export serve
    cli.apart cli.knobs cli.signing cli.aids cli.download cli.deliveries cli.verification cli.verify cli.keys
    cli.endpoint cli.build cli.check cli.query cli.dump cli.diff cli.releases cli.load cli.export cli.serve
    cli.settings cli
""".split()
WINGS = ("build", "serve")
LONGEST = 300

# Who alone may know what: a name that a module imports, and the rooms that may.
KNOWS = {
    "pyshacl": {"build.validate"},
    "flask": {"serve.web"},
    "granian": {"serve.server"},
    "openpyxl": {"build.workbook"},
    "xlsxwriter": {"build.derived", "serve.export.statutory"},
    "docx": {"serve.export.statutory"},
    "pyarrow": {"build.derived"},
    "rdflib": {"build", "cli.check", "cli.deliveries"},
    "click": {"cli"},
    "pyvoikko": {"build.morphology"},
    "sqlite3": {"build.release", "build.derived", "build.search", "serve.search"},
}
# Who may touch the world: the environment (of the process, not of a WSGI call), the clock.
ENVIRONMENT = {"os.environ", "os.getenv", "os.environb"}
CLOCK = {"now", "today", "utcnow"}

MODULES = {
    ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(SRC.rglob("*.py"))
    if path.relative_to(SRC).as_posix() not in {"__init__.py", "__main__.py"}
}


def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


def tvld_imports(module: ast.Module) -> Iterator[str]:
    """Yield what a module takes from the house; the forms we do not use come out as names that fail."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (f"(import {a.name})" for a in node.names if a.name.split(".")[0] == "tvld")
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield "(relative import)"
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "tvld":
            tail = node.module.removeprefix("tvld").lstrip(".")
            for alias in node.names:
                inner = f"{tail}.{alias.name}".lstrip(".")
                if inner in MODULES:
                    yield inner
                elif tail:
                    yield tail


def foreign_imports(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def names_used(module: ast.Module) -> set[str]:
    """Names and attributes, the latter also with what they are taken from: `environ` and `os.environ`."""
    names = {n.id for n in ast.walk(module) if isinstance(n, ast.Name)}
    attributes = [n for n in ast.walk(module) if isinstance(n, ast.Attribute)]
    imported = {
        f"{n.module}.{alias.name}" for n in ast.walk(module) if isinstance(n, ast.ImportFrom) for alias in n.names
    }
    return names | imported | {n.attr for n in attributes} | {ast.unparse(n) for n in attributes}


def room(name: str) -> str:
    """The entry of ORDER that a module belongs to: its own, or that of the package below a wing that it stands in."""
    parts = name.split(".")
    return next((found for n in range(len(parts), 1, -1) if (found := ".".join(parts[:n])) in ORDER), name)


def test_there_are_modules_in_both_wings() -> None:
    assert len(MODULES) > 30
    assert all(sum(name.startswith(wing + ".") for name in MODULES) > 10 for wing in WINGS)


@pytest.mark.parametrize("name", MODULES)
def test_imports_run_one_way(name: str) -> None:
    assert room(name) in ORDER, "a new module takes its place in ORDER first"
    for target in tvld_imports(tree(name)):
        if room(target) == room(name) and room(name) != name:
            continue  # inside one package
        assert room(target) in ORDER[: ORDER.index(room(name)) + (room(target) == room(name))], (
            f"{name} may not import {target}"
        )


@pytest.mark.parametrize("name", MODULES)
def test_the_wings_never_meet(name: str) -> None:
    wing = name.split(".")[0]
    other = {"build": "serve", "serve": "build"}.get(wing)
    assert not [t for t in tvld_imports(tree(name)) if other and t.split(".")[0] == other]


def test_no_circle_of_imports() -> None:
    """Inside a package too, where ORDER says nothing."""
    arrows = {name: {t for t in tvld_imports(tree(name)) if t in MODULES and t != name} for name in MODULES}
    while leaves := [name for name, targets in arrows.items() if not targets & arrows.keys()]:
        for name in leaves:
            del arrows[name]

    assert not arrows


@pytest.mark.parametrize("name", MODULES)
def test_a_library_is_known_to_its_room_alone(name: str) -> None:
    for library in set(foreign_imports(tree(name))) & KNOWS.keys():
        assert any(name == r or name.startswith(r + ".") for r in KNOWS[library]), f"{name} may not know {library}"


@pytest.mark.parametrize("name", MODULES)
def test_only_the_command_line_reads_the_environment(name: str) -> None:
    assert name.startswith("cli") or not names_used(tree(name)) & ENVIRONMENT


@pytest.mark.parametrize("name", [n for n in MODULES if not n.startswith("serve") and n != "history"])
def test_what_is_built_never_asks_the_clock(name: str) -> None:
    assert not names_used(tree(name)) & CLOCK


@pytest.mark.parametrize("name", MODULES)
def test_a_module_fits_in_one_sitting(name: str) -> None:
    text = MODULES[name].read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST
    assert ast.get_docstring(ast.parse(text)), "say what the module is for"
