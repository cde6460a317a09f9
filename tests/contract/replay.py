"""Sends the steps of a contract file to a server and compares the answers, member by member."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

HERE = Path(__file__).parent


def steps(name: str) -> list[dict[str, Any]]:
    """Return the steps of `tests/contract/<name>.json`."""
    found: list[dict[str, Any]] = json.loads((HERE / f"{name}.json").read_text())["steps"]
    return found


def replay(
    client: httpx.Client,
    all_steps: list[dict[str, Any]],
    known: dict[str, str],
    *,
    others: Mapping[str, httpx.Client] | None = None,
) -> None:
    """Send every step in order. `known`: what {names} stand for; steps that `keep` add to it.

    others: who sends the steps that say `as`.
    """
    everybody = {None: client, **(others or {})}
    for step in all_steps:
        client = everybody[step.get("as")]
        method, path = (filled(word, known) for word in step["send"])
        body = filled(step["body"], known) if "body" in step else None
        response = (
            client.request(method, path, json=body) if body is not None else client.request(method, path)
        )
        assert response.status_code == step["status"], (
            f"{step['name']}: {response.status_code} {response.text}"
        )
        if "answer" in step:
            answer = response.json()
            assert_like(answer, filled(step["answer"], known), step["name"])
            known |= {name: answer[member] for name, member in step.get("keep", {}).items()}
        else:
            assert not response.content, step["name"]


def filled(value: Any, known: Mapping[str, str]) -> Any:
    """Return `value` with {names} replaced, at every depth."""
    if isinstance(value, str):
        for name, text in known.items():
            value = value.replace("{" + name + "}", text)
        return value
    if isinstance(value, list):
        return [filled(one, known) for one in value]
    if isinstance(value, dict):
        return {filled(key, known): filled(one, known) for key, one in value.items()}
    return value


def assert_like(actual: Any, wanted: Any, where: str) -> None:
    """Assert that `actual` has everything of `wanted`; more members of an object are allowed."""
    if isinstance(wanted, dict):
        assert isinstance(actual, dict), f"{where}: {actual!r}"
        for key, value in wanted.items():
            assert key in actual, f"{where}: {key} is missing"
            assert_like(actual[key], value, f"{where}.{key}")
    elif isinstance(wanted, list):
        assert isinstance(actual, list), f"{where}: {actual!r}"
        assert len(actual) == len(wanted), f"{where}: {len(actual)} instead of {len(wanted)}"
        for number, (one, like) in enumerate(zip(actual, wanted, strict=True)):
            assert_like(one, like, f"{where}[{number}]")
    elif isinstance(wanted, str) and wanted in KINDS:
        assert KINDS[wanted](actual), f"{where}: {actual!r} is not {wanted}"
    else:
        assert actual == wanted, f"{where}: {actual!r} is not {wanted!r}"
        assert type(actual) is type(wanted), f"{where}: {actual!r} is not of the type of {wanted!r}"


def _is_uuid(value: Any) -> bool:
    return isinstance(value, str) and str(uuid.UUID(value)) == value


def _prefixed(prefix: str, value: Any) -> bool:
    return isinstance(value, str) and value.startswith(prefix) and _is_uuid(value.removeprefix(prefix))


def _is_time(value: Any) -> bool:
    return (
        isinstance(value, str) and value.endswith("Z") and dt.datetime.fromisoformat(value).tzinfo is not None
    )


KINDS = {
    "<text>": lambda value: isinstance(value, str) and value != "",
    "<int>": lambda value: type(value) is int,
    "<list>": lambda value: isinstance(value, list) and value != [],
    "<uuid>": _is_uuid,
    "<dash>": lambda value: _prefixed("dash-", value),
    "<widget>": lambda value: _prefixed("widget-", value),
    "<time>": _is_time,
}
