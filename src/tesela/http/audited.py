"""Every request that changes something leaves a line in the audit: in one place, so that no route is forgotten.

The action is the route's `operation_id`. What leaves no line is named below; what only reads but takes data away
is named too. Logins tell it themselves, since nobody is known before them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tesela.features.audit import AuditLog, facts_of
from tesela.http.address import client_address
from tesela.model.caller import Caller

SAFE = ("GET", "HEAD", "OPTIONS")
MAX_BYTES = 2_000_000
"""Of an answer that is read for the id and the name of what was made."""

QUIET: Mapping[str, str] = {
    "log_in": "says it itself, with who it was",
    "log_out": "says it itself, with who it was",
    "unlock_public_dashboard": "a reader of a public page is nobody",
    "run_query": "reads",
    "cancel_query": "stops what reads",
    "test_datasource": "reads",
    "test_new_datasource": "reads",
    "post_dashboard_data": "reads",
    "stream_dashboard_data": "reads",
    "preview_tile": "reads",
    "drill_tile": "reads",
    "detail_rows": "reads",
    "get_filter_options": "reads",
    "preflight_import": "reads",
    "explain_tile": "reads",
    "forecast_tile": "reads",
    "generate_sql": "proposes, and saves nothing",
    "test_ai": "reads",
    "suggest_chart": "proposes, and saves nothing",
    "bi_post_dashboard_data": "reads",
    "bi_post_widget_data": "reads",
    "preview_policy": "reads",
    "create_conversation": "somebody's own, like a note",
    "delete_conversation": "somebody's own, like a note",
    "say": "reads",
    "bi_query_metrics": "reads",
    "bi_compile_metrics": "reads",
}
"""Operations that may be POST and leave no line, each with the reason."""
READS_THAT_TAKE_AWAY = frozenset({"export_config", "export_audit", "bi_export_metrics"})
"""GETs that leave a line."""
MADE = re.compile(r"(?:bi_)?(?:create|add|clone|import)_(\w+)")
KINDS = {"widget": "tile"}
"""What the store calls the kinds of which a face has its own words."""
UPLOADED = {
    "upload_file": ("datasource", "datasource_id", "datasource_name"),
    "add_tile_from_conversation": ("tile", "id", "title"),
    "bi_create_from_template": ("dashboard", "id", "name"),
}
"""Operations whose answer names what was made in its own words."""


def leaves_line(method: str, operation_id: str) -> bool:
    """Return whether a request of this route is recorded when it succeeds."""
    return operation_id in READS_THAT_TAKE_AWAY or (method not in SAFE and operation_id not in QUIET)


class Audited:
    """ASGI middleware around the routes."""

    def __init__(self, app: ASGIApp, *, audit: AuditLog, trusted_proxies: str) -> None:
        self._app = app
        self._audit = audit
        self._trusted_proxies = trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = bytearray()
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if status < 400 and status != 201:
                    self._note(
                        scope, None
                    )  # now: a download that somebody breaks off has taken something away too
            elif status == 201:
                if len(body) <= MAX_BYTES:
                    body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    self._note(scope, bytes(body))
            await send(message)

        await self._app(scope, receive, watched)

    def _note(self, scope: Scope, made: bytes | None) -> None:
        """Record a request that succeeded. made: the answer that says what was made, if something was."""
        operation_id = getattr(scope.get("route"), "operation_id", None) or ""
        state = scope.get("state", {})
        caller = state.get("caller")
        if not isinstance(caller, Caller) or not leaves_line(scope["method"], operation_id):
            return
        kind, id_, name, parent_id = _object(operation_id, scope.get("path_params", {}), made)
        details = facts_of(state.get("sent"))
        self._audit.record(
            caller,
            operation_id,
            ip=client_address(scope, self._trusted_proxies),
            kind=kind,
            id=id_,
            name=name or state.get("name_before"),
            parent_id=parent_id,
            details=details,
        )


def named_object(path_params: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Return kind, id and parent's id of what a path names last.

    >>> named_object({"dashboard_id": "a", "tile_id": "b"}), named_object({"dashboard_id": "a", "number": "3"})
    (('tile', 'b', 'a'), ('dashboard', 'a', None))
    """
    ids = [
        (name.removesuffix("_id"), str(value)) for name, value in path_params.items() if name.endswith("_id")
    ]
    if not ids:
        return None, None, None
    kind, id_ = ids[-1]
    return KINDS.get(kind, kind), _bare(id_), _bare(ids[0][1]) if len(ids) > 1 else None


def _object(
    operation_id: str, path_params: Mapping[str, Any], body: bytes | None
) -> tuple[str | None, str | None, str | None, str | None]:
    """Return kind, id, name and parent's id of what was made, else of what the path names last."""
    kind, id_, parent_id = named_object(path_params)
    made = None if body is None else _made(operation_id, body)
    if made is None:
        return kind, id_, None, parent_id
    return *made, id_


def _made(operation_id: str, body: bytes) -> tuple[str, str, str | None] | None:
    """Return kind, id and name of what an answer says was made; None where it says no id."""
    found = MADE.fullmatch(operation_id)
    kind, id_field, name_field = UPLOADED.get(operation_id, (found[1] if found else "object", "id", ""))
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(said, dict) or not isinstance(said.get(id_field), str):
        return None
    names = (said.get(field) for field in (name_field, "name", "title"))
    name = next((one for one in names if isinstance(one, str) and one), None)
    return KINDS.get(kind, kind), _bare(said[id_field]), name


def _bare(id_: str) -> str:
    """Return an id as the store has it: the BI API puts a word before it."""
    return id_.removeprefix("dash-").removeprefix("widget-")
