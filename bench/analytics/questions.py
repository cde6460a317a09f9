"""How many questions about visible rows are answered right, refused, or wrong: `python -m bench.analytics.questions`.

Deterministic, without a server and without a model. `--list` prints what is not right; `--distractors N` puts N other
tables beside each, so that the right tile must be found too.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Sequence
from typing import Any

from bench.analytics.question_cases import _DOCUMENT, TABLES, Gold, cases
from tesela.analytics.questions import Answer, Tile, answer
from tesela.model.rows import Rows

NUMBER = re.compile(r"(?<![\w.])[-+−]?\d[\d.,]*(?:e-?\d+)?")


def tile_of(name: str) -> Tile:
    """Return a table as a tile, without types: they are found in the values."""
    table = TABLES[name]
    return Tile(name, table["title"], Rows(tuple(table["columns"]), {}, table["rows"]))


def numbers(text: str, language: str) -> list[float]:
    """Return the figures of a sentence, without signs."""
    found = []
    for match in NUMBER.findall(text):
        digits = match.strip("-+−").rstrip(".,")
        plain = digits.replace(".", "").replace(",", ".") if language == "es" else digits.replace(",", "")
        try:
            found.append(float(plain))
        except ValueError:
            continue
    return found


def is_right(found: Answer, gold: Gold, table: str, language: str) -> bool:
    """Return whether an answer says the gold: its figure, its name before any rival, its list and no more."""
    if gold is None:
        return not found.is_answered
    if not found.is_answered:
        return False
    if isinstance(gold, bool):
        return found.text.startswith(("Yes", "Sí") if gold else ("No",))
    if isinstance(gold, int | float):
        return any(
            abs(one - abs(gold)) <= max(0.006, 0.0006 * abs(gold)) for one in numbers(found.text, language)
        )
    if isinstance(gold, str):
        rivals = _rivals(table, gold)
        places = [found.text.find(rival) for rival in rivals if rival in found.text]
        at = found.text.find(gold)
        return at >= 0 and all(at <= place for place in places)
    places = [found.text.find(name) for name in gold]
    extra = [rival for rival in _rivals(table, gold[0]) if rival in found.text and rival not in gold]
    return all(place >= 0 for place in places) and not extra


def _rivals(table: str, name: str) -> list[str]:
    rows = TABLES[table]["rows"]
    for column in TABLES[table]["columns"]:
        values = {str(row[column]) for row in rows}
        if name in values:
            return sorted(values - {name})
    return []


def shared_cases() -> list[tuple[str, str, str, Gold]]:
    """Return the questions of the JSON file in the form of `cases`."""
    found: list[tuple[str, str, str, Gold]] = []
    for case in _DOCUMENT["cases"]:
        gold: Any = case["gold"]["value"]
        if case["table"] == "stock" and isinstance(gold, list):
            gold = [one.split()[0] for one in gold]
        found.append((case["table"], "en", case["question"], float(gold) if type(gold) is int else gold))
    return found


def run(found: Sequence[tuple[str, str, str, Gold]], *, distractors: int = 0) -> dict[str, Any]:
    """Return the counts, the seconds of the slowest question, and what was not right."""
    rnd = random.Random(1)
    counts = {"right": 0, "refused": 0, "wrong": 0, "caught": 0, "missed": 0}
    bad, slowest = [], 0.0
    for table, language, question, gold in found:
        names = [table, *rnd.sample([one for one in TABLES if one != table], distractors)]
        rnd.shuffle(names)
        tiles = [tile_of(name) for name in names]
        started = time.process_time()
        said = answer(question, tiles, language=language)
        slowest = max(slowest, time.process_time() - started)
        right = is_right(said, gold, table, language)
        if gold is None:
            kind = "caught" if right else "missed"
        else:
            kind = "right" if right else "wrong" if said.is_answered else "refused"
        counts[kind] += 1
        if kind not in ("right", "caught"):
            bad.append((kind, table, question, gold, said.text))
    return {**counts, "slowest_ms": round(slowest * 1000, 1), "bad": bad}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.analytics.questions", description=__doc__)
    parser.add_argument("--list", action="store_true", help="print what is not right")
    parser.add_argument("--distractors", type=int, default=0, help="other tables beside each")
    args = parser.parse_args()
    for name, found in (("first 44", shared_cases()), ("further", cases())):
        got = run(found, distractors=args.distractors)
        asked = got["right"] + got["refused"] + got["wrong"]
        none = got["caught"] + got["missed"]
        wrong = got["wrong"] + got["missed"]
        print(
            f"{name}: right {got['right']}/{asked} ({got['right'] / asked:.1%}), refused {got['refused']}, "
            f"wrong {wrong} of {asked + none} ({wrong / (asked + none):.1%}), unanswerable refused "
            f"{got['caught']}/{none}, slowest {got['slowest_ms']} ms"
        )
        for bad in got["bad"] if args.list else ():
            print("  ", *bad, sep=" | ")


if __name__ == "__main__":
    main()
