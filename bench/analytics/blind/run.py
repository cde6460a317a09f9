"""Questions written before the engine was read: `python -m bench.analytics.blind.run [--list]`.

A case is a line `language | question | gold` under its table, where the gold is the rest of a SELECT over the rows
(run by DuckDB, the table called `t`), several of which may be right after `any:`, and `-` for what cannot be answered.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from bench.analytics.blind.tables import tables
from tesela.analytics.questions import Answer, Tile, answer
from tesela.analytics.questions.words import MONTHS_EN, MONTHS_ES
from tesela.model.rows import Rows

HERE = Path(__file__).parent
SETS = ("first", "second", "third")
NUMBER = re.compile(r"(?<![\w.])[-+−]?\d[\d.,]*")
MONTHS = {"en": MONTHS_EN, "es": MONTHS_ES}
DAYS = dict(
    zip(
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
        strict=True,
    )
)
TABLES = tables()


def cases(name: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield table, language, question and gold of one set."""
    table = ""
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            table = line.strip("[]")
        elif line:
            language, question, gold = line.split(" | ", 2)
            yield table, language, question, gold


def database() -> duckdb.DuckDBPyConnection:
    """Return a database with the tables."""
    held = duckdb.connect()
    for name, table in TABLES.items():
        columns = table["columns"]
        kinds = [_kind(row[one] for row in table["rows"]) for one in columns]
        held.execute(
            f"create table {name} ({', '.join(f'{one} {kind}' for one, kind in zip(columns, kinds, strict=True))})"
        )
        held.executemany(
            f"insert into {name} values ({','.join('?' * len(columns))})",
            [[*row.values()] for row in table["rows"]],
        )
    return held


def golds(held: duckdb.DuckDBPyConnection, table: str, gold: str) -> list[Any] | None:
    """Return what may be said, or None for what cannot be answered."""
    if gold == "-":
        return None
    text = gold.removeprefix("any:").strip()
    return [
        row[0] for row in held.execute("select " + re.sub(r"\bfrom t\b", f"from {table}", text)).fetchall()
    ]


def is_right(found: Answer, gold: str, wanted: list[Any] | None, table: str, language: str) -> bool:
    """Return whether an answer says what is wanted: its figure, its name before any rival, its list and no more."""
    if wanted is None or not found.is_answered:
        return (wanted is None) is not found.is_answered
    if gold.startswith("any:"):
        return any(_says(found.text, one, table, language) for one in wanted)
    if len(wanted) == 1:
        return _says(found.text, wanted[0], table, language)
    rivals = _rivals(table, str(wanted[0])) - set(map(str, wanted))
    places = [found.text.find(str(one)) for one in wanted]
    in_order = "order by" not in gold or places == sorted(places)
    return all(at >= 0 for at in places) and in_order and not any(one in found.text for one in rivals)


def run(name: str) -> tuple[dict[str, int], list[tuple[str, ...]], float]:
    """Return the counts of one set, what is not right, and the seconds of the slowest question."""
    held, bad, slowest = database(), [], 0.0
    counts = {"right": 0, "refused": 0, "wrong": 0, "caught": 0, "missed": 0}
    for table, language, question, gold in cases(name):
        wanted = golds(held, table, gold)
        tile = Tile(
            table, TABLES[table]["title"], Rows(tuple(TABLES[table]["columns"]), {}, TABLES[table]["rows"])
        )
        started = time.process_time()
        said = answer(question, [tile], language="es" if language == "es" else "en")
        slowest = max(slowest, time.process_time() - started)
        right = is_right(said, gold, wanted, table, language)
        if wanted is None:
            kind = "caught" if right else "missed"
        else:
            kind = "right" if right else "wrong" if said.is_answered else "refused"
        counts[kind] += 1
        if kind not in ("right", "caught"):
            bad.append((kind, table, question, str(wanted)[:90], said.text))
    return counts, bad, slowest


def main() -> None:
    """Print the counts of every set."""
    parser = argparse.ArgumentParser(prog="python -m bench.analytics.blind.run", description=__doc__)
    parser.add_argument("--list", action="store_true", help="print what is not right")
    args = parser.parse_args()
    for name in SETS:
        if not (HERE / f"{name}.txt").exists():
            continue
        got, bad, slowest = run(name)
        asked = got["right"] + got["refused"] + got["wrong"]
        none = got["caught"] + got["missed"]
        wrong = got["wrong"] + got["missed"]
        print(
            f"{name}: right {got['right']}/{asked} ({got['right'] / asked:.1%}), refused {got['refused']}, "
            f"wrong {wrong} of {asked + none} ({wrong / (asked + none):.1%}), unanswerable refused "
            f"{got['caught']}/{none}, slowest {1000 * slowest:.0f} ms"
        )
        for one in sorted(bad) if args.list else ():
            print("  ", *one, sep=" | ")


def _kind(values: Iterator[Any]) -> str:
    for value in values:
        if value is not None:
            return "varchar" if isinstance(value, str) else "double"
    return "varchar"


def _says(text: str, gold: Any, table: str, language: str) -> bool:
    if isinstance(gold, bool):
        return text.startswith(("Yes", "Sí") if gold else ("No",))
    try:
        figure = abs(float(gold))
    except ValueError:
        forms = _forms(str(gold), language)
        at = min((text.find(one) for one in forms if one in text), default=-1)
        others = [one for rival in _rivals(table, str(gold)) for one in _forms(rival, language)]
        return at >= 0 and all(text.find(one) >= at for one in others if one in text and one not in str(gold))
    return any(abs(one - figure) <= max(0.006, 0.0006 * figure) for one in _numbers(text, language))


def _numbers(text: str, language: str) -> list[float]:
    found = []
    for match in NUMBER.findall(text):
        digits = match.strip("-+−").rstrip(".,")
        plain = digits.replace(".", "").replace(",", ".") if language == "es" else digits.replace(",", "")
        if plain.count(".") < 2:
            found.append(float(plain))
    return found


def _forms(name: str, language: str) -> list[str]:
    if name in DAYS:
        return [name, DAYS[name]]
    if found := re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", name):
        year, month, day = found[1], MONTHS[language][int(found[2]) - 1], found[3]
        of = " de " if language == "es" else " "
        when = f"{month}{of}{year}"
        if not day:
            return [name, when]
        dated = dt.date.fromisoformat(name)
        return [name, f"{dated.day}{of}{when}", f"{month} {dated.day}"]
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", name):
        return [name, f"{'T' if language == 'es' else 'Q'}{found[2]} {found[1]}"]
    return [name]


def _rivals(table: str, name: str) -> set[str]:
    for column in TABLES[table]["columns"]:
        values = {str(row[column]) for row in TABLES[table]["rows"]}
        if name in values:
            return values - {name}
    return set()


if __name__ == "__main__":
    main()
