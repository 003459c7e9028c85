"""
One organisation's folder to a `Description`, or to findings that say by file, row and column what to mend.

Knows which files a folder holds and in which order they are checked; what rows and cells mean, others know.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tvld.build import columns, entries
from tvld.build.columns import TABLES, Table
from tvld.build.faults import capped, fault, nearest
from tvld.build.findings import Finding, violations
from tvld.build.organisation import ORGANISATION_FILE, SOURCE_FOLDER, read_organisation_file
from tvld.build.references import reference_faults
from tvld.build.tables import SUFFIXES, Sheet, read_table_file, table_files
from tvld.iris import RESERVED
from tvld.model import Description, Organisation, Place

_TABLE = {table.name: table for table in TABLES}


def read_all(data: Path) -> tuple[list[Description], list[Finding]]:
    """
    Read every organisation below a data folder, in the order of their keys.

    A folder without organisation.toml is a finding (hidden ones are passed over), and so is a data folder without
    any organisation. Places of findings name files relative to the data folder.
    """
    descriptions: list[Description] = []
    findings: list[Finding] = []
    folders = _folders(data)
    if not folders:
        findings.append(fault("no-data", Place(data.as_posix()), found=data.as_posix()))
    for folder in folders:
        description, found = read_organisation(folder)
        findings.extend(found)
        if description:
            descriptions.append(description)
    return descriptions, findings


def read_organisation(folder: Path) -> tuple[Description | None, list[Finding]]:
    """
    Read one organisation's folder; its name is the organisation's key.

    The description is given where no finding is a violation: a half-read one would hide what is missing.
    """
    key = folder.resolve().name if folder.name in {"", ".."} else folder.name
    findings: list[Finding] = []
    if not columns.KEY.fullmatch(key) or key in RESERVED:
        findings.append(fault("organisation-key", Place(key), key, found=key))
    if not (folder / ORGANISATION_FILE).is_file():
        return None, [*findings, fault("no-organisation", Place(key))]
    organisation, found = read_organisation_file(folder / ORGANISATION_FILE, key)
    sheets, missing = _sheets(folder, key)
    findings += [*found, *missing, *_unknown_files(folder, key)]
    for sheet in sheets.values():
        findings.extend(_faults(sheet, sheets))
    description = None if organisation is None or violations(findings) else _description(organisation, sheets)
    return description, capped(findings)


def read_table(path: Path) -> list[Finding]:
    """
    Check one table by itself, and against the tables beside it where these are there.

    The name of the file says which table it is; places name the file as it was given.
    """
    table = _TABLE.get(path.stem)
    if table is None or path.suffix not in SUFFIXES:
        return [fault("unknown-file", Place(path.as_posix()), found=path.name, nearest=nearest(path.stem, _TABLE))]
    sheet = read_table_file(path, table, path.as_posix())
    beside = {
        other.name: read_table_file(files[0], other, files[0].as_posix())
        for other in TABLES
        if other is not table and len(files := table_files(path.parent, other)) == 1
    }
    return capped(_faults(sheet, beside | {table.name: sheet}))


def inputs(data: Path) -> dict[str, Path]:
    """Give every file that is read below a data folder, by its name relative to it, sorted."""
    files: list[Path] = []
    for folder in _folders(data):
        files.append(folder / ORGANISATION_FILE)
        files.extend(path for table in TABLES for path in table_files(folder, table))
        files.extend(_visible(folder / SOURCE_FOLDER))
    named = {path.relative_to(data).as_posix(): path for path in files if path.is_file()}
    return dict(sorted(named.items()))


def _visible(folder: Path) -> list[Path]:
    """List what is in a folder but hidden files and the locks of spreadsheet programs, sorted."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "~$")))


def _folders(data: Path) -> list[Path]:
    return [path for path in _visible(data) if path.is_dir()]


def _sheets(folder: Path, key: str) -> tuple[dict[str, Sheet], list[Finding]]:
    """Read the tables of a folder; a table that is not there has no rows."""
    sheets = {}
    findings = []
    for table in TABLES:
        files = table_files(folder, table)
        if len(files) > 1:
            findings.append(fault("two-files", Place(f"{key}/{files[0].name}"), table=table.name))
        elif files:
            sheets[table.name] = read_table_file(files[0], table, f"{key}/{files[0].name}")
        elif table.required:
            header = ",".join(column.name for column in table.columns)
            findings.append(
                fault("missing-table", Place(f"{key}/{table.name}.csv"), table=table.name, columns=(header, header))
            )
    return sheets, findings


def _unknown_files(folder: Path, key: str) -> Iterator[Finding]:
    """Tell of files that look like tables: a misspelt name would be passed over in silence."""
    for path in _visible(folder):
        if path.suffix.lower() in {*SUFFIXES, ".xls", ".ods", ".tsv"} and (
            path.stem not in _TABLE or path.suffix not in SUFFIXES
        ):
            hint = nearest(path.name, [f"{name}{suffix}" for name in _TABLE for suffix in SUFFIXES])
            yield fault("unknown-file", Place(f"{key}/{path.name}"), found=path.name, nearest=hint)


def _faults(sheet: Sheet, sheets: dict[str, Sheet]) -> Iterable[Finding]:
    yield from sheet.findings
    yield from entries.cell_faults(sheet)
    yield from reference_faults(sheet, sheets)


def _description(organisation: Organisation, sheets: dict[str, Sheet]) -> Description:
    def sheet(table: Table) -> Sheet:
        return sheets.get(table.name) or Sheet(table, "", (), (), ())

    return Description(
        organisation=organisation,
        service_areas=entries.register(sheet(columns.SERVICE_AREAS)),
        purposes=entries.register(sheet(columns.PURPOSES)),
        data_groups=entries.register(sheet(columns.DATA_GROUPS)),
        systems=entries.systems(sheet(columns.SYSTEMS)),
        stores=entries.stores(sheet(columns.STORES)),
        materials=entries.materials(sheet(columns.MATERIALS)),
        cells=entries.cells(sheet(columns.CELLS)),
        withdrawn=entries.withdrawn(sheet(columns.WITHDRAWN)),
    )
