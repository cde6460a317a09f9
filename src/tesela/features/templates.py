"""Templates: dashboards that can be made for any table, filled in from what the datasource holds.

The files stand in `template_files`. In a title or a query, `{table}` and `{time}` are the chosen names, quoted;
`{name:x}` is a name for a person, `{label:x}` the same or "Rows" where nothing was chosen, `{total:x}` its sum or the
number of rows, `{month:x}` the first day of its month.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from tesela.errors import BadRequest
from tesela.features import checks
from tesela.features.access import Access
from tesela.features.tiles import checked_fields
from tesela.model.caller import Caller
from tesela.model.catalog import Catalog, ColumnInfo, TableInfo
from tesela.model.dashboard import Dashboard, Document, Page, Tile
from tesela.model.grid import Place, first_free
from tesela.running.catalog import Catalogs
from tesela.running.compiling import beside
from tesela.running.sources import Sources, dialect_of
from tesela.sql.check import check_sql
from tesela.sql.quoting import quote
from tesela.store import Store

FILES = Path(__file__).parent / "template_files"
REFRESH_SECONDS = 300

Role = Literal["time", "measure", "dimension"]
TIMES = ("date", "timestamp", "datetime")
NUMBERS = (
    "int", "tinyint", "smallint", "bigint", "hugeint", "uint", "utinyint", "usmallint", "ubigint", "uhugeint",
    "decimal", "numeric", "double", "float", "real", "number", "money",
)  # fmt: skip
WORDS = ("char", "varchar", "character", "text", "string", "enum", "bpchar", "name", "bool")
TYPES: Mapping[Role, tuple[str, ...]] = {"time": TIMES, "measure": NUMBERS, "dimension": WORDS}
"""How the names of the types begin that a role takes."""
LIKELY: Mapping[Role, tuple[str, ...]] = {
    "time": ("date", "day", "time", "created", "ordered", "month"),
    "measure": ("revenue", "amount", "sales", "total", "price", "value", "quantity", "distance", "count"),
    "dimension": ("region", "country", "category", "segment", "type", "status", "channel", "city", "origin"),
}
"""Words in a column's name that make it the likelier one, the likeliest first."""
_ID_LIKE = re.compile(
    r"(^|_)(id|uuid|key|code|number|nr|no|zip|year|month|day|hour|minute|lat|lon)$", re.IGNORECASE
)
_TOKEN = re.compile(r"(?<!\$)\{(?:(name|label|total|month):)?(\w+)\}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something of the datasource that a template is made for. role: what a column must be good for."""

    kind: Literal["table", "column"]
    description: str
    role: Role | None = None
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    id: str
    name: str
    description: str
    parameters: Mapping[str, Parameter]
    tiles: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks for. parameters: names of a table and of columns; what is not said is guessed."""

    template: str
    datasource_id: str
    name: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The table with its SQL name, and the columns by parameter; a column that there is not is left out."""

    table: TableInfo
    sql_name: str
    columns: Mapping[str, str]
    dialect: str

    def filled(self, text: str, *, is_sql: bool) -> str:
        """Return the text of a template with the chosen names in it."""
        return _TOKEN.sub(lambda found: self._said(found[1], found[2], is_sql=is_sql), text)

    def _said(self, how: str | None, parameter: str, *, is_sql: bool) -> str:
        name = self.table.name if parameter == "table" else self.columns.get(parameter)
        if how == "label" and name is None:
            return "Rows"
        if how == "total" and name is None:
            return "COUNT(*)"
        if name is None:
            raise AssertionError(f"a tile that says {parameter} must need it")
        if not is_sql:
            return name.replace("_", " ")
        column = self.sql_name if parameter == "table" else quote(name, self.dialect)
        if how == "total":
            return f"SUM({column})"
        return _month(column, self.dialect) if how == "month" else column


@cache
def templates() -> tuple[Template, ...]:
    """Return the templates that there are, in the order of their files."""
    return tuple(_read(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(FILES.glob("*.json")))


async def create_from_template(
    store: Store,
    access: Access,
    sources: Sources,
    catalogs: Catalogs,
    caller: Caller,
    wanted: Wanted,
    *,
    clock: Callable[[], dt.datetime],
) -> Dashboard:
    """Return a new dashboard of the caller's, made from a template for a table of a datasource.

    Needs the right to use the datasource. Raises BadRequest naming the parameter; SourceUnavailable.
    """
    access.may_create(caller)
    template = _named(wanted.template)
    id_ = checks.uuid_field(wanted.datasource_id, "datasource_id")
    datasource = await access.datasource_named(caller, "use", id_, "datasource_id")
    source = await sources.get(caller.tenant_id, datasource.id)
    catalog = await catalogs.get(source.datasource, source.engine)
    chosen = choose(template, catalog, wanted.parameters, dialect_of(datasource))
    name = wanted.name if wanted.name is not None else f"{template.name}: {chosen.table.name}"
    now = clock()
    document = made(template, chosen, checks.name(name, "name"), datasource.id, now=now)
    for tile in document.tiles:
        if tile.query is not None:
            await beside(tile.query, check_sql, tile.query, chosen.dialect)
    dashboard = Dashboard(
        id=str(uuid.uuid4()),
        tenant_id=caller.tenant_id,
        owner_id=caller.user_id,
        workspace_id=None,
        audience="private",
        link=False,
        is_archived=False,
        version=1,
        created_at=now,
        updated_at=now,
        document=document,
    )
    sentence = f"Made from the template '{template.name}'"
    await store.write(lambda tx: tx.dashboards.add(dashboard, author_id=caller.user_id, sentence=sentence))
    return dashboard


def choose(template: Template, catalog: Catalog, said: Mapping[str, str], dialect: str) -> Chosen:
    """Return the table and the columns: those that are said, the likeliest for the rest. Raises BadRequest."""
    if unknown := [name for name in said if name not in template.parameters]:
        known = ", ".join(template.parameters)
        raise BadRequest(f"parameters.{unknown[0][:100]} is not known; this template takes {known}")
    path, table = _table(catalog, said.get("table"))
    columns: dict[str, str] = {}
    for name, parameter in template.parameters.items():
        if parameter.kind == "column" and name in said:
            columns[name] = _column(table, said[name], name)
    for name, parameter in template.parameters.items():
        if parameter.role is None or name in columns:
            continue
        guess = _likeliest(table, parameter.role, taken=set(columns.values()))
        if guess is not None:
            columns[name] = guess
        elif parameter.is_required:
            raise BadRequest(
                f"parameters.{name} is required: the table {table.name} has no column that is likely one"
            )
    return Chosen(table, ".".join(quote(part, dialect) for part in path), columns, dialect)


def made(template: Template, chosen: Chosen, name: str, datasource_id: str, *, now: dt.datetime) -> Document:
    """Return the document. A tile is left out when the table lacks a column that it needs."""
    page = Page(id=str(uuid.uuid4()), name="Page 1")
    tiles: list[Tile] = []
    for given in template.tiles:
        if any(parameter not in chosen.columns for parameter in given.get("needs", ())):
            continue
        taken = [Place(tile.grid_x, tile.grid_y, tile.grid_w, tile.grid_h) for tile in tiles]
        place = first_free(taken, *given["size"])
        fields = checked_fields(
            {
                "title": chosen.filled(given["title"], is_sql=False),
                "tile_type": given["tile_type"],
                "chart_type": given.get("chart_type"),
                "datasource_id": datasource_id,
                "query": chosen.filled(given["query"], is_sql=True),
                "chart_config": dict(given["chart_config"]),
            },
            None,
        )
        grid = {"grid_x": place.x, "grid_y": place.y, "grid_w": place.w, "grid_h": place.h}
        tiles.append(
            Tile(id=str(uuid.uuid4()), page_id=page.id, created_at=now, updated_at=now, **fields, **grid)
        )
    period = {"name": "period", "label": "Period", "field": chosen.columns.get("time"), "type": "date_range"}
    return Document(
        name=name,
        description=template.description,
        refresh_interval_seconds=REFRESH_SECONDS,
        filters=(period,) if "time" in chosen.columns else (),
        pages=(page,),
        tiles=tuple(tiles),
    )


def _read(given: Mapping[str, Any]) -> Template:
    parameters = {name: Parameter(**said) for name, said in given["parameters"].items()}
    return Template(given["id"], given["name"], given["description"], parameters, tuple(given["tiles"]))


def _named(template_id: str) -> Template:
    for one in templates():
        if one.id == template_id:
            return one
    raise BadRequest(f"template must be one of {', '.join(one.id for one in templates())}")


def _tables(catalog: Catalog) -> Iterator[tuple[tuple[str, ...], TableInfo]]:
    """Yield each table with what names it: its name alone in the default schema, else with schema and catalog."""
    for one in catalog.catalogs:
        for schema in one.schemas:
            for table in schema.tables:
                if one.name != catalog.default_catalog and catalog.default_catalog is not None:
                    yield (one.name, schema.name, table.name), table
                elif schema.name != catalog.default_schema:
                    yield (schema.name, table.name), table
                else:
                    yield (table.name,), table


def _table(catalog: Catalog, said: str | None) -> tuple[tuple[str, ...], TableInfo]:
    tables = list(_tables(catalog))
    if not tables:
        raise BadRequest("datasource_id: the datasource has no tables")
    if said is None:
        return max(tables, key=lambda found: (found[1].row_count or 0, -len(found[0])))
    for path, table in tables:
        if said in (table.name, ".".join(path), f"{catalog.default_schema}.{table.name}"):
            return path, table
    known = ", ".join(".".join(path) for path, _ in tables[:20])
    raise BadRequest(f"parameters.table: the datasource has no table {said[:100]}; it has {known}")


def _column(table: TableInfo, said: str, parameter: str) -> str:
    for column in table.columns:
        if column.name == said:
            return column.name
    known = ", ".join(column.name for column in table.columns[:50])
    raise BadRequest(
        f"parameters.{parameter}: the table {table.name} has no column {said[:100]}; it has {known}"
    )


def _likeliest(table: TableInfo, role: Role, taken: set[str]) -> str | None:
    """Return the column that is likeliest good for the role: by its type, then its name, then its place."""
    fitting = [one for one in table.columns if one.name not in taken and _fits(one, role)]
    if not fitting:
        return None

    def rank(column: ColumnInfo) -> tuple[bool, int]:
        words = LIKELY[role]
        place = next((n for n, word in enumerate(words) if word in column.name.lower()), len(words))
        return bool(_ID_LIKE.search(column.name)) and role != "time", place

    return min(fitting, key=rank).name


def _fits(column: ColumnInfo, role: Role) -> bool:
    kind = column.type.lower()
    return kind.startswith(TYPES[role]) and not kind.endswith("[]") and "interval" not in kind


def _month(column: str, dialect: str) -> str:
    if dialect == "sqlite":
        return f"STRFTIME('%Y-%m-01', {column})"
    return f"CAST(DATE_TRUNC('month', {column}) AS DATE)"
