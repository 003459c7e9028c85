"""Files that a library packs from what a release holds already: compressed, as a workbook, as Parquet, as SQLite."""
