"""/api/policies: row policies, for admins and the owners of datasources."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import Field

from tesela.features import data, policies
from tesela.features.data import Asking, Selection
from tesela.features.policies import Desk, Wanted
from tesela.features.viewing import AS_IT_OPENS, State, view
from tesela.http.deps import AccessDep, CallerDep, Services, ServicesDep, StoreDep
from tesela.http.problems import PROBLEMS
from tesela.http.web import Answer, Body, StrictJsonRoute, expected_version, version_etag
from tesela.model.caller import Caller
from tesela.model.policy import RowPolicy
from tesela.model.rows import rows_of

router = APIRouter(prefix="/api/policies", tags=["policies"], route_class=StrictJsonRoute, responses=PROBLEMS)


class PolicyBody(Body):
    """What is sent; in a PUT only what is sent is changed."""

    datasource_id: str | None = None
    name: str | None = None
    catalog: str | None = None
    schema_: str | None = Field(None, alias="schema")
    table: str | None = None
    predicate: str | None = None
    masks: dict[str, str] | None = None
    roles: list[str] | None = None
    team_ids: list[str] | None = None
    is_enabled: bool | None = None

    def wanted(self) -> Wanted:
        return Wanted(
            frozenset(name.rstrip("_") for name in self.model_fields_set),
            self.datasource_id,
            self.name,
            self.catalog,
            self.schema_,
            self.table,
            self.predicate,
            self.masks,
            self.roles,
            self.team_ids,
            self.is_enabled,
        )


class PreviewBody(PolicyBody):
    user_id: str | None = None


class ViewAsBody(Body):
    user_id: str
    dashboard_id: str
    filter_values: dict[str, Any] = Field(default_factory=dict)
    cross_filters: list[dict[str, Any]] = Field(default_factory=list)
    page_id: str | None = None


class PolicyOut(Answer):
    id: str
    datasource_id: str
    name: str
    catalog: str | None
    schema_: str | None = Field(alias="schema")
    table: str
    predicate: str
    masks: dict[str, str]
    roles: list[str]
    team_ids: list[str]
    is_enabled: bool
    revision: int
    created_by: str | None
    created_at: dt.datetime
    updated_at: dt.datetime


class PreviewOut(Answer):
    columns: list[str]
    rows: list[dict[str, Any]]
    """20 at most, as the user would see them."""
    rows_before: int
    """Without any policy."""
    rows_after: int
    sentence: str


class SeenBy(Answer):
    id: str
    name: str
    email: str


class ViewAsOut(Answer):
    """tiles: each as `GET .../tiles/{tile_id}/data` answers it, with `rows_before` and `rows_after` beside."""

    user: SeenBy
    sentence: str | None
    tiles: list[dict[str, Any]]


@router.get("", operation_id="list_policies")
async def list_all(
    store: StoreDep, access: AccessDep, caller: CallerDep, datasource_id: str | None = None
) -> list[PolicyOut]:
    """List the policies of a datasource, or of all that the caller owns, by name."""
    return [_out(one) for one in await policies.list_policies(store, access, caller, datasource_id)]


@router.post("", status_code=201, operation_id="create_policy")
async def create(body: PolicyBody, found: ServicesDep, caller: CallerDep) -> PolicyOut:
    """Add a policy; it holds at once."""
    return _out(await policies.create_policy(_desk(found), caller, body.wanted()))


@router.post("/preview", operation_id="preview_policy")
async def preview(body: PreviewBody, found: ServicesDep, caller: CallerDep) -> PreviewOut:
    """Show what a policy that is not stored leaves of its table for a user."""
    seen = await policies.preview_policy(_desk(found), caller, body.wanted(), body.user_id)
    rows = rows_of(seen.result)
    return PreviewOut(
        columns=list(rows.columns),
        rows=[dict(row) for row in rows.rows],
        rows_before=seen.rows_before,
        rows_after=seen.rows_after,
        sentence=seen.sentence,
    )


@router.post("/view-as", operation_id="view_as", response_model=ViewAsOut)
async def view_as(body: ViewAsBody, found: ServicesDep, caller: CallerDep) -> Response:
    """Show an admin a dashboard as another user sees it, with the rows of each tile before and after policies."""
    found.access.require_admin(caller)
    dashboard = await found.access.dashboard(caller, "view", body.dashboard_id)
    state = State(body.filter_values, body.cross_filters)
    viewing = view(dashboard, state, now=found.clock())

    def asking(who: Caller) -> Asking:
        opens = state == AS_IT_OPENS
        return Asking(
            found.runner,
            found.catalogs,
            found.defaults,
            who,
            dashboard,
            viewing,
            found.definitions,
            opens=opens,
        )

    looked = await policies.view_as(
        _desk(found),
        caller,
        body.user_id,
        asking,
        dashboard.id,
        lambda one: data.selected_tiles(one.dashboard, Selection(body.page_id)),
    )
    tiles = [
        orjson.loads(seen.answer.body) | {"rows_before": seen.rows_before, "rows_after": seen.rows_after}
        for seen in looked.tiles
    ]
    user = {"id": looked.user.user_id, "name": looked.user.name, "email": looked.user.email}
    answer = orjson.dumps({"user": user, "sentence": looked.why_not, "tiles": tiles})
    return Response(answer, media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get("/{policy_id}", operation_id="get_policy")
async def get(
    response: Response, policy_id: str, store: StoreDep, access: AccessDep, caller: CallerDep
) -> PolicyOut:
    """Return a policy."""
    policy = await policies.get_policy(store, access, caller, policy_id)
    response.headers["ETag"] = version_etag(policy.revision)
    return _out(policy)


@router.put("/{policy_id}", operation_id="update_policy")
async def update(
    request: Request,
    response: Response,
    policy_id: str,
    body: PolicyBody,
    found: ServicesDep,
    caller: CallerDep,
) -> PolicyOut:
    """Change the members that are sent; what it says then holds at once."""
    policy = await policies.update_policy(
        _desk(found), caller, policy_id, body.wanted(), expected_revision=expected_version(request)
    )
    response.headers["ETag"] = version_etag(policy.revision)
    return _out(policy)


@router.delete("/{policy_id}", status_code=204, operation_id="delete_policy")
async def delete(policy_id: str, store: StoreDep, access: AccessDep, caller: CallerDep) -> None:
    """Delete a policy: whom it bound sees its rows again at once."""
    await policies.delete_policy(store, access, caller, policy_id)


def _desk(found: Services) -> Desk:
    return Desk(found.store, found.access, found.runner, found.catalogs, found.defaults, found.clock)


def _out(policy: RowPolicy) -> PolicyOut:
    return PolicyOut(
        id=policy.id,
        datasource_id=policy.datasource_id,
        name=policy.name,
        catalog=policy.catalog,
        schema_=policy.schema,
        table=policy.table,
        predicate=policy.predicate,
        masks=dict(policy.masks),
        roles=list(policy.roles),
        team_ids=list(policy.team_ids),
        is_enabled=policy.is_enabled,
        revision=policy.revision,
        created_by=policy.created_by,
        created_at=policy.created_at,
        updated_at=policy.updated_at,
    )
