"""SQL assist: the five kinds of `generate-sql`, made by rules, or by a model where rules refuse.

Whatever comes back has been parsed, guarded and tried on the datasource; what could not is said in `warnings`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from tesela.errors import BadRequest, QueryError
from tesela.features.access import Access
from tesela.features.data import Asking
from tesela.features.preview import unsaved_tile
from tesela.features.profiles import Known, known_tables, profiles
from tesela.features.tiles import find_tile
from tesela.features.viewing import State, view
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard, Tile
from tesela.running.compiling import beside
from tesela.running.sources import Source, dialect_of
from tesela.sql.assist.asked import ask
from tesela.sql.assist.audit import audit
from tesela.sql.assist.changed import change
from tesela.sql.assist.comparison import comparison
from tesela.sql.assist.detail import detail
from tesela.sql.assist.drill import DrillWritten, drill
from tesela.sql.assist.levels import Profile, label_of, levels
from tesela.sql.assist.question import TableWords
from tesela.sql.assist.reading import Written, read
from tesela.sql.assist.words import chosen_tables
from tesela.sql.check import check_detail_sql, check_sql
from tesela.sql.quoting import quote
from tesela.sql.spots import NothingToRewrite, NotRewritten
from tesela.sql.tables import Columns, tables_in

Kind = Literal["main", "detail", "comparison", "drill", "cross_filter"]
KINDS: tuple[Kind, ...] = ("main", "detail", "comparison", "drill", "cross_filter")
NEW = "new"
MAX_PROMPT = 4_000
TABLES_READ = 40
"""A question is looked for in so many tables, those that share words with it first."""
MOST_VALUES = 1_000
"""A column of more different texts is no list of values to recognise in a question."""
MOST_METRICS = 50
PLACES: dict[Kind, tuple[str, ...]] = {
    "main": (),
    "detail": ("detail.where",),
    "comparison": ("range.prev_start", "range.prev_end"),
    "drill": ("drill.field", "drill.where"),
    "cross_filter": (),
}
"""Placeholders without which SQL of a kind is not what was asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client asks for. The last three: instead of the tile's own, and needed for an unsaved tile."""

    prompt: str
    kind: Kind = "main"
    existing_query: str = ""
    main_query: str = ""
    datasource_id: str | None = None
    catalog: str | None = None
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class Generated:
    """The SQL; empty when it was refused, and then `warnings` says why.

    warnings: what failed, or for `cross_filter` what the audit found. notes: what was left out on purpose.
    model: who wrote it. tokens: what asking a model has cost, also where its text was of no use.
    """

    sql: str
    kind: Kind
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    suggested_levels: tuple[dict[str, str], ...] | None = None
    made_by: Literal["rules", "model"] = "rules"
    model: str | None = None
    tokens: int = 0

    def body(self) -> dict[str, Any]:
        """Return the answer as the contract has it: what does not apply is left out."""
        found: dict[str, Any] = {"sql": self.sql, "made_by": self.made_by}
        if self.model is not None or self.tokens:
            found |= {"model": self.model, "tokens": self.tokens}
        if self.suggested_levels is not None:
            found["suggested_levels"] = list(self.suggested_levels)
        if self.warnings or self.kind == "cross_filter":
            found["warnings"] = list(self.warnings)
        if self.notes:
            found["notes"] = list(self.notes)
        return found


@dataclass(frozen=True, slots=True)
class ToWrite:
    """What a model is told.

    schema: tables and columns as text, with sample values where rows may leave. metrics: what people have defined,
    one a line. reason: why the rules refuse. error, rejected: of its first attempt.
    """

    kind: Kind
    prompt: str
    dialect: str
    schema: str
    main_query: str = ""
    existing_query: str = ""
    placeholders: tuple[str, ...] = ()
    metrics: str = ""
    reason: str = ""
    error: str | None = None
    rejected: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenText:
    """What a model wrote; empty: it has no query to offer, and `note` may say why. tokens: what it cost."""

    sql: str
    model: str | None = None
    tokens: int = 0
    note: str | None = None


class Writer(Protocol):
    """A model that writes SQL. Its text passes the same checks as ours."""

    @property
    def sees_rows(self) -> bool:
        """Whether values of rows may be put before it."""

    async def __call__(self, asked: ToWrite) -> WrittenText: ...


async def tile_to_write(
    access: Access,
    caller: Caller,
    dashboard: Dashboard,
    tile_id: str,
    wanted: Wanted,
    clock: Callable[[], Any],
) -> Tile:
    """Return the saved tile, with what `wanted` overrides, or the unsaved one. Needs `use` of its datasource."""
    overrides = {"catalog": wanted.catalog, "schema": wanted.schema, "datasource_id": wanted.datasource_id}
    sent = {name: value for name, value in overrides.items() if value}
    if tile_id == NEW:
        if "datasource_id" not in sent:
            raise BadRequest("datasource_id is required for a tile that is not saved")
        return await unsaved_tile(access, caller, dashboard, {**sent, "query": "SELECT 1"}, clock)
    tile = find_tile(dashboard.document, tile_id)
    datasource_id = sent.get("datasource_id") or tile.datasource_id
    if datasource_id is None:
        raise BadRequest("A text tile has no SQL; name a datasource_id")
    source = await access.datasource_named(caller, "use", datasource_id, "datasource_id")
    changed: dict[str, Any] = {"datasource_id": source.id, "metric_query": None}
    changed |= {
        field: value for field, value in (("catalog", wanted.catalog), ("schema_", wanted.schema)) if value
    }
    return tile.model_copy(update=changed)


async def generate(asking: Asking, tile: Tile, wanted: Wanted, writer: Writer | None = None) -> Generated:
    """Return the SQL that was asked for. Raises BadRequest, QueryRefused for a main query that cannot be read.

    asking: of the dashboard as it opens. writer: a model, asked only where the rules refuse.
    """
    if len(wanted.prompt) > MAX_PROMPT:
        raise BadRequest(f"prompt may have at most {MAX_PROMPT:,} characters")
    source = await asking.runner.sources.get(asking.caller.tenant_id, tile.datasource_id or "")
    work = _Work(asking, tile, wanted, source)
    if wanted.kind != "main" and not work.main_query.strip():
        raise BadRequest(
            f"main_query is required for query_kind={wanted.kind}: the tile has no query of its own"
        )
    if wanted.kind == "main" and not wanted.prompt.strip():
        raise BadRequest("prompt is required: say in words what the query should show")
    return await work.done(writer)


class _Work:
    def __init__(self, asking: Asking, tile: Tile, wanted: Wanted, source: Source) -> None:
        self.asking, self.tile, self.wanted, self.source = asking, tile, wanted, source
        self.dialect = dialect_of(source.datasource)
        self.main_query = wanted.main_query if wanted.main_query.strip() else (tile.query or "")

    async def done(self, writer: Writer | None) -> Generated:
        kind = self.wanted.kind
        columns = await self.asking.catalogs.columns(
            self.source.datasource, self.source.engine, self.tile.schema_
        )
        if kind == "cross_filter":
            warnings = await beside(self.main_query, audit, self.main_query, self.dialect, columns)
            return Generated(self.main_query, kind, tuple(warnings))
        try:
            return await self._by_rules(columns)
        except NotRewritten as reason:
            if writer is not None and not isinstance(reason, NothingToRewrite):
                return await self._by_model(writer, str(reason))
            return Generated("", kind, (_sentence(reason),))

    async def _by_rules(self, columns: Columns) -> Generated:
        kind, sql = self.wanted.kind, self.main_query
        if kind == "main":
            return await self._main()
        if kind == "drill":
            drilled = await beside(sql, drill, sql, self.dialect, columns)
            chain = await self._levels(drilled)
            suggested = tuple({"field": name, "label": label_of(name)} for name in chain)
            top = chain[0] if chain else (drilled.top or next(iter(drilled.columns), None))
            failed = await self.tried(drilled.written.sql, level=top)
            made = self._made(drilled.written, failed)
            return replace(made, suggested_levels=suggested)
        if kind == "detail":
            written = await beside(sql, detail, sql, self.dialect, columns)
            return self._made(written, await self.tried(written.sql))
        written = await beside(sql, comparison, sql, self.dialect, columns)
        failed = await self.tried(written.sql)
        if failed is not None:
            second = await beside(sql, comparison, sql, self.dialect, columns, by_place=True)
            again = await self.tried(second.sql)
            written, failed = (second, None) if again is None else (written, failed)
        return self._made(written, failed)

    async def _main(self) -> Generated:
        """Return the query of a question, or the existing one with a change; rules only know what they are sure of."""
        existing = self.wanted.existing_query
        known = await self.tables()
        names = chosen_tables(
            self._words(),
            {one.name: [column.name for column in one.info.columns] for one in known},
            most=TABLES_READ,
        )
        picked = [one for one in known if one.name in names]
        values = {one.table: one for one in await profiles(self.asking, self.tile, picked)}
        words = [_words_of(one, values.get(one.name), self.dialect) for one in picked]
        if existing.strip():
            columns = await self.asking.catalogs.columns(
                self.source.datasource, self.source.engine, self.tile.schema_
            )
            args = (existing, self.wanted.prompt, words, columns, self.dialect)
            written = await beside(existing, change, *args)
        else:
            written = Written(await beside(self.wanted.prompt, ask, self.wanted.prompt, words, self.dialect))
        return self._made(written, await self.tried(written.sql))

    def _made(self, written: Written, failed: str | None) -> Generated:
        notes = (*written.warnings, *written.notes)
        return Generated(written.sql, self.wanted.kind, () if failed is None else (failed,), notes)

    async def _levels(self, drilled: DrillWritten) -> list[str]:
        tree = read(self.main_query, self.dialect).tree
        wanted = {
            ".".join(part.name for part in table.parts).lower() for table in tables_in(tree, self.dialect)
        }
        tables = [one for one in await self.tables() if _names(one) & wanted]
        allowed = drilled.columns or [column.name for one in tables for column in one.info.columns]
        return levels(drilled.top, await profiles(self.asking, self.tile, tables), allowed)

    async def tables(self) -> list[Known]:
        """Return the tables of the datasource, those that need no schema first."""
        catalog = await self.asking.catalogs.get(self.source.datasource, self.source.engine)
        return known_tables(catalog, schema=self.tile.schema_, catalog_name=self.tile.catalog)

    async def tried(self, sql: str, *, level: str | None = None) -> str | None:
        """Return why the SQL cannot be used: it does not parse, is refused, or the datasource says no."""
        try:
            check = check_detail_sql if self.wanted.kind == "detail" else check_sql
            await beside(sql, check, sql, self.dialect)
            body = sql.strip().rstrip(";")
            empty = f"SELECT * FROM (\n{body}\n) AS dry_run LIMIT 0"  # noqa: S608  checked above
            config = {"drill_levels": [{"id_column": level}]} if level else {}
            tile = self.tile.model_copy(update={"chart_config": config, "query": sql})
            asked = await dated(self.asking).question(tile, empty, max_rows=1)
            await self.asking.runner.fetch(asked.question)
        except (QueryError, BadRequest) as error:
            return f"the datasource did not take it: {error.sentence}"
        return None

    async def _by_model(self, writer: Writer, reason: str) -> Generated:
        """Return what a model wrote, checked as ours is; after a failure it is asked once more."""
        kind, tokens, model = self.wanted.kind, 0, None
        asked = await self._to_write(writer, reason)
        failed, refused = "", _sentence(reason)
        for _ in range(2):
            given = await writer(asked)
            tokens += given.tokens
            sql = given.sql.strip().rstrip(";").strip()
            if not sql:
                notes = () if given.note is None else (given.note,)
                return Generated("", kind, (refused,), notes, tokens=tokens)
            model = given.model
            found = await self._amiss(sql)
            if found is None:
                return Generated(sql, kind, made_by="model", model=model, tokens=tokens)
            failed = found
            asked = replace(asked, error=failed, rejected=sql)
        notes = (f"A model's query was not usable: {failed}",)
        return Generated("", kind, (refused,), notes, tokens=tokens)

    async def _to_write(self, writer: Writer, reason: str) -> ToWrite:
        kind = self.wanted.kind
        samples = 3 if writer.sees_rows else 0
        return ToWrite(
            kind,
            self.wanted.prompt,
            self.dialect,
            await schema_context(self.asking, self.tile, self.source, self._words(), samples=samples),
            self.main_query if kind != "main" else "",
            self.wanted.existing_query,
            PLACES[kind],
            await self._metrics(),
            reason,
        )

    async def _metrics(self) -> str:
        """Return the published metrics on the datasource, one a line."""
        book = await self.asking.definitions.of(self.asking.caller.tenant_id)
        lines = []
        for metric in book.metrics.values():
            one = metric.definition
            is_here = one.datasource_id == self.source.datasource.id and one.table and one.expression
            if metric.status == "published" and is_here:
                words = ", ".join(filter(None, (one.label, *one.synonyms)))
                lines.append(
                    f"{one.name} = {one.expression} over {one.table}" + (f" ({words})" if words else "")
                )
        return "\n".join(lines[:MOST_METRICS])

    async def _amiss(self, sql: str) -> str | None:
        """Return what is wrong with SQL that a model wrote: besides what ours is tried for, what it reads."""
        missing = [name for name in PLACES[self.wanted.kind] if f"${{{name}}}" not in sql]
        if missing:
            return f"it lacks ${{{missing[0]}}}"
        is_drill = self.wanted.kind == "drill"
        failed = await self.tried(sql, level=await self._some_level() if is_drill else None)
        if failed is not None:
            return failed
        tables = list(tables_in(read(sql, self.dialect).tree, self.dialect))
        known: set[str] = set().union(*(_names(one) for one in await self.tables()))
        strange = [
            one.name for one in tables if ".".join(part.name for part in one.parts).lower() not in known
        ]
        if strange:
            return f"the datasource has no table {strange[0]}"
        return None if tables else "it reads no table, so its values would be made up"

    async def _some_level(self) -> str | None:
        """Return a column of what the main query reads: enough to try a drill."""
        read_here = tables_in(read(self.main_query, self.dialect).tree, self.dialect)
        names = {".".join(part.name for part in one.parts).lower() for one in read_here}
        found = [one.info.columns for one in await self.tables() if _names(one) & names]
        return next((columns[0].name for columns in found if columns), None)

    def _words(self) -> str:
        return " ".join((self.wanted.prompt, self.main_query, self.wanted.existing_query))


def _words_of(table: Known, profile: Profile | None, dialect: str) -> TableWords:
    columns = {column.name: column.type for column in table.info.columns}
    values = {}
    if profile is not None:
        found = {name: profile.values(name) for name in profile.columns}
        values = {name: texts for name, texts in found.items() if len(texts) <= MOST_VALUES}
    is_plain = all(part.isidentifier() and part == part.lower() for part in table.parts)
    sql = table.name if is_plain else ".".join(quote(part, dialect) for part in table.parts)
    return TableWords(table.name, sql, columns, values)


def dated(asking: Asking) -> Asking:
    """Return the asking with the dashboard's defaults and a period, so that every placeholder has a value."""
    dashboard = asking.dashboard
    now = dashboard.updated_at
    state = State(filter_values={"date_range": {"relative": "last_30_days"}})
    return replace(asking, viewing=view(dashboard, state, now=now), drill_path=(), force=False)


async def schema_context(
    asking: Asking, tile: Tile, source: Source, words: str, *, samples: int = 3, most: int = 12
) -> str:
    """Return the tables that share words with a question, and their neighbours, as CREATE TABLE lines.

    samples: how many values of each text column to show; 0 where no row may leave (metadata only).
    """
    catalog = await asking.catalogs.get(source.datasource, source.engine)
    tables = known_tables(catalog, schema=tile.schema_, catalog_name=tile.catalog)
    schema = {one.name: [column.name for column in one.info.columns] for one in tables}
    names = chosen_tables(words, schema, most=most)
    picked = [one for one in tables if one.name in names]
    shown: Sequence[Profile] = await profiles(asking, tile, picked) if samples else ()
    by_table = {one.table: one for one in shown}
    lines = []
    for one in picked:
        profile = by_table.get(one.name)
        columns = []
        for column in one.info.columns:
            text = f"{column.name} {column.type}"
            if profile is not None and column.name in profile.columns:
                values = profile.values(column.name)
                if 0 < len(values) <= 200:
                    text += (
                        " /* e.g. "
                        + ", ".join(repr(v[:40].replace("*/", "")) for v in values[:samples])
                        + " */"
                    )
            columns.append(text)
        lines.append(f"CREATE TABLE {one.name} ({', '.join(columns)});")
    return "\n".join(lines)


def _names(table: Known) -> set[str]:
    return {".".join(table.parts[start:]).lower() for start in range(len(table.parts))} | {
        table.name.lower(),
        table.info.name.lower(),
    }


def _sentence(reason: NotRewritten | str) -> str:
    text = str(reason)
    return text[:1].upper() + text[1:]
