"""Values that no well-meaning client sends, and JSON text that no library writes."""

from __future__ import annotations

import json
from random import Random
from typing import Any

TEXTS = (
    "",
    " ",
    "0",
    "null",
    "\x00",
    "a\x00b",
    "\u202e\u200b",
    "\U0001f600",
    "\ufdfa" * 30,
    "e\u0301",
    "x" * 201,
    "x" * 20_000,
    "' OR '1'='1",
    '"; DROP TABLE sales; --',
    "<script>alert(1)</script>",
    "${drill.value}",
    "${user.id}",
    "${filter.x}",
    "{{7*7}}",
    "%s%n%x",
    "../../etc/passwd",
    "=cmd()",
    "__proto__",
    "constructor",
    "2024-02-30",
    "9999-12-31T23:59:59Z",
    "-1",
    "1e309",
    "true",
    "00000000-0000-0000-0000-000000000000",
    "dash-00000000-0000-0000-0000-000000000000",
    "\r\nX-Injected: 1",
    "Europe/../Madrid",
    "..",
)
SQL = (
    "SELECT region, revenue FROM sales",
    "SELECT region, sum(revenue) FROM sales WHERE 1=1 ${filters.where} GROUP BY 1",
    "SELECT * FROM sales WHERE region = ${filter.region} AND month >= ${range.start}",
    "SELECT ${drill.field}, count(*) AS n FROM sales WHERE 1=1 ${drill.where} GROUP BY 1",
    "SELECT * FROM sales WHERE 1=1 ${detail.where}",
    "SELECT '${user.id}'",
    "SELECT ${user.id} AS me, ${user.region} AS mine",
    "SELECT ${nothing.known}",
    "SELECT ${",
    "SELECT 1; DROP TABLE sales",
    "DELETE FROM sales",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM main.duckdb_databases",
    "COPY sales TO '/tmp/x'",
    "SELECT 1/0, 'x'::INT",
    "SELECT repeat('x', 100000) FROM sales",
    "SELECT " + "(" * 500 + "1" + ")" * 500,
    "SELECT 1 WHERE " + " AND ".join(["1=1"] * 2_000),
    "SELECT * FROM missing",
    "SELECT 'NaN'::DOUBLE a, 'Infinity'::DOUBLE b, 99999999999999999999::HUGEINT c, [1, {'a': NULL}] d",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 100) SELECT * FROM t",
    "SELECT region AS a, region AS a, region AS A FROM sales",
    "/* */",
    "\x00",
)
NUMBERS = (0, -1, 1, 2, 12, 13, 2**31, 2**53, 2**63 - 1, 2**64 - 1, -(2**63), 0.5, -0.0, 1e308, 5e-324)
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], {"": ""}, [None], {"a": {"b": [1]}})


def scalar(random: Random) -> Any:
    """Return something that hardly ever fits."""
    return random.choice((random.choice(TEXTS), random.choice(NUMBERS), random.choice(OTHERS)))


def spoiled(value: Any, random: Random) -> Any:
    """Return a JSON value with one place in it made hostile: another type, gone, twice, or too much."""
    if isinstance(value, dict) and value and random.random() < 0.8:
        name = random.choice(list(value))
        rest = {key: each for key, each in value.items() if key != name}
        return random.choice(
            (
                {**value, name: spoiled(value[name], random)},
                {**value, name: scalar(random)},
                {**value, name: [value[name]]},
                rest,
                {**rest, random.choice(TEXTS): value[name]},
            )
        )
    if isinstance(value, list) and value and random.random() < 0.8:
        place = random.randrange(len(value))
        spoiled_one = spoiled(value[place], random)
        return random.choice(
            (
                [*value[:place], spoiled_one, *value[place + 1 :]],
                value * random.choice((2, 50)),
                [*value, scalar(random)],
            )
        )
    return scalar(random)


def json_text(value: Any, random: Random) -> bytes:
    """Return a value as JSON text, now and then as text that is not quite JSON."""
    text = json.dumps(value).encode()
    if random.random() > 0.08:
        return text
    return random.choice(
        (
            text[: len(text) // 2],
            text + b"}",
            text.replace(b":", b": NaN,", 1),
            b'{"a": "\\ud800"}',
            b'{"name": "\xff\xfe"}',
            b'{"name": "one", "name": "two", "tile_type": "text", "tile_type": 5}',
            text[:-1] + b', "settings": ' + b'{"a":' * 300 + b"1" + b"}" * 300 + b"}",
            b"[" * 2_000 + b"]" * 2_000,
            b"[" * 900 + b"]" * 900,
            b'{"n": 1' + b"0" * 400 + b"}",
            b'{"n": -1e999}',
            b"",
            b"null",
            b'"x"',
        )
    )
