"""The audit: lines are taken in memory and written together, off the way of requests; admins read them.

What a line may hold is decided here: facts by name from a short list, never SQL, rows, passwords or tokens.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

import structlog

from tesela.errors import BadRequest, StoreUnavailable
from tesela.features.access import FIRST_TENANT, Access
from tesela.files import csv
from tesela.model.caller import Caller
from tesela.store import AuditLine, AuditWanted, Store, User

log = structlog.get_logger()

Clock = Callable[[], dt.datetime]

MEDIA_TYPE = csv.MEDIA_TYPE
MAX_WAITING = 20_000
"""Lines in memory; more than the store takes for minutes. What comes past it is counted and said in the log."""
BATCH = 500
FLUSH_SECONDS = 1.0
PAGE = 1_000
TEXT_LENGTH = 200
COLUMNS = (
    "at", "user_id", "user_name", "via", "ip", "action", "object_kind", "object_id", "object_name", "parent_id",
    "details",
)  # fmt: skip

FACTS = frozenset(
    {
        "audience", "certified", "expires_at", "expires_in_days", "format", "from_role", "is_active", "is_archived",
        "is_default", "is_enabled", "is_public", "is_shared", "max_concurrent_queries", "max_dashboards",
        "max_storage_bytes", "mode", "permission", "role", "rotate", "shared_with", "status", "team_ids", "to",
        "trigger_type", "type", "user_id", "user_ids", "visibility",
    }
)  # fmt: skip
"""Members of requests whose values may stand in a line. Of all others only the names do (`changed`)."""
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
_WORD = re.compile(r"[\w@.:+-]{0,100}", re.ASCII)


class AuditLog:
    """Takes lines and writes them by and by. One instance serves the whole server."""

    def __init__(self, store: Store, clock: Clock, *, max_waiting: int = MAX_WAITING) -> None:
        self._store = store
        self._clock = clock
        self._max_waiting = max_waiting
        self._waiting: deque[AuditLine] = deque()
        self._writing = asyncio.Lock()
        self._loop: asyncio.Task[None] | None = None
        self.written = 0
        self.dropped = 0

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def start(self) -> None:
        """From now on, write what waits every second."""
        self._loop = asyncio.get_running_loop().create_task(self._write_by_and_by())

    def record(
        self,
        who: Caller | User,
        action: str,
        *,
        via: str | None = None,
        ip: str | None = None,
        kind: str | None = None,
        id: str | None = None,  # noqa: A002
        name: str | None = None,
        parent_id: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Take one line: never waits, never raises."""
        user_id = who.user_id if isinstance(who, Caller) else who.id
        self.take(
            AuditLine(
                tenant_id=who.tenant_id,
                at=self._clock(),
                action=action,
                user_id=user_id,
                user_name=who.name,
                via=via or (who.via if isinstance(who, Caller) else "system"),
                ip=ip or None,
                object_kind=kind,
                object_id=None if id is None else id[:TEXT_LENGTH],
                object_name=None if name is None else name[:TEXT_LENGTH],
                parent_id=None if parent_id is None else parent_id[:TEXT_LENGTH],
                details=details or {},
            )
        )

    def note_unknown(self, action: str, *, via: str, ip: str | None) -> None:
        """Take a line about somebody who is not known: the first tenant's, whose admins run the server."""
        self.take(AuditLine(FIRST_TENANT, self._clock(), action, via=via, ip=ip or None))

    def take(self, line: AuditLine) -> None:
        """Take a line that is whole."""
        if len(self._waiting) >= self._max_waiting:
            self.dropped += 1
            log.error("audit_line_dropped", tenant=line.tenant_id, action=line.action, user=line.user_id)
            return
        self._waiting.append(line)

    async def flush(self) -> None:
        """Write everything that waits. Raises StoreUnavailable; what was not written waits on."""
        async with self._writing:
            while self._waiting:
                batch = [self._waiting[at] for at in range(min(BATCH, len(self._waiting)))]
                await self._store.write(lambda tx, lines=batch: tx.audit.add(lines))  # type: ignore[misc]
                for _ in batch:
                    self._waiting.popleft()
                self.written += len(batch)

    async def close(self) -> None:
        """Write what waits, for the last time."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.wait({self._loop})
        try:
            await self.flush()
        except StoreUnavailable:
            self.dropped += len(self._waiting)
            log.error("audit_lines_lost", number=len(self._waiting))

    async def _write_by_and_by(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self.flush()
            except StoreUnavailable as error:
                log.warning("audit_waits", number=len(self._waiting), why=error.private or error.sentence)


def facts_of(sent: object) -> dict[str, Any]:
    """Return what a line may say of a request's body.

    >>> facts_of({"role": "admin", "password": "x", "is_active": True})
    {'changed': ['is_active', 'password', 'role'], 'is_active': True, 'role': 'admin'}
    """
    if not isinstance(sent, Mapping):
        return {}
    names = sorted(name for name in sent if isinstance(name, str) and _FIELD.fullmatch(name))[:30]
    facts: dict[str, Any] = {"changed": names} if names else {}
    for name in names:
        value = sent[name]
        if name == "limits" and isinstance(value, Mapping):
            facts |= {limit: each for limit, each in value.items() if limit in FACTS and _is_small(each)}
        elif name in FACTS and (_is_small(value) or (isinstance(value, list) and _are_small(value))):
            facts[name] = value
    return facts


def _is_small(value: object) -> bool:
    if value is None or isinstance(value, bool | int):
        return True
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _are_small(values: list[Any]) -> bool:
    """Return whether a list is of ids, or of {id, permission}."""
    return len(values) <= 100 and all(
        _is_small(one)
        or (
            isinstance(one, Mapping)
            and one.keys() <= {"id", "permission"}
            and all(_is_small(value) for value in one.values())
        )
        for one in values
    )


def wanted_lines(
    *, since: str | None, until: str | None, user_id: str | None, action: str | None, object_id: str | None
) -> AuditWanted:
    """Return which lines a request asks for. Raises BadRequest."""
    for name, value in (("user_id", user_id), ("action", action), ("object_id", object_id)):
        if value is not None and (len(value) > TEXT_LENGTH or "\x00" in value):
            raise BadRequest(f"{name} must be a text of at most {TEXT_LENGTH} characters")
    bare = None if object_id is None else object_id.removeprefix("dash-").removeprefix("widget-")
    return AuditWanted(_moment(since, "from"), _moment(until, "to", is_end=True), user_id, action, bare)


def _moment(text: str | None, field: str, *, is_end: bool = False) -> dt.datetime | None:
    """Return a date or timestamp, UTC where it says nothing else; a date as an end is the last day included."""
    if text is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        if is_end and len(text) == len("2026-01-31"):
            moment += dt.timedelta(days=1)
        return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise BadRequest(f"{field} must be a date or a time such as 2026-01-31T09:00:00Z") from error


async def list_lines(
    store: Store,
    access: Access,
    audit: AuditLog,
    caller: Caller,
    wanted: AuditWanted,
    *,
    limit: int,
    offset: int,
) -> tuple[list[AuditLine], int]:
    """Return one page of the tenant's lines, the newest first, and their number. Raises Forbidden."""
    access.require_admin(caller)
    await audit.flush()
    found, total = await store.read(
        lambda tx: tx.audit.list(caller.tenant_id, wanted, limit=limit, offset=offset)
    )
    return list(found), total


async def export_lines(
    store: Store, audit: AuditLog, caller: Caller, wanted: AuditWanted
) -> AsyncGenerator[bytes]:
    """Yield the tenant's lines as CSV, with nothing that a spreadsheet would run; a page is in memory at a time.

    Whoever calls has checked that the caller is an admin.
    """
    await audit.flush()
    yield csv.beginning(COLUMNS, bom=False)
    before_id: int | None = None
    while True:
        lines = await store.read(
            lambda tx, last=before_id: tx.audit.after(  # type: ignore[misc]
                caller.tenant_id, wanted, before_id=last, limit=PAGE
            )
        )
        if lines:
            yield b"".join(csv.line(_texts(line)) for line in lines)
        if len(lines) < PAGE:
            return
        before_id = lines[-1].id


async def note_failed_login(
    store: Store, audit: AuditLog, email: str | None, *, via: str, ip: str | None
) -> None:
    """Record a login that failed, with the accounts it was meant for.

    For an address that nobody has, the line is the first tenant's, without the address: it may be anything
    that somebody typed, a password too.
    """
    found = await store.read(lambda tx: tx.users.of_email_in_all_tenants(email or ""))
    for user in found if email else []:
        audit.record(user, "log_in_failed", via=via, ip=ip)
    if not found or not email:
        audit.note_unknown("log_in_failed", via=via, ip=ip)


async def prune_lines(store: Store, clock: Clock, *, keep_days: int) -> int:
    """Remove lines older than `keep_days` and return how many there were."""
    before = clock() - dt.timedelta(days=keep_days)
    return await store.write(lambda tx: tx.audit.prune(before))


def _texts(line: AuditLine) -> list[str]:
    import orjson

    texts = [line.at.isoformat().replace("+00:00", "Z")]
    texts += [str(getattr(line, name) or "") for name in COLUMNS[1:-1]]
    return [*texts, orjson.dumps(dict(line.details)).decode() if line.details else ""]
