"""Metrics as files: YAML (or JSON, which is YAML too) in and out, with datasources by their names.

PyYAML: kept well, everywhere, with a safe loader; what it does beyond JSON's values is switched off here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tesela.errors import BadRequest, NotFound
from tesela.features.access import Access
from tesela.features.callers import caller_of
from tesela.features.definitions import Definitions
from tesela.features.metrics import Desk, Draft, draft_many, in_order, may_own, sees_sql
from tesela.model.caller import Caller
from tesela.model.metric import Metric
from tesela.running.catalog import Catalogs
from tesela.store import Store, Tx

MAX_BYTES = 2_000_000
MAX_METRICS = 500
"""Of one file."""


def read_file(content: bytes) -> list[dict[str, Any]]:
    """Return the metrics that a file holds: a list, or an object with `metrics`, or one metric.

    Raises BadRequest with line and column for what is no plain YAML: anchors and aliases, tags, names said
    twice, too deep, too large.
    """
    if len(content) > MAX_BYTES:
        raise BadRequest(f"A file of metrics may have at most {MAX_BYTES} bytes")
    found = _parsed(content)
    if isinstance(found, dict):
        found = found.get("metrics", [found])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BadRequest("A file of metrics holds a list of metrics, as in metrics: [...]")
    if len(found) > MAX_METRICS:
        raise BadRequest(f"A file may hold at most {MAX_METRICS} metrics")
    return found


def file_of(metrics: Sequence[Metric], sources: Mapping[str, str]) -> bytes:
    """Return the file of metrics: formulas after what they name, no ids. sources: names of datasources by id."""
    import yaml

    by_name = {one.name: one for one in metrics}
    items = [
        _item(by_name[name], sources)
        for name in in_order({name: m.definition for name, m in by_name.items()})
    ]
    text: str = yaml.safe_dump({"metrics": items}, sort_keys=False, allow_unicode=True, width=110)
    return text.encode()


async def apply_file(desk: Desk, items: Sequence[Mapping[str, Any]]) -> list[Draft]:
    """Return the drafts of a file's metrics, checked together. `datasource` names one, by name or id."""
    if len(items) > MAX_METRICS:
        raise BadRequest(f"metrics: at most {MAX_METRICS} at once")
    known = {one.name: one.id for one, _ in await desk.access.datasources(desk.caller)}
    return await draft_many(desk, [_with_source(one, known) for one in items])


async def export_metrics(desk: Desk) -> bytes:
    """Return the file of all metrics whose SQL the caller may see."""
    book = await desk.book()
    caller = desk.caller
    seen = [one for one in book.metrics.values() if one.status != "draft" or may_own(caller, one)]
    whole = [one for one in seen if await sees_sql(desk.access, caller, one, book)]
    sources = await desk.store.read(lambda tx: tx.datasources.list(caller.tenant_id))
    return file_of(whole, {one.id: one.name for one in sources})


async def desk_of_tenant(store: Store, tenant: str, clock: Any) -> Desk:
    """Return the desk of a tenant's first admin, for the command line. Raises NotFound."""

    def read(tx: Tx) -> Caller | None:
        found = tx.tenants.named(tenant)
        if found is None:
            return None
        admins = [one for one in tx.users.list(found.id) if one.role == "admin" and one.is_active]
        return caller_of(tx, admins[0]) if admins else None

    caller = await store.read(read)
    if caller is None:
        raise NotFound(f"There is no tenant named {tenant} with an admin")
    return Desk(store, Access(store), Definitions(store), None, Catalogs(), caller, clock)


def _with_source(one: Any, known: Mapping[str, str]) -> Any:
    if not isinstance(one, Mapping) or "datasource" not in one:
        return one
    wanted = one["datasource"]
    if not isinstance(wanted, str) or (wanted not in known and wanted not in known.values()):
        raise BadRequest(
            f"{one.get('name', 'metrics')}: there is no datasource {str(wanted)[:100]} that you may use"
        )
    rest = {key: value for key, value in one.items() if key != "datasource"}
    return {**rest, "datasource_id": known.get(wanted, wanted)}


def _item(metric: Metric, sources: Mapping[str, str]) -> dict[str, Any]:
    written = metric.definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    source_id = written.pop("datasource_id", None)
    item: dict[str, Any] = {"name": written.pop("name")}
    if source_id is not None:
        item["datasource"] = sources.get(source_id, source_id)
    item |= written
    item["status"] = metric.status
    if metric.certified:
        item["certified"] = True
    return item


def _parsed(content: bytes) -> Any:
    import yaml

    from tesela.features.plain_yaml import PlainLoader

    try:
        return yaml.load(content, Loader=PlainLoader)  # noqa: S506 a safe loader with less in it
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise BadRequest(f"{where}{error.problem or error.context or 'this is not YAML'}") from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadRequest("This is not YAML in UTF-8") from error
