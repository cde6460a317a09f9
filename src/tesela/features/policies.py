"""Row policies: who sets them, what they are checked against, and what they leave of a table or a dashboard.

How they are put into queries is in `sql/policies`; that none goes around them, in `running/allowing`.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from tesela.errors import BadRequest, NotFound, QueryError
from tesela.features import checks
from tesela.features.access import Access
from tesela.features.callers import stored_caller
from tesela.features.data import Asking, Defaults, TileAnswer, run_tile
from tesela.model.caller import ROLES, Caller
from tesela.model.catalog import Catalog
from tesela.model.dashboard import Tile
from tesela.model.policy import MASKS, Mask, Reader, RowPolicy, Rules, rule_of
from tesela.model.result import Limits, Result
from tesela.model.rows import rows_of
from tesela.model.statement import Statement
from tesela.running.allowing import allow
from tesela.running.catalog import Catalogs
from tesela.running.runner import Question, Runner
from tesela.running.sources import Source, dialect_of
from tesela.sql.known import KnownTable, known_tables
from tesela.sql.masks import masked
from tesela.sql.policies import FENCES
from tesela.sql.predicates import exact_column, read_predicate
from tesela.sql.quoting import is_clean_text, quote
from tesela.store import Store, Tx

GONE = "Row policy not found or access denied"
SHOWN_ROWS = 20
MAX_MASKS = 200
MAX_TEAMS = 100
MAX_NAME = 256


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client says of a policy; `sent` names the members that it sent."""

    sent: frozenset[str]
    datasource_id: str | None = None
    name: str | None = None
    catalog: str | None = None
    schema: str | None = None
    table: str | None = None
    predicate: str | None = None
    masks: Mapping[str, str] | None = None
    roles: Sequence[str] | None = None
    team_ids: Sequence[str] | None = None
    is_enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that policies are checked and tried with."""

    store: Store
    access: Access
    runner: Runner
    catalogs: Catalogs
    defaults: Defaults
    clock: Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True)
class Preview:
    """A table as somebody would see it. rows_before: without any policy."""

    result: Result
    rows_before: int
    rows_after: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A tile as somebody else sees it; the counts are null for a tile that has no rows."""

    answer: TileAnswer
    rows_before: int | None = None
    rows_after: int | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """A dashboard through another's eyes. why_not: a sentence, where they may not see it at all."""

    user: Caller
    tiles: list[Seen] = field(default_factory=list)
    why_not: str | None = None


async def list_policies(
    store: Store, access: Access, caller: Caller, datasource_id: str | None
) -> list[RowPolicy]:
    """Return the policies of a datasource that the caller owns; without one, of all that they own."""
    if datasource_id is not None:
        await access.datasource(caller, "own", datasource_id)
    found = await store.read(lambda tx: tx.policies.list(caller.tenant_id, datasource_id))
    owned = {
        one: await access.may_own_datasource(caller, one) for one in {each.datasource_id for each in found}
    }
    return [one for one in found if owned[one.datasource_id]]


async def get_policy(store: Store, access: Access, caller: Caller, policy_id: str) -> RowPolicy:
    """Return a policy to an admin or the owner of its datasource. Raises NotFound."""
    found = None
    if checks.is_uuid(policy_id):
        found = await store.read(lambda tx: tx.policies.get(caller.tenant_id, policy_id))
    if found is None or not await access.may_own_datasource(caller, found.datasource_id):
        raise NotFound(GONE)
    return found


async def create_policy(desk: Desk, caller: Caller, wanted: Wanted) -> RowPolicy:
    """Return a new policy, which holds at once. Raises BadRequest, NotFound, Forbidden, Conflict."""
    if not wanted.datasource_id:
        raise BadRequest("datasource_id is required")
    datasource = await desk.access.datasource(caller, "own", wanted.datasource_id)
    now = desk.clock()
    policy = RowPolicy(
        id=str(uuid.uuid4()),
        tenant_id=caller.tenant_id,
        datasource_id=datasource.id,
        name=checks.name(wanted.name, "name"),
        catalog=_part(wanted.catalog, "catalog"),
        schema=_part(wanted.schema, "schema"),
        table=_part(wanted.table, "table") or "",
        predicate=(wanted.predicate or "").strip(),
        masks=_masks(wanted.masks or {}),
        roles=_roles(wanted.roles or ()),
        team_ids=tuple(dict.fromkeys(wanted.team_ids or ())),
        is_enabled=wanted.is_enabled is not False,
        revision=1,
        created_by=caller.user_id,
        created_at=now,
        updated_at=now,
    )
    await _check(desk, caller, policy)
    return await desk.store.write(lambda tx: tx.policies.add(policy))


async def update_policy(
    desk: Desk, caller: Caller, policy_id: str, wanted: Wanted, *, expected_revision: int | None
) -> RowPolicy:
    """Return the policy with what was sent changed; it holds at once. Raises as `create_policy` does."""
    current = await get_policy(desk.store, desk.access, caller, policy_id)
    if wanted.datasource_id not in (None, current.datasource_id):
        raise BadRequest("datasource_id cannot be changed; add another policy")
    sent = wanted.sent
    after = replace(
        current,
        name=checks.name(wanted.name, "name") if "name" in sent else current.name,
        catalog=_part(wanted.catalog, "catalog") if "catalog" in sent else current.catalog,
        schema=_part(wanted.schema, "schema") if "schema" in sent else current.schema,
        table=(_part(wanted.table, "table") or "") if "table" in sent else current.table,
        predicate=(wanted.predicate or "").strip() if "predicate" in sent else current.predicate,
        masks=_masks(wanted.masks or {}) if "masks" in sent else current.masks,
        roles=_roles(wanted.roles or ()) if "roles" in sent else current.roles,
        team_ids=tuple(dict.fromkeys(wanted.team_ids or ())) if "team_ids" in sent else current.team_ids,
        is_enabled=bool(wanted.is_enabled) if "is_enabled" in sent else current.is_enabled,
        updated_at=desk.clock(),
    )
    if sent - {"name", "is_enabled"}:
        await _check(desk, caller, after)
    return await desk.store.write(lambda tx: tx.policies.update(after, expected_revision=expected_revision))


async def delete_policy(store: Store, access: Access, caller: Caller, policy_id: str) -> None:
    """Delete a policy: its rows are seen again at once. Raises NotFound."""
    found = await get_policy(store, access, caller, policy_id)
    await store.write(lambda tx: tx.policies.delete(caller.tenant_id, found.id))


async def preview_policy(desk: Desk, caller: Caller, wanted: Wanted, user_id: str | None) -> Preview:
    """Return what a policy that may not be stored leaves of its table, for one user, whomever it binds.

    Other policies do not take part. Raises BadRequest, NotFound, Forbidden, and the QueryError of the table.
    """
    if not wanted.datasource_id:
        raise BadRequest("datasource_id is required")
    datasource = await desk.access.datasource(caller, "own", wanted.datasource_id)
    reader = caller
    if user_id not in (None, caller.user_id):
        desk.access.require_admin(caller)  # what a policy leaves of rows tells the user's attributes
        reader = await _user(desk, caller, str(user_id))
    now = desk.clock()
    policy = RowPolicy(
        "", caller.tenant_id, datasource.id, "Preview",
        _part(wanted.catalog, "catalog"), _part(wanted.schema, "schema"), _part(wanted.table, "table") or "",
        (wanted.predicate or "").strip(), _masks(wanted.masks or {}), (), (), True, 1, None, now, now,
    )  # fmt: skip
    source = await desk.runner.sources.get(caller.tenant_id, datasource.id)
    table = (await _check(desk, caller, policy))[0]
    salt = await desk.store.read(lambda tx: tx.policies.salt(datasource.id))
    rule = rule_of(policy, _reader(reader), salt)
    home = f"{quote(table.schema, dialect_of(datasource))}.{quote(table.name, dialect_of(datasource))}"
    free, bound = replace(caller, rules=Rules()), replace(reader, rules=Rules((rule,)))
    total, left = f"SELECT count(*) AS n FROM {home}", f"SELECT * FROM {home}"  # noqa: S608 - quoted names
    before = await _count(desk, free, source, total)
    after = await _count(desk, bound, source, total)
    result = await desk.runner.fetch(await _question(desk, bound, source, left))
    missing = [name for name, found in rule.values if not found]
    return Preview(result, before, after, _sentence(reader, before, after, missing))


async def view_as(
    desk: Desk,
    caller: Caller,
    user_id: str,
    asking: Callable[[Caller], Any],
    dashboard_id: str,
    tiles_of: Callable[[Any], Sequence[Tile]],
) -> Looked:
    """Return a dashboard as a user would see it. For admins. asking: makes what is asked, for a caller.

    Raises Forbidden, NotFound for an unknown user or dashboard.
    """
    desk.access.require_admin(caller)
    reader = await _user(desk, caller, user_id)
    await desk.access.dashboard(caller, "view", dashboard_id)
    try:
        await desk.access.dashboard(reader, "view", dashboard_id)
    except NotFound:
        return Looked(reader, why_not=f"{reader.name or reader.email} may not see this dashboard")
    free: Asking = asking(replace(caller, rules=Rules()))
    theirs: Asking = asking(reader)
    seen = [_seen(theirs, free, tile) for tile in tiles_of(theirs)]
    return Looked(reader, list(await asyncio.gather(*seen)))


async def _seen(theirs: Asking, free: Asking, tile: Tile) -> Seen:
    answer = await run_tile(theirs, tile)
    if not tile.asks:
        return Seen(answer)
    whole = await run_tile(free, tile)
    return Seen(answer, _rows(whole), _rows(answer))


def _rows(answer: TileAnswer) -> int | None:
    return None if answer.answered is None else answer.answered.shelved.result.row_count


async def _user(desk: Desk, caller: Caller, user_id: str) -> Caller:
    found = None
    if len(user_id) <= 100 and is_clean_text(user_id):
        found = await stored_caller(desk.store, caller.tenant_id, user_id)
    if found is None:
        raise BadRequest("user_id: there is no user with this id")
    return found[0]


def _reader(caller: Caller) -> Reader:
    return Reader(caller.user_id, caller.email, caller.role, caller.team_ids, caller.attributes)


async def _question(desk: Desk, caller: Caller, source: Source, sql: str) -> Question:
    limits = desk.defaults.limits
    return Question(
        tenant_id=caller.tenant_id,
        user_id=caller.user_id,
        datasource_id=source.datasource.id,
        allowed=await allow(desk.catalogs, caller, source, Statement((sql,))),
        limits=Limits(SHOWN_ROWS, limits.max_bytes, limits.timeout_ms, limits.time_zone),
        ttl_seconds=0,
    )


async def _count(desk: Desk, caller: Caller, source: Source, sql: str) -> int:
    result = await desk.runner.fetch(await _question(desk, caller, source, sql))
    return int(rows_of(result).rows[0]["n"])


def _sentence(reader: Caller, before: int, after: int, missing: Sequence[str]) -> str:
    who = reader.name or reader.email
    if missing:
        return f"{who} has no attribute {', '.join(missing)}, and sees none of {before:,} rows"
    return f"{who} sees {after:,} of {before:,} rows"


async def _check(desk: Desk, caller: Caller, policy: RowPolicy) -> list[KnownTable]:
    """Return the tables that a policy is about. Raises BadRequest with the field, and the place in a predicate."""
    if not policy.table:
        raise BadRequest("table is required")
    if not policy.predicate and not policy.masks:
        raise BadRequest(
            "predicate or masks is required: say which rows are seen, or which columns are hidden"
        )
    source = await desk.runner.sources.get(caller.tenant_id, policy.datasource_id)
    dialect = dialect_of(source.datasource)
    if dialect not in FENCES:
        raise BadRequest("datasource_id: this kind of database cannot have row policies")
    tables = _tables(await desk.catalogs.get(source.datasource, source.engine, refresh=True), policy)
    for table in tables:
        _check_columns(policy, table, dialect)
    known = await desk.store.read(lambda tx: _known_teams(tx, caller.tenant_id))
    if unknown := [one for one in policy.team_ids if one not in known]:
        raise BadRequest(f"team_ids: there is no team {unknown[0][:100]}")
    if len(policy.team_ids) > MAX_TEAMS:
        raise BadRequest(f"team_ids must be at most {MAX_TEAMS}")
    return tables


def _known_teams(tx: Tx, tenant_id: str) -> set[str]:
    return {team.id for team in tx.teams.list(tenant_id)}


def _tables(catalog: Catalog, policy: RowPolicy) -> list[KnownTable]:
    rule = rule_of(policy, Reader("", "", ""), "")
    found = [one for one in known_tables(catalog).all() if rule.holds_for(one.catalog, one.schema, one.name)]
    if not found:
        raise BadRequest(f"table: the datasource has no table {policy.table[:100]}")
    if part := next((one for one in found if one.kind == "partition"), None):
        raise BadRequest(f"table: {part.name} is a part of another table; put the policy on that one")
    return found


def _check_columns(policy: RowPolicy, table: KnownTable, dialect: str) -> None:
    if policy.predicate:
        try:
            predicate = read_predicate(policy.predicate, dialect)
        except QueryError as error:
            raise BadRequest(f"predicate: {error.sentence}") from error
        for name in predicate.columns:
            if exact_column(name, table.columns) is None:
                raise BadRequest(f"predicate: {table.name} has no column {name[:100]}")
    for name, mask in policy.masks.items():
        if exact_column(name, table.columns) is None:
            raise BadRequest(f"masks: {table.name} has no column {name[:100]}")
        try:
            masked(name, mask, "", dialect)
        except QueryError as error:
            raise BadRequest(f"masks.{name[:100]}: {error.sentence}") from error


def _part(value: str | None, name: str) -> str | None:
    if value is None or not value.strip():
        return None
    if len(value) > MAX_NAME or not is_clean_text(value):
        raise BadRequest(f"{name} must be a name of at most {MAX_NAME} characters")
    return value.strip()


def _masks(masks: Mapping[str, str]) -> dict[str, Mask]:
    if len(masks) > MAX_MASKS:
        raise BadRequest(f"masks must be at most {MAX_MASKS}")
    checked: dict[str, Mask] = {}
    for column, mask in masks.items():
        known = next((one for one in MASKS if one == mask), None)
        if known is None:
            raise BadRequest(f"masks.{column[:100]} must be one of {', '.join(get_args(Mask))}")
        checked[column] = known
    return checked


def _roles(roles: Sequence[str]) -> tuple[str, ...]:
    for role in roles:
        if role not in ROLES:
            raise BadRequest(f"roles must be some of {', '.join(ROLES)}")
    return tuple(dict.fromkeys(roles))
