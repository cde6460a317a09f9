"""Explanations of planted tiles: `python -m bench.analytics.explain`.

Facts found, false ones, and numbers that cannot be derived from the rows: of the public cases (which say what must and
what must not be said), and of random ones in both languages. With them the CPU time of twelve tiles of 1,000 rows.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.analytics.oracle import derivable, is_derivable, told
from bench.analytics.planted import KINDS, planted
from tesela.analytics.facts import Explanation, Language, Picture, explain
from tesela.model.rows import Rows

CASES = Path(__file__).parent / "explain_cases.json"
SEEDS = 20
LANGUAGES: tuple[Language, ...] = ("en", "es")


def public() -> Iterator[tuple[str, list[str], list[float]]]:
    """Yield each public case with what is wrong and what is invented."""
    for case in json.loads(CASES.read_text())["cases"]:
        tile = case["tile"]
        rows = Rows(tuple(tile["columns"]), {}, tile["rows"])
        picture = Picture(tile["title"], tile["tile_type"], tile["chart_type"], tile["chart_config"])
        found = explain(rows, picture, now=_now(case.get("context") or {}))
        text = _text(found)
        yield case["id"], _problems(case, text), invented(text, rows, picture.title, "en")


def random_ones() -> Iterator[tuple[str, list[str], list[float]]]:
    """Yield random tiles of every kind with what is wrong (English) and what is invented (both languages)."""
    for kind in range(len(KINDS)):
        for seed in range(SEEDS):
            case = planted(kind, seed)
            wrong: list[str] = []
            made_up: list[float] = []
            for language in LANGUAGES:
                found = explain(case.rows, case.picture, language=language, now=case.now)
                kinds = [fact.kind for fact in found.facts]
                if not any(one.startswith(case.kinds) for one in kinds[:6]):
                    wrong.append(f"not found: {case.kinds[0]}")
                wrong += [f"false: {one}" for one in kinds if case.never and one.startswith(case.never)]
                made_up += invented(_text(found), case.rows, case.picture.title, language)
            yield f"{case.name}/{seed}", wrong, made_up


def invented(text: str, rows: Rows, title: str, language: Language) -> list[float]:
    """Return the numbers of a text that cannot be derived from the rows."""
    known = derivable(rows)
    return [one for one in told(text, rows, title, language) if not is_derivable(one, known)]


def milliseconds() -> float:
    """Return the CPU time that twelve tiles of 1,000 rows take."""
    r = random.Random(1)
    first = dt.date(2023, 1, 1)
    daily = [
        {"day": (first + dt.timedelta(days=at)).isoformat(), "v": 900 + 90 * (at % 7) + r.gauss(0, 20)}
        for at in range(1000)
    ]
    monthly = [
        {"month": f"{2021 + at // 12}-{at % 12 + 1:02d}", "shop": f"Shop {shop}", "v": r.uniform(1, 99)}
        for at in range(50)
        for shop in range(20)
    ]
    names = [{"name": f"Name {at}", "v": r.uniform(1, 99)} for at in range(1000)]
    tiles = [
        (Rows(("day", "v"), {}, daily), Picture("Daily", "chart", "line", {"xField": "day", "yField": "v"})),
        (
            Rows(("month", "shop", "v"), {}, monthly),
            Picture("Shops", "chart", "bar", {"xField": "month", "yField": "v", "seriesField": "shop"}),
        ),
        (Rows(("name", "v"), {}, names), Picture("Names", "table", None, {})),
    ]
    started = time.process_time()
    for rows, picture in tiles * 4:
        explain(rows, picture)
    return 1000 * (time.process_time() - started)


def main() -> int:
    """Print what is wrong and the totals; 1 when a public fact is missing or any number is invented."""
    totals = {}
    for name, cases in (("public", public()), ("random", random_ones())):
        right = count = made_up = 0
        for case, wrong, numbers in cases:
            count += 1
            right += not wrong
            made_up += len(numbers)
            if wrong or numbers:
                print(f"{case:28} {'; '.join(wrong)} {f'invented {numbers}' if numbers else ''}")
        totals[name] = (right, count, made_up)
        print(f"{name}: {right} of {count} right, {made_up} invented numbers")
    print(f"12 tiles of 1,000 rows: {milliseconds():.0f} ms CPU")
    return 0 if all(right == count and not made_up for right, count, made_up in totals.values()) else 1


def _text(found: Explanation) -> str:
    return " ".join((found.summary, *found.highlights))


def _now(context: dict[str, Any]) -> dt.datetime | None:
    text = context.get("now")
    if text is None:
        return None
    return dt.datetime.fromisoformat(f"{text}-15" if len(text) == 7 else text).replace(tzinfo=None)


def _problems(case: dict[str, Any], text: str) -> list[str]:
    """Return what the case demands and the text lacks, or forbids and the text says."""
    low = text.casefold()
    numbers = told(text, Rows((), {}, []), "")
    wrong = []
    for fact in case["must"]:
        wrong += [f"{fact['fact']}: no {one}" for one in fact["entities"] if one.casefold() not in low]
        names = fact.get("any_entities")
        if names and not any(one.casefold() in low for one in names):
            wrong.append(f"{fact['fact']}: none of {names[:3]}")
        for one in fact["numbers"]:
            wanted = abs(one["value"])
            if not any(abs(value - wanted) <= max(one["tol"] * wanted, 0.051) for value in numbers):
                wrong.append(f"{fact['fact']}: no number near {wanted}")
        wrong += [f"{fact['fact']}: not said" for one in fact.get("match", []) if not re.search(one, text)]
    return wrong + [
        f"forbidden: {found[0]}" for one in case["must_not_match"] if (found := re.search(one, text))
    ]


if __name__ == "__main__":
    sys.exit(main())
