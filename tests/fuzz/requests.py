"""Requests made from the server's own description of itself: most of a right shape, each with something wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote

from fuzz import hostile

ODD_HEADERS = (
    ("If-Match", ("junk", '"0"', '"99999999999999999999"', "*", 'W/"1"', "", '"1", "2"')),
    ("X-Tesela-View", ("a" * 50, "a" * 101, "b", "\x7f")),
    ("Content-Type", ("text/plain", "application/xml", "application/json; charset=utf-16", "")),
    ("If-None-Match", ("*", 'W/"x"', '"' + "e" * 3_000)),
    ("Accept-Encoding", ("gzip;q=0", "zstd", "identity", "br, *;q=0.1", "\x80")),
    ("Range", ("bytes=0-1", "bytes=-", "rows=1")),
    ("Origin", ("null", "https://evil.example", "http://[")),
    ("Sec-Fetch-Site", ("cross-site", "same-site", "none", "")),
    ("Cookie", ("tesela_session=", "tesela_session=tss_x", "a" * 4_000, "=;=;")),
    ("Host", ("evil.example", "[", "")),
    ("X-Forwarded-For", ("127.0.0.1", "x, y", "::1")),
    ("X-Share-Password", ("x", "y" * 2_000)),
)
EXAMPLES: Mapping[str, tuple[Any, ...]] = {
    "tile_type": ("chart", "kpi", "table", "text"),
    "chart_type": ("bar", "line", "pie", "scatter", "heatmap", "gauge", "nothing"),
    "query": hostile.SQL,
    "sql": hostile.SQL,
    "type": ("postgresql", "sqlite", "duckdb", "oracle"),
    "title": ("A title", "T"),
    "id": (None, "11111111-2222-4333-8444-555555555555", "x"),
    "catalog": (None, "memory", "x"),
    "schema": (None, "main", "pg_catalog"),
    "query_id": ("q1", None, ""),
    "content": ("# Text", "x"),
    "format": ("xlsx", "csv", "pdf"),
    "role": ("viewer", "editor", "admin", "owner"),
    "name": ("A name", "region", "z"),
    "email": ("nobody@example.org", "x", "ÄÖ@example.org", "a@b@c"),
    "time_zone": ("UTC", "Europe/Madrid", "Mars/Olympus", "../UTC", "posixrules", "America"),
    "table": ("sales", "missing", "duckdb_databases", "/etc/passwd"),
    "column": ("region", "path", "x\x00"),
    "mode": ("create", "update"),
    "max_rows": (None, 1, 10, 0, 50_001),
    "link": ("tsl_x", "x" * 300),
    "config": (
        {"host": "127.0.0.1", "port": 1, "database": "x", "user": "y"},
        {"path": "/etc/passwd"},
        {},
        {"path": "/" + "x" * 300},
        {"path": "/proc/self/fd/3"},
        {"host": "127.0.0.1", "port": 1, "database": "host=/tmp dbname=x", "user": "y", "sslmode": "require"},
        {"host": "/tmp", "port": 1, "database": "x", "user": "y"},
    ),
    "secrets": ({}, {"password": "x"}, {"password": "x\x00"}),
    "chart_config": (
        {"xField": "region", "yField": "revenue", "cross_filter_enabled": True},
        {"detail_query": "SELECT * FROM sales WHERE 1=1 ${detail.where}"},
        {"drill_levels": [{"id_column": "region", "label_column": "region"}, {"id_column": "month"}]},
        {},
        {"nameField": ["a"], "valueField": {"b": 1}},
    ),
    "filters": (
        [],
        [{"name": "region", "field": "region", "type": "multi_select", "default": ["North"]}],
        [{"name": "when", "field": "month", "type": "date_range", "default": {"relative": "last_30_days"}}],
        [{"name": "x", "depends_on": ["y"]}, {"name": "y", "depends_on": ["x"]}],
        [{"field": "region", "operator": "in", "values": ["North"]}],
    ),
    "filter_values": (
        {},
        {"region": ["North"]},
        {"region": {"start": 1}, "when": {"start": "2024-01-01", "end": "2023-01-01"}},
        {"date_range": {"relative": "this_quarter"}},
        {"date_range": {"start": "0001-01-01", "end": "9999-12-31"}},
        {"region": list(range(1_001))},
    ),
    "drill_path": ([], [{"column": "region", "value": "North"}], [{"column": "x", "value": {}}] * 21),
    "dimensions": ({}, {"region": "North"}, {"region": None, "month": "2024-01-01"}),
    "settings": ({}, {"snapshot_schedule": "* * * * *"}, {"theme": {"a": [1, 2]}}),
    "expires_at": ("2030-01-01T00:00:00Z", "0001-01-01", "9999-12-31T23:59:59+14:00"),
    "number": ("1", "2", "0", "-1", "9" * 18, "9" * 40, "x"),
    "from": ("1", "0", "9" * 18),
    "to": ("1", "2", "9" * 18),
}


WEIGHTS = {"GET": 2, "DELETE": 1}
"""How often a method is used; the others 4. What is deleted cannot be asked for any more."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One request. route: as the description has it."""

    method: str
    route: str
    path: str
    content: bytes | None
    headers: dict[str, str]
    files: dict[str, Any] | None = None
    data: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path[:300]} {self.headers} {self.data} {(self.content or b'')[:600]!r}"


class Requests:
    """Makes requests without end. ids: what is there, by the name under which it is asked for.

    Most begin tame, as a good client would send them, so that what is spoiled afterwards gets far.
    """

    def __init__(self, described: Mapping[str, Any], random: Random) -> None:
        self._schemas = described["components"]["schemas"]
        self._random = random
        self._operations = [
            (method.upper(), route, operation)
            for route, methods in described["paths"].items()
            for method, operation in methods.items()
        ]
        self._weights = [WEIGHTS.get(method, 4) for method, _, _ in self._operations]
        self._is_tame = True
        self.ids: dict[str, list[Any]] = {}
        self.bundles: list[Any] = []

    def next(self) -> Sent:
        """Return another request."""
        random = self._random
        method, route, operation = random.choices(self._operations, self._weights)[0]
        self._is_tame = random.random() < 0.7
        query, headers, path = [], {}, route
        for parameter in operation.get("parameters", ()):
            name, place = parameter["name"], parameter["in"]
            if place == "path":
                path = path.replace("{" + name + "}", quote(self._text(name, parameter["schema"]), safe=""))
            elif place == "query" and (parameter.get("required") or random.random() < 0.4):
                query.append(f"{name}={quote(self._text(name, parameter['schema']), safe='')}")
        for name, values in ODD_HEADERS:
            if random.random() < 0.03:
                headers[name] = random.choice(values)
        if random.random() < 0.05:
            path = random.choice(
                (path + "/", path + "//", path.upper(), path + "%00", path + "/..%2f", path[:-1])
            )
        if query:
            path += "?" + "&".join(query)
        content = operation.get("requestBody", {}).get("content", {})
        if "multipart/form-data" in content:
            return Sent(method, route, path, None, headers, self._file(), self._fields())
        if "application/json" not in content:
            return Sent(method, route, path, None, headers)
        body = self._value("the body", content["application/json"]["schema"])
        if random.random() < 0.5:
            for _ in range(random.choice((1, 1, 1, 2, 4))):
                body = hostile.spoiled(body, random)
        text = hostile.json_text(body, random)
        return Sent(method, route, path, text, {"Content-Type": "application/json"} | headers)

    def _text(self, name: str, schema: Mapping[str, Any]) -> str:
        """Return the text of a parameter of the path or the query."""
        if self._random.random() < 0.15:
            return self._random.choice(hostile.TEXTS)[:3_000] or "%"
        value = self._value(name, schema)
        return str(value).lower() if isinstance(value, bool) else str(value) or "x"

    def _value(self, name: str, schema: Mapping[str, Any], depth: int = 0) -> Any:
        """Return a value that fits the schema, with what is there under names that say an id."""
        random = self._random
        if "$ref" in schema:
            schema = self._schemas[schema["$ref"].rsplit("/", 1)[-1]]
        if name == "bundle" and self.bundles:
            return random.choice(self.bundles)
        if self.ids.get(name) and random.random() < 0.9:
            return random.choice(self.ids[name])
        if name in EXAMPLES and (self._is_tame or random.random() < 0.85):
            return random.choice(EXAMPLES[name][:2] if self._is_tame else EXAMPLES[name])
        if "anyOf" in schema:
            kinds = schema["anyOf"]
            return self._value(name, kinds[0] if self._is_tame else random.choice(kinds), depth)
        if "const" in schema or "enum" in schema:
            return random.choice(schema.get("enum", [schema.get("const")]))
        match schema.get("type"):
            case "object" if depth < 6:
                required = schema.get("required", ())
                members = {
                    member: self._value(member, each, depth + 1)
                    for member, each in schema.get("properties", {}).items()
                    if member in required
                    or member in EXAMPLES
                    or random.random() < (0.2 if self._is_tame else 0.7)
                }
                if not members and isinstance(schema.get("additionalProperties"), dict):
                    key = random.choice(["region", *hostile.TEXTS])
                    members[key] = self._value(name + " of", schema["additionalProperties"], depth + 1)
                return members
            case "array" if depth < 6:
                item = name.removesuffix("s")
                return [
                    self._value(item, schema.get("items", {}), depth + 1) for _ in range(random.randrange(3))
                ]
            case "integer" if self._is_tame:
                return random.choice((1, 2, 3, 4))
            case "string" if self._is_tame:
                return "text"
            case "integer":
                return random.choice((1, 2, 3, 4, 50, random.choice(hostile.NUMBERS)))
            case "number":
                return random.choice((0.5, 1, random.choice(hostile.NUMBERS)))
            case "boolean":
                return random.random() < 0.5
            case "null":
                return None
            case "string":
                return random.choice(("text", random.choice(hostile.TEXTS)))
        return hostile.scalar(random)

    def _file(self) -> dict[str, Any]:
        random = self._random
        names = (
            "a.csv",
            "b.json",
            "../c.csv",
            "d.parquet",
            "e.xlsx",
            "f",
            "g.exe",
            "h\x00.csv",
            "i" * 300 + ".csv",
        )
        contents = (
            b"",
            b"a,b\n1,2\n",
            b'{"a":[',
            b"PK\x03\x04",
            b"PAR1",
            b'a,"b\n1',
            b"\xff\xfe\x00",
            b"\n" * 100,
        )
        field_name = random.choice(("file", "file", "file", "other"))
        return {field_name: (random.choice(names), random.choice(contents))}

    def _fields(self) -> dict[str, str]:
        fields = {
            "datasource_id": self.ids.get("datasource_id", ["x"]),
            "name": hostile.TEXTS,
            "table": hostile.TEXTS,
        }
        return {
            name: self._random.choice(values)[:9_000]
            for name, values in fields.items()
            if self._random.random() < 0.4
        }
