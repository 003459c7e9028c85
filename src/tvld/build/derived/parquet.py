"""A table as Parquet, with the imprint among its key-value metadata. Numbers are int64, all else is text."""

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from tvld.build.imprint import Imprint
from tvld.build.sheets import Sheet

_ROWS_AT_ONCE = 50_000


def write_parquet(sheet: Sheet, path: Path, imprint: Imprint) -> None:
    """Write a table; a column that must be filled is not nullable."""
    schema = pa.schema(
        [
            pa.field(
                column.name,
                pa.int64() if column.holds == "number" else pa.string(),
                nullable=not column.required,
                metadata={"fi": column.finnish, "en": column.help},
            )
            for column in sheet.columns
        ],
        metadata=imprint.facts(),
    )
    columns = list(zip(*sheet.values(), strict=True)) or [()] * len(schema)
    table = pa.table([pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)], schema)
    parquet.write_table(table, path, compression="zstd", row_group_size=_ROWS_AT_ONCE)
