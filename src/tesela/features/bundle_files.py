"""What the command line does with bundles: dashboards of any tenant, out for an operator and in for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tesela.errors import BadRequest, BundleRefused, NotFound
from tesela.features.access import NO_DASHBOARD, Access
from tesela.features.bundles import Clock, exported, import_bundle, update_from_bundle
from tesela.features.callers import stored_caller
from tesela.features.editing import Editor
from tesela.model.bundle import Bundle, bundle_of_bytes, read_bundle
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard
from tesela.model.datasource import Datasource
from tesela.store import Store, Tx, User, Visibility

PAGE = 100


async def export_one(store: Store, dashboard_id: str) -> bytes:
    """Return a dashboard's bundle, whichever tenant it is of. Raises NotFound."""
    dashboard = await find_dashboard(store, dashboard_id)
    sources = await store.read(lambda tx: tx.datasources.list(dashboard.tenant_id))
    return exported(dashboard.document, sources)


async def export_all(store: Store, tenant: str) -> list[tuple[str, bytes]]:
    """Return name and bundle of each dashboard of a tenant, the oldest first. Raises NotFound."""

    def read(tx: Tx) -> tuple[list[Dashboard], list[Datasource]]:
        found = tx.tenants.named(tenant)
        if found is None:
            raise NotFound(f"There is no tenant named {tenant}")
        every = [tx.dashboards.get(found.id, id_) for id_ in _ids(tx, found.id)]
        return [one for one in every if one is not None], tx.datasources.list(found.id)

    dashboards, sources = await store.read(read)
    in_order = sorted(dashboards, key=lambda one: (one.created_at, one.id))
    return [(one.document.name, exported(one.document, sources)) for one in in_order]


async def import_file(
    store: Store, clock: Clock, content: bytes, user: User, *, chosen: Mapping[str, str]
) -> Dashboard:
    """Return a new dashboard of `user`. chosen: datasources by ref, each by its name or id."""
    caller = await _caller(store, user.tenant_id, user.id)
    access = Access(store)
    raw = bundle_of_bytes(content)
    mapping = await _mapping(access, caller, read_bundle(raw), chosen)
    return await import_bundle(store, access, caller, raw, mapping=mapping, clock=clock)


async def import_over(
    store: Store,
    clock: Clock,
    content: bytes,
    dashboard_id: str,
    user: User | None,
    *,
    chosen: Mapping[str, str],
) -> Dashboard:
    """Return the dashboard with the bundle in its place, in the name of `user`, else of its owner."""
    dashboard = await find_dashboard(store, dashboard_id)
    caller = await _caller(store, dashboard.tenant_id, dashboard.owner_id)
    if user is not None:
        caller = await _caller(store, user.tenant_id, user.id)
    editor = Editor(store, Access(store), caller, clock)
    raw = bundle_of_bytes(content)
    mapping = await _mapping(editor.access, caller, read_bundle(raw), chosen)
    return await update_from_bundle(editor, dashboard.id, raw, mapping=mapping)


async def find_dashboard(store: Store, dashboard_id: str) -> Dashboard:
    """Return a dashboard of any tenant. Raises NotFound."""

    def read(tx: Tx) -> Dashboard | None:
        found = (tx.dashboards.get(tenant.id, dashboard_id.lower()) for tenant in tx.tenants.list())
        return next((one for one in found if one is not None), None)

    dashboard = await store.read(read)
    if dashboard is None:
        raise NotFound(NO_DASHBOARD)
    return dashboard


def choices(given: Iterable[str]) -> dict[str, str]:
    """Return what `--map REF=DATASOURCE` says. Raises BadRequest.

    >>> choices(["ds_0=Sales data", "ds_1 = x=y"])
    {'ds_0': 'Sales data', 'ds_1': 'x=y'}
    """
    found = {}
    for one in given:
        ref, equals, name = one.partition("=")
        if not equals or not ref.strip() or not name.strip():
            raise BadRequest(f"--map {one}: write REF=DATASOURCE, such as ds_0=Warehouse")
        found[ref.strip()] = name.strip()
    return found


async def _mapping(
    access: Access, caller: Caller, bundle: Bundle, chosen: Mapping[str, str]
) -> dict[str, str]:
    """Return datasource ids by ref: as chosen, else of the same name and type. Raises BundleRefused."""
    usable = [one for one, _ in await access.datasources(caller)]
    by_name = {one.name: one.id for one in usable} | {one.id: one.id for one in usable}
    alike = {(one.name, one.kind): one.id for one in usable}
    mapping: dict[str, str] = {}
    problems = [
        f"--map {ref}: the bundle needs no datasource {ref}"
        for ref in chosen
        if ref not in {one.ref for one in bundle.required_datasources}
    ]
    for one in bundle.required_datasources:
        wanted = chosen.get(one.ref)
        found = alike.get((one.name, one.type)) if wanted is None else by_name.get(wanted)
        if found is not None:
            mapping[one.ref] = found
        elif wanted is None:
            problems.append(
                f"there is no datasource '{one.name}' ({one.type}) here: say --map {one.ref}=DATASOURCE"
            )
        else:
            problems.append(f"--map {one.ref}: {caller.email} may use no datasource {wanted}")
    if problems:
        raise BundleRefused(problems)
    return mapping


async def _caller(store: Store, tenant_id: str, user_id: str) -> Caller:
    found = await stored_caller(store, tenant_id, user_id)
    if found is None or not found[1]:
        raise BadRequest("The owner of this dashboard is not active: name another user with --user")
    return found[0]


def _ids(tx: Tx, tenant_id: str) -> list[str]:
    """Return the ids of all dashboards of a tenant."""
    everybody = Visibility("", everything=True)
    ids: list[str] = []
    while True:
        rows, total = tx.dashboards.list(
            tenant_id, visible_to=everybody, include_archived=True, limit=PAGE, offset=len(ids)
        )
        ids += [row.id for row in rows]
        if not rows or len(ids) >= total:
            return ids
