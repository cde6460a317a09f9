"""Which columns a question means: the figure, the groups, the conditions on figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from tesela.analytics.questions import lexicon
from tesela.analytics.questions.meaning import Figures
from tesela.analytics.questions.naming import NEUTRAL, ColumnMention
from tesela.analytics.questions.plan import Measure
from tesela.analytics.questions.reading import Condition, Op, Reading
from tesela.analytics.questions.words import listed

_ACROSS = frozenset(
    listed("across among amongst all overall todos todas entre of per each every by por cada")
)
_PLAIN = frozenset(listed("net gross actual current hand on"))
"""Words of a column's name that people leave out, when no other column has the rest of it."""
_PER = frozenset(listed("per by each every por cada"))
_SMALL = frozenset(
    listed(
        "the of a an any their its in on for is are was were have has had el la los las de del un una su sus en "
        "that than as "
        "with con tiene tienen does do did our los we get got y and number"
    )
)


def figures_of(reading: Reading) -> Figures:
    """Return what the columns of a question are for."""
    found = Figures(reading.table)
    numeric, others = _sorted_mentions(reading, found)
    if found.trouble:
        return found
    _groups(reading, found, others)
    _buckets(reading, found)
    if found.trouble:
        return found
    _verbs(reading, found)
    named = _measures(reading, found, numeric)
    if found.trouble:
        return found
    named = _conditions(reading, found, named)
    if found.trouble:
        return found
    _main(reading, found, named)
    if reading.has("supcount") and len(found.groups) == 1 and found.groups[0][1] is None:
        found.counts_rows = True
    elif reading.has("supcount") and found.trouble is None:
        found.trouble = ("unclear",)
    if found.counts_rows and found.trouble is None:
        if found.main is not None or found.measures or found.conditions:
            found.trouble = ("unclear",)
        found.main = Measure(kind="rows")
    return found


def _sorted_mentions(reading: Reading, found: Figures) -> tuple[list[ColumnMention], list[ColumnMention]]:
    """Return the mentions of figures, and those of names and dates."""
    numeric, others = [], []
    for mention in reading.columns:
        kinds = {name: reading.table[name].kind for name in mention.candidates}
        numbers = tuple(name for name, kind in kinds.items() if kind == "number")
        rest = tuple(name for name, kind in kinds.items() if kind != "number")
        if numbers and rest:
            if mention.is_full or mention.at == 0:
                found.trouble = ("ambiguous", *mention.candidates)
                return [], []
            numbers = () if len(rest) == 1 and not _is_near_figure(reading, mention) else numbers
        if numbers:
            numeric.append(
                ColumnMention(mention.at, mention.length, numbers, mention.is_full, mention.is_exact)
            )
        else:
            others.append(ColumnMention(mention.at, mention.length, rest, mention.is_full, mention.is_exact))
    return numeric, others


def _is_near_figure(reading: Reading, mention: ColumnMention) -> bool:
    return any(
        one.name in ("count", "sum", "avg", "sup") and 0 < mention.at - one.at <= 2 for one in reading.ops
    )


def _groups(reading: Reading, found: Figures, mentions: Sequence[ColumnMention]) -> None:
    for mention in mentions:
        names = list(mention.candidates)
        if len(names) > 1:
            plain = [name for name in names if "name" in reading.table[name].words] or [
                name for name in names if len(reading.table[name].words) == 1
            ]
            names = plain if len(plain) == 1 else names
        if len(names) > 1:
            found.trouble = ("ambiguous", *names)
            return
        column = reading.table[names[0]]
        if column.kind == "date":
            if (
                reading.table.time is not None
                and column.name == reading.table.time.name
                and mention.length == 1
            ):
                op = lexicon.OPERATORS.get((reading.tokens[mention.at].word,), [])
                grain = next((arg for name, arg in op if name == "bucket"), None)
                reading.ops.append(Op(mention.at, 1, "bucket", grain or "period"))
            else:
                found.verbs.append(column.name)
            continue
        beside = any(
            one.column == column.name
            and (one.at == mention.at + mention.length or one.at + one.length == mention.at)
            for one in reading.values
        )
        before = reading.tokens[mention.at - 1].word if mention.at else ""
        further = reading.tokens[mention.at - 2].word if mention.at > 1 else ""
        found.places[mention.at] = column.name
        if beside:
            found.across.add(column.name)
        if before in ("across", "among", "amongst", "entre") or (
            (before in ("all", "todos", "todas", "the", "los", "las"))
            and further in ("across", "all", "of", "among", "todos", "todas", "de", "entre")
        ):
            found.across.add(column.name)
        if reading.has("some") and any(op.name == "some" and op.at == mention.at - 1 for op in reading.ops):
            found.any_asked = True
        if before in ("per", "each", "every", "cada") and reading.has("avg", "median") and not beside:
            found.per_bucket = column.name
            continue
        if not beside:
            found.groups.append((column.name, None))
    distinct = list(dict.fromkeys(found.groups))
    asked = [one for one in distinct if one[0] not in found.across]
    if len(asked) > 1:
        first = asked[0]
        rest = [one for one in asked[1:] if one[0] not in {value.column for value in reading.values}]
        row = reading.table.row_key
        if rest and len(asked) == 2 and row is not None and reading.has("count", "sup", "rank"):
            others = [one for one in asked if one[0] != row.name]
            if len(others) == 1:
                found.groups, found.counts_rows = others, True
                return
        if rest:
            found.trouble = ("unclear",)
            return
        asked = [first]
    found.groups = asked or distinct[:1]


def _buckets(reading: Reading, found: Figures) -> None:
    """Tell what words as "month" and "daily" are for: groups, the size of an average, or nothing."""
    for op in [one for one in reading.ops if one.name == "bucket"]:
        calendar = reading.calendar
        if calendar is None or not calendar.column.name:
            found.trouble = ("unknown", reading.tokens[op.at].raw)
            return
        grain = calendar.grain if op.arg == "period" else op.arg
        if grain != "weekday" and _order(grain) < _order(calendar.grain):
            found.trouble = ("unknown", reading.tokens[op.at].raw)
            return
        if grain == "weekday" and calendar.grain != "day":
            found.trouble = ("unknown", "weekday")
            return
        follows = op.at + op.length
        said = [token.word for token in reading.tokens[max(0, op.at - 2) : op.at]]
        days = [one for one in reading.spans if one.spans and one.spans[0].weekdays]
        if grain == "day" and any(one.at + one.length == op.at for one in days):
            found.per_bucket = grain if reading.has("avg", "median") else None
            continue  # "weekend days"
        if said in _IN_ALL:
            continue
        is_descriptor = any(
            (span.at == follows or (span.at == follows + 1 and reading.tokens[follows].word in _OF))
            and all(one.grain in (grain, "day", None) for one in span.spans)
            for span in reading.spans
        )
        if is_descriptor:
            continue
        word = reading.tokens[op.at].word
        before = reading.tokens[op.at - 1].word if op.at else ""
        if reading.has("avg", "median") and (
            word.endswith(("ly", "al", "ales", "rio", "rios")) or before in _PER
        ):
            found.per_bucket = grain
            continue
        if (
            word.endswith(("ly", "ual", "anal", "trimestral"))
            and not reading.has("sup", "supgood")
            and not reading.has("list", "rank")
        ):
            if grain != calendar.grain:
                found.trouble = ("unclear",)
                return
            continue
        found.places[op.at] = calendar.column.name
        if found.groups and (not reading.has("when")) and found.groups[0][0] not in found.across:
            if before in _PER or found.groups[0][1] is not None:
                found.trouble = ("unclear",)
                return
            found.trouble = ("unclear",)
            return
        found.groups = [(calendar.column.name, grain)]


_IN_ALL = (["across", "all"], ["over", "all"], ["in", "all"], ["todas", "las"], ["todos", "los"])
_OF = ("of", "de", "del", "starting")


def _order(grain: str) -> int:
    return ("day", "week", "month", "quarter", "year").index(grain)


def _verbs(reading: Reading, found: Figures) -> None:
    for _, stems in reading.verbs:
        for wanted in stems:
            named = [
                column.name
                for column in reading.table.numbers
                if any(lexicon.is_same(wanted, word) for word in column.words)
            ]
            if len(named) == 1:
                found.verbs.append(named[0])
                break
            held = reading.table.holding
            if held is not None and held.name in named:
                found.verbs.append(held.name)
                break
            if named:
                break


def _measures(
    reading: Reading, found: Figures, mentions: Sequence[ColumnMention]
) -> list[tuple[int, int, Measure]]:
    """Return the figures that are named, with their places; a name that could be several is narrowed by the others."""
    sets = [(one, set(one.candidates)) for one in mentions]
    changed = True
    while changed:
        changed = False
        for i, (one, mine) in enumerate(sets):
            for j, (other, theirs) in enumerate(sets):
                both = mine & theirs
                if (i != j and both and len(mine) > len(both) and not other.is_full) or (
                    i != j and both and other.is_full and not one.is_full and len(mine) > len(theirs)
                ):
                    sets[i], changed = (one, both), True
                    mine = both
    said = [token.stem for token in reading.tokens]
    apart = [
        set(reading.table[names[0]].words)
        for names in (list(found) for _, found in sets)
        if len(names) == 1 and not _unsaid(reading, names[0], said)
    ]
    sets = [
        (one, names)
        for one, names in sets
        if len(names) != 1 or not any(set(reading.table[min(names)].words) < words for words in apart)
    ]  # "churned the most customers" names churned_customers, and not customers
    named: list[tuple[int, int, Measure]] = []
    for mention, candidates in sets:
        names = list(candidates)
        if len(names) > 1:
            names = [name for name in names if _unsaid(reading, name, said) == []] or names
        if len(names) > 1:
            names = [
                name for name in names if len([w for w in reading.table[name].words if w not in NEUTRAL]) == 1
            ] or names
        if len(names) > 1:
            found.trouble = ("ambiguous", *names)
            return []
        unsaid = _unsaid(reading, names[0], said)
        words = [word for word in reading.table[names[0]].words if word not in NEUTRAL]
        if set(unsaid) - _PLAIN and words and words[-1] not in unsaid and not mention.is_full:
            found.trouble = ("ambiguous", names[0])
            return []
        named.append((mention.at, mention.length, Measure(column=names[0])))
        found.places[mention.at] = "measure"
    named += reading.derived
    for at, _, _ in reading.derived:
        found.places[at] = "measure"
    merged: list[tuple[int, int, Measure]] = []
    for item in sorted(named, key=lambda found: found[0]):
        if not any(item[2] == kept[2] and _joined(reading, kept, item) for kept in merged):
            merged.append(item)
    return _ratios(reading, merged)


def _joined(reading: Reading, one: tuple[int, int, Measure], other: tuple[int, int, Measure]) -> bool:
    """Return whether two mentions of a figure are one: no condition stands between them."""
    return not any(one[0] < condition.at < other[0] for condition in reading.conditions)


def _unsaid(reading: Reading, name: str, said: Sequence[str]) -> list[str]:
    words = [word for word in reading.table[name].words if word not in NEUTRAL]
    return [word for word in words if not any(lexicon.is_same(word, one) for one in said)]


def _ratios(reading: Reading, named: list[tuple[int, int, Measure]]) -> list[tuple[int, int, Measure]]:
    """Return the figures with "a per b" and "ratio of a to b" made one."""
    for (at, length, one), (next_at, next_length, other) in pairwise(named):
        if one.kind != "column" or other.kind != "column" or one.column == other.column:
            continue
        between = [token.word for token in reading.tokens[at + length : next_at]]
        is_per = (
            between
            and between[-1] in ("per", "por", "each", "every", "cada")
            and all(w in _SMALL | _PER for w in between)
        )
        is_ratio = reading.has("ratio") and all(
            w in ("to", "and", "a", "y", "the", "of", "entre", "over") for w in between
        )
        if is_per or is_ratio:
            ratio = Measure(kind="ratio", column=one.column, other=other.column)
            rest = [item for item in named if item[0] not in (at, next_at)]
            return sorted([*rest, (at, next_at + next_length - at, ratio)], key=lambda item: item[0])
    return named


def _conditions(
    reading: Reading, found: Figures, named: list[tuple[int, int, Measure]]
) -> list[tuple[int, int, Measure]]:
    """Give each condition its figure; return the figures that are left."""
    conditions = list(reading.conditions)
    for op in reading.ops:
        if op.name == "zero":
            holding = reading.table.holding
            stock = holding.name if holding is not None else None
            if stock is None:
                found.trouble = ("unknown", *(t.raw for t in reading.tokens[op.at : op.at + op.length]))
                return []
            found.conditions.append(
                (Condition(op.at, op.at + op.length, "eq", Decimal(0)), Measure(column=stock))
            )
        negates = (
            op.name == "not" and op.at + 1 < len(reading.tokens) and reading.tokens[op.at + 1].word in _HAVE
        )
        if op.name in ("none", "some") or negates:
            after = _figure_after(reading, named, op.at + op.length)
            if after is not None and (
                op.name != "some" or reading.has("count", "list") or _is_which(reading) or _is_yes_no(reading)
            ):
                sign = "gt" if op.name == "some" else "eq"
                found.zeros.add(op.at)
                found.conditions.append((Condition(op.at, after[0] + after[1], sign, Decimal(0)), after[2]))
                named = [one for one in named if one[0] != after[0]]
                if op.name == "some" and _is_yes_no(reading) and not reading.values:
                    found.any_asked = True
    for condition in conditions:
        near = _figure_after(reading, named, condition.end) if condition.column is None else None
        if near is None:
            earlier = [one for one in named if one[0] < condition.at]
            near = earlier[-1] if earlier else None
        if near is not None:
            found.conditions.append((condition, near[2]))
            others = [one for one in named if one[0] != near[0]]
            is_shared = any(other is not condition and other.at > condition.at for other in conditions)
            named = named if is_shared and not others else others
            continue
        if reading.has("grow"):
            found.conditions.append((condition, Measure(kind="rows")))
            continue
        verb = found.verbs[0] if found.verbs else None
        only = reading.table.numbers[0].name if len(reading.table.numbers) == 1 else None
        main = reading.table.main.name if reading.table.main is not None else None
        name = verb or only or main
        if name is None and found.conditions:
            name = found.conditions[-1][1].column
        if name is None or name == condition.column:
            found.trouble = ("measure", *(one.name for one in reading.table.numbers))
            return []
        found.conditions.append((condition, Measure(column=name)))
    found.is_average_named = any(
        not {"avg", "averag", "mean", "media", "promedio"}.isdisjoint(reading.table[one.column].words)
        for _, one in found.conditions
        if one.column is not None
    )
    if len(found.conditions) > 1 and any(token.word in ("or", "o", "either") for token in reading.tokens):
        found.trouble = ("unclear",)
    return named


_HAVE = ("have", "has", "had", "tienen", "tiene", "any", "hay")


def _is_which(reading: Reading) -> bool:
    return any(
        token.word in ("which", "what", "que", "cuales", "who", "cual") for token in reading.tokens[:3]
    )


def _is_yes_no(reading: Reading) -> bool:
    return bool(reading.tokens) and reading.tokens[0].word in (
        "is",
        "are",
        "do",
        "does",
        "did",
        "has",
        "have",
        "hay",
        "tiene",
        "tienen",
    )


def _figure_after(
    reading: Reading, named: Sequence[tuple[int, int, Measure]], at: int
) -> tuple[int, int, Measure] | None:
    """Return the figure that is named right after a place."""
    for place in range(at, min(at + 4, len(reading.tokens))):
        for one in named:
            if one[0] == place:
                return one
        if reading.tokens[place].word not in (
            "of",
            "de",
            "in",
            "en",
            "the",
            "euros",
            "euro",
            "eur",
            "dollars",
            "total",
            *_HAVE,
        ):
            return None
    return None


def _main(reading: Reading, found: Figures, named: Sequence[tuple[int, int, Measure]]) -> None:
    columns = list(dict.fromkeys(one[2].column for one in named if one[2].kind == "column" and one[2].column))
    found.measures = columns
    ratios = [one[2] for one in named if one[2].kind != "column"]
    if (len(ratios) == 1 and not columns) or (
        len(ratios) == 1 and len(columns) == 1 and columns[0] in (ratios[0].column, ratios[0].other)
    ):
        found.main = ratios[0]
    elif ratios:
        found.trouble = ("unclear",)
    elif len(columns) == 1:
        found.main = _with_price(reading, named, columns[0])
        if _per_number(reading) or (found.main.kind == "column" and _is_after_per(reading, named)):
            found.trouble = ("unclear",)
    elif len(columns) == 2 and (reading.has("diff", "comp")):
        found.main = None
    elif columns:
        found.trouble = ("unclear",)


def _is_after_per(reading: Reading, named: Sequence[tuple[int, int, Measure]]) -> bool:
    at = named[0][0]
    return (
        at > 0
        and reading.tokens[at - 1].word in ("per", "por", "each")
        and reading.has("supcost", "supgood", "ratio")
    )


def _with_price(reading: Reading, named: Sequence[tuple[int, int, Measure]], name: str) -> Measure:
    """Return the price or cost per the figure for "cheapest per conversion", else the figure itself."""
    if reading.has("supcost") and _is_after_per(reading, named):
        for word in lexicon.PRICES:
            for column in reading.table.numbers:
                if word in column.words and column.name != name:
                    return Measure(kind="ratio", column=column.name, other=name)
    return Measure(column=name)


def _per_number(reading: Reading) -> bool:
    """Return whether "a per" is followed by a number, as in "per 100": that is not understood."""
    return any(
        token.word in ("per", "por")
        and at + 1 < len(reading.tokens)
        and reading.tokens[at + 1].kind == "number"
        for at, token in enumerate(reading.tokens)
    )
