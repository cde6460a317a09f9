"""Cloning: a dashboard again, as a document of its own with new ids, owned by the one who asks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tesela.errors import Forbidden
from tesela.features import checks
from tesela.features.access import Access
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard, Document
from tesela.store import Store

REFUSED = (
    "A clone runs the same queries in your name: you need the right to use every datasource of this dashboard"
)


async def clone_dashboard(
    store: Store,
    access: Access,
    caller: Caller,
    dashboard_id: str,
    *,
    name: str | None,
    clock: Callable[[], dt.datetime],
) -> Dashboard:
    """Return a private copy of a dashboard that the caller may see, owned by them, without its link and grants.

    Its SQL becomes the caller's to read, run and share, so they must be allowed to use every datasource that it
    asks: the right that writing the same SQL takes. Raises NotFound, Forbidden.
    """
    original = await access.dashboard(caller, "view", dashboard_id)
    access.may_create(caller)
    for datasource_id in sorted(original.document.datasource_ids()):
        if not await access.may_use(caller, datasource_id):
            raise Forbidden(REFUSED)
    wanted = f"{original.document.name[: checks.NAME_LENGTH - 7]} (copy)" if name is None else name
    now = clock()
    document = copied(original.document, now=now).model_copy(update={"name": checks.name(wanted, "name")})
    clone = replace(
        original,
        id=str(uuid.uuid4()),
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
    sentence = f"Copied the dashboard '{original.document.name}'"
    await store.write(lambda tx: tx.dashboards.add(clone, author_id=caller.user_id, sentence=sentence))
    return clone


def copied(
    document: Document, *, now: dt.datetime, new_id: Callable[[], str] = lambda: str(uuid.uuid4())
) -> Document:
    """Return the document with new ids of pages and tiles, wherever it names them. Its schedule stays behind."""
    ids = [page.id for page in document.pages] + [tile.id for tile in document.tiles]
    new = {id_: new_id() for id_ in ids}
    return document.model_copy(
        update={
            "filters": tuple(_renamed(one, new) for one in document.filters),
            "settings": {
                key: _renamed(value, new) for key, value in document.settings.items() if key != "schedule"
            },
            "pages": tuple(page.model_copy(update={"id": new[page.id]}) for page in document.pages),
            "tiles": tuple(
                tile.model_copy(
                    update={
                        "id": new[tile.id],
                        "page_id": new[tile.page_id],
                        "chart_config": _renamed(tile.chart_config, new),
                        "created_at": now,
                        "updated_at": now,
                    }
                )
                for tile in document.tiles
            ),
        }
    )


def _renamed(value: Any, new: Mapping[str, str]) -> Any:
    """Return a JSON value with every text and key that is an old id replaced by the new one."""
    if isinstance(value, str):
        return new.get(value, value)
    if isinstance(value, list):
        return [_renamed(one, new) for one in value]
    if isinstance(value, dict):
        return {new.get(key, key): _renamed(one, new) for key, one in value.items()}
    return value
