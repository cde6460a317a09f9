"""YAML with JSON's values only: no tags, no anchors, no names said twice, not deep; `on` and `yes` are words."""

from __future__ import annotations

import re
from typing import Any

import yaml

MAX_DEPTH = 20
MAX_NODES = 40_000
"""Names and values: of 500 metrics with all that may be said of one. A million take a minute to read."""


class PlainLoader(yaml.SafeLoader):
    """What reads it. Dates stay text, and only true and false are truth values, as in YAML 1.2."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self.levels = 0
        self.nodes = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse anchors, aliases and tags, and more levels than metrics have."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(
                problem="anchors and aliases are not taken", problem_mark=event.start_mark
            )
        if getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(problem="tags are not taken", problem_mark=event.start_mark)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise yaml.MarkedYAMLError(
                problem=f"more than {MAX_NODES:,} names and values", problem_mark=event.start_mark
            )
        self.levels += 1
        if self.levels > MAX_DEPTH:
            raise yaml.MarkedYAMLError(
                problem=f"more than {MAX_DEPTH} levels deep", problem_mark=event.start_mark
            )
        try:
            return super().compose_node(parent, index)
        finally:
            self.levels -= 1

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Refuse names that are said twice, and names that are no text."""
        names = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                raise yaml.MarkedYAMLError(problem="a name must be text", problem_mark=key.start_mark)
            if key.value in names:
                raise yaml.MarkedYAMLError(
                    problem=f"{key.value[:60]} is there twice", problem_mark=key.start_mark
                )
            names.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _plain_resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Return how bare words are read: numbers, null, true and false; everything else is text."""
    kept = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:null")
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for first, ways in yaml.SafeLoader.yaml_implicit_resolvers.items():
        found[first] = [(tag, pattern) for tag, pattern in ways if tag in kept]
    truth = ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"))
    for first in "tTfF":
        found.setdefault(first, []).append(truth)
    return found


PlainLoader.yaml_implicit_resolvers = _plain_resolvers()
