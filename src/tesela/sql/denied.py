"""What no tile may call or read: functions and tables that reach files, other servers, settings or sessions.

A courtesy and a second fence. The wall is the engine's own session, see docs/decisions.
Patterns are matched whole and without case, against the name alone (schema and catalog left out).
"""

from __future__ import annotations

import re
from functools import lru_cache

Names = tuple[str, ...]

# Runs SQL that stands in a string, which nothing here could check.
HIDDEN_SQL: Names = (
    "query",
    "query_table",
    "json_execute_serialized_sql",
    "from_substrait(_json)?",
    "ts_stat",
)
HIDDEN_SQL += ("crosstab.*", "connectby", "(query|table|schema|database|cursor)_to_xml.*", "raw_query")

# Elsewhere: files, other servers, other processes.
ELSEWHERE: Names = (
    "read_.*",
    ".*_scan",
    "scan_.*",
    "glob",
    "sniff_csv",
    "parquet_.*",
    "load_extension",
    "readfile",
)
ELSEWHERE += ("writefile", "edit", "fsdir", "load_file", "lo_.*", "dblink.*", "openrowset", "openquery")
ELSEWHERE += (
    "opendatasource",
    "external_query",
    "(x|s)p_.*",
    "http_.*",
    "(postgres|mysql|sqlite)_(query|attach)",
)
ELSEWHERE += ("(postgres|mysql)_execute", "st_read.*", "shell.*", "sys_(exec|eval)", "getenv", "which_secret")

# Settings, locks, sequences, waiting, other people's sessions.
SESSION: Names = ("set_config", "current_setting", "nextval", "setval", "currval", "lastval", "write_log")
SESSION += ("duckdb_.*", "pragma_.*", "enable_.*", "disable_.*", "(force_)?checkpoint", "sql_auto_complete")
SESSION += (
    "sleep",
    "benchmark",
    "(get|release|is_free|is_used)_.*lock.*",
    "master_pos_wait",
    "binary_upgrade_.*",
)
SESSION += (
    "wait_for_executed_gtid_set",
    "inet_(server|client)_(addr|port)",
    "getvariable",
    "add_parquet_key",
)

EVERYWHERE = HIDDEN_SQL + ELSEWHERE + SESSION

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "postgres": (
        r"pg_(?!(typeof|size_pretty|size_bytes|column_size|relation_size|total_relation_size|table_size"
        r"|indexes_size|database_size)$).*",
        "convert_from_file",
    ),
    "sqlite": ("sqlite_.*", "fts3_tokenizer", "zipfile", "csv"),
    "duckdb": ("pg_(?!typeof$).*", "repeat_row", "test_.*", "summary", "(load|save)_.*", "in_search_path"),
    "clickhouse": (
        "url.*|(s3|gcs|azure|hdfs|iceberg|deltalake|hudi|paimon).*|file(cluster)?|remote(secure)?|cluster.*",
        "executable|input|mysql|postgresql|mongodb|redis|sqlite|odbc|jdbc|ytsaurus|arrowflight|python|merge",
        "sleepeachrow|getsetting|getserverport|getmacro|catboost.*|dictionary|viewifpermitted|loop|fuzz.*",
    ),
    "spark": ("reflect", "try_reflect", "java_method", "cloud_files.*", "http_request", "secret"),
    "snowflake": (r"system\$.*", "get_presigned_url", "build_.*_file_url", "infer_schema"),
    "trino": ("kill_query",),
}
FUNCTIONS["databricks"] = FUNCTIONS["spark"]

TABLES: dict[str, tuple[str, ...]] = {
    "postgres": ("pg_.*",),
    "duckdb": ("duckdb_.*", "pragma_.*", "pg_.*", "sqlite_.*"),
    "sqlite": ("pragma_.*", "sqlite_(?!schema$|master$).*", "dbstat", "bytecode", "fsdir", "tables_used"),
}
SCHEMAS: dict[str, tuple[str, ...]] = {
    "postgres": ("pg_catalog", "pg_toast", "pg_temp.*"),
    "duckdb": ("pg_catalog",),
    "mysql": ("mysql", "performance_schema", "sys"),
    "clickhouse": ("system",),
    "trino": ("jmx", "system"),
    "spark": ("text|csv|tsv|json|parquet|orc|avro|delta|iceberg|hudi|xml|binaryfile|image|libsvm|jdbc",),
}
SCHEMAS["databricks"] = SCHEMAS["spark"]

HOMES: dict[str, tuple[str, ...]] = {"duckdb": ("", "main"), "sqlite": ("", "main", "temp")}
"""Schemas in which the tables above are found; without one everywhere."""

FILE_READERS = frozenset({"duckdb"})
"""Dialects in which the name of a table may be the path of a file."""
_FILE = re.compile(
    r"""(?x)(?i) ^[/.~] | :// | \\ | [*?]
    | \.(csv|tsv|txt|json[l]?|ndjson|geojson|parquet|avro|arrow|feather|ipc|xlsx?|ods|shp|gpkg|vortex
         |db|ddb|duckdb|sqlite3?|blob)(\.(gz|zst|bz2|xz))?$"""
)


def is_denied_function(name: str, dialect: str) -> bool:
    """Return whether a function of this name may not be called.

    >>> is_denied_function("PG_READ_FILE", "postgres"), is_denied_function("pg_typeof", "postgres")
    (True, False)
    """
    return bool(_pattern(*EVERYWHERE, *FUNCTIONS.get(dialect, ())).fullmatch(name.strip().lower()))


def is_denied_table(catalog: str, schema: str, name: str, dialect: str) -> bool:
    """Return whether a table is the system's own, or is really a path.

    >>> is_denied_table("", "", "x.csv", "duckdb"), is_denied_table("", "public", "pg_rating", "postgres")
    (True, False)
    >>> is_denied_table("system", "main", "duckdb_databases", "duckdb")
    True
    """
    if any(_pattern(*SCHEMAS.get(dialect, ())).fullmatch(part.lower()) for part in (catalog, schema) if part):
        return True
    if schema.lower() in HOMES.get(dialect, ("",)) and _pattern(*TABLES.get(dialect, ())).fullmatch(
        name.lower()
    ):
        return True
    path = ".".join(part for part in (catalog, schema, name) if part)
    return dialect in FILE_READERS and bool(_FILE.search(path))


@lru_cache(maxsize=64)
def _pattern(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)")
