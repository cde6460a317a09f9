"""Sharing: a link with which anybody may read the latest snapshot of a dashboard, and nothing else.

The owner's side switches it on and off; `public_snapshot` is all that a stranger can reach. Neither can run a
query: who switches the link on hands in how a snapshot is taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from tesela.errors import BadRequest, Conflict, NotFound
from tesela.features.access import NO_DASHBOARD
from tesela.features.editing import ATTEMPTS, Edit, Editor
from tesela.features.passwords import MAX_LENGTH, hash_password
from tesela.features.tokens import SHARE, hash_of, new_token
from tesela.model.dashboard import Audience, Dashboard, Document
from tesela.model.snapshot import Contents, Share, Snapshot
from tesela.store import Grant, Store, Tx

T = TypeVar("T")

SHARE_URL = "/dashboards/shared/"
MIN_PASSWORD = 6
MAX_DAYS = 3_650
SWITCHED_ON, SWITCHED_OFF = "Switched the public link on", "Switched the public link off"
ARCHIVED = "An archived dashboard cannot be shared: take it out of the archive first"

AUDIENCES: Mapping[Audience, str] = {
    "private": "Kept the dashboard to those it is shared with",
    "team": "Let the owner's teams see the dashboard",
    "tenant": "Let everybody of the tenant see the dashboard",
}
"""What a revision says of a new audience."""

Take = Callable[[Dashboard], Awaitable[tuple[Snapshot, Contents]]]
"""Runs a dashboard's tiles and returns a snapshot that is not stored yet."""


@dataclass(frozen=True, slots=True)
class Link:
    """What the owner is told of a dashboard's link. token: None when it is off."""

    token: str | None = None
    expires_at: dt.datetime | None = None
    has_password: bool = False

    @property
    def url(self) -> str | None:
        return None if self.token is None else SHARE_URL + self.token


@dataclass(frozen=True, slots=True)
class Terms:
    """What a request says of a link; a member that is not named stays as it is.

    password: None takes it away.
    """

    named: frozenset[str] = frozenset()
    expires_at: dt.datetime | None = None
    expires_in_days: int | None = None
    password: str | None = None
    rotate: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """What changes in the same write as the link. None: stays as it is.

    grants: who else is given what. make: of the document.
    """

    audience: Audience | None = None
    grants: Sequence[Grant] | None = None
    make: Callable[[Document], Edit] | None = None

    def applied(self, tx: Tx, before: Dashboard) -> tuple[Dashboard, str]:
        """Return the dashboard with all this changed, and what changed in words; write the grants."""
        after, said = before, []
        if self.make is not None:
            edit = self.make(before.document)
            after = replace(after, document=edit.document)
            said += [edit.sentence] if after != before else []
        if self.audience is not None and self.audience != before.audience:
            after = replace(after, audience=self.audience)
            said.append(AUDIENCES[self.audience])
        if self.grants is not None:
            tx.grants.replace(before.tenant_id, "dashboard", before.id, self.grants)
        return after, "; ".join(said)


NOTHING_ELSE = Aside()


@dataclass(frozen=True, slots=True)
class Published:
    """What a link leads to."""

    share: Share
    snapshot: Snapshot
    contents: Contents


async def switch_on(
    editor: Editor,
    take: Take,
    dashboard_id: str,
    terms: Terms,
    *,
    keep: int,
    aside: Aside = NOTHING_ELSE,
) -> tuple[Dashboard, Link]:
    """Switch a dashboard's link on and return it; a link that is on keeps its token unless `terms` rotate it.

    keep: how many snapshots of the dashboard stay. aside: what changes in the same write.
    Raises BadRequest, NotFound, Forbidden, Conflict.
    """
    dashboard = await editor.access.dashboard(editor.caller, "share", dashboard_id)
    editor.check_version(dashboard)
    if dashboard.is_archived:
        raise Conflict(ARCHIVED)
    expires_at = _expiry(terms, editor.clock())
    password_hash = await _password_hash(terms)
    share = await editor.store.read(lambda tx: tx.shares.of(dashboard.tenant_id, dashboard.id))
    taken = await take(dashboard) if _is_over(share, editor.clock()) else None
    token = new_token(SHARE)

    def write(tx: Tx) -> tuple[Dashboard, Link]:
        before = tx.dashboards.get(dashboard.tenant_id, dashboard.id)
        if before is None:
            raise NotFound(NO_DASHBOARD)
        if before.is_archived:
            raise Conflict(ARCHIVED)
        now_on = _linked(tx, editor, before, is_on=True, sentence=SWITCHED_ON, aside=aside)
        current = tx.shares.of(before.tenant_id, before.id)
        if current is None or _is_over(current, tx.now()):
            current = Share(before.tenant_id, before.id, "", None, None)
        is_new = terms.rotate or not current.token_hash
        wanted = replace(
            current,
            token_hash=hash_of(token) if is_new else current.token_hash,
            expires_at=expires_at if _names_expiry(terms) else current.expires_at,
            password_hash=password_hash if "password" in terms.named else current.password_hash,
        )
        tx.shares.put(wanted, token if is_new else None)
        if taken is not None:
            snapshot, contents = taken
            if before.version == snapshot.revision and now_on.document == before.document:
                # The link is no change of what it shows.
                snapshot = replace(snapshot, revision=now_on.version)
            tx.snapshots.add(snapshot, contents, keep=keep)
        return now_on, _told(tx, wanted)

    return await _written(editor, write)


async def switch_off(editor: Editor, dashboard_id: str, *, aside: Aside = NOTHING_ELSE) -> Dashboard:
    """Destroy a dashboard's token and return the dashboard; its snapshots stay for those who may see it."""
    dashboard = await editor.access.dashboard(editor.caller, "share", dashboard_id)
    editor.check_version(dashboard)

    def write(tx: Tx) -> Dashboard:
        before = tx.dashboards.get(dashboard.tenant_id, dashboard.id)
        if before is None:
            raise NotFound(NO_DASHBOARD)
        tx.shares.clear(before.tenant_id, before.id)
        return _linked(tx, editor, before, is_on=False, sentence=SWITCHED_OFF, aside=aside)

    return await _written(editor, write)


async def leave_link(editor: Editor, dashboard_id: str, aside: Aside) -> Dashboard:
    """Return the dashboard with the rest changed, and its link as it was. Owner or admin."""
    dashboard = await editor.access.dashboard(editor.caller, "share", dashboard_id)
    editor.check_version(dashboard)

    def write(tx: Tx) -> Dashboard:
        before = tx.dashboards.get(dashboard.tenant_id, dashboard.id)
        if before is None:
            raise NotFound(NO_DASHBOARD)
        return _linked(tx, editor, before, is_on=before.link, sentence="", aside=aside)

    return await _written(editor, write)


async def link_of(store: Store, dashboard: Dashboard) -> Link:
    """Return the link of a dashboard as its owner may see it."""
    if not dashboard.link:
        return Link()

    def read(tx: Tx) -> Link:
        share = tx.shares.of(dashboard.tenant_id, dashboard.id)
        return Link() if share is None else _told(tx, share)

    return await store.read(read)


async def end_expired(store: Store) -> int:
    """Switch the links off whose time is over, and return how many they were."""

    def write(tx: Tx) -> int:
        over = tx.shares.expired()
        for tenant_id, dashboard_id in over:
            tx.shares.clear(tenant_id, dashboard_id)
            before = tx.dashboards.get(tenant_id, dashboard_id)
            if before is not None:
                tx.dashboards.save(
                    replace(before, link=False),
                    expected_version=before.version,
                    author_id=before.owner_id,
                    sentence="The public link expired",
                )
        return len(over)

    if not await store.read(lambda tx: tx.shares.expired()):
        return 0
    return await store.write(write)


async def public_snapshot(store: Store, token: str) -> Published | None:
    """Return what the link with this token leads to: the latest snapshot, expired or not.

    None for a token that is unknown, expired or destroyed, and for a dashboard that is archived or gone: all
    of them after the same work.
    """
    token_hash = hash_of(token)

    def read(tx: Tx) -> Published | None:
        share = tx.shares.find(token_hash)
        place = ("", "") if share is None else (share.tenant_id, share.dashboard_id)
        found = tx.snapshots.latest(*place, unexpired=False)
        return None if share is None or found is None else Published(share, *found)

    return await store.read(read)


def moment(text: str | None) -> dt.datetime | None:
    """Return the moment that `expires_at` names; one without a zone is in UTC. Raises BadRequest."""
    if text is None:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
        found = found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise BadRequest("expires_at must be a time such as 2026-12-31T23:59:59Z") from error
    return found


def _linked(
    tx: Tx, editor: Editor, before: Dashboard, *, is_on: bool, sentence: str, aside: Aside
) -> Dashboard:
    """Write that the link is on or off and what changes aside, as a revision, unless it is so already."""
    if editor.expected_version not in (None, before.version):
        raise Conflict(
            "The dashboard was changed meanwhile; load it again and repeat your change",
            version=before.version,
        )
    changed, said = aside.applied(tx, before)
    after = replace(changed, link=is_on)
    if after == before:
        return before
    return tx.dashboards.save(
        after,
        expected_version=before.version,
        author_id=editor.caller.user_id,
        sentence="; ".join(one for one in (said, sentence if is_on != before.link else "") if one),
    )


async def _written(editor: Editor, write: Callable[[Tx], T]) -> T:
    for attempt in range(ATTEMPTS):
        try:
            return await editor.store.write(write)
        except Conflict as error:
            if error.version is None or editor.expected_version is not None or attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _told(tx: Tx, share: Share) -> Link:
    token = tx.shares.token(share.tenant_id, share.dashboard_id)
    return Link(token, share.expires_at, share.has_password)


def _is_over(share: Share | None, now: dt.datetime) -> bool:
    return share is None or (share.expires_at is not None and share.expires_at <= now)


def _names_expiry(terms: Terms) -> bool:
    return bool({"expires_at", "expires_in_days"} & terms.named)


def _expiry(terms: Terms, now: dt.datetime) -> dt.datetime | None:
    if terms.expires_in_days is not None:
        if terms.expires_at is not None:
            raise BadRequest("Send expires_at or expires_in_days, not both")
        if not 1 <= terms.expires_in_days <= MAX_DAYS:
            raise BadRequest(f"expires_in_days must be between 1 and {MAX_DAYS}")
        return now + dt.timedelta(days=terms.expires_in_days)
    if terms.expires_at is None:
        return None
    if not now < terms.expires_at <= now + dt.timedelta(days=MAX_DAYS):
        raise BadRequest(f"expires_at must lie in the future, by at most {MAX_DAYS} days")
    return terms.expires_at


async def _password_hash(terms: Terms) -> str | None:
    if not terms.password:
        return None
    if not MIN_PASSWORD <= len(terms.password) <= MAX_LENGTH:
        raise BadRequest(f"password must have between {MIN_PASSWORD} and {MAX_LENGTH} characters")
    return await hash_password(terms.password)
