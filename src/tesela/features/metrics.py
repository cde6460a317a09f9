"""Metrics: who may see, make, change, publish and delete them, and what a change does to the tiles that ask them."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from tesela.errors import BadRequest, Conflict, Forbidden, NotFound, QueryError
from tesela.features import checks
from tesela.features.access import Access
from tesela.features.definitions import Book, Definitions
from tesela.model.caller import Caller
from tesela.model.metric import Definition, Metric, Status, read_definition
from tesela.running.catalog import Catalogs
from tesela.running.sources import Sources, dialect_of
from tesela.semantic.compiling import datasource_of, trials
from tesela.semantic.expressions import check_references
from tesela.sql.check import check_sql
from tesela.sql.missing import missing_in
from tesela.store import Store, Tx

NO_METRIC = "Metric not found or access denied"
OWNERS_ONLY = "Only the owner of this metric or an admin may do this"
MAX_METRICS = 2_000
"""Of a tenant."""
SHOWN_NAMES = 3
STATUSES: tuple[Status, ...] = get_args(Status)
BESIDE = ("status", "certified")
"""Members of a request that are no part of the definition."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works on metrics, with what. sources: None where no database may be asked."""

    store: Store
    access: Access
    definitions: Definitions
    sources: Sources | None
    catalogs: Catalogs
    caller: Caller
    clock: Callable[[], dt.datetime]

    async def book(self) -> Book:
        return await self.definitions.of(self.caller.tenant_id)


@dataclass(frozen=True, slots=True)
class Draft:
    """A metric that may be stored. before: as it is stored now; None for a new one. book: with it in its place."""

    metric: Metric
    before: Metric | None
    book: Book
    warnings: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        """What storing it does: created, updated, unchanged."""
        if self.before is None:
            return "created"
        return "updated" if self.is_change else "unchanged"

    @property
    def is_change(self) -> bool:
        return self.before is None or replace(self.metric, revision=0, updated_at=self.before.updated_at) != (
            replace(self.before, revision=0)
        )


@dataclass(frozen=True, slots=True)
class Use:
    """A tile that asks a metric, by itself or by a formula."""

    dashboard_id: str
    dashboard_name: str
    tile_id: str
    title: str


def may_see(caller: Caller, metric: Metric) -> bool:
    """Return whether a caller of the metric's tenant may see it: drafts are for their owner and admins."""
    return metric.status != "draft" or may_own(caller, metric)


def may_own(caller: Caller, metric: Metric) -> bool:
    """Return whether the caller may change, publish and delete the metric."""
    if caller.tenant_id != metric.tenant_id or caller.role == "viewer":
        return False
    return caller.is_admin or caller.user_id == metric.owner_id


async def list_metrics(
    desk: Desk, *, search: str | None, status: str | None, limit: int, offset: int
) -> tuple[list[Metric], int]:
    """Return the metrics that the caller may see, by name, and how many there are in all. Raises BadRequest."""
    if status is not None and status not in STATUSES:
        raise BadRequest(f"status must be one of {', '.join(STATUSES)}")
    found = [one for _, one in sorted((await desk.book()).metrics.items()) if may_see(desk.caller, one)]
    if status is not None:
        found = [one for one in found if one.status == status]
    if search:
        wanted = search.casefold()
        found = [one for one in found if wanted in _words(one.definition)]
    return found[offset : offset + limit], len(found)


async def get_metric(desk: Desk, name_or_id: str) -> Metric:
    """Return a metric by its id or its name. Raises NotFound."""
    metrics = (await desk.book()).metrics
    metric = metrics.get(name_or_id) or next((one for one in metrics.values() if one.id == name_or_id), None)
    if metric is None or not may_see(desk.caller, metric):
        raise NotFound(NO_METRIC)
    return metric


async def sees_sql(access: Access, caller: Caller, metric: Metric, book: Book) -> bool:
    """Return whether the caller may read the SQL of a metric: its owner, and those who may use its datasource."""
    if may_own(caller, metric):
        return True
    try:
        return await access.may_use(caller, datasource_of([metric.name], book.definitions))
    except (BadRequest, QueryError):
        return False


async def draft_metric(desk: Desk, sent: Mapping[str, Any], before: Metric | None = None) -> Draft:
    """Return the metric that `sent` describes, checked, not stored. What is not sent comes from `before`.

    Raises BadRequest, QueryRefused, Conflict; Forbidden for those who may not.
    """
    book = await desk.book()
    if desk.caller.role == "viewer":
        raise Forbidden("Viewers may not define metrics: ask an admin for the editor role")
    if before is not None and not may_own(desk.caller, before):
        raise Forbidden(OWNERS_ONLY)
    draft = _drafted(desk, book, sent, before)
    await _check(desk, draft, [draft.metric.name, *_dependents(draft)])
    await _check_name(desk, draft)
    return replace(draft, warnings=tuple(await _looked_up(desk, draft)))


async def store_metric(desk: Desk, draft: Draft) -> Metric:
    """Store a draft and return it as it is stored. Raises Conflict."""
    return (await store_metrics(desk, [draft]))[0]


async def store_metrics(desk: Desk, drafts: Sequence[Draft]) -> list[Metric]:
    """Store drafts in one transaction, in their order, or none of them. Raises Conflict, BadRequest."""

    def write(tx: Tx) -> list[Metric]:
        stored = []
        for draft in drafts:
            if not draft.is_change and draft.before is not None:
                stored.append(draft.before)
            elif draft.before is None:
                if tx.metrics.count(draft.metric.tenant_id) >= MAX_METRICS:
                    raise BadRequest(f"A tenant can have at most {MAX_METRICS} metrics")
                stored.append(tx.metrics.add(draft.metric))
            else:
                stored.append(tx.metrics.save(draft.metric, expected_revision=draft.before.revision))
        return stored

    return await desk.store.write(write)


async def delete_metric(desk: Desk, name_or_id: str) -> None:
    """Delete a metric. Raises NotFound, Forbidden; Conflict naming the dashboards and metrics that use it."""
    metric = await get_metric(desk, name_or_id)
    if not may_own(desk.caller, metric):
        raise Forbidden(OWNERS_ONLY)

    def write(tx: Tx) -> None:
        _refuse_used(tx, metric, "deleted")
        tx.metrics.delete(metric.tenant_id, metric.id)

    await desk.store.write(write)


async def uses_of(desk: Desk, names: frozenset[str]) -> list[Use]:
    """Return the tiles that ask one of these metrics, on the dashboards that the caller may see."""
    tenant_id = desk.caller.tenant_id
    found = await desk.store.read(lambda tx: tx.metrics.dashboards_using(tenant_id, names))
    uses = []
    for id_ in found:
        try:
            dashboard = await desk.access.dashboard(desk.caller, "view", id_)
        except NotFound:
            continue
        uses += [
            Use(id_, dashboard.document.name, tile.id, tile.title)
            for tile in dashboard.document.tiles
            if tile.metric_query and names & set(tile.metric_query.get("metrics") or ())
        ]
    return uses


def in_order(definitions: Mapping[str, Definition]) -> list[str]:
    """Return the names so that a formula comes after what it names."""
    found: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in found or name in path or name not in definitions:
            return
        for reference in definitions[name].references:
            visit(reference, (*path, name))
        found.append(name)

    for name in sorted(definitions):
        visit(name, ())
    return found


async def draft_many(desk: Desk, sent: Iterable[Mapping[str, Any]]) -> list[Draft]:
    """Return many metrics at once, each new or in the place of the one of its name, checked together.

    Raises BadRequest with the first that is wrong, and its name; Forbidden.
    """
    if desk.caller.role == "viewer":
        raise Forbidden("Viewers may not define metrics: ask an admin for the editor role")
    book = await desk.book()
    drafts: dict[str, Draft] = {}
    for number, one in enumerate(sent):
        name = one.get("name") if isinstance(one, Mapping) else None
        where = f"metrics.{number}" + (f" ({name})" if isinstance(name, str) else "")
        if not isinstance(one, Mapping):
            raise BadRequest(f"{where}: must be an object")
        before = book.metrics.get(str(name))
        if before is not None and not may_own(desk.caller, before):
            raise Forbidden(f"{where}: {OWNERS_ONLY}")
        if name in drafts:
            raise BadRequest(f"{where}: is there twice")
        try:
            draft = _drafted(desk, book, one, before, is_whole=True)
        except BadRequest as error:
            raise BadRequest(f"{where}: {error.sentence}") from error
        drafts[draft.metric.name] = draft
        book = draft.book
    ordered = in_order({name: one.metric.definition for name, one in drafts.items()})
    for name in ordered:
        draft = replace(drafts[name], book=book)
        try:
            await _check(desk, draft, [name])
        except (BadRequest, QueryError) as error:
            raise BadRequest(f"{name}: {error.sentence}") from error
        drafts[name] = replace(draft, warnings=tuple(await _looked_up(desk, draft)))
    return [drafts[name] for name in ordered]


def _drafted(
    desk: Desk, book: Book, sent: Mapping[str, Any], before: Metric | None, *, is_whole: bool = False
) -> Draft:
    """Return the draft of what was sent. is_whole: what is not sent goes back to its default."""
    given = {key: value for key, value in sent.items() if key not in BESIDE}
    if before is not None and not is_whole:
        given = {**before.definition.model_dump(mode="json", by_alias=True), **given}
    definition = read_definition(given)
    checks.text(definition.description, "description")
    status = sent.get("status", before.status if before else "draft")
    certified = sent.get("certified", before.certified if before else False)
    if status not in STATUSES:
        raise BadRequest(f"status must be one of {', '.join(STATUSES)}")
    if not isinstance(certified, bool):
        raise BadRequest("certified must be true or false")
    if certified != (before.certified if before else False) and not desk.caller.is_admin:
        raise Forbidden("Only an admin may certify a metric")
    now = desk.clock()
    metric = Metric(
        id=before.id if before else f"metric-{uuid.uuid4()}",
        tenant_id=desk.caller.tenant_id,
        owner_id=before.owner_id if before else desk.caller.user_id,
        status=status,
        certified=certified,
        revision=before.revision + 1 if before else 1,
        created_at=before.created_at if before else now,
        updated_at=now,
        definition=definition,
    )
    return Draft(metric, before, book.with_one(metric, former=before.name if before else None))


def _dependents(draft: Draft) -> list[str]:
    return sorted(draft.book.built_on(frozenset((draft.metric.name,))) - {draft.metric.name})


async def _check(desk: Desk, draft: Draft, names: Sequence[str]) -> None:
    """Check that the metric, and the ones whose formulas name it, can be asked, and the right to its SQL."""
    definition = draft.metric.definition
    for reference in definition.references:
        named = draft.book.metrics.get(reference)
        if named is not None and not may_see(desk.caller, named):
            raise BadRequest(f"formula: there is no metric {reference}")
    check_references(definition.name, draft.book.definitions)
    former = draft.before.definition if draft.before else None
    if definition.datasource_id is not None and _sql_of(definition) != (former and _sql_of(former)):
        await desk.access.datasource_named(desk.caller, "use", definition.datasource_id, "datasource_id")
    for name in names:
        source_id = datasource_of([name], draft.book.definitions)
        source = await desk.access.datasource_kind(desk.caller.tenant_id, source_id)
        try:
            await asyncio.to_thread(_tried, name, draft.book.definitions, dialect_of(source))
        except (BadRequest, QueryError) as error:
            if name == definition.name:
                raise
            raise BadRequest(f"the formula of {name} would not hold any more: {error.sentence}") from error


def _tried(name: str, definitions: Mapping[str, Definition], dialect: str) -> list[str]:
    """Return the SQL of a metric's trials, each of which passed the guard."""
    found = trials(name, definitions, dialect)
    for sql in found:
        check_sql(sql, dialect)
    return found


async def _check_name(desk: Desk, draft: Draft) -> None:
    """Refuse a name that another has, and another name or datasource for a metric that is in use."""
    before, after = draft.before, draft.metric
    if (before is None or before.name != after.name) and after.name in (await desk.book()).metrics:
        raise Conflict(f"A metric named {after.name} already exists")
    if before is None:
        return
    if before.name != after.name:
        await desk.store.read(lambda tx: _refuse_used(tx, before, "renamed"))
    elif before.definition.datasource_id != after.definition.datasource_id:
        await desk.store.read(lambda tx: _refuse_used(tx, before, "moved to another datasource"))


def _refuse_used(tx: Tx, metric: Metric, what: str) -> None:
    used = list(tx.metrics.dashboards_using(metric.tenant_id, frozenset((metric.name,))).values())
    formulas = [
        one.name for one in tx.metrics.list(metric.tenant_id) if metric.name in one.definition.references
    ]
    if used:
        raise Conflict(f"This metric cannot be {what}: it is used by {_named(used, 'dashboard')}")
    if formulas:
        raise Conflict(f"This metric cannot be {what}: it is used by {_named(formulas, 'metric')}")


async def _looked_up(desk: Desk, draft: Draft) -> list[str]:
    """Return what could not be checked; raise BadRequest for tables and columns that the database has not."""
    definition = draft.metric.definition
    if definition.datasource_id is None or desk.sources is None:
        return []
    try:
        source = await desk.sources.get(desk.caller.tenant_id, definition.datasource_id)
        dialect = dialect_of(source.datasource)
        texts = trials(definition.name, draft.book.definitions, dialect)
        for refresh in (False, True):
            catalog = await desk.catalogs.get(source.datasource, source.engine, refresh=refresh)
            missing = [
                sentence
                for sql in texts
                for sentence in missing_in(sql, dialect, catalog, schema=definition.schema_)
            ]
            if not missing:
                return []
    except QueryError as error:
        return [f"The datasource could not be asked whether it has these columns: {error.sentence}"]
    raise BadRequest("; ".join(dict.fromkeys(missing)))


def _sql_of(definition: Definition) -> dict[str, Any]:
    """Return the members that are SQL or say where it is asked."""
    kept = {"datasource_id", "catalog", "schema_", "table", "sql", "expression", "time_column"}
    found = definition.model_dump(include=kept | {"dimensions", "joins", "filters"})
    for one in found["dimensions"]:
        one.pop("label", None)
    return found


def _words(definition: Definition) -> str:
    told = (definition.name, definition.label, definition.description, *definition.synonyms)
    return "\n".join(word for word in told if word).casefold()


def _named(names: Sequence[str], noun: str) -> str:
    shown = ", ".join(names[:SHOWN_NAMES])
    more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
    return f"the {noun}{'' if len(names) == 1 else 's'} {shown}{more}"
